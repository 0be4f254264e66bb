using System.Globalization;
using System.Text.Json;
using CommandCenter.Domain.Formats;

namespace CommandCenter.Domain.Organization;

/// <summary>What a line of a preview speaks of, in the order in which previews list them.</summary>
public enum OrganizationSubject
{
    /// <summary>辖区</summary>
    District,

    /// <summary>区划</summary>
    Area,

    /// <summary>网格边界</summary>
    Border,

    /// <summary>岗</summary>
    Post,

    /// <summary>部门</summary>
    Department,

    /// <summary>人员</summary>
    Person,

    /// <summary>任职</summary>
    Appointment,

    /// <summary>事项</summary>
    Category,

    /// <summary>承接</summary>
    Succession,

    /// <summary>“一件事”</summary>
    OneMatter,

    /// <summary>点位</summary>
    Spot,
}

/// <summary>What an import does to a thing.</summary>
public enum OrganizationChangeKind
{
    Added,
    Changed,
    Ended,
}

/// <summary>One line of a preview.</summary>
/// <param name="Key">The code, or in short what it is.</param>
/// <param name="Name">Its Chinese name.</param>
/// <param name="Detail">What exactly, where the key does not say it: <c>households 20 → 22</c>.</param>
public sealed record OrganizationChange(OrganizationSubject Subject, OrganizationChangeKind Kind, string Key, string Name, string? Detail = null);

/// <summary>What an import would append, and the same in words for people.</summary>
public sealed record OrganizationDifference(IReadOnlyList<OrganizationEvent> Events, IReadOnlyList<OrganizationChange> Changes)
{
    public bool IsEmpty => Events.Count == 0;
}

/// <summary>Work that is open, as far as a change of the organization concerns it.</summary>
/// <param name="Subject">A stream's key: <c>case:…</c>, <c>task:…</c>, <c>whistle:…</c>.</param>
/// <param name="Label">What people call it: a case's number.</param>
/// <param name="Area">Where it is.</param>
/// <param name="Unit">Who has it; null when nobody was given it yet.</param>
/// <param name="Person">Who answers for it by name: the claimer of a case, the lead of a matter of the committee, the owner of a review's measure.</param>
public sealed record OpenWork(string Subject, string Label, AreaCode Area, Unit? Unit = null, string? Person = null);

/// <summary>Open work that an import would leave with nobody.</summary>
/// <param name="Ended">The unit or area that ends without a successor: <c>post:ecology</c>, <c>500153003001001</c>.</param>
public sealed record Stranding(string Ended, string Name, IReadOnlyList<OpenWork> Work);

/// <summary>Open work of somebody who leaves, which somebody else has to take on.</summary>
public sealed record LeftBehind(string Person, string Name, IReadOnlyList<OpenWork> Work);

/// <summary>A person who would come under the id of somebody else who left.</summary>
/// <param name="Former">The name of who left.</param>
/// <param name="Now">The name of who comes.</param>
public sealed record ReusedId(string Id, string Former, string Now);

/// <summary>Imports of an organization as a difference. Pure.</summary>
public static class OrganizationImport
{
    /// <summary>What an event of an import may weigh, in bytes of JSON: half of what the log takes, because one large border more may come on top.</summary>
    public const int MostBytes = 512 * 1024;

