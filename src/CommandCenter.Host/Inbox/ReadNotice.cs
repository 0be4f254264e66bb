using CommandCenter.Domain;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Inbox;

/// <summary>The answer to marking a notice as read.</summary>
public sealed record NoticeReceipt(Guid Id, string Position);

/// <summary><c>POST /api/inbox/{id}/read</c>: who read what and when is a fact of its own.</summary>
public static class ReadNotice
{
    private const int Attempts = 20;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/inbox/{id:guid}/read", HandleAsync)
        .Action<NoticeReceipt>("readNotice", "Mark a notice as read");

    private static async Task<IResult> HandleAsync(
        HttpContext context, Guid id, IEventLog log, EventCatalogue catalogue, CaseStreams streams, PersonalText personal, OrganizationDirectory organization, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var caller = Callers.From(context.Request, organization)[0];
        if (caller.Seat.Role == Role.Resident)
            throw Problems.NotAllowed();
        var key = CaseCommandEndpoint.IdempotencyKey(context.Request);
        var stream = CaseStreams.InboxOf(caller.Actor);
        var command = new CommandId(caller.Actor, key, personal.RequestHash(System.Text.Encoding.UTF8.GetBytes($"POST {context.Request.Path}\n")));

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var events = await log.ReadStreamAsync(stream, 0, cancellation);
            var sent = events.FirstOrDefault(e => e.Id == id && e.Type == "notice_sent")
                ?? throw new ProblemException(404, "notice.unknown", new("没有这条通知。", "There is no such notice in your inbox."));
            var read = events.FirstOrDefault(e => e.Type == "notice_read" && streams.FactOf<InboxEvent>(e).Event is NoticeRead already && already.Notice == id);
            if (read is not null)
                return Answer(context, id, read.Position);

            var origin = new EventOrigin(caller.Actor, Names.Of(caller.Seat.Role), caller.Seat.Place.Value, clock.GetUtcNow());
            var append = new StreamAppend(
                stream, "inbox", ExpectedVersion.After(events[^1].StreamVersion), [catalogue.Encode(new NoticeRead(id), origin, sent.CorrelationId, $"command:{key}")]);
            switch (await log.AppendAsync(new AppendRequest([append], command), cancellation))
            {
                case AppendResult.Appended appended:
                    return Answer(context, id, appended.Receipt.Last);
                case AppendResult.Repeated repeated:
                    return Answer(context, id, repeated.First.Last);
                case AppendResult.CommandIdReused:
                    throw Problems.CommandIdReused();
            }
        }

        throw Problems.Busy();
    }

    private static IResult Answer(HttpContext context, Guid id, LogPosition position)
    {
        context.Response.Headers[ETags.PositionHeader] = position.ToString();
        return TypedResults.Ok(new NoticeReceipt(id, position.ToString()));
    }
}
