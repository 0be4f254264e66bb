namespace CommandCenter.Domain.Organization;

/// <summary>A small change of the organization by an administrator; what concerns many at once is imported.</summary>
/// <param name="On">The first day on which it is so, in the district's time zone.</param>
/// <param name="Today">The day of the command.</param>
public abstract record OrganizationCommand(DateOnly On, DateOnly Today)
{
    /// <summary>The command's frozen name in kebab-case, as in <c>POST /api/organization/{name}</c>.</summary>
    public abstract string Name { get; }
}

/// <summary>任命: somebody takes a seat.</summary>
/// <param name="Until">The last day; null: until further notice.</param>
public sealed record AppointPerson(string Person, RoleAt Seat, DateOnly? Until, DateOnly On, DateOnly Today) : OrganizationCommand(On, Today)
{
    public override string Name => "appoint";
}

/// <summary>免职: somebody leaves a seat, which is vacant if nobody else holds it.</summary>
/// <param name="On">The first day without them.</param>
public sealed record RelievePerson(string Person, RoleAt Seat, DateOnly On, DateOnly Today) : OrganizationCommand(On, Today)
{
    public override string Name => "relieve";
}

/// <summary>调任: somebody leaves one seat and takes another on the same day.</summary>
public sealed record MovePerson(string Person, RoleAt From, RoleAt To, DateOnly On, DateOnly Today) : OrganizationCommand(On, Today)
{
    public override string Name => "move";
}

/// <summary>登记: somebody new, or somebody under another name.</summary>
/// <param name="Person">The names sealed.</param>
/// <param name="IsAnother">Whether the names are other than those that the id had last.</param>
public sealed record RegisterPerson(PersonName Person, bool IsAnother, DateOnly On, DateOnly Today) : OrganizationCommand(On, Today)
{
    public override string Name => "register";
}

/// <summary>离任: somebody leaves the organization with all their seats.</summary>
/// <param name="On">The first day without them.</param>
public sealed record DismissPerson(string Person, DateOnly On, DateOnly Today) : OrganizationCommand(On, Today)
{
    public override string Name => "dismiss";
}

/// <summary>更名: an area, a post or a department under other names.</summary>
/// <param name="Area">Of any tier; null where a unit is meant.</param>
/// <param name="Unit">A post or department; null where an area is meant.</param>
/// <param name="Town">For posts.</param>
public sealed record RenameUnit(AreaCode? Area, Unit? Unit, AreaCode? Town, string NameZh, string NameEn, DateOnly On, DateOnly Today) : OrganizationCommand(On, Today)
{
    public override string Name => "rename";
}

/// <summary>撤销: a post or department that is no more; villages and grids, with all that lies in them, are imported.</summary>
/// <param name="Town">For posts.</param>
/// <param name="Successor">Who goes on with its work; null: nobody has to.</param>
/// <param name="Open">The work that is open in the district.</param>
/// <param name="On">The first day without it.</param>
public sealed record CloseUnit(Unit Unit, AreaCode? Town, Unit? Successor, IReadOnlyList<OpenWork> Open, DateOnly On, DateOnly Today) : OrganizationCommand(On, Today)
{
    public override string Name => "close-unit";
}

/// <summary>网格重新划分: a grid within another border.</summary>
public sealed record RedrawGrid(GridBorder Border, DateOnly On, DateOnly Today) : OrganizationCommand(On, Today)
{
    public override string Name => "redraw";
}