    /// <summary>The events after which the organization is as it was read, from a day on; none when it is so already.</summary>
    /// <param name="on">The first day on which it is so; what was planned for later days is overruled. Null: on all days, for the first import of all.</param>
    public static OrganizationDifference Difference(OrganizationHistory history, OrganizationContent read, DateOnly? on)
    {
        var work = new Work(OrganizationHistory.Day(on));
        var areas = read.Areas.ToDictionary(area => area.Code);
        var people = read.People.ToDictionary(person => person.Id, StringComparer.Ordinal);
        List<OrganizationEvent> events = [];
        var described = new OrganizationDescribed(read.District, read.TimeZone);
        if (described != history.Described)
        {
            events.Add(described);
            work.Say(OrganizationSubject.District, history.Described is null ? OrganizationChangeKind.Added : OrganizationChangeKind.Changed, read.District.Value, read.TimeZone);
        }

        foreach (var (set, ended) in work.Compare(OrganizationSubject.Area, history.Areas, read.Areas, area => area.Code, area => (area.Code.Value, area.Name), Details))
            events.Add(new AreasChanged(set, ended, on));
        foreach (var (set, ended) in work.Compare(OrganizationSubject.Border, history.Borders, read.Borders, border => border.Grid, border => (border.Grid.Value, NameOf(border.Grid))))
            events.Add(new BordersRedrawn(set, ended, on));
        foreach (var (set, ended) in work.Compare(OrganizationSubject.Post, history.Posts, read.Posts, OrganizationHistory.KeyOf, post => ($"{post.Town}/{post.Code}", post.Name), Details))
            events.Add(new PostsChanged(set, ended, on));
        foreach (var (set, ended) in work.Compare(OrganizationSubject.Department, history.Departments, read.Departments, department => department.Code, department => (department.Code, department.Name), Details))
            events.Add(new DepartmentsChanged(set, ended, on));
        foreach (var (set, ended) in work.Compare(OrganizationSubject.Person, history.People, read.People, person => person.Id, person => (person.Id, person.Name), Details))
            events.Add(new PeopleChanged(set, ended, on));
        foreach (var (set, ended) in work.Compare(OrganizationSubject.Appointment, history.Appointments, read.Appointments, made => made, made => (made.Person, NameOfPerson(made.Person)), newDetail: Words))
            events.Add(new AppointmentsChanged(set, ended, on));
        foreach (var (set, ended) in work.Compare(OrganizationSubject.Category, history.Categories, read.Categories, category => category.Code, category => (category.Code, category.Name), Details))
            events.Add(new CategoriesChanged(set, ended, on));
        foreach (var (set, ended) in work.Compare(OrganizationSubject.Succession, history.Successions, read.Successions, OrganizationHistory.KeyOf, s => (s.Ended.ToString(), s.Successor.ToString())))
            events.Add(new SuccessorsNamed(set, ended, on));
        foreach (var (set, ended) in work.Compare(OrganizationSubject.OneMatter, history.OneMatters, read.OneMatters, matter => matter.Code, matter => (matter.Code, matter.Name), Details))
            events.Add(new OneMattersChanged(set, ended, on));
        foreach (var (set, ended) in work.Compare(OrganizationSubject.Spot, history.Spots, read.Spots, spot => spot.Code, spot => (spot.Code, spot.Name), Details))
            events.Add(new SpotsChanged(set, ended, on));
        return new OrganizationDifference(events, work.Changes);

        string NameOf(AreaCode code) => areas.GetValueOrDefault(code)?.Name ?? history.Areas.On(work.Day, code)?.Name ?? "";

        string NameOfPerson(string id) => people.GetValueOrDefault(id)?.Name ?? history.People.On(work.Day, id)?.Name ?? "";
    }

    /// <summary>
    /// The open work that would be left with nobody: what it lies with, or where it is, is there before, itself or by its successor, and afterwards neither is. What was stranded before
    /// does not stand in the way. A yard may always go: its work goes on with its grid.
    /// </summary>
    public static IReadOnlyList<Stranding> Strandings(OrganizationDirectory before, OrganizationDirectory after, IEnumerable<OpenWork> open)
    {
        var stranded = new Dictionary<(string Ended, string Name), List<OpenWork>>();
        foreach (var work in open)
        {
            if (Ended(work) is not { } ended)
                continue;
            if (!stranded.TryGetValue(ended, out var list))
                stranded.Add(ended, list = []);
            list.Add(work);
        }

        return [.. stranded.OrderBy(entry => entry.Key.Ended, StringComparer.Ordinal).Select(entry => new Stranding(entry.Key.Ended, entry.Key.Name, entry.Value))];

        (string Ended, string Name)? Ended(OpenWork work)
        {
            var town = work.Area.At(AreaLevel.Town);
            if (work.Unit is { } unit && (before.NameOf(unit, town) ?? before.SuccessorOf(unit, town)?.ToString()) is { } name && after.NameOf(unit, town) is null && after.SuccessorOf(unit, town) is null)
                return (unit.Kind == UnitKind.Post ? $"{unit} ({town})" : unit.ToString(), name);

            List<AreaCode> around = [.. new[] { AreaLevel.Town, AreaLevel.Village, AreaLevel.Grid }.Select(level => work.Area.At(level)).OfType<AreaCode>()];
            // The widest area that goes: what lies inside goes with it, unless something nearer goes on.
            var gone = around.FindIndex(area => (before.FindArea(area) is not null || before.SuccessorOf(area) is not null) && after.FindArea(area) is null);
            return gone < 0 || around.Skip(gone).Any(area => after.SuccessorOf(area) is not null)
                ? null
                : (around[gone].Value, before.KnownArea(around[gone])?.Name ?? "");
        }
    }

