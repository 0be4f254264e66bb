using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CommandCenter.Domain;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Verbs;

/// <summary>
/// The deadline policy from the command line. <c>check FILE</c> says what is wrong with a policy, line by line, or counts its limits by where they come from; <c>schema</c> prints the published
/// JSON schema: both without a database. <c>import FILE</c> takes a policy into the log as a difference to the one that counts, <c>calendar FILE</c> a year or the hours of the towns,
/// <c>export</c> prints what counts, <c>try FILE</c> what would have been late under another policy, and who would have been told, beside what happened. Exit code 1: the file or the log does not allow it.
/// </summary>
public static class PolicyVerb
{
    private static readonly JsonSerializerOptions Written = new(DomainJson.Options) { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Verb Verb { get; } = new(
        "policy", "check FILE | schema | export [--version V] | import FILE [--dry-run] [--recount] [--from DAY] | calendar FILE [--dry-run] | try FILE --from DAY [--json]",
        "check, take in, print or try out the deadline policy and the calendar", ["--dry-run", "--recount", "--from=", "--version=", "--json"], RunAsync, MostWords: 2);

    private static async Task<int> RunAsync(VerbContext context)
    {
        Verb.RequireWords(context, 1);
        switch (context.Words)
        {
            case ["schema"]:
                await context.Output.WriteAsync(DeadlinePolicySchema.Text());
                return 0;
            case ["check", var path]:
                return await CheckAsync(context, path);
            case ["export"]:
                return await ExportAsync(context);
            case ["import", var path]:
                return await ImportAsync(context, path);
            case ["calendar", var path]:
                return await CalendarAsync(context, path);
            case ["try", var path]:
                return await TryAsync(context, path);
            default:
                throw new StartRefusedException($"Usage: commandcenter {Verb.Name} {Verb.Usage}");
        }
    }

    private static async Task<int> CheckAsync(VerbContext context, string path)
    {
        if (await ReadAsync(context, path, DeadlinePolicyReader.Read) is not { } policy)
            return 1;
        foreach (var line in PolicyCounts.Of(policy).Lines())
            await context.Output.WriteLineAsync(line);
        return 0;
    }

    private static async Task<int> ExportAsync(VerbContext context)
    {
        await using var database = await VerbDatabase.OpenAsync(context);
        await using var log = new PostgresEventLog(database.Source, context.Clock);
        var history = (await new PolicyStream(log, StoredEvents.Catalogue()).LoadAsync(context.Cancellation)).History;
        if (!history.IsBegun)
            throw new StartRefusedException("There is no deadline policy in this database yet: the first start of the command center takes it from CommandCenter__Policies.");
        var adopted = context.Options.TryGetValue("version", out var version) ? history.Find(version) : history.VersionAt(context.Clock.GetUtcNow());
        if (adopted is null)
            throw new StartRefusedException($"There is no version {version}; there are {string.Join(", ", history.Versions.Select(known => known.Policy.Version).Distinct(StringComparer.Ordinal))}.");
        await context.Output.WriteLineAsync(JsonSerializer.Serialize(adopted.Policy, Written));
        return 0;
    }

    private static async Task<int> ImportAsync(VerbContext context, string path)
    {
        if (await ReadAsync(context, path, DeadlinePolicyReader.Read) is not { } policy)
            return 1;
        return await TakeAsync(context, (now, zone) => new AdoptPolicy(policy, From(context, zone), context.Options.ContainsKey("recount"), now));
    }

    private static async Task<int> CalendarAsync(VerbContext context, string path)
    {
        // A year says which it is; the hours do not.
        if (Text(path).Contains("\"rules\"", StringComparison.Ordinal))
            return await ReadAsync(context, path, CalendarReader.ReadHours) is { } hours ? await TakeAsync(context, (_, _) => new AdoptCalendar([], hours)) : 1;
        return await ReadAsync(context, path, CalendarReader.ReadYear) is { } year ? await TakeAsync(context, (_, _) => new AdoptCalendar([year], null)) : 1;
    }

    private static async Task<int> TakeAsync(VerbContext context, Func<DateTimeOffset, TimeZoneInfo, PolicyCommand> command)
    {
        await using var database = await VerbDatabase.OpenAsync(context);
        await using var log = new PostgresEventLog(database.Source, context.Clock);
        var catalogue = StoredEvents.Catalogue();
        var organization = (await new OrganizationStream(log, catalogue, names: null).LoadAsync(context.Cancellation)).History;
        if (organization.Described is not { } described)
            throw new StartRefusedException("There is no organization in this database yet: the first start of the command center takes it from CommandCenter__Organization.");
        var outcome = await new PolicyImporter(new PolicyStream(log, catalogue), context.Clock)
            .ImportAsync(now => command(now, organization.TimeZone), described.District, context.Options.ContainsKey("dry-run"), context.Cancellation);
        foreach (var line in Words(outcome))
            await context.Output.WriteLineAsync(line);
        return outcome is PolicyOutcome.Refused ? 1 : 0;
    }

    private static async Task<int> TryAsync(VerbContext context, string path)
    {
        if (!context.Options.ContainsKey("from"))
            throw new StartRefusedException("policy try takes --from with the day of the first report to look at, such as --from 2026-01-01.");
        if (await ReadAsync(context, path, DeadlinePolicyReader.Read) is not { } policy)
            return 1;
        await using var database = await VerbDatabase.OpenAsync(context);
        await using var log = new PostgresEventLog(database.Source, context.Clock);
        var catalogue = StoredEvents.Catalogue();
        var organization = (await new OrganizationStream(log, catalogue, names: null).LoadAsync(context.Cancellation)).History;
        var history = (await new PolicyStream(log, catalogue).LoadAsync(context.Cancellation)).History;
        if (organization.Described is null || !history.IsBegun)
            throw new StartRefusedException("There is no town in this database yet: start the command center on it first.");
        var now = context.Clock.GetUtcNow();
        var from = From(context, organization.TimeZone)!.Value;
        var said = context.Clock.GetTimestamp();
        var progress = new Said<TrialProgress>(report =>
        {
            if (context.Clock.GetElapsedTime(said) < TimeSpan.FromSeconds(1))
                return;
            said = context.Clock.GetTimestamp();
            context.Messages.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Position:N0} of {report.Head:N0} events"));
        });
        var current = history.At(now);
        var report = await new PolicyTry(database.Source, catalogue, organization, CommandCenterHost.ReadNoticePlan(database.Settings))
            .RunAsync(new PolicyBook(policy, [], current.Calendar), from, now, progress, context.Cancellation);
        if (context.Options.ContainsKey("json"))
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(report, Written));
            return 0;
        }

        foreach (var line in PolicyTry.Lines(report, current.Current.Version, organization.TimeZone))
            await context.Output.WriteLineAsync(line);
        return 0;
    }

    private static IEnumerable<string> Words(PolicyOutcome outcome) => outcome switch
    {
        PolicyOutcome.Same => ["It is so already: nothing to import."],
        PolicyOutcome.Refused { Refusal: var refusal } => [$"{refusal.Message.En}  {refusal.Message.Zh}", "Nothing was imported."],
        PolicyOutcome.Taken taken =>
        [
            .. taken.Events.Select(Head), .. taken.Changes.Select(Line),
            taken.Receipt is { } receipt ? $"Imported at {receipt.Last}." : "A preview: nothing was imported. Leave out --dry-run to import it.",
            .. taken.Receipt is not null && taken.Events.Any(Recounts) ? ["Open cases are counted anew by the command centers that run on this database, or by the next one that starts."] : (string[])[],
        ],
        _ => throw new InvalidOperationException("An import is one of these."),
    };

    private static bool Recounts(PolicyEvent happened) => happened is WorkingCalendarAdopted or DeadlinePolicyAdopted { Recount: true };

    private static string Head(PolicyEvent happened) => happened switch
    {
        DeadlinePolicyAdopted adopted => $"Policy {adopted.Policy.Version} counts {(adopted.From is { } from ? $"from {DomainJson.Text(from)} on" : "at once")}{(adopted.Recount == true ? ", for open cases too" : ", for clocks that start under it")}:",
        WorkingCalendarAdopted calendar =>
            $"Calendar: {string.Join(", ", [.. calendar.Years.Select(year => string.Create(CultureInfo.InvariantCulture, $"{year.Year} {(year.Announced ? "announced" : "derived")}")), .. calendar.Hours is null ? (string[])[] : ["the hours of the towns"]])}",
        _ => "",
    };

    private static string Line(PolicyChange change) =>
        $"  {(change.Before is null ? '+' : change.After is null ? '-' : '~')} {change.Section}  {change.Key}{(change is { Before: { } before, After: { } after } ? $"  {Limit(before)} → {Limit(after)}" : "")}";

    // Of what has a limit the limit is what people look for; else only that it changed is told.
    private static string Limit(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("limit", out var limit)
            ? DeadlineWords.Of(limit.Deserialize<Limit>(DomainJson.Options)!).En
            : "…";
    }

    private static DateTimeOffset? From(VerbContext context, TimeZoneInfo zone) => !context.Options.TryGetValue("from", out var text) ? null
        : LocalDay.TryRead(text, zone, out var from) ? from
        : throw new StartRefusedException($"--from takes a day such as 2027-01-01, not '{text}'.");

    private static async Task<T?> ReadAsync<T>(VerbContext context, string path, Func<string, (T? Value, IReadOnlyList<string> Errors)> reader)
        where T : class
    {
        var (value, errors) = reader(Text(path));
        foreach (var error in errors)
            await context.Output.WriteLineAsync($"{path}: {error}");
        if (value is null)
            await context.Output.WriteLineAsync($"{errors.Count} errors: the {(typeof(T) == typeof(DeadlinePolicy) ? "policy" : "calendar")} cannot be used.");
        return value;
    }

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(e.Message, e);
        }
    }

    private static IEnumerable<string> Lines(this PolicyCounts counts)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{counts.Version}: {counts.Rules} general rules, {counts.Matters.Values.Sum()} matters");
        foreach (var (sector, matters) in counts.Matters)
            yield return string.Create(CultureInfo.InvariantCulture, $"  {sector}: {matters} matters");
        foreach (var (basis, limits) in counts.Limits)
            yield return string.Create(CultureInfo.InvariantCulture, $"  {basis}: {limits} limits");
        yield return string.Create(CultureInfo.InvariantCulture, $"  without a mark: {counts.Unmarked} limits");
    }
}
