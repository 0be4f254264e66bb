namespace CommandCenter.Domain.Organization;

/// <summary>
/// The organization as it stands: areas with their borders, posts, people and categories, with the questions that decisions ask of it.
/// Built by <see cref="OrganizationReader"/>, immutable.
/// </summary>
public sealed class OrganizationDirectory
{
    private readonly Dictionary<AreaCode, Area> _areas;
    private readonly Dictionary<(AreaCode Town, string Code), Post> _posts;
    private readonly Dictionary<string, Person> _people;
    private readonly Dictionary<string, Category> _categories;
    private readonly IReadOnlyList<GridBorder> _borders;

    public OrganizationDirectory(
        TimeZoneInfo timeZone,
        IEnumerable<Area> areas,
        IEnumerable<Post> posts,
        IEnumerable<Person> people,
        IEnumerable<Category> categories,
        IEnumerable<GridBorder> borders,
        IEnumerable<Department>? departments = null,
        IEnumerable<OneMatter>? oneMatters = null)
    {
        OneMatters = [.. oneMatters ?? []];
        Departments = [.. departments ?? []];
        TimeZone = timeZone;
        Areas = [.. areas.OrderBy(area => area.Code.Value, StringComparer.Ordinal)];
        Posts = [.. posts];
        People = [.. people.OrderBy(person => person.Id, StringComparer.Ordinal)];
        Categories = [.. categories];
        _areas = Areas.ToDictionary(area => area.Code);
        _posts = Posts.ToDictionary(post => (post.Town, post.Code));
        _people = People.ToDictionary(person => person.Id, StringComparer.Ordinal);
        _categories = Categories.ToDictionary(category => category.Code, StringComparer.Ordinal);
        _borders = [.. borders.OrderBy(border => border.Grid.Value, StringComparer.Ordinal)];
    }

    /// <summary>The district's one time zone, whatever the host's.</summary>
    public TimeZoneInfo TimeZone { get; }

    public IReadOnlyList<Area> Areas { get; }

    /// <summary>The district that all areas lie in.</summary>
    public AreaCode District => Areas[0].Code.At(AreaLevel.District)!.Value;

    public IReadOnlyList<Post> Posts { get; }

    public IReadOnlyList<Person> People { get; }

    public IReadOnlyList<Category> Categories { get; }

    public IReadOnlyList<GridBorder> Borders => _borders;

    /// <summary>The district's departments.</summary>
    public IReadOnlyList<Department> Departments { get; }

    /// <summary>The templates that call a set of departments at once (一件事).</summary>
    public IReadOnlyList<OneMatter> OneMatters { get; }

    public OneMatter? FindOneMatter(string code) => OneMatters.FirstOrDefault(matter => matter.Code == code);

    public Department? FindDepartment(string code) => Departments.FirstOrDefault(department => department.Code == code);

    public Area? FindArea(AreaCode code) => _areas.GetValueOrDefault(code);

    public Post? FindPost(AreaCode town, string code) => _posts.GetValueOrDefault((town, code));

    public Person? FindPerson(string id) => _people.GetValueOrDefault(id);

    public Category? FindCategory(string code) => _categories.GetValueOrDefault(code);

    /// <summary>The first grid, by code, whose border holds the point, the border itself included; null outside the district's grids.</summary>
    public AreaCode? GridAt(GeoPoint point)
    {
        foreach (var border in _borders)
        {
            if (border.Holds(point))
                return border.Grid;
        }

        return null;
    }

    /// <summary>
    /// Who is to be told for a seat. Holders of the seat; when it is vacant, who acts in it; when nobody does, the seat above:
    /// grid worker → yard head → village secretary → center operator → dispatcher → town leader, post handler → sector lead → town leader →
    /// district supervisor ← department. For these never empty as long as the district has one supervisor, which the reader checks; other
    /// vacant seats have none above and give nobody.
    /// </summary>
    /// <param name="place">The town (or, for the district supervisor, any area of the district).</param>
    /// <param name="sector">For sector leads; for post handlers it is taken from the post when left out.</param>
    /// <param name="department">For people of a department; without it those of any.</param>
    public IReadOnlyList<Recipient> WhoIsToldFor(Role role, AreaCode place, Sector? sector = null, string? post = null, string? department = null)
    {
        // Without the post's sector a vacant post would pass over its sector lead.
        if (sector is null && post is not null && place.At(AreaLevel.Town) is { } town)
            sector = FindPost(town, post)?.Sector;

        var above = false;
        for (Role? seat = role; seat is not null; seat = SeatAbove(seat.Value), above = true)
        {
            var seated = Seated(seat.Value, place, sector, post, department);
            var holders = seated.Where(held => !held.Seat.Acting).ToList();
            var chosen = holders.Count > 0 ? holders : seated;
            if (chosen.Count == 0)
                continue;

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

    private List<(Person Person, RoleAt Seat)> Seated(Role role, AreaCode place, Sector? sector, string? post, string? department) =>
    [
        .. from person in People
           from seat in person.Roles
           where seat.Role == role && seat.Place.Contains(place)
              && (role is not Role.SectorLead || seat.Sector == sector)
              && (role is not Role.PostHandler || seat.Post == post)
              && (role is not Role.Department || department is null || seat.Department == department)
           select (person, seat),
    ];

    /// <summary>The seat to which what nobody holds goes up; null at the top.</summary>
    public static Role? SeatAbove(Role role) => role switch
    {
        Role.CenterOperator => Role.Dispatcher,
        Role.Dispatcher => Role.TownLeader,
        Role.PostHandler => Role.SectorLead,
        Role.SectorLead => Role.TownLeader,
        Role.TownLeader => Role.DistrictSupervisor,
        Role.Department => Role.DistrictSupervisor,
        Role.GridWorker => Role.YardHead,
        Role.YardHead => Role.VillageSecretary,
        Role.VillageSecretary => Role.CenterOperator,
        _ => null,
    };
}
