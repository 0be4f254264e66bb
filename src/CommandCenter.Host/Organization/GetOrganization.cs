using System.Globalization;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Organization;

/// <summary>An area of the organization.</summary>
/// <param name="Households">For yards.</param>
public sealed record AreaView(AreaCode Code, string Name, string NameEn, AreaLevel Level, int? Households = null);

/// <summary>One of the four sectors.</summary>
public sealed record SectorView(Sector Code, string Name, string NameEn);

/// <summary>Something that was part of the organization once: cases of its time go on to name it.</summary>
/// <param name="Town">For posts.</param>
/// <param name="EndedOn">The first day without it.</param>
public sealed record FormerView(string Code, string Name, string NameEn, DateOnly EndedOn, AreaCode? Town = null);

/// <summary>What was part of the organization and is not any more.</summary>
public sealed record FormerViews(
    IReadOnlyList<FormerView> Areas, IReadOnlyList<FormerView> Posts, IReadOnlyList<FormerView> People, IReadOnlyList<FormerView> Categories, IReadOnlyList<FormerView> Departments);

/// <summary>The organization on a day: areas, sectors, posts, people, categories with their closing standards, the district's departments, the one-matter templates, and what ended before.</summary>
/// <param name="On">The day that this is of, in the district's time zone.</param>
/// <param name="People">With the seats that they may speak from: their own first, then, as <c>acting</c>, vacant ones that fall to them, those of whom they stand in for (<c>for</c>), and those of the desk while they are on duty.</param>
/// <param name="Successions">Who goes on with the work of units that ended.</param>
public sealed record OrganizationView(
    string TimeZone, DateOnly On, IReadOnlyList<AreaView> Areas, IReadOnlyList<SectorView> Sectors, IReadOnlyList<Post> Posts, IReadOnlyList<Person> People, IReadOnlyList<Category> Categories,
    IReadOnlyList<Department> Departments, IReadOnlyList<OneMatter> OneMatters, FormerViews Former, IReadOnlyList<Succession> Successions);

/// <summary>The grid of a point, with the names from the town down.</summary>
public sealed record GridView(AreaCode Grid, IReadOnlyList<string> Names);

/// <summary><c>GET /api/organization</c> and <c>GET /api/organization/grid-at</c></summary>
public static class GetOrganization
{
    private static readonly SectorView[] Sectors =
    [
        new(Sector.PartyBuilding, "党的建设", "Party building"),
        new(Sector.Economy, "经济发展", "Economy"),
        new(Sector.Livelihood, "民生服务", "Livelihood"),
        new(Sector.SafetyAndLaw, "平安法治", "Safety and law"),
    ];

    private static readonly IReadOnlyList<QueryOption> Options =
    [
        new("asOf", "as it stood then: an instant, or a day in the district's time zone such as 2026-03-02; now when left out", typeof(string)),
        new("minPosition", "Wait until the organization holds this position (at most 5 s).", typeof(string)),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/organization", GetAsync).Produces(StatusCodes.Status304NotModified)
            .Query<OrganizationView>("getOrganization", "Areas, posts, people and categories, now or as they were", Options, anonymous: true, versioned: true);
        routes.MapGet("/api/organization/grid-at", GridAt).Query<GridView>(
            "gridAt", "The grid that holds a point", [new("latitude", "degrees", typeof(double), Required: true), new("longitude", "degrees", typeof(double), Required: true), new("system", "wgs84 when left out", typeof(CoordinateSystem))], anonymous: true);
    }

