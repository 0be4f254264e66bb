using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Spots;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Who to call back. Sealed before it is stored.</summary>
public sealed record ReporterRequest(string? Name = null, string? Phone = null);

/// <summary>A report (信息采集).</summary>
/// <param name="Text">What is wrong, at most 2,000 characters. Phone and identity numbers in it are sealed. Of a spot it may be left out: then it is what is usually wrong with it.</param>
/// <param name="Category">A code of the catalogue; of a spot left out.</param>
/// <param name="Area">The grid or yard, when the point is not known.</param>
/// <param name="Point">Where it is; its grid is found from it.</param>
/// <param name="Address">The exact address, sealed before it is stored.</param>
/// <param name="Photos">Photos uploaded before, <c>sha256:…</c>.</param>
/// <param name="Source">How it reached whoever writes it down; by default what the role says: a resident, a grid worker, the center.</param>
/// <param name="Reference">The hotline's number, the device's id, the code on the spot: at most 100 characters.</param>
/// <param name="Level">As the reporter sees it.</param>
/// <param name="VillageFirst">Whether the village assesses it before the center has it (S3-07); by default only what party members report.</param>
/// <param name="Spot">The code on the plate of a thing (点位): place, matter and reference are the spot's, the source is <c>qr_code</c> unless it is a device's, and the report goes to whoever looks after it.</param>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example(
    """
    {"text":"檬梓桥河雨污混流，污水管网破损，河水发黑发臭。","category":"river-pollution","urgency":"normal","point":{"latitude":29.3421,"longitude":105.5024,"accuracyMetres":12,"system":"wgs84"}}
    """)]
