using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Whistles;

/// <summary>Calling departments of the district and posts of the town to a place (网格吹哨), singly or by a one-matter template (一件事).</summary>
/// <param name="Text">What is the matter, at most 2,000 characters. Phone and identity numbers in it are sealed.</param>
/// <param name="Units">Who shall come: <c>department:…</c>, <c>post:…</c>. May be left out where a template calls.</param>
/// <param name="OneMatter">The template whose departments are called as well.</param>
/// <param name="Area">The village, grid or yard, when the point is not known.</param>
/// <param name="Point">Where it is, in some grid of the district; without an area its grid is taken, or the yard of it that the caller heads.</param>
/// <param name="CaseId">The case that it is about.</param>
/// <param name="Photos">Photos uploaded before, <c>sha256:…</c>.</param>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"text":"桥头路面塌陷，疑似水管漏水，请水利、住建到场会商","units":["department:water-bureau","post:village-construction"],"area":"500153003001001"}""")]
public sealed record BlowWhistleRequest(
    string Text,
    IReadOnlyList<Unit>? Units = null,
    string? OneMatter = null,
    AreaCode? Area = null,
    PointRequest? Point = null,
    string? CaseId = null,
    IReadOnlyList<string>? Photos = null,
    IReadOnlyList<AttachmentRequest>? Attachments = null,
    DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class BlowWhistleEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/whistles", HandleAsync)
        .Command<BlowWhistleRequest>("blowWhistle", "Call departments and posts to a place (网格吹哨、一件事)", created: true, tag: "Whistles");

    private static Task<IResult> HandleAsync(HttpContext context, WhistleEndpoint endpoint, Identifiers identifiers) =>
        endpoint.HandleAsync<BlowWhistleRequest>(
            context,
            identifiers.New(),
            "blow",
            async (request, loaded, token) => new BlowWhistle(await BlownAsync(context, request, loaded, endpoint, token)),
            // Only the seats that may whistle there: what is not there yet does not say where it is.
            (request, work) => request.Area is null && request.Point is null
                ? work
                : work.Of(caller => WhistleAccess.MayBlow(caller, Place(request, endpoint.Organization, work.Callers).Area)));

    private static async Task<WhistleBlown> BlownAsync(HttpContext context, BlowWhistleRequest request, LoadedWhistle loaded, WhistleEndpoint endpoint, CancellationToken cancellation)
    {
        var text = Texts.Required(request.Text, "text", Texts.FreeText);
        var (area, point) = Place(request, endpoint.Organization, Callers.From(context.Request, endpoint.Organization));
        var matter = request.OneMatter is { } code ? endpoint.Organization.FindOneMatter(code) ?? throw WhistleProblems.OneMatterUnknown() : null;
        var units = endpoint.Units([.. matter?.Departments.Select(Unit.OfDepartment) ?? [], .. request.Units ?? []], area.At(AreaLevel.Town)!.Value);
        await CheckCaseAsync(context, request.CaseId, endpoint, cancellation);
        var photos = await endpoint.PhotosAsync(context, loaded, request.Photos, cancellation);
        return new WhistleBlown(
            area, await endpoint.Personal.SealTextAsync(loaded.Stream, "text", text, cancellation), units, photos, matter?.Sectors ?? [], point, request.CaseId, matter?.Code);
    }

    private static (AreaCode Area, ReportedPoint? Point) Place(BlowWhistleRequest request, OrganizationDirectory organization, IReadOnlyList<Caller> callers)
    {
        if (request.Point is null && request.Area is null)
            throw Problems.Missing("area");
        if (request.Area is { } given && (organization.FindArea(given) is null || given.Level < AreaLevel.Village))
            throw WhistleProblems.AreaUnknown();
        if (request.Point is not { } asked)
            return (request.Area!.Value, null);
        var (point, reported) = asked.Read();
        var grid = organization.GridAt(point) ?? throw WhistleProblems.OutsideDistrict();
        // A place named by a person goes before the grid found from a point, whose accuracy nobody knows.
        return (request.Area ?? WhistleAccess.PlaceIn(grid, callers), reported);
    }

    private static async Task CheckCaseAsync(HttpContext context, string? id, WhistleEndpoint endpoint, CancellationToken cancellation)
    {
        if (id is null)
            return;
        var callers = Callers.From(context.Request, endpoint.Organization);
        if (!StreamKey.IsId(id) || (await endpoint.Cases.LoadAsync(id, cancellation)).State is not Case.Known { File: var file } || !callers.Any(caller => CaseAccess.MaySee(caller, file)))
            throw WhistleProblems.CaseNotThere();
    }
}
