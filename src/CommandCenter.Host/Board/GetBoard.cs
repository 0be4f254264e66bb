using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Board;

/// <summary><c>GET /api/board</c>: the board of a scope now, for walls that start and for those that cannot hold a connection open.</summary>
public static class GetBoard
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/board", HandleAsync)
        .Query<BoardView>("getBoard", "The live board of a scope", [new("scope", "area code; by default the caller's place")]);

    private static async Task<IResult> HandleAsync(HttpContext context, LiveBoard board, OrganizationDirectory organization)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var scope = context.Request.Query["scope"].ToString() switch
        {
            "" => callers[0].Seat.Place,
            var text when AreaCode.TryParse(text, out var code) => code,
            _ => throw Problems.Malformed("scope is an area code.", "scope"),
        };
        if (!callers.Any(caller => CaseAccess.MayList(caller, scope)))
            throw Problems.NotAllowed();

        await board.ReachedAsync(ETags.MinPosition(context.Request), cancellation);
        var view = await board.ViewAsync(scope, cancellation);
        context.Response.Headers[ETags.PositionHeader] = view.Position;
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(view);
    }
}
