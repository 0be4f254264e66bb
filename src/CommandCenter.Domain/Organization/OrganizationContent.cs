namespace CommandCenter.Domain.Organization;

/// <summary>A person without the seats that they hold.</summary>
public sealed record PersonName(string Id, string Name, string NameEn);

/// <summary>A person in a seat, and for how long.</summary>
/// <param name="From">The first day in the district's time zone; null: since the organization says so.</param>
/// <param name="To">The last day; null: until further notice.</param>
public sealed record Appointment(string Person, RoleAt Seat, DateOnly? From = null, DateOnly? To = null)
{
    /// <summary>Whether it holds on a day.</summary>
    public bool HoldsOn(DateOnly day) => (From is null || From <= day) && (To is null || day <= To);
}

/// <summary>Who goes on with the work of a unit that ended: a post that was closed, a grid that was joined to its neighbour.</summary>
/// <param name="Ended">A post, department, village or grid that is in the organization no more.</param>
/// <param name="Successor">One of the same kind.</param>
/// <param name="Town">For posts, whose codes are unique in their town only; null for all others.</param>
public sealed record Succession(Unit Ended, Unit Successor, AreaCode? Town = null);

/// <summary>What the files of an organization say, all of it: the order of its lists has no meaning.</summary>
/// <param name="District">The district that all areas lie in.</param>
/// <param name="TimeZone">By its IANA name, such as <c>Asia/Shanghai</c>.</param>
public sealed record OrganizationContent(
    AreaCode District,
    string TimeZone,
    IReadOnlyList<Area> Areas,
    IReadOnlyList<GridBorder> Borders,
    IReadOnlyList<Post> Posts,
    IReadOnlyList<Department> Departments,
    IReadOnlyList<PersonName> People,
    IReadOnlyList<Appointment> Appointments,
    IReadOnlyList<Category> Categories,
    IReadOnlyList<Succession> Successions,
    IReadOnlyList<OneMatter> OneMatters,
    IReadOnlyList<Spot> Spots)
{
    /// <summary>The organization as it stands on a day by these files alone.</summary>
    public OrganizationDirectory On(DateOnly day) => OrganizationHistory.None.With(OrganizationImport.Difference(OrganizationHistory.None, this, null).Events).On(day);
}