    /// <summary>
    /// The open work of people who hold a seat before and none afterwards. It stands in nobody's way, because people leave: of cases whoever is next is told, leads and measures are given to others.
    /// </summary>
    public static IReadOnlyList<LeftBehind> WorkOfWhoLeaves(OrganizationDirectory before, OrganizationDirectory after, IEnumerable<OpenWork> open) =>
    [
        .. from work in open
           where work.Person is not null
           group work by work.Person into theirs
           where before.FindPerson(theirs.Key!) is { Roles.Count: > 0 } && after.FindPerson(theirs.Key!) is not { Roles.Count: > 0 }
           orderby theirs.Key
           select new LeftBehind(theirs.Key!, before.FindPerson(theirs.Key!)!.Name, [.. theirs]),
    ];

    /// <summary>The first day from a day on that has no supervisor of the district, with whom every escalation ends; null when there always is one.</summary>
    public static DateOnly? FirstDayWithoutSupervisor(OrganizationHistory history, DateOnly from)
    {
        List<Appointment> made = [.. history.Appointments.Keys.Where(made => made.Seat.Role == Role.DistrictSupervisor)];
        var changes = made.SelectMany(one => history.Appointments.DaysOf(one).Concat(history.People.DaysOf(one.Person)).Concat(
            new[] { one.From, one.To < DateOnly.MaxValue ? one.To.Value.AddDays(1) : null }.OfType<DateOnly>()));
        return changes.Where(day => day > from).Append(from).Distinct().Order().Cast<DateOnly?>().FirstOrDefault(
            day => !made.Exists(one => one.HoldsOn(day!.Value) && history.Appointments.On(day.Value, one) is not null && history.People.On(day.Value, one.Person) is not null));
    }

    /// <summary>
    /// People who come under the id of somebody else who left. The id keeps that person's inbox and acts, so it is nobody else's ever; who comes back does so under the old name.
    /// </summary>
    /// <param name="day">The first day on which it is so.</param>
    public static IReadOnlyList<ReusedId> ReusedIds(OrganizationHistory history, OrganizationContent read, DateOnly day) =>
    [
        .. from person in read.People
           where history.People.On(day, person.Id) is null
           let former = history.PersonOn(day, person.Id)
           where former is not null && former.Name != person.Name
           select new ReusedId(person.Id, former.Name, person.Name),
    ];

    private static string Words(Appointment made)
    {
        var seat = made.Seat;
        var words = $"{JsonNamingPolicy.SnakeCaseLower.ConvertName(seat.Role.ToString())} {seat.Place}";
        if (seat.Post is { } post)
            words += $" {post}";
        else if (seat.Sector is { } sector)
            words += $" {JsonNamingPolicy.SnakeCaseLower.ConvertName(sector.ToString())}";
        if (seat.Department is { } department)
            words += $" {department}";
        if (seat.Acting)
            words += ", acting";
        if (made.From is { } from)
            words += string.Create(CultureInfo.InvariantCulture, $", from {from:yyyy-MM-dd}");
        if (made.To is { } to)
            words += string.Create(CultureInfo.InvariantCulture, $", to {to:yyyy-MM-dd}");
        return words;
    }

