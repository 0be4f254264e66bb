using CommandCenter.Domain.Access;
using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Admissions;

/// <summary>A list in force.</summary>
/// <param name="Level">The tier that it speaks of: town, village, grid or yard.</param>
/// <param name="Revision">1 for the first list of this area and tier, one more for each that replaced it.</param>
public sealed record AdmissionListView(AreaCode Area, AreaLevel Level, IReadOnlyList<string> Matters, DateTimeOffset AdoptedAt, int Revision, string AdoptedBy);

/// <summary>An urgent addition.</summary>
/// <param name="Keeper">Under whose lists it is kept; commands name it by this and its number.</param>
/// <param name="Holds">Whether it admits anything now.</param>
/// <param name="Possible">What this caller may do with it now.</param>
/// <param name="Answer">What was said when it was approved, rejected or ended.</param>
public sealed record AdditionView(
    AreaCode Keeper, int Number, AreaCode Area, string Matter, string Reason, DateTimeOffset Until, string RequestedBy, Role RequestedRole, DateTimeOffset RequestedAt, AdditionStage Stage, bool Holds,
    IReadOnlyList<string> Possible, string? DecidedBy = null, Role? DecidedRole = null, DateTimeOffset? DecidedAt = null, string? Answer = null);

/// <summary>What an area may be given.</summary>
/// <param name="InForce">The list that the area is judged by; missing where it is open to everything.</param>
/// <param name="Lists">All lists that speak of the area or of areas inside it.</param>
/// <param name="Additions">Newest first; missing for readers outside of the area's town.</param>
/// <param name="Keeper">Under whose name commands on the area's own lists are given: its town, or the district.</param>
/// <param name="Version">Of the keeper's lists, for <c>If-Match</c>.</param>
/// <param name="Possible">What this caller may do with the keeper's lists now: adopt one, ask for an urgent addition.</param>
public sealed record AdmissionView(
    AreaCode Area, AdmissionListView? InForce, IReadOnlyList<AdmissionListView> Lists, IReadOnlyList<AdditionView>? Additions, AreaCode Keeper, long Version, IReadOnlyList<string> Possible);

/// <summary><c>GET /api/admissions/{area}</c></summary>
public static class GetAdmissions
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/admissions/{area}", HandleAsync)
        .Query<AdmissionView>("getAdmissions", "What an area may be given (准入清单)", versioned: true);

    private static async Task<IResult> HandleAsync(
        HttpContext context, string area, AdmissionStreams streams, PersonalText personal, OrganizationDirectory organization, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        if (!AreaCode.TryParse(area, out var code) || organization.FindArea(code) is null)
            throw new ProblemException(404, "area.unknown", new("没有这个区域。", "There is no such area."));
        if (!callers.Any(AdmissionAccess.MaySee))
            throw Problems.NotAllowed();

        var now = clock.GetUtcNow();
        var keepers = AdmissionBook.KeepersOf(code).ToList();
        var loaded = await Task.WhenAll(keepers.Select(keeper => streams.LoadAsync(keeper, cancellation)));
        var book = new AdmissionBook(keepers.Zip(loaded).ToDictionary(row => row.First, row => row.Second.State));
        List<AdditionView> additions = [];
        foreach (var (keeper, lists) in keepers.Zip(loaded).Where(row => callers.Any(caller => AdmissionAccess.MaySeeAdditions(caller, row.First))))
        {
            foreach (var addition in lists.State.Additions.Where(addition => addition.Area.Contains(code) || code.Contains(addition.Area)))
            {
                additions.Add(new AdditionView(
                    keeper, addition.Number, addition.Area, addition.Matter, await personal.ReadAsync(addition.Reason, lists.Stream, "reason", false, cancellation),
                    addition.Until, addition.RequestedBy.Actor, addition.RequestedBy.Role, addition.RequestedAt, addition.Stage, addition.Holds(now),
                    [.. AdmissionDecider.Possible(addition, now).Where(command => callers.Any(caller => AdmissionAccess.May(caller, command, keeper) && !(command == "approve" && caller.Is(addition.RequestedBy.Actor))))],
                    addition.DecidedBy?.Actor, addition.DecidedBy?.Role, addition.DecidedAt,
                    addition.Answer is { } answer ? await personal.ReadAsync(answer, lists.Stream, addition.Stage == AdditionStage.Approved ? "note" : "reason", false, cancellation) : null));
            }
        }

        context.Response.Headers.ETag = ETags.Of(loaded[0].Version);
        return TypedResults.Ok(new AdmissionView(
            code,
            book.ListOf(code) is { } inForce ? View(inForce) : null,
            [.. loaded.SelectMany(lists => lists.State.Lists).Where(list => list.Area.Contains(code) || code.Contains(list.Area)).Select(View)],
            callers.Any(caller => AdmissionAccess.MaySeeAdditions(caller, keepers[0])) ? [.. additions.OrderByDescending(addition => addition.RequestedAt)] : null,
            keepers[0],
            loaded[0].Version,
            [.. ((string[])["adopt", "request"]).Where(command => callers.Any(caller => AdmissionAccess.May(caller, command, keepers[0])))]));
    }

    private static AdmissionListView View(AdmissionList list) => new(list.Area, list.Level, [.. list.Matters], list.AdoptedAt, list.Revision, list.AdoptedBy.Actor);
}
