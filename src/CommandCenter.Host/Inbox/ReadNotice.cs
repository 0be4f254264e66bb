using System.Text;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Inbox;

/// <summary>The answer to marking a notice as read.</summary>
public sealed record NoticeReceipt(Guid Id, string Position);

/// <summary><c>POST /api/inbox/{id}/read</c>: who read what and when is a fact of its own.</summary>
public static class ReadNotice
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/inbox/{id:guid}/read", HandleAsync)
        .Action<NoticeReceipt>("readNotice", "Mark a notice as read");

    private static async Task<IResult> HandleAsync(
        HttpContext context, Guid id, IEventLog log, EventCatalogue catalogue, NpgsqlDataSource database, PersonalText personal, OrganizationDirectory organization, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var caller = Callers.From(context.Request, organization)[0];
        if (caller.Seat.Role == Role.Resident)
            throw Problems.NotAllowed();
        var key = CommandEndpoint.IdempotencyKey(context.Request);
        if (await FindAsync(database, id, caller.Actor, cancellation) is not { } notice)
            throw new ProblemException(404, "notice.unknown", new("没有这条通知。", "There is no such notice in your inbox."));
        if (notice.ReadPosition is { } read)
            return Answer(context, id, new LogPosition((await log.HeadAsync(cancellation)).Last.Epoch, read));

        // Read twice at the same moment is read once: the table keeps the first, and the stream may tell of both.
        var command = new CommandId(caller.Actor, key, personal.RequestHash(Encoding.UTF8.GetBytes($"POST {context.Request.Path}\n")));
        var origin = new EventOrigin(caller.Actor, Names.Of(caller.Seat.Role), caller.Seat.Place.Value, clock.GetUtcNow());
        var append = new StreamAppend(
            StreamCommands.InboxOf(caller.Actor), "inbox", new ExpectedVersion.StreamExists(),
            [catalogue.Encode(new NoticeRead(id), origin, notice.Subject, $"command:{key}")]);
        return await log.AppendAsync(new AppendRequest([append], command), cancellation) switch
        {
            AppendResult.Appended appended => Answer(context, id, appended.Receipt.Last),
            AppendResult.Repeated repeated => Answer(context, id, repeated.First.Last),
            AppendResult.CommandIdReused => throw Problems.CommandIdReused(),
            _ => throw Problems.Busy(),
        };
    }

    private static async Task<(string Subject, long? ReadPosition)?> FindAsync(NpgsqlDataSource database, Guid id, string person, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select subject, read_position from inbox_notices_v2 where id = $1 and person = $2");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = person });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetInt64(1)) : null;
    }

    private static IResult Answer(HttpContext context, Guid id, LogPosition position)
    {
        context.Response.Headers[ETags.PositionHeader] = position.ToString();
        return TypedResults.Ok(new NoticeReceipt(id, position.ToString()));
    }
}
