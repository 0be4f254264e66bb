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
public sealed record OpenWork(string Subject, string Label, AreaCode Area, Unit? Unit = null);

/// <summary>Open work that an import would leave with nobody.</summary>
/// <param name="Ended">The unit or area that ends without a successor: <c>post:ecology</c>, <c>500153003001001</c>.</param>
public sealed record Stranding(string Ended, string Name, IReadOnlyList<OpenWork> Work);

/// <summary>Imports of an organization as a difference. Pure.</summary>
public static class OrganizationImport
{
    /// <summary>The events after which the organization is as it was read, from a day on; none when it is so already.</summary>
    /// <param name="on">The first day on which it is so; what was planned for later days is overruled. Null: on all days, for the first import of all.</param>
    public static OrganizationDifference Difference(OrganizationHistory history, OrganizationContent read, DateOnly? on)
    {
        var work = new Work(OrganizationHistory.Day(on));
        List<OrganizationEvent> events = [];
        var described = new OrganizationDescribed(read.District, read.TimeZone);
        if (described != history.Described)
        {
            events.Add(described);
            work.Say(OrganizationSubject.District, history.Described is null ? OrganizationChangeKind.Added : OrganizationChangeKind.Changed, read.District.Value, read.TimeZone);
        }

        if (work.Compare(OrganizationSubject.Area, history.Areas, read.Areas, area => area.Code, area => (area.Code.Value, area.Name), Details) is ({ } setAreas, { } endedAreas))
            events.Add(new AreasChanged(setAreas, endedAreas, on));
        if (work.Compare(OrganizationSubject.Border, history.Borders, read.Borders, border => border.Grid, border => (border.Grid.Value, NameOf(border.Grid))) is ({ } setBorders, { } endedBorders))
            events.Add(new BordersRedrawn(setBorders, endedBorders, on));
        if (work.Compare(OrganizationSubject.Post, history.Posts, read.Posts, OrganizationHistory.KeyOf, post => ($"{post.Town}/{post.Code}", post.Name), Details) is ({ } setPosts, { } endedPosts))
            events.Add(new PostsChanged(setPosts, endedPosts, on));
        if (work.Compare(OrganizationSubject.Department, history.Departments, read.Departments, department => department.Code, department => (department.Code, department.Name), Details) is ({ } setDepartments, { } endedDepartments))
            events.Add(new DepartmentsChanged(setDepartments, endedDepartments, on));
        if (work.Compare(OrganizationSubject.Person, history.People, read.People, person => person.Id, person => (person.Id, person.Name), Details) is ({ } setPeople, { } endedPeople))
            events.Add(new PeopleChanged(setPeople, endedPeople, on));
        if (work.Compare(OrganizationSubject.Appointment, history.Appointments, read.Appointments, made => made, made => (made.Person, NameOfPerson(made.Person)), newDetail: Words) is ({ } made, { } left))
            events.Add(new AppointmentsChanged(made, left, on));
        if (work.Compare(OrganizationSubject.Category, history.Categories, read.Categories, category => category.Code, category => (category.Code, category.Name), Details) is ({ } setCategories, { } endedCategories))
            events.Add(new CategoriesChanged(setCategories, endedCategories, on));
        if (work.Compare(OrganizationSubject.Succession, history.Successions, read.Successions, OrganizationHistory.KeyOf, s => (s.Ended.ToString(), s.Successor.ToString())) is ({ } named, { } dropped))
            events.Add(new SuccessorsNamed(named, dropped, on));
        if (work.Compare(OrganizationSubject.OneMatter, history.OneMatters, read.OneMatters, matter => matter.Code, matter => (matter.Code, matter.Name), Details) is ({ } setMatters, { } endedMatters))
            events.Add(new OneMattersChanged(setMatters, endedMatters, on));
        return new OrganizationDifference(events, work.Changes);

        string NameOf(AreaCode code) => read.Areas.FirstOrDefault(area => area.Code == code)?.Name ?? history.Areas.On(work.Day, code)?.Name ?? "";

        string NameOfPerson(string id) => read.People.FirstOrDefault(person => person.Id == id)?.Name ?? history.People.On(work.Day, id)?.Name ?? "";
    }

    /// <summary>
    /// The open work that would be left with nobody: what it lies with, or where it is, is there today, is there no more afterwards, and has no successor. What was stranded before
    /// does not stand in the way.
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
            if (work.Unit is { } unit && before.NameOf(unit, town) is { } name && after.NameOf(unit, town) is null && after.SuccessorOf(unit, town) is null)
                return (unit.Kind == UnitKind.Post ? $"{unit} ({town})" : unit.ToString(), name);
            // The widest area that goes: what lies inside goes with it.
            for (var level = AreaLevel.Town; level <= work.Area.Level; level += 3)
            {
                if (work.Area.At(level) is { } area && before.FindArea(area) is { } gone && after.FindArea(area) is null)
                    return after.SuccessorOf(area) is null ? (area.Value, gone.Name) : null;
            }

            return null;
        }
    }

    /// <summary>The first day from a day on that has no supervisor of the district, with whom every escalation ends; null when there always is one.</summary>
    public static DateOnly? FirstDayWithoutSupervisor(OrganizationHistory history, DateOnly from) =>
        history.ChangeDaysFrom(from).Cast<DateOnly?>().FirstOrDefault(day => !history.On(day!.Value).People.Any(person => person.Roles.Any(seat => seat.Role == Role.DistrictSupervisor)));

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
        private readonly List<OrganizationChange> _changes = [];

        public DateOnly Day => day;

        public IReadOnlyList<OrganizationChange> Changes => _changes;

        public void Say(OrganizationSubject subject, OrganizationChangeKind kind, string key, string name, string? detail = null) => _changes.Add(new(subject, kind, key, name, detail));

        /// <summary>What has to be said so that this day and all later ones are as read; null when nothing has to be.</summary>
        public (IReadOnlyList<T> Set, IReadOnlyList<TKey> Ended)? Compare<TKey, T>(
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

            return set.Count == 0 && ended.Count == 0 ? null : (set, ended);
        }
    }
}
