using System.Text;
using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using MarkedText = CommandCenter.Domain.Cases.MarkedText;

namespace CommandCenter.Host.Meetings;

/// <summary>A line as it would be taken.</summary>
/// <param name="Line">Where it stands in the request: in a file its line, in a form its number.</param>
/// <param name="Number">The number that it would have in the meeting.</param>
public sealed record PreviewLine(int Line, int Number, LineKind Kind, string Text, AreaCode Area, string Category, Urgency Urgency, string? Outcome = null, int Photos = 0);

/// <summary>What an import would do, or has done.</summary>
/// <param name="Id">The meeting.</param>
/// <param name="Version">The meeting's version: as it is, or after the import.</param>
/// <param name="Position">Missing for a preview.</param>
/// <param name="Preview">For <c>dryRun=true</c>: the lines that would be taken, none where the meeting has this list already. Nothing was taken.</param>
/// <param name="Encoding">For the preview of a file, as what it was read: <c>utf-8</c> or <c>gb18030</c>.</param>
public sealed record ListAnswer(string Id, long Version, string? Position = null, IReadOnlyList<PreviewLine>? Preview = null, string? Encoding = null);

/// <summary>
/// How a list comes in, from a form or a file: read and checked whole, then one append with the meeting's event and every line's case, each decided as if it had been reported
/// by itself. A preview goes the same way up to the append.
/// </summary>
public sealed class ListImport(MeetingEndpoint endpoint, NamedFiles named, Identifiers identifiers, TimeProvider clock)
{
    /// <summary>
    /// The most that a request may hold, in bytes: more than the reader's own limits come to, 200 lines of some 3,400 characters, in four bytes each, so that a list is never refused for its
    /// size without its lines being named.
    /// </summary>
    public const long MaximumBytes = 4 * 1024 * 1024;

    public static readonly QueryOption[] Options = [new("dryRun", "true: check the list and show what it would do; nothing is taken", typeof(bool))];

    private readonly MeetingStreams _streams = endpoint.Streams;

    /// <param name="rows">The lines as they were written.</param>
    /// <param name="read">Reads a request that is not JSON.</param>
    /// <param name="encoding">As what a file was read.</param>
    public async Task<IResult> HandleAsync<TRequest>(
        HttpContext context,
        string id,
        ListSource source,
        Func<TRequest, IReadOnlyList<ListRow>> rows,
        Func<HttpRequest, CancellationToken, Task<(TRequest Body, ReadOnlyMemory<byte> Bytes)>> read,
        Func<TRequest, string>? encoding = null)
        where TRequest : ICommandRequest
    {
        if (QueryStrings.Flag(context.Request.Query, "dryRun") == true)
            return await PreviewAsync(context, id, source, rows, read, encoding);

        ImportList? built = null;
        return await endpoint.HandleAsync<TRequest>(
            context,
            id,
            "import-list",
            async (request, loaded, token) => built = (await BuildAsync(context, loaded, source, rows(request), token)).Command,
            (_, work) => WithCases(work, () => built!),
            read);
    }

