namespace CommandCenter.Domain.Organization;

/// <summary>A post by its town and code.</summary>
public sealed record PostKey(AreaCode Town, string Code);

/// <summary>A unit that ended, as successions name it.</summary>
/// <param name="Town">For posts.</param>
public sealed record EndedUnit(Unit Unit, AreaCode? Town = null);

/// <summary>
/// Something in the stream <c>organization:district</c>: what holds from a day on, until a later event says otherwise (ADR 0018). One event for each kind of thing that an import
/// touches, because the import is what people decide on: previewed, and taken whole or not at all. In each, <c>Set</c> are new or changed ones whole, and <c>On</c> is
/// the first day, in the district's time zone, on which it is so; without it, as far back as anything is asked of.
/// </summary>
public abstract record OrganizationEvent
{
    /// <summary>The events with their frozen names.</summary>
    public static IReadOnlyList<EventName> Names { get; } =
    [
        Name<OrganizationDescribed>("organization_described"),
        Name<AreasChanged>("areas_changed"),
        Name<BordersRedrawn>("borders_redrawn"),
        Name<PostsChanged>("posts_changed"),
        Name<DepartmentsChanged>("departments_changed"),
        Name<PeopleChanged>("people_changed"),
        Name<AppointmentsChanged>("appointments_changed"),
        Name<CategoriesChanged>("categories_changed"),
        Name<SuccessorsNamed>("successors_named"),
        Name<OneMattersChanged>("one_matters_changed"),
        Name<SpotsChanged>("spots_changed"),
        Name<AbsenceRecorded>("absence_recorded"),
        Name<AbsenceEnded>("absence_ended"),
    ];

    private static EventName Name<T>(string alias) => new(alias, 1, typeof(T), $"CommandCenter.Domain.Organization.{typeof(T).Name}, CommandCenter.Domain");
}

/// <summary>The district of this database and its one time zone. The zone is undated: it turns instants into days.</summary>
/// <param name="TimeZone">By its IANA name.</param>
public sealed record OrganizationDescribed(AreaCode District, string TimeZone) : OrganizationEvent;

/// <summary>区划调整: areas came, were renamed, or ended.</summary>
public sealed record AreasChanged(IReadOnlyList<Area> Set, IReadOnlyList<AreaCode> Ended, DateOnly? On = null) : OrganizationEvent;

/// <summary>网格重新划分: grids got (other) borders.</summary>
public sealed record BordersRedrawn(IReadOnlyList<GridBorder> Set, IReadOnlyList<AreaCode> Ended, DateOnly? On = null) : OrganizationEvent;

/// <summary>岗位设立、变更、撤销</summary>
public sealed record PostsChanged(IReadOnlyList<Post> Set, IReadOnlyList<PostKey> Ended, DateOnly? On = null) : OrganizationEvent;

/// <summary>部门设立、变更、撤销</summary>
public sealed record DepartmentsChanged(IReadOnlyList<Department> Set, IReadOnlyList<string> Ended, DateOnly? On = null) : OrganizationEvent;

/// <summary>人员到任、更名、离任</summary>
public sealed record PeopleChanged(IReadOnlyList<PersonName> Set, IReadOnlyList<string> Ended, DateOnly? On = null) : OrganizationEvent;

/// <summary>任免: people took and left seats. Who moves leaves one and takes another; an appointment with other dates is another one.</summary>
public sealed record AppointmentsChanged(IReadOnlyList<Appointment> Made, IReadOnlyList<Appointment> Ended, DateOnly? On = null) : OrganizationEvent;

/// <summary>事项目录变更</summary>
public sealed record CategoriesChanged(IReadOnlyList<Category> Set, IReadOnlyList<string> Ended, DateOnly? On = null) : OrganizationEvent;

/// <summary>承接单位: who goes on with the work of units that ended.</summary>
/// <param name="Dropped">Of these nothing is left to go on with.</param>
public sealed record SuccessorsNamed(IReadOnlyList<Succession> Set, IReadOnlyList<EndedUnit> Dropped, DateOnly? On = null) : OrganizationEvent;

/// <summary>“一件事”模块变更</summary>
public sealed record OneMattersChanged(IReadOnlyList<OneMatter> Set, IReadOnlyList<string> Ended, DateOnly? On = null) : OrganizationEvent;

/// <summary>点位设立、变更、撤销: things with a code on their plates.</summary>
public sealed record SpotsChanged(IReadOnlyList<Spot> Set, IReadOnlyList<string> Ended, DateOnly? On = null) : OrganizationEvent;

/// <summary>请假登记: somebody is absent, and somebody else acts for them meanwhile. Why stands nowhere: it is nobody's business here.</summary>
/// <param name="Number">Counts the absences of the district, from 1.</param>
/// <param name="From">The first day, in the district's time zone.</param>
/// <param name="To">The last day.</param>
/// <param name="Substitute">Acts from the absent one's seats, and is told what they would be told.</param>
public sealed record AbsenceRecorded(int Number, string Person, DateOnly From, DateOnly To, string Substitute) : OrganizationEvent;

/// <summary>销假: an absence ends on another day than it was recorded for.</summary>
/// <param name="LastDay">The last day of it; before its first one it did not take place at all.</param>
public sealed record AbsenceEnded(int Number, DateOnly LastDay) : OrganizationEvent;
