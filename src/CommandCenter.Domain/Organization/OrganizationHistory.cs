using System.Collections.Immutable;

namespace CommandCenter.Domain.Organization;

/// <summary>
/// The organization of all days, as a fold of its stream: what held then, what holds now, and what is planned. Immutable; asked for a day it gives the directory that decisions ask.
/// </summary>
public sealed class OrganizationHistory
{
    private static readonly TimeZoneInfo Unsaid = TimeZoneInfo.Utc;

    private readonly Lazy<ImmutableSortedSet<DateOnly>> _days;

    // Between two days on which something changes there is one directory. A whole district's is large, and any day may be asked for, so only the last few are kept.
    private const int MostDirectories = 8;
    private ImmutableList<(DateOnly Since, Lazy<OrganizationDirectory> Directory)> _directories = [];

    private OrganizationHistory() => _days = new(ChangeDays);

    public static OrganizationHistory None { get; } = new();

    /// <summary>Null before anything was said.</summary>
    public OrganizationDescribed? Described { get; private init; }

    public TimeZoneInfo TimeZone { get; private init; } = Unsaid;

    internal Dated<AreaCode, Area> Areas { get; private init; } = Dated<AreaCode, Area>.None;
    internal Dated<AreaCode, GridBorder> Borders { get; private init; } = Dated<AreaCode, GridBorder>.None;
    internal Dated<PostKey, Post> Posts { get; private init; } = Dated<PostKey, Post>.None;
    internal Dated<string, Department> Departments { get; private init; } = Dated<string, Department>.None;
    internal Dated<string, PersonName> People { get; private init; } = Dated<string, PersonName>.None;
    internal Dated<Appointment, Appointment> Appointments { get; private init; } = Dated<Appointment, Appointment>.None;
    internal Dated<string, Category> Categories { get; private init; } = Dated<string, Category>.None;
    internal Dated<EndedUnit, Succession> Successions { get; private init; } = Dated<EndedUnit, Succession>.None;
    internal Dated<string, OneMatter> OneMatters { get; private init; } = Dated<string, OneMatter>.None;
    internal Dated<string, Spot> Spots { get; private init; } = Dated<string, Spot>.None;

    /// <summary>Who is, was and will be absent, by the numbers of the absences; those that were called off are gone.</summary>
    public ImmutableSortedDictionary<int, Absence> Absences { get; private init; } = ImmutableSortedDictionary<int, Absence>.Empty;

    public int LastAbsence { get; private init; }

    public static OrganizationHistory Fold(IEnumerable<Fact<OrganizationEvent>> facts) => facts.Aggregate(None, (history, fact) => history.Apply(fact.Event));

    public OrganizationHistory With(IEnumerable<OrganizationEvent> events) => events.Aggregate(this, (history, e) => history.Apply(e));

    /// <summary>The history with one more event.</summary>
    /// <exception cref="TimeZoneNotFoundException">The machine does not know the district's time zone.</exception>
    public OrganizationHistory Apply(OrganizationEvent happened) => happened switch
    {
        OrganizationDescribed e => Copy(described: e),
        AreasChanged e => Copy(areas: Areas.Set(Day(e.On), Entries(e.Set, area => area.Code, e.Ended))),
        BordersRedrawn e => Copy(borders: Borders.Set(Day(e.On), Entries(e.Set, border => border.Grid, e.Ended))),
        PostsChanged e => Copy(posts: Posts.Set(Day(e.On), Entries(e.Set, KeyOf, e.Ended))),
        DepartmentsChanged e => Copy(departments: Departments.Set(Day(e.On), Entries(e.Set, department => department.Code, e.Ended))),
        PeopleChanged e => Copy(people: People.Set(Day(e.On), Entries(e.Set, person => person.Id, e.Ended))),
        AppointmentsChanged e => Copy(appointments: Appointments.Set(Day(e.On), Entries(e.Made, made => made, e.Ended))),
        CategoriesChanged e => Copy(categories: Categories.Set(Day(e.On), Entries(e.Set, category => category.Code, e.Ended))),
        SuccessorsNamed e => Copy(successions: Successions.Set(Day(e.On), Entries(e.Set, KeyOf, e.Dropped))),
        AbsenceRecorded e => Copy(absences: Absences.SetItem(e.Number, new Absence(e.Number, e.Person, e.From, e.To, e.Substitute)), lastAbsence: Math.Max(LastAbsence, e.Number)),
        AbsenceEnded e => Copy(absences: Absences.TryGetValue(e.Number, out var absence) && e.LastDay >= absence.From
            ? Absences.SetItem(e.Number, absence with { To = e.LastDay })
            : Absences.Remove(e.Number)),
        OneMattersChanged e => Copy(oneMatters: OneMatters.Set(Day(e.On), Entries(e.Set, matter => matter.Code, e.Ended))),
        SpotsChanged e => Copy(spots: Spots.Set(Day(e.On), Entries(e.Set, spot => spot.Code, e.Ended))),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is no event of an organization."),
    };

    /// <summary>All areas that are, were or will be.</summary>
    public IReadOnlyList<AreaCode> KnownAreas => Areas.Keys;

    /// <summary>The day of an instant, in the district's time zone.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, TimeZone).DateTime);

    public OrganizationDirectory At(DateTimeOffset instant) => On(DayOf(instant));

