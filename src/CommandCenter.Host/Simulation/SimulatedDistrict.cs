using System.Globalization;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Simulation;

/// <summary>
/// A made-up district of the size of the one that the figures are known of: 6 streets and 15 towns, 860,000 people, 500 yards, 48,749 grid problems and 82,090 downward tasks a year. Pure; its
/// people are placeholders by role, and its grids are squares.
/// </summary>
public static class SimulatedDistrict
{
    public const int MostTowns = 21;
    public const int Streets = 6;
    public const int People = 860_000;
    public const int CasesAYear = 48_749;
    public const int TasksAYear = 82_090;
    public const int WhistlesAYear = 1_260;
    public const int MeetingsAYear = 2_000;
    public const int Yards = 500;

    private const int PeopleOfAStreet = 60_000;
    private const int StreetVillages = 12;
    private const int TownVillages = 9;
    private const int GridsOfAVillage = 5;

    // In 10⁻⁷ degrees: a grid is some 400 m wide.
    private const int Side = 40_000;
    private const int TownSide = 10 * Side;
    private const int South = 294_000_000;
    private const int West = 1_055_000_000;

    private static readonly (Role Role, string Code, string Name, string NameEn, int Count)[] Seats =
    [
        (Role.CenterOperator, "operator", "值班员", "Operator", 2), (Role.Dispatcher, "dispatcher", "调度员", "Dispatcher", 2), (Role.TownLeader, "leader", "镇街领导", "Town leader", 2), (Role.Office, "office", "办公室", "Office", 1),
    ];

    private static readonly (Sector Sector, string Code, string Name, string NameEn)[] Leads =
    [
        (Sector.PartyBuilding, "party", "党建板块负责人", "Lead of party building"), (Sector.Economy, "economy", "经济板块负责人", "Lead of economy"),
        (Sector.Livelihood, "livelihood", "民生板块负责人", "Lead of livelihood"), (Sector.SafetyAndLaw, "safety", "平安板块负责人", "Lead of safety and law"),
    ];

    /// <summary>The part of the district's people who live in a town; streets (001–099) hold more than towns.</summary>
    public static double PartOf(AreaCode town) => IsStreet(town)
        ? PeopleOfAStreet / (double)People
        : (People - (Streets * PeopleOfAStreet)) / (double)(MostTowns - Streets) / People;

