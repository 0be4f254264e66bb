using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>Something that happened to a task.</summary>
/// <param name="Type">The event's alias.</param>
/// <param name="Text">A reason, note or outcome, as this reader may see it.</param>
/// <param name="Photos">Only for those who may open them.</param>
/// <param name="Target">For a return from whom, for a sending where.</param>
/// <param name="DueAt">For a new limit.</param>
public sealed record TaskHistoryItem(
    string Type, TaskActor By, DateTimeOffset At, DateTimeOffset HappenedAt, string? Text = null, IReadOnlyList<string>? Photos = null, int? Number = null, AreaCode? Target = null, DateTimeOffset? DueAt = null);

/// <summary>A task as its page shows it, folded from its stream.</summary>
/// <param name="Title">Of the item.</param>
/// <param name="Text">What to do.</param>
/// <param name="Late">Whether a limit has passed while the target had it to do; that stays.</param>
/// <param name="LateSince">The limit that passed first.</param>
/// <param name="Photos">The evidence since the last check, for those who may open it.</param>
/// <param name="PhotosHidden">How many there are besides.</param>
/// <param name="Attachments">Those of all that happened to it, in order, that this reader may open.</param>
/// <param name="AttachmentsHidden">How many there are besides.</param>
/// <param name="Possible">The commands that this caller may give now, in the order of the loop.</param>
public sealed record TaskDetail(
    string Id,
    long Version,
    string List,
    string ListTitle,
    int Item,
    string Title,
    string Text,
    string Matter,
    AreaCode Target,
    TaskStage Stage,
    DateTimeOffset DueAt,
    bool Late,
    DateTimeOffset? LateSince,
    EvidenceRule Evidence,
    Quantity? Quantity,
    int? Number,
    IReadOnlyList<string> Photos,
    int PhotosHidden,
    IReadOnlyList<AttachmentView> Attachments,
    int AttachmentsHidden,
    TaskActor Issuer,
    int Round,
    DateTimeOffset AssignedAt,
    string? ClaimedBy,
    string? CompletedBy,
    DateTimeOffset? CompletedAt,
    int Returns,
    int SentBacks,
    IReadOnlyList<PastTarget> Past,
    IReadOnlyList<TaskHistoryItem> History,
    IReadOnlyList<string> Possible);

/// <summary><c>GET /api/tasks/{id}</c></summary>
public static class GetTask
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/tasks/{id}", HandleAsync)
        .Query<TaskDetail>("getTask", "A task with its history, as this caller may see it", versioned: true);

    private static async Task<IResult> HandleAsync(HttpContext context, string id, TaskStreams streams, PersonalText personal, NamedFiles named, OrganizationDirectory organization, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var (loaded, state) = await TaskViews.VisibleTaskAsync(id, callers, streams, cancellation);
        var task = state.File;
        var list = await streams.LoadListAsync(task.List, cancellation);
        var content = ((TaskList.Known)list.State).File;
        var item = content.Find(task.Item)!;

        var open = callers.Any(caller => TaskAccess.MaySeePersonalData(caller, task));
        var photos = open ? task.Photos : [];
        var standing = TaskStanding.Of(id, state, clock.GetUtcNow());
        List<TaskHistoryItem> history = [];
        foreach (var (stored, fact) in loaded.Facts)
            history.Add(await ItemAsync(stored.Type, fact));

        context.Response.Headers.ETag = ETags.Of(loaded.Version);
        context.Response.Headers[ETags.PositionHeader] = loaded.Facts[^1].Stored.Position.ToString();
        return TypedResults.Ok(new TaskDetail(
            id, loaded.Version, task.List,
            await personal.ReadAsync(content.Title, list.Stream, "title", open, cancellation),
            task.Item,
            await personal.ReadAsync(item.Title, list.Stream, TaskViews.TitleField(item.Number), open, cancellation),
            await personal.ReadAsync(item.Text, list.Stream, TaskViews.TextField(item.Number), open, cancellation),
            task.Matter, task.Target, state.Stage!.Value, task.DueAt, standing.Late, task.LateSince ?? (standing.Late ? task.DueAt : null),
            task.Evidence, task.Quantity, task.Number, photos, task.Photos.Count - photos.Count,
            open ? await named.ReadAsync(loaded, cancellation) : [], open ? 0 : NamedFiles.Count(loaded), TaskViews.Actor(task.Issuer, organization),
            task.Round, task.AssignedAt, task.ClaimedBy, task.CompletedBy, task.CompletedAt, task.Returns, task.SentBacks, task.Past, history,
            [.. TaskDecider.Possible(state).Where(command => callers.Any(caller => TaskAccess.May(caller, command, state)))]));

        async Task<TaskHistoryItem> ItemAsync(string type, Domain.Fact<TaskEvent> fact)
        {
            var (field, text) = fact.Event switch
            {
                TaskReleased e => ("reason", e.Reason),
                TaskProgressed e => ("note", e.Note),
                TaskCompleted e => ("outcome", e.Outcome),
                TaskReturned e => ("reason", e.Reason),
                TaskResent e => ("note", e.Note),
                TaskAccepted e => ("note", e.Note),
                TaskSentBack e => ("note", e.Reason),
                TaskCancelled e => ("reason", e.Reason),
                _ => ("", null),
            };
            var shown = TaskPhotos.Of(fact.Event);
            return new TaskHistoryItem(
                type, TaskViews.Actor(fact.By, organization), fact.RecordedAt, fact.HappenedAt,
                text is null ? null : await personal.ReadAsync(text, loaded.Stream, field, open, cancellation),
                open && shown.Count > 0 ? shown : null,
                (fact.Event as TaskProgressed)?.Number ?? (fact.Event as TaskCompleted)?.Number,
                (fact.Event as TaskReturned)?.Target ?? (fact.Event as TaskResent)?.Target ?? (fact.Event as TaskAssigned)?.Target,
                (fact.Event as TaskResent)?.DueAt ?? (fact.Event as TaskSentBack)?.DueAt ?? (fact.Event as TaskReminded)?.DueAt ?? (fact.Event as TaskAssigned)?.DueAt);
        }
    }
}
