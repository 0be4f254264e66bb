using System.Globalization;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Verbs;

/// <summary>
/// Takes an organization's folder into the log as a difference to what it says already, all of it or nothing. Exit code 0 taken, previewed, or the same already; 1 the files or the
/// open work do not allow it.
/// </summary>
public static class ImportVerb
{
    private const int MostWork = 20;

    public static Verb Verb { get; } = new("import", "DIR [--dry-run] [--effective DATE]", "take an organization's folder, as a difference", ["--dry-run", "--effective="], RunAsync, MostWords: 1);

    private static async Task<int> RunAsync(VerbContext context)
    {
        Verb.RequireWords(context, 1);
        var preview = context.Options.ContainsKey("dry-run");
        var reading = CommandCenterHost.ReadOrganizationFolder(context.Words[0]);
        if (reading is OrganizationReading.Refused refused)
        {
            foreach (var error in refused.Errors)
                await context.Output.WriteLineAsync($"{error}  {error.MessageZh}");
            await context.Output.WriteLineAsync($"{refused.Errors.Count} errors: nothing was imported.");
            return 1;
        }

        var complete = (OrganizationReading.Complete)reading;
        foreach (var warning in complete.Warnings.Take(MostWork))
            await context.Output.WriteLineAsync($"Note: {warning}  {warning.MessageZh}");
        if (complete.Warnings.Count > MostWork)
            await context.Output.WriteLineAsync($"Note: and {complete.Warnings.Count - MostWork} more such places.");

        await using var database = await VerbDatabase.OpenAsync(context);
        await using var log = new PostgresEventLog(database.Source, context.Clock);
        var keys = Path.Combine(database.Settings.DataFolder, "keys");
        if (!Directory.Exists(keys))
            throw new StartRefusedException($"There are no keys in {keys}, under which names are sealed. Set CommandCenter__DataFolder to the folder that belongs to this database.");
        var store = new FolderKeyStore(keys, context.Clock);
        await KeyCheck.RequireAsync(database.Source, store, context.Cancellation);
        var importer = new OrganizationImporter(
            new OpenWorkList(database.Source, context.Clock), new OrganizationStream(log, StoredEvents.Catalogue(), new OrganizationNames(new Sealer(store))), context.Clock);
        var outcome = await importer.ImportAsync(complete.Content, Day(context), preview, context.Cancellation);
        foreach (var line in Words(outcome))
            await context.Output.WriteLineAsync(line);
        return outcome is ImportOutcome.Taken or ImportOutcome.Same ? 0 : 1;
    }

    private static DateOnly? Day(VerbContext context) => !context.Options.TryGetValue("effective", out var text) ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw new StartRefusedException($"--effective takes a date such as 2026-03-02, not '{text}'.");

    private static IEnumerable<string> Words(ImportOutcome outcome) => outcome switch
    {
        ImportOutcome.Same => ["The organization is as the files say: nothing to import."],
        ImportOutcome.OtherDistrict other => [$"The files are of district {other.Found}, the database is of district {other.Expected}: nothing was imported. A database is one district."],
        ImportOutcome.IdsReused reused => ["Nothing was imported, because these ids in people.csv belonged to somebody else, whose notices and acts stay with them. Give new ids:", .. reused.Ids.Select(id => $"  {id.Id}  {id.Former} → {id.Now}")],
        ImportOutcome.NoSupervisor none => [$"On {Text(none.Day)} the district would have no supervisor, with whom every escalation ends: nothing was imported. Appoint one in roles.csv."],
        ImportOutcome.Stranded stranded => [.. Lines(stranded.Difference, stranded.On), .. Lines(stranded.Strandings)],
        ImportOutcome.Taken taken =>
        [
            .. Lines(taken.Difference, taken.On),
            .. Lines(taken.LeftBehind),
            taken.Receipt is { } receipt ? $"Imported at {receipt.Last}." : "A preview: nothing was imported. Leave out --dry-run to import it.",
        ],
        _ => throw new InvalidOperationException("An import is one of these."),
    };

    private static IEnumerable<string> Lines(OrganizationDifference difference, DateOnly on)
    {
        yield return $"From {Text(on)} on:";
        foreach (var subject in difference.Changes.GroupBy(change => change.Subject))
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{Names.Of(subject.Key)}: {Count(OrganizationChangeKind.Added)} added, {Count(OrganizationChangeKind.Changed)} changed, {Count(OrganizationChangeKind.Ended)} ended");
            foreach (var change in subject)
                yield return $"  {Sign(change.Kind)} {string.Join("  ", new[] { change.Key, change.Name, change.Detail }.Where(part => !string.IsNullOrEmpty(part)))}";

            int Count(OrganizationChangeKind kind) => subject.Count(change => change.Kind == kind);
        }
    }

    private static IEnumerable<string> Lines(IReadOnlyList<Stranding> strandings)
    {
        yield return "Nothing was imported, because open work would be left with nobody. Close or move it, or name a successor in successors.csv:";
        foreach (var stranding in strandings)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  {stranding.Ended}  {stranding.Name}: {stranding.Work.Count} open");
            foreach (var work in stranding.Work.Take(MostWork))
                yield return $"    {work.Label}  {work.Subject}";
            if (stranding.Work.Count > MostWork)
                yield return string.Create(CultureInfo.InvariantCulture, $"    and {stranding.Work.Count - MostWork} more");
        }
    }

    private static IEnumerable<string> Lines(IReadOnlyList<LeftBehind> left)
    {
        if (left.Count == 0)
            yield break;
        yield return "Note: these people leave with open work. Of cases whoever is next is told on that day; matters of the committee and measures of reviews are given to others by hand:";
        foreach (var person in left)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  {person.Person}  {person.Name}: {person.Work.Count} open");
            foreach (var work in person.Work.Take(MostWork))
                yield return $"    {work.Label}  {work.Subject}";
            if (person.Work.Count > MostWork)
                yield return string.Create(CultureInfo.InvariantCulture, $"    and {person.Work.Count - MostWork} more");
        }
    }

    private static char Sign(OrganizationChangeKind kind) => kind switch
    {
        OrganizationChangeKind.Added => '+',
        OrganizationChangeKind.Ended => '-',
        _ => '~',
    };

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
