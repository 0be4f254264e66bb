using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using MarkedText = CommandCenter.Domain.Cases.MarkedText;

namespace CommandCenter.Host.Whistles;

/// <summary>One call of a whistle.</summary>
/// <param name="Unit">Who has it or is to have it; where it was declined, who did.</param>
/// <param name="AskedAt">When the center was asked to bring it to this unit.</param>
/// <param name="DistanceMetres">How far from the border of the whistle's area the unit reported in; 0 inside.</param>
/// <param name="OpinionAt">When it first said what is to be done.</param>
/// <param name="Since">From when on it has waited for its next step.</param>
/// <param name="DueAt">By when the next step is due by the deadline policy; missing where it has no limit for it.</param>
/// <param name="SentBacks">How often its result was rated as not fixed.</param>
/// <param name="Proposed">Whose matter it is, as the unit sees it that sent it back.</param>
/// <param name="Past">The units that had it before, in order.</param>
/// <param name="Level">How high it has climbed, because it was not answered in time.</param>
/// <param name="Possible">The commands that this caller may give now, in the order of the loop.</param>
public sealed record CallView(
    int Number,
    Unit Unit,
    CallStage Stage,
    DateTimeOffset Since,
    DateTimeOffset? DueAt,
    WhistleLevel? Level,
    DateTimeOffset AskedAt,
    DateTimeOffset? RoutedAt,
    DateTimeOffset? ArrivedAt,
    string? ArrivedBy,
    int? DistanceMetres,
    DateTimeOffset? OpinionAt,
    DateTimeOffset? ResolvedAt,
    int SentBacks,
    int? Satisfaction,
    FixResult? Result,
    DateTimeOffset? EndedAt,
    Unit? Proposed,
    IReadOnlyList<CallTurn> Past,
    IReadOnlyList<string> Possible);

/// <summary>Something that happened to a whistle.</summary>
/// <param name="Type">The event's alias.</param>
/// <param name="Call">The number of the call that it happened to.</param>
/// <param name="Text">As this reader may see it.</param>
/// <param name="Photos">Only for those who may open them.</param>
/// <param name="Point">Only for those who may see where exactly.</param>
/// <param name="Clock">Of a step of the ladder: the limit that was not kept.</param>
/// <param name="Level">Of a step: to whom it climbed; missing for a warning.</param>
/// <param name="DueAt">Of a step: by when the call was to be answered.</param>
public sealed record WhistleHistoryItem(
    string Type, WhistleActor By, DateTimeOffset At, DateTimeOffset HappenedAt, int? Call = null, Unit? Unit = null, string? Text = null, IReadOnlyList<string>? Photos = null, IReadOnlyList<Unit>? Units = null,
    Unit? Proposed = null, PointView? Point = null, int? DistanceMetres = null, int? Satisfaction = null, FixResult? Result = null,
    WhistleClock? Clock = null, WhistleLevel? Level = null, DateTimeOffset? DueAt = null, IReadOnlyList<WhistleActor>? Told = null);

/// <summary>A whistle as its page shows it, folded from its stream.</summary>
/// <param name="Photos">Those that this reader may open.</param>
/// <param name="PhotosHidden">How many there are besides.</param>
/// <param name="Attachments">Those of all that happened to it, in order, that this reader may open.</param>
/// <param name="AttachmentsHidden">How many there are besides.</param>
/// <param name="Point">Only for those who may see where exactly; others have the area.</param>
/// <param name="Possible">The commands on the whole that this caller may give now.</param>
public sealed record WhistleDetail(
    string Id,
    long Version,
    WhistleStage Stage,
    AreaCode Area,
    string Text,
    IReadOnlyList<string> Photos,
    int PhotosHidden,
    IReadOnlyList<AttachmentView> Attachments,
    int AttachmentsHidden,
    PointView? Point,
    string? CaseId,
    string? OneMatter,
    IReadOnlyList<Sector> Sectors,
    WhistleActor BlownBy,
    DateTimeOffset BlownAt,
    DateTimeOffset? EndedAt,
    IReadOnlyList<CallView> Calls,
    IReadOnlyList<WhistleHistoryItem> History,
    IReadOnlyList<string> Possible);

