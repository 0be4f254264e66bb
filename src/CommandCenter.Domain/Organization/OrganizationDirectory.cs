using CommandCenter.Domain.Duty;

namespace CommandCenter.Domain.Organization;

/// <summary>
/// The organization as it stands: areas with their borders, posts, people and categories, with the questions that decisions ask of it.
/// Built by <see cref="OrganizationHistory"/> for a day, immutable.
/// </summary>
public sealed class OrganizationDirectory
{
    private static readonly Dictionary<AreaCode, IReadOnlyList<OnDuty>> NobodyOnDuty = [];

    private readonly Dictionary<AreaCode, Area> _areas;
    private readonly Dictionary<(AreaCode Town, string Code), Post> _posts;
    private readonly Dictionary<string, Person> _people;
    private readonly Dictionary<string, Category> _categories;
    private readonly Dictionary<string, Spot> _spots;
    private readonly IReadOnlyList<GridBorder> _borders;
    private readonly Lazy<(GridBorder Border, GeoBox Box)[]> _boxes;
    private readonly ILookup<(Role Role, AreaCode Place), (Person Person, RoleAt Seat)> _held;
    private readonly AreaCode? _district;
    private readonly IReadOnlyDictionary<string, string> _substitutes;
    private readonly ILookup<string, string> _standsInFor;
    private readonly Lazy<(ILookup<string, RoleAt> ToPeople, ILookup<AreaCode, RoleAt> ToDesk)> _fallen;

    // Only the clock changes it, so that a directory with another one is the same directory in everything else.
    private IReadOnlyDictionary<AreaCode, IReadOnlyList<OnDuty>> _onDuty = NobodyOnDuty;