    private async Task<IResult> PreviewAsync<TRequest>(
        HttpContext context, string id, ListSource source, Func<TRequest, IReadOnlyList<ListRow>> rows, Func<HttpRequest, CancellationToken, Task<(TRequest Body, ReadOnlyMemory<byte> Bytes)>> read, Func<TRequest, string>? encoding)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, endpoint.Organization);
        var (request, _) = await read(context.Request, cancellation);
        var (loaded, _) = await MeetingEndpoint.VisibleAsync(id, callers, _streams, cancellation);
        (ImportList Command, IReadOnlyList<DraftLine> Drafts)? built = null;
        var work = new MeetingWork(id, "import-list", BuildOnceAsync, callers, clock.GetUtcNow(), clock.GetUtcNow());
        switch (await _streams.PrepareAsync(WithCases(work, () => built!.Value.Command), cancellation))
        {
            case Preparation.Ready:
                var first = ((Meeting.Known)loaded.State).File.Lines.Count + 1;
                return TypedResults.Ok(new ListAnswer(id, loaded.Version, Preview: [.. built!.Value.Drafts.Select((draft, index) => View(draft, first + index))], Encoding: encoding?.Invoke(request)));
            case Preparation.Ended { Outcome: Outcome.Unchanged }:
                return TypedResults.Ok(new ListAnswer(id, loaded.Version, Preview: [], Encoding: encoding?.Invoke(request)));
            case Preparation.Ended { Outcome: Outcome.Refused refused }:
                throw Problems.Of(refused.Refusal, refused.Version);
            case Preparation.Ended { Outcome: Outcome.NotAllowed denied }:
                throw Problems.NotAllowed(denied.Roles);
            default:
                throw Problems.NotAllowed();
        }

        async Task<MeetingCommand> BuildOnceAsync(LoadedMeeting meeting, CancellationToken token) => (built = await BuildAsync(context, meeting, source, rows(request), token, dryRun: true)).Value.Command;
    }

    /// <summary>The list's command with its cases beside it.</summary>
    private MeetingWork WithCases(MeetingWork work, Func<ImportList> built) => work with
    {
        Beside = async (loaded, decided, _, token) =>
        {
            var file = ((Meeting.Known)loaded.State).File;
            var cases = MeetingList.CasesOf(work.Id, file, decided.OfType<MeetingListImported>().Single(), built().Lines);
            // The matter came up when the meeting was held, whenever its list is written down.
            return await Task.WhenAll(cases.Select(made => _streams.PrepareAsync(
                new CaseWork(made.Case, made.Command.Name, (_, _) => Task.FromResult(made.Command), work.Callers, work.At, file.HeldAt ?? work.HappenedAt), token)));
        },
    };

    /// <exception cref="ProblemException">Something in the list is wrong: every mistake with its line and column.</exception>
    private async Task<(ImportList Command, IReadOnlyList<DraftLine> Drafts)> BuildAsync(
        HttpContext context, LoadedMeeting loaded, ListSource source, IReadOnlyList<ListRow> rows, CancellationToken cancellation, bool dryRun = false)
    {
        var file = ((Meeting.Known)loaded.State).File;
        // Of a meeting that was not held, or called off, the list does not matter.
        if (loaded.State is Meeting.Planned or Meeting.Cancelled)
            return (new ImportList(source, "", []), []);

        var (drafts, found) = MeetingListReader.Read(rows, file.Setup.Area, endpoint.Organization, file.Minutes is { Photos.Count: > 0 });
        var content = Hash(string.Join('\n', drafts.Select(draft => draft.Content)));
        var isKnown = found.Count == 0 && file.Content.Contains(content);
        List<ListError> errors = [.. found];
        if (errors.Count == 0 && !isKnown)
            errors.AddRange(await WrongHereAsync(context, loaded, file, drafts, cancellation));
        if (errors.Count > 0)
            throw MeetingProblems.ListRefused(errors);
        if (isKnown)
            return (new ImportList(source, content, []), []);

        var lines = new List<MeetingLine>(drafts.Count);
        foreach (var draft in drafts)
            lines.Add(await LineAsync(draft, lines.Count + 1, dryRun, cancellation));
        return (new ImportList(source, content, lines), drafts);
    }

    /// <summary>What is wrong with lines that are right in themselves: who brings them, the photos that they name, and what the meeting has already.</summary>
    private async Task<IEnumerable<ListError>> WrongHereAsync(HttpContext context, LoadedMeeting loaded, MeetingFile file, IReadOnlyList<DraftLine> drafts, CancellationToken cancellation)
    {
        var errors = new List<ListError>();
        var callers = Callers.From(context.Request, endpoint.Organization);
        var solving = callers.Where(caller => CaseAccess.May(caller, "report-solved", Case.None)).ToList();
        var known = file.Lines.Values.ToDictionary(line => line.Listed.Fingerprint, line => line.Number, StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            if (draft.Kind == LineKind.OnSpot && !solving.Any(caller => caller.Seat.Place.Contains(draft.Area)))
                errors.Add(new(draft.Row.Line, "kind", "on_spot_by_the_yard", new("现场解决的问题由在场的网格员、小院院长或村(社区)书记登记", "What was solved on the spot is registered by who was there: a grid worker, the yard's head or the village secretary.")));
            if (known.TryGetValue(Fingerprint(draft), out var number))
                errors.Add(new(draft.Row.Line, "text", "listed_before", new($"本次会议的第{number}条就是这个问题，请删去这一行", $"This matter is line {number} of the meeting already; take the line out.")));
            try
            {
                await named.CheckAsync(
                    callers[0].Actor, draft.Photos, photo => loaded.Facts.Any(fact => MeetingPhotos.Of(fact.Fact.Event).Contains(photo, StringComparer.Ordinal)), "photos", cancellation);
            }
            catch (ProblemException problem)
            {
                errors.Add(new(draft.Row.Line, "photos", problem.Code.Replace('.', '_'), problem.Words));
            }
        }

        return errors;
    }

    private async Task<MeetingLine> LineAsync(DraftLine draft, int number, bool dryRun, CancellationToken cancellation)
    {
        var id = identifiers.New();
        var stream = CaseStreams.StreamOf(id);
        var reporter = draft.Reporter is null && draft.Phone is null
            ? null
            : new SealedReporter(await ValueAsync("reporter.name", draft.Reporter), await ValueAsync("reporter.phone", draft.Phone));
        return new MeetingLine(
            number, draft.Kind, id, await TextAsync("text", draft.Text), draft.Area, draft.Category, draft.Urgency, Fingerprint(draft), draft.Photos,
            draft.Outcome is null ? null : await TextAsync("outcome", draft.Outcome), reporter);

        // What is only shown makes no keys.
        async Task<MarkedText> TextAsync(string field, string text) => dryRun ? new MarkedText(text, []) : await endpoint.Personal.SealTextAsync(stream, field, text, cancellation);
        async Task<string?> ValueAsync(string field, string? value) => dryRun ? null : await endpoint.Personal.SealValueAsync(stream, field, value, cancellation);
    }

    private string Fingerprint(DraftLine draft) => Hash(draft.Identity);

    // Keyed, because a short text with a phone number can be guessed from a plain hash.
    private string Hash(string text) => Convert.ToHexStringLower(endpoint.Personal.RequestHash(Encoding.UTF8.GetBytes($"meeting list\n{text}")));

    private static PreviewLine View(DraftLine draft, int number) =>
        new(draft.Row.Line, number, draft.Kind, draft.Text, draft.Area, draft.Category, draft.Urgency, draft.Outcome, draft.Photos.Count);
}