/// <summary><c>GET /api/whistles/{id}</c></summary>
public static class GetWhistle
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/whistles/{id}", HandleAsync)
        .Query<WhistleDetail>("getWhistle", "A whistle with its calls and its history, as this caller may see it", versioned: true);

    private static async Task<IResult> HandleAsync(HttpContext context, string id, WhistleStreams streams, PersonalText personal, NamedFiles named, OrganizationDirectory organization, IPolicies policies)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var (loaded, state) = await streams.VisibleAsync(id, callers, cancellation);
        var file = state.File;
        var open = callers.Any(caller => WhistleAccess.MaySeePersonalData(caller, file));
        List<string> photos = [.. loaded.Facts.SelectMany(fact => WhistlePhotos.Of(fact.Fact.Event)).Distinct(StringComparer.Ordinal)];
        List<WhistleHistoryItem> history = [];
        foreach (var (stored, fact) in loaded.Facts)
            history.Add(await ItemAsync(stored.Type, fact));

        context.Response.Headers.ETag = ETags.Of(loaded.Version);
        context.Response.Headers[ETags.PositionHeader] = loaded.Facts[^1].Stored.Position.ToString();
        return TypedResults.Ok(new WhistleDetail(
            id, loaded.Version, state.Stage!.Value, file.Area, await personal.ReadAsync(file.Text, loaded.Stream, "text", open, cancellation), open ? photos : [], open ? 0 : photos.Count,
            open ? await named.ReadAsync(loaded, cancellation) : [], open ? 0 : NamedFiles.Count(loaded), Shown(file.Point), file.Case,
            file.OneMatter, file.Sectors, WhistleActor.Of(file.BlownBy, organization), file.BlownAt, file.EndedAt, [.. file.Calls.Select(View)], history,
            [.. WhistleDecider.Possible(state).Where(command => callers.Any(caller => WhistleAccess.May(caller, command, null, state, organization)))]));

        PointView? Shown(ReportedPoint? point) => open ? PointView.Of(point) : null;

        CallView View(WhistleCall call) => new(
            call.Number, call.Unit, call.Stage, call.Since, WhistleViews.DueAt(call, file, policies, organization), call.Level, call.Turn.AskedAt, call.Turn.RoutedAt, call.Turn.ArrivedAt, call.ArrivedBy, call.DistanceMetres, call.Turn.OpinionAt, call.ResolvedAt, call.Turn.SentBacks,
            call.Turn.Satisfaction, call.Turn.Result, call.EndedAt, call.Proposed, call.Past,
            state is Whistle.Open ? [.. WhistleDecider.Possible(call).Where(command => callers.Any(caller => WhistleAccess.May(caller, command, call.Number, state, organization)))] : []);

        async Task<WhistleHistoryItem> ItemAsync(string type, Fact<WhistleEvent> fact)
        {
            var item = new WhistleHistoryItem(type, WhistleActor.Of(fact.By, organization), fact.RecordedAt, fact.HappenedAt);
            var (told, field, text) = fact.Event switch
            {
                WhistleBlown e => (item with { Units = e.Units, Point = Shown(e.Point) }, "text", (MarkedText?)e.Text),
                WhistleUnitsCalled e => (item with { Units = e.Units }, "note", e.Note),
                WhistleCallRouted e => (item with { Call = e.Call, Unit = e.Unit }, "note", e.Note),
                WhistleCallDeclined e => (item with { Call = e.Call, Unit = e.Unit, Proposed = e.Proposed }, "reason", e.Reason),
                WhistleCallArrived e => (item with { Call = e.Call, Unit = e.Unit, Point = Shown(e.Point), DistanceMetres = e.DistanceMetres }, "", null),
                WhistleCallAdvised e => (item with { Call = e.Call, Unit = e.Unit }, "opinion", e.Opinion),
                WhistleCallResolved e => (item with { Call = e.Call, Unit = e.Unit }, "outcome", e.Outcome),
                WhistleCallRated e => (item with { Call = e.Call, Unit = e.Unit, Satisfaction = e.Satisfaction, Result = e.Result }, "comment", e.Comment),
                WhistleCallDropped e => (item with { Call = e.Call }, "reason", e.Reason),
                WhistleStepTaken e => (item with
                {
                    Call = e.Call, Unit = e.Unit, Clock = e.Clock, Level = e.Level, DueAt = e.DueAt,
                    Told = [.. e.Told.Select(told => WhistleActor.Of(new By(told.Person, told.Role, file.Town), organization))],
                }, "", null),
                WhistleWithdrawn e => (item, "reason", e.Reason),
                _ => throw new InvalidOperationException($"{type} has no place in a history."),
            };
            return told with
            {
                Text = text is null ? null : await personal.ReadAsync(text, loaded.Stream, field, open, cancellation),
                Photos = open && WhistlePhotos.Of(fact.Event) is { Count: > 0 } shown ? shown : null,
            };
        }
    }
}