public sealed record ReportCaseRequest(
    string? Text = null,
    string? Category = null,
    Urgency Urgency = Urgency.Normal,
    AreaCode? Area = null,
    PointRequest? Point = null,
    string? Address = null,
    IReadOnlyList<string>? Photos = null,
    ReporterRequest? Reporter = null,
    CaseSource? Source = null,
    string? Reference = null,
    MatterLevel? Level = null,
    bool? VillageFirst = null,
    string? Spot = null,
    IReadOnlyList<AttachmentRequest>? Attachments = null,
    DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class ReportCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases", HandleAsync)
        .Command<ReportCaseRequest>("reportCase", "Report a problem (信息采集)", created: true);

    private static Task<IResult> HandleAsync(HttpContext context, CaseCommandEndpoint endpoint, Identifiers identifiers, SpotStreams spots, HotlineStreams hotline) =>
        endpoint.HandleAsync<ReportCaseRequest>(
            context, identifiers.New(), "report", async (request, loaded, token) => new ReportCase(await ReportAsync(request, loaded, endpoint, context.Request, token)), (_, work) => hotline.Registered(spots.Routed(work)));

    /// <exception cref="ProblemException">Something in the request is missing, unknown or not allowed.</exception>
    internal static async Task<CaseReported> ReportAsync(ReportCaseRequest request, LoadedCase loaded, CaseCommandEndpoint endpoint, HttpRequest http, CancellationToken cancellation)
    {
        var organization = endpoint.Organization;
        var spot = SpotOf(request, organization);
        var text = Texts.Optional(request.Text, "text", Texts.FreeText) ?? spot?.Text() ?? throw Problems.Missing("text");
        var category = organization.FindCategory(spot?.Category ?? Texts.Required(request.Category, "category", Texts.Name)) ?? throw CaseProblems.CategoryUnknown();
        var (area, point) = spot is null ? Place(request, organization) : (spot.Area, null);
        var reporterName = Texts.Optional(request.Reporter?.Name, "reporter.name", Texts.Name);
        var reporterPhone = Texts.Optional(request.Reporter?.Phone, "reporter.phone", Texts.Name);
        var address = Texts.Optional(request.Address, "address", Texts.Note);
        var photos = await endpoint.PhotosAsync(http.HttpContext, loaded, request.Photos, cancellation);

        var personal = endpoint.Personal;
        var reporter = reporterName is null && reporterPhone is null
            ? null
            : new SealedReporter(
                await personal.SealValueAsync(loaded.Stream, "reporter.name", reporterName, cancellation),
                await personal.SealValueAsync(loaded.Stream, "reporter.phone", reporterPhone, cancellation));
        var source = Source(request, http, organization);
        var reference = Texts.Optional(request.Reference, "reference", 100);
        var sealedText = await personal.SealTextAsync(loaded.Stream, "text", text, cancellation);
        var sealedAddress = await personal.SealValueAsync(loaded.Stream, "address", address, cancellation);
        if (spot is not null)
            return SpotRouting.Report(spot, source, sealedText, request.Urgency, photos) with { Reporter = reporter, Address = sealedAddress };
        return new CaseReported(
            source,
            sealedText,
            area,
            category.Code,
            request.Urgency,
            photos,
            point,
            reporter,
            sealedAddress,
            reference is null ? null : new CaseOrigin(reference),
            request.Level,
            request.VillageFirst ?? (source == CaseSource.PartyMember ? true : null));
    }

    private static Spot? SpotOf(ReportCaseRequest request, OrganizationDirectory organization)
    {
        if (request.Spot is not { } code)
            return null;
        var given = request switch
        {
            { Category: not null } => "category",
            { Area: not null } => "area",
            { Point: not null } => "point",
            { Reference: not null } => "reference",
            { Level: not null } => "level",
            { VillageFirst: not null } => "villageFirst",
            _ => null,
        };
        return given is not null ? throw CaseProblems.SpotSays(given)
            : organization.KnownSpot(code) switch
            {
                null => throw CaseProblems.SpotUnknown(),
                (var gone, { } ended) => throw CaseProblems.SpotFormer(gone, ended),
                (var spot, null) => spot,
            };
    }

    private static (AreaCode Area, ReportedPoint? Point) Place(ReportCaseRequest request, OrganizationDirectory organization)
    {
        if (request.Point is null && request.Area is null)
            throw Problems.Missing("point");

        AreaCode? area = null;
        if (request.Area is { } given)
        {
            if (organization.FindArea(given) is null || given.Level is not (AreaLevel.Grid or AreaLevel.Yard))
                throw CaseProblems.AreaUnknown();
            area = given;
        }

        if (request.Point is not { } p)
            return (area!.Value, null);
        var (point, reported) = p.Read();
        var grid = organization.GridAt(point) ?? throw CaseProblems.OutsideDistrict();
        // A yard named by a person who stands in its grid is more precise than the grid found from the point.
        return (area is { } named && grid.Contains(named) ? named : grid, reported);
    }

    private static CaseSource Source(ReportCaseRequest request, HttpRequest http, OrganizationDirectory organization)
    {
        // By the first seat that may report: somebody's own, where it is one.
        var seats = Callers.From(http, organization).Where(caller => CaseAccess.May(caller, "report", Case.None)).ToList();
        var roles = seats.Where(caller => caller.Seat.Acting == seats[0].Seat.Acting).Select(caller => caller.Seat.Role).ToList();
        var own = roles.Contains(Role.Resident) ? CaseSource.Resident
            : roles.Contains(Role.CenterOperator) || roles.Contains(Role.Dispatcher) ? CaseSource.Center
            : CaseSource.GridWorker;
        // What is scanned is scanned by whoever reports it; a device that reports itself is written down by the center.
        CaseSource? asked = request.Spot is null || request.Source == CaseSource.Device ? request.Source : CaseSource.QrCode;
        if (asked is not { } given || given == own)
            return own;
        CaseSource[] allowed = own switch
        {
            CaseSource.Resident => [CaseSource.QrCode],
            CaseSource.Center => [CaseSource.Hotline, CaseSource.Patrol, CaseSource.PartyMember, CaseSource.Device, CaseSource.QrCode, CaseSource.Deputy, CaseSource.Resident],
            _ => [CaseSource.Patrol, CaseSource.PartyMember, CaseSource.QrCode, CaseSource.Deputy, CaseSource.Resident],
        };
        return allowed.Contains(given) ? given : throw CaseProblems.SourceNotYours([own, .. allowed]);
    }
}