    /// <summary>The organization as it stands, stood or will stand on a day.</summary>
    /// <exception cref="InvalidOperationException">Nothing was said of the organization yet.</exception>
    public OrganizationDirectory On(DateOnly day)
    {
        var since = SinceWhen(day);
        if (Kept() is { } kept)
            return kept.Value;
        // Lazy, so that it is built once although everybody asks for it in the moment after a change.
        var made = new Lazy<OrganizationDirectory>(() => DirectoryOn(since));
        ImmutableInterlocked.Update(ref _directories, directories => directories.Exists(known => known.Since == since) ? directories
            : directories.Count < MostDirectories ? directories.Add((since, made)) : directories.RemoveAt(0).Add((since, made)));
        return (Kept() ?? made).Value;

        Lazy<OrganizationDirectory>? Kept() => _directories.Find(known => known.Since == since).Directory;
    }

    /// <summary>A category as it stood on the day of an instant or, where it had ended, at its last; null for one that never was by then.</summary>
    public Category? CategoryAt(DateTimeOffset instant, string code) => Categories.LastBy(DayOf(instant), code);

    /// <summary>A spot as it was on the day of an instant or, where it had ended, at its last, also one that came later; null for one that never was.</summary>
    public Spot? SpotAt(DateTimeOffset instant, string code) => Spots.LastBy(DayOf(instant), code) ?? Spots.LastSaid(code);

    /// <summary>Somebody's names as they were on the day of an instant, also of who had left by then or came later; null for who was never here.</summary>
    public PersonName? PersonAt(DateTimeOffset instant, string id) => PersonOn(DayOf(instant), id);

    /// <summary>As <see cref="PersonAt"/>, by the day.</summary>
    public PersonName? PersonOn(DateOnly day, string id) => People.LastBy(day, id) ?? People.LastSaid(id);

    internal static PostKey KeyOf(Post post) => new(post.Town, post.Code);

    internal static EndedUnit KeyOf(Succession succession) => new(succession.Ended, succession.Town);

    internal static DateOnly Day(DateOnly? on) => on ?? DateOnly.MinValue;

    private static IEnumerable<(TKey, T?)> Entries<TKey, T>(IEnumerable<T> set, Func<T, TKey> key, IEnumerable<TKey> ended)
        where T : class =>
        set.Select(value => (key(value), (T?)value)).Concat(ended.Select(gone => (gone, (T?)null)));

    private OrganizationHistory Copy(
        OrganizationDescribed? described = null, Dated<AreaCode, Area>? areas = null, Dated<AreaCode, GridBorder>? borders = null, Dated<PostKey, Post>? posts = null,
        Dated<string, Department>? departments = null, Dated<string, PersonName>? people = null, Dated<Appointment, Appointment>? appointments = null,
        Dated<string, Category>? categories = null, Dated<EndedUnit, Succession>? successions = null, Dated<string, OneMatter>? oneMatters = null, Dated<string, Spot>? spots = null,
        ImmutableSortedDictionary<int, Absence>? absences = null, int? lastAbsence = null) => new()
        {
            Described = described ?? Described,
            TimeZone = described is null ? TimeZone : TimeZoneInfo.FindSystemTimeZoneById(described.TimeZone),
            Areas = areas ?? Areas,
            Borders = borders ?? Borders,
            Posts = posts ?? Posts,
            Departments = departments ?? Departments,
            People = people ?? People,
            Appointments = appointments ?? Appointments,
            Categories = categories ?? Categories,
            Successions = successions ?? Successions,
            OneMatters = oneMatters ?? OneMatters,
            Spots = spots ?? Spots,
            Absences = absences ?? Absences,
            LastAbsence = lastAbsence ?? LastAbsence,
        };

    private DateOnly SinceWhen(DateOnly day)
    {
        var days = _days.Value;
        var at = days.IndexOf(day);
        return at >= 0 ? day : ~at > 0 ? days[~at - 1] : DateOnly.MinValue;
    }

    private ImmutableSortedSet<DateOnly> ChangeDays() =>
    [
        .. Areas.Days, .. Borders.Days, .. Posts.Days, .. Departments.Days, .. People.Days, .. Appointments.Days, .. Categories.Days, .. Successions.Days, .. OneMatters.Days, .. Spots.Days,
        .. Absences.Values.Select(absence => absence.From), .. Absences.Values.Select(absence => absence.To.AddDays(1)),
        .. Appointments.Keys.Select(made => made.From).OfType<DateOnly>(),
        .. Appointments.Keys.Select(made => made.To).OfType<DateOnly>().Where(to => to < DateOnly.MaxValue).Select(to => to.AddDays(1)),
    ];

    private OrganizationDirectory DirectoryOn(DateOnly day)
    {
        if (Described is not { } described)
            throw new InvalidOperationException("Nothing was said of the organization yet.");

        var seats = Appointments.On(day).Where(made => made.HoldsOn(day)).ToLookup(made => made.Person, made => made.Seat, StringComparer.Ordinal);
        return new OrganizationDirectory(
            TimeZone,
            Areas.On(day),
            Posts.On(day),
            People.On(day).Select(person => new Person(person.Id, person.Name, person.NameEn, [.. seats[person.Id]])),
            Categories.On(day),
            Borders.On(day),
            Departments.On(day),
            OneMatters.On(day),
            described.District,
            new FormerOrganization(
                [.. Areas.EndedBy(day)], [.. Posts.EndedBy(day)], [.. Departments.EndedBy(day)], [.. People.EndedBy(day)], [.. Categories.EndedBy(day)], [.. Spots.EndedBy(day)]),
            [.. Successions.On(day)],
            Absences.Values.Where(absence => absence.HoldsOn(day)).DistinctBy(absence => absence.Person, StringComparer.Ordinal).ToDictionary(absence => absence.Person, absence => absence.Substitute, StringComparer.Ordinal),
            Spots.On(day));
    }
}
