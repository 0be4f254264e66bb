namespace CommandCenter.Domain.Organization;

/// <summary>The four sectors (四板块) of a town command center.</summary>
public enum Sector
{
    /// <summary>党的建设</summary>
    PartyBuilding,

    /// <summary>经济发展</summary>
    Economy,

    /// <summary>民生服务</summary>
    Livelihood,

    /// <summary>平安法治</summary>
    SafetyAndLaw,
}

/// <summary>In which capacity somebody acts. One person may hold many roles, each for a place.</summary>
public enum Role
{
    /// <summary>群众: reports and rates without a place in the organization.</summary>
    Resident,

    /// <summary>网格员</summary>
    GridWorker,

    /// <summary>小院院长</summary>
    YardHead,

    /// <summary>小院三员: one of the three staff of a yard beside its head (一长三员, S1-04); which of them says the seat's post, see <see cref="YardStaff"/>.</summary>
    YardStaff,

    /// <summary>村(社区)书记</summary>
    VillageSecretary,

    /// <summary>指挥中心值班员: accepts and files.</summary>
    CenterOperator,

    /// <summary>调度员: dispatches, supervises the loop, closes.</summary>
    Dispatcher,

    /// <summary>岗位工作人员</summary>
    PostHandler,

    /// <summary>部门</summary>
    Department,

    /// <summary>板块负责人</summary>
    SectorLead,

    /// <summary>镇街主要领导</summary>
    TownLeader,

    /// <summary>区级督办</summary>
    DistrictSupervisor,

    /// <summary>分管区领导: supervises what is listed (S0-11).</summary>
    DistrictLeader,

    /// <summary>区委主要领导: supervises what is concentrated and prominent among it.</summary>
    DistrictSecretary,

    /// <summary>办公室</summary>
    Office,

    /// <summary>系统管理员</summary>
    Administrator,

    /// <summary>The engine itself: deadlines, imports.</summary>
    System,
}

/// <summary>An area of any tier.</summary>
/// <param name="Households">Number of households, for yards 10–30; null where it is not kept.</param>
public sealed record Area(AreaCode Code, string Name, string NameEn, int? Households = null);

/// <summary>A post (岗): the target of a dispatch, in one sector of one town.</summary>
/// <param name="Code">Unique in its town, lower-case ASCII with dashes, such as <c>village-construction</c>.</param>
/// <param name="Enforcement">Whether its people enforce the law (综合行政执法, S4-07): only such a post is handed what has to be enforced.</param>
public sealed record Post(string Code, AreaCode Town, Sector Sector, string Name, string NameEn, bool Enforcement = false);

/// <summary>The three staff of a yard (三员, S1-04): the posts that a seat of <see cref="Role.YardStaff"/> can have, each held by one person.</summary>
public static class YardStaff
{
    /// <summary>宣传员</summary>
    public const string Publicity = "publicity-officer";

    /// <summary>代办员</summary>
    public const string Errands = "errand-officer";

    /// <summary>信息员</summary>
    public const string Information = "information-officer";

    public static IReadOnlyList<string> Posts { get; } = [Publicity, Errands, Information];

    public static Message NameOf(string post) => post switch
    {
        Publicity => new("宣传员", "publicity officer"),
        Errands => new("代办员", "errand officer"),
        _ => new("信息员", "information officer"),
    };
}

/// <summary>One role that a person holds at a place.</summary>
/// <param name="Sector">For sector leads; for post handlers the sector of the post.</param>
/// <param name="Post">For post handlers; for the staff of a yard one of <see cref="YardStaff.Posts"/>.</param>
/// <param name="Acting">Stands in while the seat has no holder of its own (代理).</param>
/// <param name="Department">For people of a department: its code.</param>
/// <param name="For">Whoever holds it and is absent, where a substitute speaks from it.</param>
public sealed record RoleAt(Role Role, AreaCode Place, Sector? Sector = null, string? Post = null, bool Acting = false, string? Department = null, string? For = null);

/// <summary>A person; the name is a placeholder by role (网格员 03).</summary>
public sealed record Person(string Id, string Name, string NameEn, IReadOnlyList<RoleAt> Roles);

/// <summary>A department of the district (区级部门).</summary>
/// <param name="Code">Unique in the district, lower-case ASCII with dashes.</param>
/// <param name="Remit">The categories that it is competent for (归口, S0-04).</param>
public sealed record Department(string Code, string Name, string NameEn, IReadOnlyList<string> Remit);

/// <summary>When a matter may be closed (结案标准, GB/T 30428).</summary>
/// <param name="Zh">In words; empty where nothing special is asked for.</param>
/// <param name="PhotoNeeded">A photo of the result belongs to its completion.</param>
/// <param name="RatingNeeded">It is not closed before its reporter was asked.</param>
public sealed record ClosingStandard(string Zh, string En, bool PhotoNeeded = false, bool RatingNeeded = false);

/// <summary>What a report can be about, and where it usually goes.</summary>
/// <param name="Code">Lower-case ASCII with dashes, such as <c>river-pollution</c>.</param>
/// <param name="DefaultPost">The post that the catalogue proposes.</param>
/// <param name="Closing">Null where nothing special is asked for.</param>
public sealed record Category(string Code, string Name, string NameEn, Sector Sector, string DefaultPost, ClosingStandard? Closing = null);

/// <summary>Why a person is told: their own seat, standing in for a vacant one, as the seat above a vacant one, for somebody who is absent, or because they are on duty.</summary>
public enum RecipientReason
{
    Holder,
    Acting,
    VacancyAbove,

    /// <summary>替岗: whoever it concerns is absent.</summary>
    Substitute,

    /// <summary>值班: outside of working time, and where nobody holds them, the center's seats are those of whoever is on duty.</summary>
    OnDuty,
}

/// <summary>Somebody to be told, in the role that makes it their business.</summary>
/// <param name="For">Whoever is absent, where the person is their substitute.</param>
public sealed record Recipient(string Person, Role Role, RecipientReason Reason, string? For = null);
