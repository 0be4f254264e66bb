using System.Text;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Composition;

/// <summary>The answer to a command that was carried out; a repeat gets the same.</summary>
/// <param name="Id">Of the case, task, whistle … that the command was given to.</param>
/// <param name="Version">Its version afterwards, also in <c>ETag</c>.</param>
/// <param name="Position">Where the command's last event stands in the log, <c>epoch:position</c>, also in <c>X-Position</c>.</param>
[Example("""{"id":"0199c2f0b1d87c3e9a4b5c6d7e8f9012","version":2,"position":"1:42"}""")]
public sealed record CommandReceipt(string Id, long Version, string Position);

/// <summary>What all command requests may say: when it happened, if not now.</summary>
public interface ICommandRequest
{
    DateTimeOffset? HappenedAt { get; }
}

/// <summary>What every command over HTTP has in common, whatever kind of stream it is for: who, the command's id, the body's hash, If-Match, and the outcome as an answer.</summary>
public sealed class CommandEndpoint(StreamCommands commands, PersonalText personal, NamedFiles named, IOrganization organization, TimeProvider clock)
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan OldestReport = TimeSpan.FromDays(366);

    public PersonalText Personal => personal;

    /// <summary>As it stands now.</summary>
    public OrganizationDirectory Organization => organization.Now;

    /// <param name="id">The stream's id; a new one for a command that begins a stream.</param>
    /// <param name="address">Under which <c>Location</c> says the new thing is, such as <c>/api/cases/</c>.</param>
    /// <param name="build">Makes the command from the request, the state as it stands, and the instant at which the host received it.</param>
    /// <param name="beside">What happens in other streams along with it.</param>
    /// <param name="read">Reads a request that is not JSON, with the bytes that its hash is made of.</param>
    public async Task<IResult> HandleAsync<TRequest, TState, TCommand, TEvent>(
        HttpContext context,
        StreamKind<TState, TCommand, TEvent> kind,
        string id,
        string command,
        string address,
        Func<TRequest, Loaded<TState, TEvent>, DateTimeOffset, CancellationToken, Task<TCommand>> build,
        Func<TRequest, StreamWork<TState, TCommand, TEvent>, StreamWork<TState, TCommand, TEvent>>? beside = null,
        Func<HttpRequest, CancellationToken, Task<(TRequest Body, ReadOnlyMemory<byte> Bytes)>>? read = null)
        where TRequest : ICommandRequest
        where TCommand : class
        where TEvent : class
    {
        var cancellation = context.RequestAborted;
        if (!StreamKey.IsId(id))
            throw Problems.Unknown(kind.Category, kind.Noun);

        // Before the body, so that nobody unknown sends a long one.
        _ = Callers.From(context.Request, organization.Now);
        var key = IdempotencyKey(context.Request);
        var ifMatch = ETags.IfMatch(context.Request);
        var (request, bytes) = await (read ?? RequestBody.ReadAsync<TRequest>)(context.Request, cancellation);
        // Taken once the request is whole: a body that trickles in does not turn the clock back.
        var now = clock.GetUtcNow();
        var callers = Callers.From(context.Request, organization.At(now));
        var commandId = new CommandId(callers[0].Actor, key, Hash(context.Request, bytes));
        var work = new StreamWork<TState, TCommand, TEvent>(id, command, BuildAsync, callers, now, request.HappenedAt ?? now, commandId, ifMatch) { CallersNow = () => Callers.From(context.Request, organization.At(now)) };

        // What is wrong with a request is said only if it was not answered before.
        async Task<TCommand> BuildAsync(Loaded<TState, TEvent> loaded, CancellationToken token)
        {
            CheckHappenedAt(request, now);
            var made = await build(request, loaded, now, token);
            if (request is not IAttachingRequest { Attachments: { Count: > 0 } asked })
                return made;
            var attached = await named.AttachAsync(
                callers[0].Actor, asked, file => loaded.Facts.Any(fact => Attachments.Of(fact.Fact.Event).Any(attachment => attachment.File == file)), loaded.Stream, token);
            return (TCommand)(object)((Attaching)(object)made with { Attachments = attached });
        }

        return await commands.ExecuteAsync(kind, beside is null ? work : beside(request, work), cancellation) switch
        {
            Outcome.Done done => Answer(context, done.Stream.Id, done.Version, done.Receipt.Last, kind.Creates(command) ? address : null, done.Replayed),
            Outcome.Unchanged same => Answer(context, id, same.Version, same.Last, null, false),
            Outcome.Refused refused => throw Problems.Of(refused.Refusal, refused.Version, View(refused.Last)),
            Outcome.Unknown => throw Problems.Unknown(kind.Category, kind.Noun),
            Outcome.NotAllowed denied => throw Problems.NotAllowed(denied.Roles),
            Outcome.Stale stale => throw Problems.Stale(kind.Category, kind.Noun, stale.Current, View(stale.Last)),
            Outcome.CommandIdReused => throw Problems.CommandIdReused(),
            Outcome.FileGone => throw NamedFiles.NotUploaded(null),
            _ => throw Problems.Busy(),
        };
    }

    /// <exception cref="ProblemException">The header is missing or not 1–200 printable ASCII characters.</exception>
    public static string IdempotencyKey(HttpRequest request)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        return key.Length is > 0 and <= 200 && key.All(c => c is >= '!' and <= '~') ? key : throw Problems.IdempotencyKeyNeeded();
    }

    private LastChangeView? View(LastChange? last) => last is null
        ? null
        : new LastChangeView(last.By.Actor, organization.Now.KnownPerson(last.By.Actor) is { } person ? new(person.Name, person.NameEn) : null, last.By.Role, last.At, last.Event);

    private static IResult Answer(HttpContext context, string id, long version, LogPosition position, string? createdAt, bool replayed)
    {
        var headers = context.Response.Headers;
        headers.ETag = ETags.Of(version);
        headers[ETags.PositionHeader] = position.ToString();
        if (replayed)
            headers["Idempotent-Replay"] = "true";
        var receipt = new CommandReceipt(id, version, position.ToString());
        return createdAt is null ? TypedResults.Ok(receipt) : TypedResults.Created(createdAt + id, receipt);
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
