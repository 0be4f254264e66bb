using System.Text.Json;
using CommandCenter.Domain.Formats;

namespace CommandCenter.Domain.Organization;

/// <summary>What an administrator may change by hand. The rules are those of imports: dated, nobody stranded, a supervisor on every day. Pure.</summary>
public static class OrganizationDecider
{
    private const int MostLines = 20;

    public static Decision<OrganizationEvent> Decide(OrganizationCommand command, OrganizationHistory history, By by)
    {
        if (command.On < command.Today)
            return Refuse("organization.day_passed");
        var decision = command switch
        {
            AppointPerson c => Appoint(c, history, by),
            RelievePerson c => Relieve(c, history, by),
            MovePerson c => Move(c, history, by),
            RegisterPerson c => Register(c, history, by),
            DismissPerson c => Dismiss(c, history, by),
            RenameUnit c => Rename(c, history, by),
            CloseUnit c => Close(c, history, by),
            RedrawGrid c => Redraw(c, history, by),
            _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided."),
        };
        return decision is Decision<OrganizationEvent>.Emit emit && OrganizationImport.FirstDayWithoutSupervisor(history.With(emit.Events), command.On) is not null ? Refuse("organization.no_supervisor") : decision;
    }

    private static Decision<OrganizationEvent> Appoint(AppointPerson c, OrganizationHistory history, By by)
    {
        if (c.Until < c.On)
            return Refuse("organization.until_before");
        if (Fault(c.Person, c.Seat, c.On, history, by) is { } fault)
            return Refuse(fault);
        var made = new Appointment(c.Person, Whole(c.Seat, c.On, history), null, c.Until);
        return history.Appointments.On(c.On, made) is not null && !history.Appointments.IsPlanned(c.On, made) ? Nothing
            : Held(made, c.On, history) ? Refuse("organization.seat_held")
            : IsTaken(made, c.On, history) ? Refuse("organization.yard_seat_taken")
            : Emit(new AppointmentsChanged([made], [], c.On));
    }

    private static Decision<OrganizationEvent> Relieve(RelievePerson c, OrganizationHistory history, By by) =>
        !by.Place.Contains(c.Seat.Place) ? Refuse("organization.outside")
        : Held(c.Person, c.Seat, c.On, history) is { Count: > 0 } held ? Emit(new AppointmentsChanged([], held, c.On))
        : Refuse("organization.seat_not_held");

    private static Decision<OrganizationEvent> Move(MovePerson c, OrganizationHistory history, By by)
    {
        if (!by.Place.Contains(c.From.Place))
            return Refuse("organization.outside");
        if (Fault(c.Person, c.To, c.On, history, by) is { } fault)
            return Refuse(fault);
        if (Held(c.Person, c.From, c.On, history) is not { Count: > 0 } held)
            return Refuse("organization.seat_not_held");
        var made = new Appointment(c.Person, Whole(c.To, c.On, history));
        return Held(made, c.On, history) ? Refuse("organization.seat_held")
            : IsTaken(made, c.On, history) ? Refuse("organization.yard_seat_taken")
            : Emit(new AppointmentsChanged([made], held, c.On));
    }

    private static Decision<OrganizationEvent> Register(RegisterPerson c, OrganizationHistory history, By by)
    {
        var id = c.Person.Id;
        var there = history.People.On(c.On, id) is not null;
        return SeatsOf(id, c.On, history).Exists(made => !by.Place.Contains(made.Seat.Place)) ? Refuse("organization.outside")
            : history.People.IsPlanned(c.On, id) ? Refuse("organization.planned_later")
            : !there && c.IsAnother && history.PersonOn(c.On, id) is not null ? Refuse("organization.id_taken")
            : there && !c.IsAnother ? Nothing
            : Emit(new PeopleChanged([c.Person], [], c.On));
    }

    private static Decision<OrganizationEvent> Dismiss(DismissPerson c, OrganizationHistory history, By by)
    {
        if (history.People.On(c.On, c.Person) is null)
            return history.PersonOn(c.On, c.Person) is null || history.People.IsPlanned(c.On, c.Person) ? Refuse("organization.person_unknown") : Nothing;
        var held = SeatsOf(c.Person, c.On, history);
        if (held.Exists(made => !by.Place.Contains(made.Seat.Place)))
            return Refuse("organization.outside");
        var left = new PeopleChanged([], [c.Person], c.On);
        return held.Count == 0 ? Emit(left) : Emit(new AppointmentsChanged([], held, c.On), left);
    }

