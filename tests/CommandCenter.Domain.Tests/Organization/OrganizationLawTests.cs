using System.Text.Json;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests.Organization;

/// <summary>Imports of random organizations for random days, in any order of days.</summary>
public class OrganizationLawTests
{
    private static readonly DateOnly First = new(2026, 3, 1);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void On_every_day_the_organization_is_as_the_last_import_for_that_day_or_an_earlier_one_said(int seed)
    {
        var random = new Random(seed);
        var history = OrganizationHistory.None;
        var imports = new List<(DateOnly On, OrganizationContent Content)>();
        for (var i = 0; i < 8; i++)
        {
            var content = AnOrganization(random);
            DateOnly? on = i == 0 ? null : First.AddDays(random.Next(12));
            history = history.With(OrganizationImport.Difference(history, content, on).Events);
            imports.Add((on ?? DateOnly.MinValue, content));
            var before = new HashSet<string>();
            for (var day = First.AddDays(-2); day <= First.AddDays(14); day = day.AddDays(1))
            {
                Text(history.On(day)).ShouldBe(Text(imports.Last(import => import.On <= day).Content.On(day)), $"seed {seed}, import {i}, {day:yyyy-MM-dd}");
                // What is former was there on some day before, and is not now.
                var now = history.On(day).Areas.Select(area => area.Code.Value).ToHashSet();
                history.On(day).Former.Areas.Select(former => former.Area.Code.Value).Order(StringComparer.Ordinal).ShouldBe(before.Except(now).Order(StringComparer.Ordinal), $"seed {seed}, import {i}, {day:yyyy-MM-dd}");
                before.UnionWith(now);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_same_import_again_changes_nothing(int seed)
    {
        var random = new Random(seed);
        var history = OrganizationHistory.None;
        for (var i = 0; i < 5; i++)
        {
            var content = AnOrganization(random);
            DateOnly? on = i == 0 ? null : First.AddDays(random.Next(12));
            history = history.With(OrganizationImport.Difference(history, content, on).Events);
            var again = OrganizationImport.Difference(history, content, on);
            again.Events.ShouldBeEmpty($"seed {seed}");
            again.Changes.ShouldBeEmpty($"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_preview_speaks_of_everything_that_becomes_different_on_the_day_and_of_nothing_else(int seed)
    {
        var random = new Random(seed);
        var (before, after) = (AnOrganization(random), AnOrganization(random));
        var history = OrganizationHistory.None.With(OrganizationImport.Difference(OrganizationHistory.None, before, null).Events);

        var changes = OrganizationImport.Difference(history, after, First).Changes;

        string[] Of(OrganizationChangeKind kind, OrganizationSubject subject) => [.. changes.Where(change => change.Kind == kind && change.Subject == subject).Select(change => change.Key).Order(StringComparer.Ordinal)];
        string[] Codes(OrganizationContent content) => [.. content.Areas.Select(area => area.Code.Value)];
        Of(OrganizationChangeKind.Added, OrganizationSubject.Area).ShouldBe(Codes(after).Except(Codes(before)).Order(StringComparer.Ordinal).ToArray(), false, $"seed {seed}");
        Of(OrganizationChangeKind.Ended, OrganizationSubject.Area).ShouldBe(Codes(before).Except(Codes(after)).Order(StringComparer.Ordinal).ToArray(), false, $"seed {seed}");
        Of(OrganizationChangeKind.Changed, OrganizationSubject.Area).ShouldBe(
            after.Areas.Where(area => before.Areas.Any(old => old.Code == area.Code && old != area)).Select(area => area.Code.Value).Order(StringComparer.Ordinal).ToArray(), false, $"seed {seed}");
        Of(OrganizationChangeKind.Ended, OrganizationSubject.Spot).ShouldBe(before.Spots.Select(spot => spot.Code).Except(after.Spots.Select(spot => spot.Code)).Order(StringComparer.Ordinal).ToArray(), false, $"seed {seed}");
        Of(OrganizationChangeKind.Changed, OrganizationSubject.Spot).ShouldBe(
            after.Spots.Where(spot => before.Spots.Any(old => old.Code == spot.Code && old != spot)).Select(spot => spot.Code).Order(StringComparer.Ordinal).ToArray(), false, $"seed {seed}");
        changes.Count(change => change.Subject == OrganizationSubject.Appointment && change.Kind == OrganizationChangeKind.Added).ShouldBe(after.Appointments.Except(before.Appointments).Count(), $"seed {seed}");
        changes.Count(change => change.Subject == OrganizationSubject.Appointment && change.Kind == OrganizationChangeKind.Ended).ShouldBe(before.Appointments.Except(after.Appointments).Count(), $"seed {seed}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Stored_events_fold_to_the_same_organization(int seed)
    {
        var random = new Random(seed);
        var history = OrganizationHistory.None;
        var stored = new List<OrganizationEvent>();
        for (var i = 0; i < 4; i++)
        {
            var events = OrganizationImport.Difference(history, AnOrganization(random), i == 0 ? null : First.AddDays(random.Next(12))).Events;
            history = history.With(events);
            stored.AddRange(events.Select(e => (OrganizationEvent)JsonSerializer.Deserialize(JsonSerializer.Serialize(e, e.GetType(), DomainJson.Options), e.GetType(), DomainJson.Options)!));
        }

        var read = OrganizationHistory.None.With(stored);
        for (var day = First; day <= First.AddDays(14); day = day.AddDays(1))
            Text(read.On(day)).ShouldBe(Text(history.On(day)), $"seed {seed}, {day:yyyy-MM-dd}");
    }

    /// <summary>Everything that a directory says of its day: without the order of the files, what is former, and the time zone, which has no date.</summary>
    private static string Text(OrganizationDirectory directory)
    {
        static string Of<T>(IEnumerable<T> values) => string.Join("\n", values.Select(value => JsonSerializer.Serialize(value, DomainJson.Options)).Order(StringComparer.Ordinal));
        return string.Join(
            "\n\n", Of(directory.Areas), Of(directory.Borders), Of(directory.Posts), Of(directory.Departments), Of(directory.Categories), Of(directory.Successions), Of(directory.OneMatters), Of(directory.Spots),
            Of(directory.People.Select(person => person with { Roles = [.. person.Roles.OrderBy(seat => JsonSerializer.Serialize(seat, DomainJson.Options), StringComparer.Ordinal)] })));
    }

    private static OrganizationContent AnOrganization(Random random)
    {
        var town = Town.Code;
        List<AreaCode> grids = [.. Enumerable.Range(1, 4).Where(_ => random.Next(4) > 0).Select(n => AreaCode.Parse($"500999101001{n:000}"))];
        List<Area> areas =
        [
            new(Town.District, "示例区", "Sample District", null), new(town, "示例镇", Any("Sample Town", "Sample Street"), null), new(Town.Village, "示例村", "Sample Village", null),
            .. grids.Select(grid => new Area(grid, $"网格{grid}", "Grid", null)),
            .. grids.Where(_ => random.Next(2) == 0).Select(grid => new Area(AreaCode.Parse($"{grid}001"), "小院", "Yard", random.Next(10, 14))),
        ];
        List<Post> posts = [.. new[] { "ecology", "transport", "civil-affairs" }.Where(_ => random.Next(4) > 0).Select(code => new Post(code, town, Any(Sector.Economy, Sector.Livelihood), code, code))];
        List<PersonName> people = [.. Enumerable.Range(1, 6).Where(_ => random.Next(5) > 0).Select(n => new PersonName($"p-{n}", Any("甲", "乙"), "P"))];
        List<Appointment> seats = [new("supervisor", new RoleAt(Role.DistrictSupervisor, Town.District))];
        foreach (var person in people)
        {
            var from = random.Next(3) == 0 ? First.AddDays(random.Next(8)) : (DateOnly?)null;
            var to = random.Next(3) == 0 ? (from ?? First).AddDays(random.Next(6)) : (DateOnly?)null;
            RoleAt seat = random.Next(3) switch
            {
                0 when grids.Count > 0 => new(Role.GridWorker, grids[random.Next(grids.Count)]),
                1 when posts.Count > 0 => new(Role.PostHandler, town, posts[0].Sector, posts[0].Code, Any(true, false)),
                _ => new(Role.CenterOperator, town),
            };
            seats.Add(new(person.Id, seat, from, to));
        }

        return new OrganizationContent(
            Town.District, Any("Asia/Shanghai", "Asia/Urumqi"), areas,
            [.. grids.Select(grid => new GridBorder(grid, [[[new(0, 0), new(0, random.Next(1, 3)), new(1, 1), new(0, 0)]]]))],
            posts,
            [.. new[] { "water", "ecology-bureau" }.Where(_ => random.Next(3) > 0).Select(code => new Department(code, code, code, [.. new[] { "road-damage", "sewage" }.Where(_ => Any(true, false))]))],
            [new("supervisor", "督办", "Supervisor"), .. people],
            seats,
            [new("road-damage", "道路破损", "Road damage", Sector.Economy, "ecology", Any(null, new ClosingStandard("平整", "Even", true)))],
            grids.Count > 0 && Any(true, false) ? [new(Unit.OfGrid(AreaCode.Parse("500999101001009")), Unit.OfGrid(grids[0]))] : [],
            Any(true, false) ? [new OneMatter("black-water", "黑臭水体", "Black water", [Any("water", "ecology-bureau")], [Sector.Economy])] : [],
            [.. grids.SelectMany(grid => new[] { "bin", "lamp" }.Where(_ => Any(true, false)).Select(kind => new Spot($"{kind}-{grid}", grid, kind, kind, kind, "road-damage", Unit.OfGrid(grid), Any(null, "p-1"), Any<GeoPoint?>(null, new GeoPoint(1, 2)), Any(null, new Message("已满", "Full")))))]);

        T Any<T>(T one, T other) => random.Next(2) == 0 ? one : other;
    }
}
