using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Board;

/// <summary><c>GET /api/board</c>: the board of a scope now, for walls that start and for those that cannot hold a connection open; or as it was at any moment.</summary>
public static class GetBoard
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/board", HandleAsync)
        .Query<BoardView>("getBoard", "The live board of a scope", 
            [
                new("scope", "area code; by default the caller's place"),
                new("asOf", "a past instant, 2026-11-29T08:00:00Z: the board as it was then, with what had been recorded by then"),
            ]);

    private static async Task<IResult> HandleAsync(HttpContext context, LiveBoard board, PastBoard past, OrganizationDirectory organization, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var scope = BoardScope.Of(context.Request, callers);

        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.Query["asOf"].ToString() is { Length: > 0 } asked)
        {
            if (!LocalDay.TryRead(asked, organization.TimeZone, out var at))
                throw Problems.Malformed("asOf is an instant such as 2026-11-29T08:00:00Z, or a day.", "asOf");
            if (at > clock.GetUtcNow())
                throw new ProblemException(422, "time.out_of_range", new("只能查看过去的看板。", "Only a past board can be shown."), "asOf");
            var then = await past.ViewAsync(scope, at, cancellation);
            context.Response.Headers[ETags.PositionHeader] = then.Position;
            return TypedResults.Ok(then);
        }

        await board.ReachedAsync(ETags.MinPosition(context.Request), cancellation);
        var view = await board.ViewAsync(scope, cancellation);
        context.Response.Headers[ETags.PositionHeader] = view.Position;
        return TypedResults.Ok(view);
    }
}
