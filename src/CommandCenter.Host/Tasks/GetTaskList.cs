using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>An item of a list, as this reader may see it.</summary>
/// <param name="Targets">Missing where it goes to every target of the list.</param>
public sealed record TaskItemView(
    int Number, string Title, string Text, string Matter, DateTimeOffset DueAt, EvidenceRule Evidence, Quantity? Quantity = null, IReadOnlyList<AreaCode>? Targets = null);

/// <summary>A list of tasks as its page shows it, folded from its stream.</summary>
/// <param name="Issuer">Who answers for it: who drafted it, then who published it.</param>
/// <param name="Additions">The urgent additions to admission lists that it rests on, <c>{town}/{number}</c>.</param>
/// <param name="EndText">Why it was withdrawn, or the summary with which it was closed.</param>
/// <param name="Possible">The commands that this caller may give now, in the order of the loop.</param>
public sealed record TaskListDetail(
    string Id,
    long Version,
    TaskListStage Stage,
    string Title,
    IReadOnlyList<TaskItemView> Items,
    IReadOnlyList<AreaCode> Targets,
    int Tasks,
    TaskActor DraftedBy,
    DateTimeOffset DraftedAt,
    TaskActor Issuer,
    DateTimeOffset? PublishedAt,
    IReadOnlyList<string> Additions,
    DateTimeOffset? EndedAt,
    string? EndText,
    IReadOnlyList<string> Possible);

/// <summary><c>GET /api/task-lists/{id}</c></summary>
public static class GetTaskList
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/task-lists/{id}", HandleAsync)
        .Query<TaskListDetail>("getTaskList", "A list of tasks, as this caller may see it", versioned: true);

    private static async Task<IResult> HandleAsync(HttpContext context, string id, TaskStreams streams, PersonalText personal, OrganizationDirectory organization)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var (loaded, state) = await TaskViews.VisibleListAsync(id, callers, streams, cancellation);
        var list = state.File;

        List<TaskItemView> items = [];
        foreach (var item in list.Items)
        {
            var open = callers.Any(caller => TaskAccess.MaySeePersonalData(caller, list, item));
            items.Add(new TaskItemView(
                item.Number,
                await personal.ReadAsync(item.Title, loaded.Stream, TaskViews.TitleField(item.Number), open, cancellation),
                await personal.ReadAsync(item.Text, loaded.Stream, TaskViews.TextField(item.Number), open, cancellation),
                item.Matter, item.DueAt, item.Evidence, item.Quantity, item.Targets));
        }

        var any = list.Items.Any(item => callers.Any(caller => TaskAccess.MaySeePersonalData(caller, list, item)));
        var end = loaded.Facts[^1].Fact.Event switch
        {
            TaskListWithdrawn e => await personal.ReadAsync(e.Reason, loaded.Stream, "reason", any, cancellation),
            TaskListClosed { Summary: { } summary } => await personal.ReadAsync(summary, loaded.Stream, "summary", any, cancellation),
            _ => null,
        };

        context.Response.Headers.ETag = ETags.Of(loaded.Version);
        context.Response.Headers[ETags.PositionHeader] = loaded.Facts[^1].Stored.Position.ToString();
        return TypedResults.Ok(new TaskListDetail(
            id, loaded.Version, state.Stage!.Value, await personal.ReadAsync(list.Title, loaded.Stream, "title", any, cancellation), items, list.Targets, list.Tasks.Count(),
            TaskViews.Actor(list.DraftedBy, organization), list.DraftedAt, TaskViews.Actor(list.Issuer, organization), list.PublishedAt,
            loaded.Facts.Select(fact => fact.Fact.Event).OfType<TaskListPublished>().FirstOrDefault()?.Additions ?? [], list.EndedAt, end,
            [.. TaskListDecider.Possible(state).Where(command => callers.Any(caller => TaskAccess.May(caller, command, state)))]));
    }
}