    private static string? Details<T>(T before, T after)
    {
        using var old = JsonSerializer.SerializeToDocument(before, DomainJson.Options);
        using var @new = JsonSerializer.SerializeToDocument(after, DomainJson.Options);
        var names = old.RootElement.EnumerateObject().Concat(@new.RootElement.EnumerateObject()).Select(member => member.Name).Distinct();
        return string.Join("; ", from name in names
                                 let was = Text(old.RootElement, name)
                                 let @is = Text(@new.RootElement, name)
                                 where was != @is
                                 select $"{JsonNamingPolicy.SnakeCaseLower.ConvertName(name)} {was} → {@is}");
    }

    private static string Text(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) ? "–" : value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private sealed class Work(DateOnly day)
    {
        private const int ManySmall = 1000;

        // What the two names of a person gain at most when they are sealed (ADR 0003), beside their own letters.
        private const int SealsOfPerson = 300;

        private readonly List<OrganizationChange> _changes = [];

        public DateOnly Day => day;

        public IReadOnlyList<OrganizationChange> Changes => _changes;

        public void Say(OrganizationSubject subject, OrganizationChangeKind kind, string key, string name, string? detail = null) => _changes.Add(new(subject, kind, key, name, detail));

        /// <summary>What has to be said so that this day and all later ones are as read, in parts that are small enough for an event each.</summary>
        public IReadOnlyList<(IReadOnlyList<T> Set, IReadOnlyList<TKey> Ended)> Compare<TKey, T>(
            OrganizationSubject subject, Dated<TKey, T> dated, IEnumerable<T> read, Func<T, TKey> keyOf, Func<T, (string Key, string Name)> words, Func<T, T, string?>? changed = null, Func<T, string>? newDetail = null)
            where TKey : notnull
            where T : class
        {
            List<T> set = [];
            List<TKey> ended = [];
            HashSet<TKey> seen = [];
            foreach (var value in read)
            {
                var key = keyOf(value);
                seen.Add(key);
                var before = dated.On(day, key);
                var same = before is not null && JsonSerializer.Serialize(before, DomainJson.Options) == JsonSerializer.Serialize(value, DomainJson.Options);
                if (same && !dated.IsPlanned(day, key))
                    continue;
                set.Add(value);
                var (code, name) = words(value);
                Say(subject, before is null ? OrganizationChangeKind.Added : OrganizationChangeKind.Changed, code, name,
                    same ? "what was planned for later is dropped" : before is null ? newDetail?.Invoke(value) : changed?.Invoke(before, value));
            }

            foreach (var key in dated.Keys.Where(key => !seen.Contains(key)))
            {
                var before = dated.On(day, key);
                if (before is null && !dated.IsPlanned(day, key))
                    continue;
                ended.Add(key);
                if (before is not null)
                {
                    var (code, name) = words(before);
                    Say(subject, OrganizationChangeKind.Ended, code, name, newDetail?.Invoke(before));
                }
                else
                {
                    Say(subject, OrganizationChangeKind.Ended, $"{key}", "", "what was planned for later is dropped");
                }
            }

            List<(IReadOnlyList<T> Set, IReadOnlyList<TKey> Ended)> parts = [.. Parts(set).Select(part => ((IReadOnlyList<T>)part, (IReadOnlyList<TKey>)[]))];
            foreach (var part in Parts(ended))
            {
                // Most imports are small, and say what came and what ended in one event.
                if (parts.Count == 1 && set.Count + ended.Count < ManySmall)
                    parts[0] = (set, part);
                else
                    parts.Add(([], part));
            }

            return parts;
        }

        private static IEnumerable<List<T>> Parts<T>(List<T> all)
        {
            var part = new List<T>();
            var bytes = 0;
            foreach (var one in all)
            {
                var weight = JsonSerializer.SerializeToUtf8Bytes(one, DomainJson.Options).Length + 1;
                if (one is PersonName)
                    weight += SealsOfPerson;
                if (part.Count > 0 && bytes + weight > MostBytes)
                {
                    yield return part;
                    (part, bytes) = ([], 0);
                }

                part.Add(one);
                bytes += weight;
            }

            if (part.Count > 0)
                yield return part;
        }
    }
}