    private static Decision<OrganizationEvent> Rename(RenameUnit c, OrganizationHistory history, By by)
    {
        if ((c.Area ?? c.Unit?.Area) is { } code)
        {
            return !by.Place.Contains(code) ? Refuse("organization.outside")
                : Change(history.Areas, code, c.On, "organization.area_unknown", area => area with { Name = c.NameZh, NameEn = c.NameEn }, area => new AreasChanged([area], [], c.On));
        }

        if (c.Unit is { Kind: UnitKind.Post } post && c.Town is { } town)
        {
            return !by.Place.Contains(town) ? Refuse("organization.outside")
                : Change(history.Posts, new PostKey(town, post.Code), c.On, "organization.unit_unknown", one => one with { Name = c.NameZh, NameEn = c.NameEn }, one => new PostsChanged([one], [], c.On));
        }

        return c.Unit is not { Kind: UnitKind.Department } department ? Refuse("organization.unit_unknown")
            : by.Place.Level != AreaLevel.District ? Refuse("organization.outside")
            : Change(history.Departments, department.Code, c.On, "organization.unit_unknown", one => one with { Name = c.NameZh, NameEn = c.NameEn }, one => new DepartmentsChanged([one], [], c.On));
    }

    private static Decision<OrganizationEvent> Close(CloseUnit c, OrganizationHistory history, By by)
    {
        if (c.Unit.Kind is not (UnitKind.Post or UnitKind.Department))
            return Refuse("organization.import_instead");
        if (c.Unit.Kind == UnitKind.Post ? c.Town is not { } place || !by.Place.Contains(place) : by.Place.Level != AreaLevel.District)
            return Refuse("organization.outside");
        var before = history.On(c.On);
        if (before.NameOf(c.Unit, c.Town) is null)
            return Refuse("organization.unit_unknown");
        if (c.Successor is { } next && (next.Kind != c.Unit.Kind || next == c.Unit || before.NameOf(next, c.Town) is null))
            return Refuse("organization.successor_unknown");
        if (before.Categories.Any(category => c.Unit.Post == category.DefaultPost) || before.OneMatters.Any(matter => c.Unit.Kind == UnitKind.Department && matter.Departments.Contains(c.Unit.Code))
            || before.Spots.Any(spot => spot.Unit == c.Unit && spot.Town() == c.Town)
            || before.Successions.Any(succession => succession.Successor == c.Unit && (c.Unit.Kind != UnitKind.Post || succession.Town == c.Town)))
            return Refuse("organization.still_named");

        bool IsIn(RoleAt seat) => c.Unit.Kind == UnitKind.Post ? seat.Post == c.Unit.Code && seat.Place == c.Town : seat.Department == c.Unit.Code;
        List<Appointment> held = [.. history.Appointments.Keys.Where(made => IsIn(made.Seat) && Goes(made, c.On, history))];
        List<OrganizationEvent> events = [c.Unit.Kind == UnitKind.Post ? new PostsChanged([], [new PostKey(c.Town!.Value, c.Unit.Code)], c.On) : new DepartmentsChanged([], [c.Unit.Code], c.On)];
        if (held.Count > 0)
            events.Add(new AppointmentsChanged([], held, c.On));
        if (c.Successor is { } successor)
            events.Add(new SuccessorsNamed([new Succession(c.Unit, successor, c.Unit.Kind == UnitKind.Post ? c.Town : null)], [], c.On));
        var stranded = OrganizationImport.Strandings(before, history.With(events).On(c.On), c.Open).SelectMany(stranding => stranding.Work).ToList();
        return stranded.Count == 0 ? Emit([.. events])
            : new Decision<OrganizationEvent>.Refuse(OrganizationRefusals.Of(
                "organization.work_open", [.. stranded.Take(MostLines).Select((work, i) => new RefusalLine($"open/{i + 1}", "organization.work_open", new(work.Label, work.Label), work.Subject))]));
    }

    private static Decision<OrganizationEvent> Redraw(RedrawGrid c, OrganizationHistory history, By by)
    {
        var grid = c.Border.Grid;
        if (!by.Place.Contains(grid))
            return Refuse("organization.outside");
        if (grid.Level != AreaLevel.Grid || history.Areas.On(c.On, grid) is null)
            return Refuse("organization.area_unknown");
        if (history.Borders.IsPlanned(c.On, grid))
            return Refuse("organization.planned_later");
        return history.Borders.On(c.On, grid) is { } drawn && Json(drawn) == Json(c.Border) ? Nothing : Emit(new BordersRedrawn([c.Border], [], c.On));
    }

