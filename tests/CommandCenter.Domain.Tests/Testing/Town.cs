using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests;

/// <summary>A made-up district with one town of a full organization and a neighbour, small enough to know by heart.</summary>
public static class Town
{
    public const string BuildingPost = "village-construction";
    public const string RiverPost = "river-care";
    public const string WaterDepartment = "water";

    public static Unit BuildingUnit { get; } = Unit.OfPost(BuildingPost);
    public static Unit RiverUnit { get; } = Unit.OfPost(RiverPost);
    public static Unit WaterUnit { get; } = Unit.OfDepartment(WaterDepartment);

    public static AreaCode District { get; } = AreaCode.Parse("500999");
    public static AreaCode Code { get; } = AreaCode.Parse("500999101");
    public static AreaCode Village { get; } = AreaCode.Parse("500999101001");
    public static AreaCode Grid { get; } = AreaCode.Parse("500999101001001");
    public static AreaCode Yard { get; } = AreaCode.Parse("500999101001001001");
    public static AreaCode OtherTown { get; } = AreaCode.Parse("500999102");
    public static AreaCode NeighbourVillage { get; } = AreaCode.Parse("500999102001");
    public static AreaCode NeighbourGrid { get; } = AreaCode.Parse("500999102001001");
    public static AreaCode OtherVillage { get; } = AreaCode.Parse("500999101002");
    public static AreaCode OtherGrid { get; } = AreaCode.Parse("500999101001002");
    public static AreaCode OtherYard { get; } = AreaCode.Parse("500999101001001002");

    /// <summary>A thing with a code on its plate, which the handler of village construction looks after.</summary>
    public static Spot Lamp { get; } = new("lamp-7", Yard, "7号路灯", "Lamp 7", "lamp", "road-damage", BuildingUnit, "handler", Report: new Message("不亮", "Dark"));

    public static TimeZoneInfo Shanghai { get; } = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    public static By Resident { get; } = new("resident", Role.Resident, District);
    public static By GridWorker { get; } = new("grid-worker", Role.GridWorker, Grid);
    public static By Operator { get; } = new("operator", Role.CenterOperator, Code);
    public static By Dispatcher { get; } = new("dispatcher", Role.Dispatcher, Code);
    public static By Handler { get; } = new("handler", Role.PostHandler, Code);
    public static By Secretary { get; } = new("secretary", Role.VillageSecretary, Village);
    public static By Lead { get; } = new("economy-lead", Role.SectorLead, Code);
    public static By Leader { get; } = new("town-leader", Role.TownLeader, Code);
    public static By Supervisor { get; } = new("supervisor", Role.DistrictSupervisor, District);
    public static By Department { get; } = new("water-officer", Role.Department, District);
    public static By NeighbourOperator { get; } = new("neighbour-operator", Role.CenterOperator, OtherTown);
    public static By Colleague { get; } = new("colleague", Role.PostHandler, Code);

    public static Caller As(string person, Role role, AreaCode place, string? post = null) => new(person, new RoleAt(role, place, Post: post));

    /// <summary>The district with some seats vacant, other people added, another time zone, or some of them absent.</summary>
    /// <param name="substitutes">Who acts for whoever is absent.</param>
    /// <param name="seats">Seats that people hold besides their own (一员多用).</param>
    /// <param name="wholeNeighbour">With a village and posts in the neighbour town, so that what goes there is inherited there as it is here.</param>
    public static OrganizationDirectory With(
        IReadOnlyList<Role>? vacant = null, IReadOnlyList<Person>? added = null, TimeZoneInfo? zone = null, IReadOnlyDictionary<string, string>? substitutes = null,
        IReadOnlyList<(string Person, RoleAt Seat)>? seats = null, bool wholeNeighbour = false) => new(
        zone ?? Shanghai,
        [
            new Area(District, "示例区", "Sample District", null),
            new Area(Code, "示例镇", "Sample Town", null),
            new Area(Village, "示例村", "Sample Village", null),
            new Area(Grid, "一网格", "Grid 1", null),
            new Area(Yard, "一小院", "Yard 1", 20),
            new Area(OtherTown, "邻镇", "Neighbour Town", null),
            .. wholeNeighbour ? (Area[])[new Area(NeighbourVillage, "邻村", "Neighbour Village", null), new Area(NeighbourGrid, "邻网格", "Neighbour Grid", null)] : [],
        ],
        [
            new Post(BuildingPost, Code, Sector.Economy, "村镇建设岗", "Village construction post"),
            new Post(RiverPost, Code, Sector.Livelihood, "河道管护岗", "River care post"),
            .. from post in wholeNeighbour ? (string[])[BuildingPost, RiverPost] : [] select new Post(post, OtherTown, post == RiverPost ? Sector.Livelihood : Sector.Economy, "邻镇岗位", "Neighbour post"),
        ],
        People.Select(person => person with { Roles = [.. person.Roles.Where(seat => vacant is null || !vacant.Contains(seat.Role)), .. (seats ?? []).Where(more => more.Person == person.Id).Select(more => more.Seat)] }).Concat(added ?? []),
        [
            new Category("road-damage", "道路破损", "Road damage", Sector.Economy, BuildingPost),
            new Category("river-pollution", "河道污染", "River pollution", Sector.Livelihood, RiverPost),
        ],
        [],
        [new Department(WaterDepartment, "区水利局", "Water bureau", [])],
        substitutes: substitutes);

    /// <summary>The same district once somebody has left it.</summary>
    public static OrganizationDirectory Without(this OrganizationDirectory organization, string person) => new(
        organization.TimeZone, organization.Areas, organization.Posts, organization.People.Where(one => one.Id != person), organization.Categories, organization.Borders, organization.Departments);

    /// <summary>The seats that somebody may speak from.</summary>
    public static IReadOnlyList<Caller> Callers(this OrganizationDirectory organization, string person) =>
        organization.FindPerson(person) is { } found ? [.. organization.SeatsOf(found).Select(seat => new Caller(person, seat))] : [];

    private static IReadOnlyList<Person> People { get; } =
    [
        Holder("grid-worker", new RoleAt(Role.GridWorker, Grid)),
        Holder("yard-head", new RoleAt(Role.YardHead, Yard)),
        Holder("secretary", new RoleAt(Role.VillageSecretary, Village)),
        Holder("operator", new RoleAt(Role.CenterOperator, Code)),
        Holder("dispatcher", new RoleAt(Role.Dispatcher, Code)),
        Holder("handler", new RoleAt(Role.PostHandler, Code, Sector.Economy, BuildingPost)),
        Holder("colleague", new RoleAt(Role.PostHandler, Code, Sector.Economy, BuildingPost)),
        Holder("river-handler", new RoleAt(Role.PostHandler, Code, Sector.Livelihood, RiverPost)),
        Holder("economy-lead", new RoleAt(Role.SectorLead, Code, Sector.Economy)),
        Holder("livelihood-lead", new RoleAt(Role.SectorLead, Code, Sector.Livelihood)),
        Holder("town-leader", new RoleAt(Role.TownLeader, Code)),
        Holder("supervisor", new RoleAt(Role.DistrictSupervisor, District)),
        Holder("water-officer", new RoleAt(Role.Department, District, Department: WaterDepartment)),
        Holder("neighbour-dispatcher", new RoleAt(Role.Dispatcher, OtherTown)),
        Holder("neighbour-leader", new RoleAt(Role.TownLeader, OtherTown)),
    ];

    /// <summary>The district with every seat held.</summary>
    public static OrganizationDirectory Organization { get; } = With();

    public static Person Holder(string id, params RoleAt[] seats) => new(id, id, id, seats);
}