    // Without an actor: whoever opens a page must be able to say who they are first.
    private static async Task<IResult> GetAsync(HttpContext context, LiveOrganization live, OrganizationPage page, TimeProvider clock)
    {
        await live.WaitAsync(ETags.MinPosition(context.Request), context.RequestAborted);
        // The version first: what comes between is seen by whoever names it in If-Match.
        var version = live.Version;
        var history = live.History;
        var now = clock.GetUtcNow();
        var on = AsOf(context.Request.Query["asOf"].ToString(), history) ?? history.DayOf(now);
        // Who is on duty is known of this moment, and of no day as a whole.
        var organization = on == history.DayOf(now) ? live.At(now) : history.On(on);
        // Pages ask for it at every start: they may keep it, and ask whether it still holds.
        context.Response.Headers.CacheControl = "no-cache";
        return page.Of(organization, on, version, () => View(organization, on));
    }

    private static OrganizationView View(OrganizationDirectory organization, DateOnly on)
    {
        var former = organization.Former;
        return new OrganizationView(
            organization.TimeZone.Id,
            on,
            [.. organization.Areas.Select(area => new AreaView(area.Code, area.Name, area.NameEn, area.Code.Level, area.Households))],
            Sectors, organization.Posts, [.. organization.People.Select(person => WithSeats(person, organization))], organization.Categories, organization.Departments, organization.OneMatters,
            new FormerViews(
                [.. former.Areas.Select(gone => new FormerView(gone.Area.Code.Value, gone.Area.Name, gone.Area.NameEn, gone.Ended))],
                [.. former.Posts.Select(gone => new FormerView(gone.Post.Code, gone.Post.Name, gone.Post.NameEn, gone.Ended, gone.Post.Town))],
                [.. former.People.Select(gone => new FormerView(gone.Person.Id, gone.Person.Name, gone.Person.NameEn, gone.Ended))],
                [.. former.Categories.Select(gone => new FormerView(gone.Category.Code, gone.Category.Name, gone.Category.NameEn, gone.Ended))],
                [.. former.Departments.Select(gone => new FormerView(gone.Department.Code, gone.Department.Name, gone.Department.NameEn, gone.Ended))]),
            organization.Successions);
    }

    // With the seats that they may speak from besides their own, so that a page can offer them.
    private static Person WithSeats(Person person, OrganizationDirectory organization) =>
        organization.SeatsOf(person).Skip(organization.HeldSeatsOf(person).Count).ToList() is { Count: > 0 } more ? person with { Roles = [.. person.Roles, .. more] } : person;

    private static DateOnly? AsOf(string text, OrganizationHistory history)
    {
        if (text.Length == 0)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        // Without a zone the reader would take the host's, which says nothing about the district.
        if (text.Length >= 17 && text.Contains('T', StringComparison.Ordinal) && (text.EndsWith('Z') || text[^6] is '+' or '-')
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant))
            return history.DayOf(instant);
        throw Problems.Malformed("A day such as 2026-03-02, or an instant with its zone such as 2026-03-02T01:00:00Z.", "asOf");
    }

    private static IResult GridAt(HttpContext context, OrganizationDirectory organization)
    {
        var query = context.Request.Query;
        var system = CoordinateSystem.Wgs84;
        if (query["system"].ToString() is { Length: > 0 } named && !Names.TryParse(named, out system))
            throw Problems.Malformed("system is wgs84, gcj02 or bd09.", "system");
        if (Coordinates.FromDegrees(Degrees(query, "latitude"), Degrees(query, "longitude"), system) is not GeoPointReading.Read { Point: var point })
            throw Problems.OutOfRange("latitude, longitude", "−90…90, −180…180");
        if (organization.GridAt(point) is not { } grid)
            throw new ProblemException(422, "place.outside_district", new("位置不在本辖区任何网格内。", "The point lies in no grid of this district."), "point");

        AreaLevel[] levels = [AreaLevel.Town, AreaLevel.Village, AreaLevel.Grid];
        return TypedResults.Ok(new GridView(grid, [.. levels.Select(level => organization.FindArea(grid.At(level)!.Value)?.Name ?? "")]));
    }

    private static double Degrees(IQueryCollection query, string name) =>
        double.TryParse(query[name].ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && double.IsFinite(degrees)
            ? degrees
            : throw Problems.Malformed("Degrees as a decimal number.", name);
}