    private static Decision<OrganizationEvent> Change<TKey, T>(
        Dated<TKey, T> dated, TKey key, DateOnly on, string unknown, Func<T, T> change, Func<T, OrganizationEvent> happened)
        where TKey : notnull
        where T : class
    {
        if (dated.On(on, key) is not { } before)
            return Refuse(unknown);
        var after = change(before);
        return Json(before) == Json(after) ? Nothing : dated.IsPlanned(on, key) ? Refuse("organization.planned_later") : Emit(happened(after));
    }

    /// <summary>Why somebody cannot take a seat from a day on; null when they can.</summary>
    private static string? Fault(string person, RoleAt seat, DateOnly on, OrganizationHistory history, By by)
    {
        if (!by.Place.Contains(seat.Place))
            return "organization.outside";
        if (history.People.On(on, person) is null)
            return "organization.person_unknown";
        if (!Seats.PlacesOf(seat.Role).Contains(seat.Place.Level)
            || ((seat.Sector is not null) != (seat.Role is Role.SectorLead) && seat.Role is not (Role.PostHandler or Role.DistrictLeader))
            || (seat.Post is not null) != (seat.Role is Role.PostHandler or Role.YardStaff)
            || (seat.Role is Role.YardStaff && !YardStaff.Posts.Contains(seat.Post!))
            || (seat.Department is not null) != (seat.Role is Role.Department))
            return "organization.seat_unknown";
        if (history.Areas.On(on, seat.Place) is null)
            return "organization.area_unknown";
        if (seat.Role is Role.PostHandler && seat.Post is { } post && (history.Posts.On(on, new(seat.Place, post)) is not { } there || (seat.Sector is { } sector && sector != there.Sector)))
            return "organization.unit_unknown";
        if (seat.Department is { } department && history.Departments.On(on, department) is null)
            return "organization.unit_unknown";
        // What ends later ends with its seats, by whoever planned it; this seat that plan does not know.
        return history.People.IsPlanned(on, person) || history.Areas.IsPlanned(on, seat.Place) || (seat is { Role: Role.PostHandler, Post: { } closed } && history.Posts.IsPlanned(on, new(seat.Place, closed)))
            || (seat.Department is { } ended && history.Departments.IsPlanned(on, ended)) ? "organization.planned_later" : null;
    }

    // A handler's sector is the post's.
    private static RoleAt Whole(RoleAt seat, DateOnly on, OrganizationHistory history) =>
        seat is { Role: Role.PostHandler, Post: { } post } ? seat with { Sector = history.Posts.On(on, new(seat.Place, post))!.Sector } : seat;

    // 一长三员 (S1-04): a yard has one head, and one person in each seat of its staff.
    private static bool IsTaken(Appointment made, DateOnly on, OrganizationHistory history) => made.Seat.Role is Role.YardHead or Role.YardStaff && history.Appointments.Keys.Any(
        other => (other.Seat.Role, other.Seat.Place, other.Seat.Post) == (made.Seat.Role, made.Seat.Place, made.Seat.Post) && Goes(other, on, history)
            && (other.From ?? DateOnly.MinValue) <= (made.To ?? DateOnly.MaxValue));

    private static bool Held(Appointment made, DateOnly on, OrganizationHistory history) => history.Appointments.Keys.Any(
        other => other.Person == made.Person && other.Seat with { Acting = false } == made.Seat with { Acting = false } && Goes(other, on, history)
            && (other.From ?? DateOnly.MinValue) <= (made.To ?? DateOnly.MaxValue));

    private static List<Appointment> Held(string person, RoleAt seat, DateOnly on, OrganizationHistory history) =>
        [.. SeatsOf(person, on, history).Where(made => made.Seat == seat || made.Seat with { Sector = null } == seat with { Sector = null } && seat.Post is not null)];

    private static List<Appointment> SeatsOf(string person, DateOnly on, OrganizationHistory history) => [.. history.Appointments.Keys.Where(made => made.Person == person && Goes(made, on, history))];

    // Holds on the day, or begins later.
    private static bool Goes(Appointment made, DateOnly on, OrganizationHistory history) =>
        (made.To is null || made.To >= on) && (history.Appointments.On(on, made) is not null || history.Appointments.IsPlanned(on, made));

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, DomainJson.Options);

    private static Decision<OrganizationEvent>.Emit Emit(params IReadOnlyList<OrganizationEvent> events) => new(events);

    private static Decision<OrganizationEvent>.Refuse Refuse(string code) => new(OrganizationRefusals.Of(code));

    private static Decision<OrganizationEvent> Nothing { get; } = new Decision<OrganizationEvent>.Nothing();
}
