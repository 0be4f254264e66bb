using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Http;
using Microsoft.AspNetCore.SignalR;

namespace CommandCenter.Host.Board;

/// <summary>
/// The walls' connection, <c>/hubs/board?actor=…&amp;role=…</c>. <c>Watch(scope)</c> answers the board; from then on <c>delta</c> brings each next frame.
/// </summary>
public sealed class BoardHub(LiveBoard board, OrganizationDirectory organization) : Hub
{
    private const string WatchedKey = "scope";

    /// <exception cref="HubException">The code of the problem: no such area, nobody by that id, or not allowed.</exception>
    public async Task<BoardView> Watch(string scope)
    {
        if (!AreaCode.TryParse(scope, out var area))
            throw new HubException("area.unknown");
        if (!Callers().Any(caller => CaseAccess.MayList(caller, area)))
            throw new HubException("access.denied");

        await LeaveAsync();
        // Joined first: a frame sent meanwhile arrives twice at worst, and its number says so.
        await Groups.AddToGroupAsync(Context.ConnectionId, LiveBoard.GroupOf(area), Context.ConnectionAborted);
        BoardView view;
        try
        {
            view = await board.WatchAsync(area, Context.ConnectionAborted);
        }
        catch (ProblemException problem)
        {
            throw new HubException(problem.Code);
        }

        // Remembered once it is counted in, or a wall that breaks off here would be counted out in another's place.
        Context.Items[WatchedKey] = area;
        return view;
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        await LeaveAsync();
        await base.OnDisconnectedAsync(exception);
    }

    private async Task LeaveAsync()
    {
        if (!Context.Items.Remove(WatchedKey, out var watched) || watched is not AreaCode area)
            return;
        await Groups.RemoveFromGroupAsync(Context.ConnectionId, LiveBoard.GroupOf(area));
        await board.UnwatchAsync(area);
    }

    private IReadOnlyList<Caller> Callers()
    {
        var query = Context.GetHttpContext()!.Request.Query;
        try
        {
            return Http.Callers.From(query["actor"].ToString(), query["role"].ToString(), organization);
        }
        catch (ProblemException problem)
        {
            throw new HubException(problem.Code);
        }
    }
}
