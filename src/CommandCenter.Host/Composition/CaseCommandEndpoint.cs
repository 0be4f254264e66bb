using System.Text;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Composition;

/// <summary>The answer to a command that was carried out; a repeat gets the same.</summary>
/// <param name="Id">The case.</param>
/// <param name="Version">The case's version afterwards, also in <c>ETag</c>.</param>
/// <param name="Position">Where its last event stands in the log, <c>epoch:position</c>, also in <c>X-Position</c>.</param>
[Example("""{"id":"0199c2f0b1d87c3e9a4b5c6d7e8f9012","version":2,"position":"1:42"}""")]
public sealed record CaseReceipt(string Id, long Version, string Position);

/// <summary>What all command requests may say: when it happened, if not now.</summary>
public interface ICommandRequest
{
    DateTimeOffset? HappenedAt { get; }
}

/// <summary>What every case command over HTTP has in common: who, the command's id, the body's hash, If-Match, and the outcome as an answer.</summary>
public sealed class CaseCommandEndpoint(CaseStreams streams, PersonalText personal, OrganizationDirectory organization, SealedFiles files, PhotoUploads uploads, TimeProvider clock)
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan OldestReport = TimeSpan.FromDays(366);

    public PersonalText Personal => personal;

    public OrganizationDirectory Organization => organization;

    /// <param name="caseId">The case; for a report a new id.</param>
    /// <param name="build">Makes the command from the request and the case as it stands.</param>
    public async Task<IResult> HandleAsync<TRequest>(
        HttpContext context, string caseId, string command, Func<TRequest, LoadedCase, CancellationToken, Task<CaseCommand>> build)
        where TRequest : ICommandRequest
    {
        var cancellation = context.RequestAborted;
        if (!StreamKey.IsId(caseId))
            throw Problems.CaseUnknown();

        var callers = Callers.From(context.Request, organization);
        var key = IdempotencyKey(context.Request);
        var ifMatch = ETags.IfMatch(context.Request);
        var (request, bytes) = await RequestBody.ReadAsync<TRequest>(context.Request, cancellation);
        // Taken once the request is whole: a body that trickles in does not turn the clock back.
        var now = clock.GetUtcNow();
        var id = new CommandId(callers[0].Actor, key, Hash(context.Request, bytes));
        var work = new CaseWork(caseId, command, BuildAsync, callers, now, request.HappenedAt ?? now, id, ifMatch);

        // What is wrong with a request is said only if it was not answered before.
        Task<CaseCommand> BuildAsync(LoadedCase loaded, CancellationToken token)
        {
            CheckHappenedAt(request, now);
            return build(request, loaded, token);
        }

        return await streams.ExecuteAsync(work, cancellation) switch
        {
            CaseOutcome.Done done => Answer(context, done.CaseId, done.Receipt.Streams.First(s => s.Stream.Category == "case").Version, done.Receipt.Last, command == "report", done.Replayed),
            CaseOutcome.Unchanged { Case: var same } => Answer(context, caseId, same.Version, same.Facts[^1].Stored.Position, false, false),
            CaseOutcome.Refused refused => throw Problems.Of(refused.Refusal, refused.Version),
            CaseOutcome.Unknown => throw Problems.CaseUnknown(),
            CaseOutcome.NotAllowed => throw Problems.NotAllowed(),
            CaseOutcome.Stale stale => throw Problems.Stale(stale.Current),
            CaseOutcome.CommandIdReused => throw Problems.CommandIdReused(),
            _ => throw Problems.Busy(),
        };
    }

    /// <summary>
    /// Photos named in a command: each must have been uploaded by who names it, or be in the case already. A hash that was read somewhere else is no key to the photo.
    /// </summary>
    /// <exception cref="ProblemException">Too many, malformed, or not uploaded.</exception>
    public async Task<IReadOnlyList<string>> PhotosAsync(HttpContext context, LoadedCase loaded, IReadOnlyList<string>? photos, CancellationToken cancellation)
    {
        const int most = 9;
        if (photos is null)
            return [];
        if (photos.Count > most)
            throw new ProblemException(422, "photo.too_many", new($"一次最多 {most} 张照片。", $"At most {most} photos at once."), "photos");
        var actor = Callers.From(context.Request, organization)[0].Actor;
        foreach (var photo in photos)
        {
            // The JSON reader lets a null through where a list holds texts.
            if (photo is null
                || !(uploads.Contains(actor, photo) || loaded.Facts.Any(fact => CasePhotos.Of(fact.Fact.Event).Contains(photo, StringComparer.Ordinal)))
                || !await files.ExistsAsync(photo, cancellation))
                throw new ProblemException(422, "photo.unknown", new("照片尚未上传。", "The photo was not uploaded."), "photos");
        }

        return [.. photos.Distinct(StringComparer.Ordinal)];
    }

    private static IResult Answer(HttpContext context, string caseId, long version, LogPosition position, bool created, bool replayed)
    {
        var headers = context.Response.Headers;
        headers.ETag = ETags.Of(version);
        headers[ETags.PositionHeader] = position.ToString();
        if (replayed)
            headers["Idempotent-Replay"] = "true";
        var receipt = new CaseReceipt(caseId, version, position.ToString());
        return created ? TypedResults.Created($"/api/cases/{caseId}", receipt) : TypedResults.Ok(receipt);
    }

    /// <exception cref="ProblemException">The header is missing or not 1–200 printable ASCII characters.</exception>
    public static string IdempotencyKey(HttpRequest request)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        return key.Length is > 0 and <= 200 && key.All(c => c is >= '!' and <= '~') ? key : throw Problems.IdempotencyKeyNeeded();
    }

    private byte[] Hash(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        // Method and path belong to the content: the same body at another address is another request.
        var head = Encoding.UTF8.GetBytes($"{request.Method} {request.Path}\n");
        return personal.RequestHash([.. head, .. body.Span]);
    }

    private static void CheckHappenedAt(ICommandRequest request, DateTimeOffset now)
    {
        if (request.HappenedAt is { } happenedAt && (happenedAt > now + ClockTolerance || happenedAt < now - OldestReport))
            throw new ProblemException(422, "time.out_of_range", new("发生时间不能在将来，也不能早于一年前。", "It cannot have happened in the future or more than a year ago."), "happenedAt");
    }
}