    /// <param name="bundled">Whose matters, posts, departments and templates the district has: those of the demonstration.</param>
    /// <param name="towns">1 to <see cref="MostTowns"/>; the first ones of always the same order.</param>
    public static OrganizationContent Content(OrganizationContent bundled, int towns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(towns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(towns, MostTowns);
        var district = bundled.District;
        List<Area> areas = [.. bundled.Areas.Where(area => area.Code == district)];
        List<GridBorder> borders = [];
        List<Post> posts = [];
        List<PersonName> people = [];
        List<Appointment> appointments = [];
        var model = bundled.Posts.Where(post => post.Town == bundled.Posts[0].Town).ToList();

        void Seat(string id, string name, string nameEn, RoleAt seat)
        {
            people.Add(new PersonName(id, name, nameEn));
            appointments.Add(new Appointment(id, seat));
        }

        foreach (var number in (int[])[1, 2])
            Seat(Id($"district-supervisor-{number:00}"), Name($"区级督办 {number:00}"), Name($"District supervisor {number:00}"), new RoleAt(Role.DistrictSupervisor, district));
        Seat("district-leader-01", "分管区领导 01", "District leader in charge 01", new RoleAt(Role.DistrictLeader, district));
        Seat("district-secretary-01", "区委主要领导 01", "District party secretary 01", new RoleAt(Role.DistrictSecretary, district));
        Seat("administrator-01", "系统管理员 01", "Administrator 01", new RoleAt(Role.Administrator, district));
        var ofDepartments = 0;
        foreach (var department in bundled.Departments)
        {
            for (var i = 0; i < 2; i++)
            {
                ofDepartments++;
                Seat(Id($"department-{ofDepartments:00}"), Name($"部门人员 {ofDepartments:00}"), Name($"Department staff {ofDepartments:00}"), new RoleAt(Role.Department, district, Department: department.Code));
            }
        }

        var yards = 0;
        for (var index = 0; index < towns; index++)
        {
            var (town, name, nameEn) = TownAt(district, index);
            var tag = town.Value[6..];
            areas.Add(new Area(town, name, nameEn));
            posts.AddRange(model.Select(post => post with { Town = town }));
            foreach (var (role, code, zh, en, count) in Seats)
            {
                for (var i = 1; i <= count; i++)
                    Seat(Id($"{code}-{tag}-{i:00}"), Name($"{zh} {tag}-{i:00}"), Name($"{en} {tag}-{i:00}"), new RoleAt(role, town));
            }

            foreach (var (sector, code, zh, en) in Leads)
                Seat(Id($"lead-{tag}-{code}"), Name($"{zh} {tag}"), Name($"{en} {tag}"), new RoleAt(Role.SectorLead, town, sector));
            var handlers = 0;
            foreach (var post in model)
            {
                for (var i = 0; i < 2; i++)
                {
                    handlers++;
                    Seat(Id($"handler-{tag}-{handlers:00}"), Name($"岗位人员 {tag}-{handlers:00}"), Name($"Post handler {tag}-{handlers:00}"), new RoleAt(Role.PostHandler, town, post.Sector, post.Code));
                }
            }

            var yardsUpToHere = Yards * (index + 1) / MostTowns;
            var grids = AddGrids(town, tag, index, IsStreet(town) ? StreetVillages : TownVillages, areas, borders, Seat);
            for (var i = 0; yards < yardsUpToHere; i++, yards++)
            {
                var grid = grids[i % grids.Count];
                var yard = AreaCode.Parse(Id($"{grid}{1 + (i / grids.Count):000}"));
                areas.Add(new Area(yard, Name($"小院 {tag}-{i + 1:00}"), Name($"Yard {tag}-{i + 1:00}"), 10 + (i * 7 % 21)));
                Seat(Id($"yard-head-{tag}-{i + 1:00}"), Name($"小院院长 {tag}-{i + 1:00}"), Name($"Yard head {tag}-{i + 1:00}"), new RoleAt(Role.YardHead, yard));
            }
        }

        return new OrganizationContent(district, bundled.TimeZone, areas, borders, posts, bundled.Departments, people, appointments, bundled.Categories, [], bundled.OneMatters, []);
    }

    private static List<AreaCode> AddGrids(
        AreaCode town, string tag, int index, int villages, List<Area> areas, List<GridBorder> borders, Action<string, string, string, RoleAt> seat)
    {
        List<AreaCode> grids = [];
        for (var v = 1; v <= villages; v++)
        {
            var village = AreaCode.Parse(Id($"{town}{v:000}"));
            areas.Add(new Area(village, Name($"村（社区） {tag}-{v:00}"), Name($"Village {tag}-{v:00}")));
            seat(Id($"secretary-{tag}-{v:00}"), Name($"村（社区）书记 {tag}-{v:00}"), Name($"Village secretary {tag}-{v:00}"), new RoleAt(Role.VillageSecretary, village));
            for (var g = 1; g <= GridsOfAVillage; g++)
            {
                var grid = AreaCode.Parse(Id($"{village}{g:000}"));
                areas.Add(new Area(grid, Name($"网格 {tag}-{v:00}-{g}"), Name($"Grid {tag}-{v:00}-{g}")));
                borders.Add(Square(grid, index, grids.Count));
                seat(Id($"grid-worker-{tag}-{grids.Count + 1:00}"), Name($"网格员 {tag}-{grids.Count + 1:00}"), Name($"Grid worker {tag}-{grids.Count + 1:00}"), new RoleAt(Role.GridWorker, grid));
                grids.Add(grid);
            }
        }

        return grids;
    }

    // Towns lie five abreast, their grids eight abreast.
    private static GridBorder Square(AreaCode grid, int town, int place)
    {
        var south = South + (town / 5 * TownSide) + (place / 8 * Side);
        var west = West + (town % 5 * TownSide) + (place % 8 * Side);
        GeoPoint[] ring = [new(south, west), new(south, west + Side), new(south + Side, west + Side), new(south + Side, west), new(south, west)];
        return new GridBorder(grid, [[ring]]);
    }

    // A street and two or three towns after each other, so that fewer towns are still both.
    private static (AreaCode Town, string Name, string NameEn) TownAt(AreaCode district, int index)
    {
        var street = index * 2 / 7;
        return index * 2 % 7 is 0 or 1
            ? (AreaCode.Parse(Id($"{district}{street + 1:000}")), Name($"街道 {street + 1:00}"), Name($"Subdistrict {street + 1:00}"))
            : (AreaCode.Parse(Id($"{district}{99 + index - street:000}")), Name($"镇 {index - street:00}"), Name($"Town {index - street:00}"));
    }

    private static bool IsStreet(AreaCode town) => string.CompareOrdinal(town.Value, 6, "100", 0, 3) < 0;

    private static string Id(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Name(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