    public OrganizationDirectory(
        TimeZoneInfo timeZone,
        IEnumerable<Area> areas,
        IEnumerable<Post> posts,
        IEnumerable<Person> people,
        IEnumerable<Category> categories,
        IEnumerable<GridBorder> borders,
        IEnumerable<Department>? departments = null,
        IEnumerable<OneMatter>? oneMatters = null,
        AreaCode? district = null,
        FormerOrganization? former = null,
        IReadOnlyList<Succession>? successions = null,
        IReadOnlyDictionary<string, string>? substitutes = null,
        IEnumerable<Spot>? spots = null)
    {
        OneMatters = [.. oneMatters ?? []];
        Departments = [.. departments ?? []];
        TimeZone = timeZone;
        Areas = [.. areas.OrderBy(area => area.Code.Value, StringComparer.Ordinal)];
        Posts = [.. posts];
        People = [.. people.OrderBy(person => person.Id, StringComparer.Ordinal)];
        Categories = [.. categories];
        Spots = [.. spots ?? []];
        _spots = Spots.ToDictionary(spot => spot.Code, StringComparer.Ordinal);
        _areas = Areas.ToDictionary(area => area.Code);
        _posts = Posts.ToDictionary(post => (post.Town, post.Code));
        _people = People.ToDictionary(person => person.Id, StringComparer.Ordinal);
        _categories = Categories.ToDictionary(category => category.Code, StringComparer.Ordinal);
        _borders = [.. borders.OrderBy(border => border.Grid.Value, StringComparer.Ordinal)];
        _boxes = new(() => [.. _borders.Select(border => (border, GeoBox.Around(border.Polygons.SelectMany(rings => rings[0]))))]);
        _district = district ?? Areas.Select(area => area.Code.At(AreaLevel.District)).FirstOrDefault();
        Former = former ?? FormerOrganization.None;
        Successions = successions ?? [];
        _held = People.SelectMany(person => person.Roles.Select(seat => (person, seat))).ToLookup(held => (held.seat.Role, held.seat.Place));

        // Whoever has left, or stands in for nobody that is here, changes nothing.
        _substitutes = (substitutes ?? new Dictionary<string, string>()).Where(pair => _people.ContainsKey(pair.Key) && _people.ContainsKey(pair.Value)).ToDictionary(StringComparer.Ordinal);
        _standsInFor = _substitutes.ToLookup(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
        _fallen = new(VacantSeats);
    }

    /// <summary>The district's one time zone, whatever the host's.</summary>
    public TimeZoneInfo TimeZone { get; }

    public IReadOnlyList<Area> Areas { get; }

    /// <summary>The district that all areas lie in.</summary>
    public AreaCode District => _district ?? throw new InvalidOperationException("An organization without areas lies in no district.");

    public IReadOnlyList<Post> Posts { get; }

    public IReadOnlyList<Person> People { get; }

    public IReadOnlyList<Category> Categories { get; }

    public IReadOnlyList<GridBorder> Borders => _borders;

    /// <summary>The district's departments.</summary>
    public IReadOnlyList<Department> Departments { get; }

    /// <summary>Things with a code on their plates (点位).</summary>
    public IReadOnlyList<Spot> Spots { get; }

    /// <summary>What ended before: cases of its time go on to name it.</summary>
    public FormerOrganization Former { get; }

    /// <summary>Who goes on with the work of units that ended.</summary>
    public IReadOnlyList<Succession> Successions { get; }

    /// <summary>The templates that call a set of departments at once (一件事).</summary>
    public IReadOnlyList<OneMatter> OneMatters { get; }

    public OneMatter? FindOneMatter(string code) => OneMatters.FirstOrDefault(matter => matter.Code == code);

    public Department? FindDepartment(string code) => Departments.FirstOrDefault(department => department.Code == code);

    public Area? FindArea(AreaCode code) => _areas.GetValueOrDefault(code);

    public Post? FindPost(AreaCode town, string code) => _posts.GetValueOrDefault((town, code));

    public Person? FindPerson(string id) => _people.GetValueOrDefault(id);

    public Category? FindCategory(string code) => _categories.GetValueOrDefault(code);

    public Spot? FindSpot(string code) => _spots.GetValueOrDefault(code);

    /// <summary>A spot, also one that ended, with the first day without it; null for one that never was.</summary>
    public (Spot Spot, DateOnly? Ended)? KnownSpot(string code) => FindSpot(code) is { } spot ? (spot, null)
        : Former.Spots.Where(ended => ended.Spot.Code == code).Select(ended => ((Spot, DateOnly?)?)(ended.Spot, ended.Ended)).FirstOrDefault();

    /// <summary>Somebody's names, also of who has left; null for who was never here.</summary>
    public PersonName? KnownPerson(string id) => FindPerson(id) is { } person
        ? new PersonName(person.Id, person.Name, person.NameEn)
        : Former.People.Select(left => left.Person).FirstOrDefault(left => left.Id == id);

    /// <summary>An area, also one that ended; null for one that never was.</summary>
    public Area? KnownArea(AreaCode code) => FindArea(code) ?? Former.Areas.Select(ended => ended.Area).FirstOrDefault(ended => ended.Code == code);

    /// <summary>A category, also one that ended; null for one that never was.</summary>
    public Category? KnownCategory(string code) => FindCategory(code) ?? Former.Categories.Select(ended => ended.Category).FirstOrDefault(ended => ended.Code == code);

    /// <summary>A unit's Chinese name; null when there is none of it (any more).</summary>
    /// <param name="town">For posts.</param>
    public string? NameOf(Unit unit, AreaCode? town) => unit.Kind switch
    {
        UnitKind.Post => town is { } place ? FindPost(place, unit.Code)?.Name : null,
        UnitKind.Department => FindDepartment(unit.Code)?.Name,
        _ => unit.Area is { } area ? FindArea(area)?.Name : null,
    };

    /// <summary>Who goes on with the work of a unit that ended; null when it has not, or when nobody was named.</summary>
    /// <param name="town">For posts.</param>
    public Unit? SuccessorOf(Unit unit, AreaCode? town) =>
        Successions.FirstOrDefault(succession => succession.Ended == unit && (unit.Kind != UnitKind.Post || succession.Town == town))?.Successor;

    /// <summary>The area that goes on with an area that ended; null when it has not, or when none was named.</summary>
    public AreaCode? SuccessorOf(AreaCode area) => area.Level switch
    {
        AreaLevel.Village => SuccessorOf(Unit.OfVillage(area), null)?.Area,
        AreaLevel.Grid => SuccessorOf(Unit.OfGrid(area), null)?.Area,
        _ => null,
    };

    /// <summary>The seats that somebody holds: their own first, then those of units that ended whose work theirs goes on with.</summary>
    public IReadOnlyList<RoleAt> HeldSeatsOf(Person person) => Successions.Count == 0 ? person.Roles : [.. person.Roles, .. Succeeded(person.Roles)];

    /// <summary>
    /// The seats that somebody may speak from: those that they hold, then vacant ones that fall to them because they are told for these, then those of whom they stand in for, and at last
    /// those of the center's desk while they are on duty (ADR 0017). What is not their own is <see cref="RoleAt.Acting"/>; in whose place they act says <see cref="RoleAt.For"/>.
    /// </summary>
    public IReadOnlyList<RoleAt> SeatsOf(Person person)
    {
        var fallen = _fallen.Value.ToPeople[person.Id];
        var standsInFor = _standsInFor[person.Id];
        var onDuty = DutySeatsOf(person.Id);
        if (Successions.Count == 0 && onDuty.Count == 0 && !fallen.Any() && !standsInFor.Any())
            return person.Roles;
        return
        [
            .. HeldSeatsOf(person),
            .. fallen, .. Succeeded(fallen),
            .. standsInFor.SelectMany(absent => HeldSeatsOf(_people[absent]).Concat(_fallen.Value.ToPeople[absent]).Concat(Succeeded(_fallen.Value.ToPeople[absent])).Select(seat => seat with { Acting = true, For = absent })),
            .. onDuty,
        ];
    }

    /// <summary>Who acts for somebody who is absent; null for who is there.</summary>
    public string? SubstituteOf(string person) => _substitutes.GetValueOrDefault(person);

    /// <summary>This organization with those who are on duty at the centers.</summary>
    /// <param name="onDuty">By the place whose roster it is, in the order in which they answer.</param>
    public OrganizationDirectory With(IReadOnlyDictionary<AreaCode, IReadOnlyList<OnDuty>> onDuty)
    {
        var copy = (OrganizationDirectory)MemberwiseClone();
        copy._onDuty = onDuty;
        return copy;
    }

    /// <summary>Who is on duty at a place, those who answer first first; whoever is absent is stood in for. Nobody where no roster says.</summary>
    public IReadOnlyList<OnDuty> OnDutyAt(AreaCode place) => _onDuty.TryGetValue(place, out var on)
        ? [.. on.Select(one => SubstituteOf(one.Person) is { } substitute ? one with { Person = substitute, For = one.Person } : one)]
        : [];

    /// <summary>
    /// Those on duty in a town who answer for a seat of its desk: the lead for the dispatcher's, the operators for the operator's, either for both where the other role is not there. Nobody for
    /// other seats, and where no roster says.
    /// </summary>
    public IReadOnlyList<OnDuty> OnDutyFor(Role role, AreaCode town)
    {
        if (role is not (Role.CenterOperator or Role.Dispatcher) || OnDutyAt(town) is not { Count: > 0 } on)
            return [];
        var wanted = role == Role.Dispatcher ? DutyRole.Lead : DutyRole.Operator;
        return [.. (on.Any(one => one.Role == wanted) ? on.Where(one => one.Role == wanted) : on).DistinctBy(one => one.Person)];
    }

    // Who is on duty speaks for the center's desk, and for what falls to it because nobody holds it: who is told by night must be able to act. The lead dispatches; without a lead whoever is there does.
    private List<RoleAt> DutySeatsOf(string person)
    {
        var seats = new List<RoleAt>();
        foreach (var place in _onDuty.Keys.Where(place => place.Level == AreaLevel.Town))
        {
            var on = OnDutyAt(place);
            foreach (var own in on.Where(one => one.Person == person))
            {
                seats.Add(new RoleAt(Role.CenterOperator, place, Acting: true, For: own.For));
                if (own.Role == DutyRole.Lead || on.All(one => one.Role != DutyRole.Lead))
                    seats.Add(new RoleAt(Role.Dispatcher, place, Acting: true, For: own.For));
                seats.AddRange(_fallen.Value.ToDesk[place].Select(seat => seat with { For = own.For }));
            }
        }

        return seats;
    }

    // Whoever is told for a seat because nobody holds it may act from it: else what is told of a vacancy would lie with people who cannot do anything about it.
    private (ILookup<string, RoleAt> ToPeople, ILookup<AreaCode, RoleAt> ToDesk) VacantSeats()
    {
        var seats = new List<RoleAt>();
        foreach (var area in Areas.Select(area => area.Code))
        {
            seats.AddRange(area.Level switch
            {
                AreaLevel.Town =>
                [
                    new RoleAt(Role.CenterOperator, area), new RoleAt(Role.Dispatcher, area), new RoleAt(Role.TownLeader, area),
                    .. Enum.GetValues<Sector>().Select(sector => new RoleAt(Role.SectorLead, area, sector)),
                ],
                AreaLevel.Village => [new RoleAt(Role.VillageSecretary, area)],
                AreaLevel.Grid => [new RoleAt(Role.GridWorker, area)],
                // For a grid without a worker it is the head of each yard who goes there.
                AreaLevel.Yard => [new RoleAt(Role.YardHead, area), new RoleAt(Role.GridWorker, area)],
                _ => (RoleAt[])[],
            });
        }

        seats.AddRange(Posts.Select(post => new RoleAt(Role.PostHandler, post.Town, post.Sector, post.Code)));
        if (_district is { } district)
        {
            seats.AddRange(Departments.Select(department => new RoleAt(Role.Department, district, Department: department.Code)));
            seats.AddRange([new RoleAt(Role.DistrictLeader, district), new RoleAt(Role.DistrictSecretary, district)]);
            // Where leaders are in charge of sectors, one that none of them has is vacant by itself.
            if (Seated(Role.DistrictLeader, district, null, null, null).Count > 0)
                seats.AddRange(Enum.GetValues<Sector>().Select(sector => new RoleAt(Role.DistrictLeader, district, sector)));
        }

        var fallen = (from seat in seats
                      from told in WhoIsToldFor(seat.Role, seat.Place, seat.Sector, seat.Post, seat.Department)
                      where told.Reason == RecipientReason.VacancyAbove
                      select (told, Seat: seat with { Acting = true })).ToList();
        // What is of a village and goes up beyond it goes up by the town's desk, whoever sits there.
        return (
            fallen.ToLookup(row => row.told.Person, row => row.Seat, StringComparer.Ordinal),
            fallen.Where(row => IsOfVillage(row.Seat.Role) && !IsOfVillage(row.told.Role)).Select(row => row.Seat).Distinct().ToLookup(seat => seat.Place.At(AreaLevel.Town)!.Value));
    }

    private static bool IsOfVillage(Role role) => role is Role.VillageSecretary or Role.YardHead or Role.GridWorker;

    private IEnumerable<RoleAt> Succeeded(IEnumerable<RoleAt> seats) =>
        Successions.Count == 0 ? [] : seats.SelectMany(seat => Successions.Select(succession => Succeeding(seat, succession)).OfType<RoleAt>());

    private static RoleAt? Succeeding(RoleAt seat, Succession succession) => succession.Successor.Kind switch
    {
        UnitKind.Post => seat.Role == Role.PostHandler && seat.Place == succession.Town && seat.Post == succession.Successor.Code ? seat with { Post = succession.Ended.Code } : null,
        UnitKind.Department => seat.Role == Role.Department && seat.Department == succession.Successor.Code ? seat with { Department = succession.Ended.Code } : null,
        _ => seat.Role == succession.Successor.Role && seat.Place == succession.Successor.Area ? seat with { Place = succession.Ended.Area!.Value } : null,
    };

    /// <summary>The first grid, by code, whose border holds the point, the border itself included; null outside the district's grids.</summary>
    public AreaCode? GridAt(GeoPoint point)
    {
        foreach (var (border, box) in _boxes.Value)
        {
            if (box.Holds(point) && border.Holds(point))
                return border.Grid;
        }

        return null;
    }

    /// <summary>
    /// Who is to be told for a seat. Holders of the seat; when it is vacant, who acts in it; when nobody does, for the center's desk whoever is on duty; when nobody is, the seat above:
    /// grid worker → yard head → village secretary → center operator → dispatcher → town leader, post handler → sector lead → town leader →
    /// district supervisor ← department, leader in charge, main leader. For these never empty as long as the district has one supervisor, which the reader checks; other
    /// vacant seats have none above and give nobody.
    /// </summary>
    /// <param name="place">The town (or, for the district supervisor, any area of the district).</param>
    /// <param name="sector">For sector leads, and for leaders in charge, of whom those without a sector have all; for post handlers it is taken from the post when left out.</param>
    /// <param name="department">For people of a department; without it those of any.</param>
    public IReadOnlyList<Recipient> WhoIsToldFor(Role role, AreaCode place, Sector? sector = null, string? post = null, string? department = null)
    {
        // Without the post's sector a vacant post would pass over its sector lead.
        if (sector is null && post is not null && place.At(AreaLevel.Town) is { } town)
            sector = SectorOfPost(town, post);

        var above = false;
        for (Role? seat = role; seat is not null; seat = SeatAbove(seat.Value), above = true)
        {
            var seated = Seated(seat.Value, place, sector, post, department);
            var holders = seated.Where(held => !held.Seat.Acting).ToList();
            var chosen = holders.Count > 0 ? holders : seated;
            if (chosen.Count == 0)
            {
                // A desk that is run by its roster alone is not vacant.
                if (place.At(AreaLevel.Town) is { } at && OnDutyFor(seat.Value, at) is { Count: > 0 } onDuty)
                    return [.. onDuty.Select(on => new Recipient(on.Person, seat.Value, RecipientReason.OnDuty))];
                continue;
            }

            return
            [
                .. chosen.Select(held => new Recipient(
                    held.Person.Id,
                    seat.Value,
                    above ? RecipientReason.VacancyAbove : held.Seat.Acting ? RecipientReason.Acting : RecipientReason.Holder)).Distinct(),
            ];
        }

        return [];
    }

    // Of a post that ended its successor's, or the one that it was in.
    private Sector? SectorOfPost(AreaCode town, string code) =>
        FindPost(town, code)?.Sector
        ?? (SuccessorOf(Unit.OfPost(code), town) is { } next ? FindPost(town, next.Code)?.Sector : null)
        ?? Former.Posts.Select(ended => ended.Post).FirstOrDefault(ended => ended.Town == town && ended.Code == code)?.Sector;

    private List<(Person Person, RoleAt Seat)> Seated(Role role, AreaCode place, Sector? sector, string? post, string? department)
    {
        if (role == Role.PostHandler && post is not null && SuccessorOf(Unit.OfPost(post), place.At(AreaLevel.Town)) is { } next)
            post = next.Code;
        if (role == Role.Department && department is not null && SuccessorOf(Unit.OfDepartment(department), null) is { } other)
            department = other.Code;
        return
        [
            .. PlacesAround(place).SelectMany(around => _held[(role, around)])
                .Where(held => (role is not Role.SectorLead || held.Seat.Sector == sector)
                    && (role is not Role.DistrictLeader || sector is null || held.Seat.Sector is null || held.Seat.Sector == sector)
                    && (role is not Role.PostHandler || held.Seat.Post == post)
                    && (role is not Role.Department || department is null || held.Seat.Department == department))
                .OrderBy(held => held.Person.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>From a place upwards, each with the area that goes on with it where it ended: somebody may hold a seat for more than one area, by its parent's place.</summary>
    public IEnumerable<AreaCode> PlacesAround(AreaCode place)
    {
        for (AreaCode? at = place; at is { } area; at = area.Parent)
        {
            yield return area;
            if (Successions.Count > 0 && SuccessorOf(area) is { } successor)
                yield return successor;
        }
    }

    /// <summary>The seat to which what nobody holds goes up; null at the top.</summary>
    public static Role? SeatAbove(Role role) => role switch
    {
        Role.CenterOperator => Role.Dispatcher,
        Role.Dispatcher => Role.TownLeader,
        Role.PostHandler => Role.SectorLead,
        Role.SectorLead => Role.TownLeader,
        Role.TownLeader => Role.DistrictSupervisor,
        Role.Department => Role.DistrictSupervisor,
        Role.DistrictLeader => Role.DistrictSupervisor,
        Role.DistrictSecretary => Role.DistrictSupervisor,
        Role.GridWorker => Role.YardHead,
        Role.YardHead => Role.VillageSecretary,
        Role.VillageSecretary => Role.CenterOperator,
        _ => null,
    };
}
