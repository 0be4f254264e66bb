using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Operations;

/// <summary>How many dead letters are tried again.</summary>
public sealed record ReplayedView(int Replayed);

/// <summary><c>POST /api/operations/outbox/{id}/replay</c>: tries a dead letter again, with all its attempts before it and under the same id.</summary>
public static class ReplayDeadLetter
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/operations/outbox/{id:long}/replay", HandleAsync)
        .Operation<ReplayedView>("replayDeadLetter", "Try a dead letter again");

    private static async Task<IResult> HandleAsync(HttpContext context, long id, OrganizationDirectory organization, IOutbox outbox)
    {
        Operators.Require(context, organization);
        return await outbox.ReplayAsync(id, context.RequestAborted)
            ? TypedResults.Ok(new ReplayedView(1))
            : throw new ProblemException(404, "outbox.not_dead", new("没有这条未送达的消息，可能已重发。", "There is no such dead letter; it may have been replayed already."));
    }
}

/// <summary><c>POST /api/operations/outbox/replay</c>: tries all of them again, once what kept them is mended.</summary>
public static class ReplayDeadLetters
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/operations/outbox/replay", HandleAsync)
        .Operation<ReplayedView>("replayDeadLetters", "Try all dead letters again");

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, IOutbox outbox)
    {
        Operators.Require(context, organization);
        return TypedResults.Ok(new ReplayedView(await outbox.ReplayAllAsync(cancellation: context.RequestAborted)));
    }
}
