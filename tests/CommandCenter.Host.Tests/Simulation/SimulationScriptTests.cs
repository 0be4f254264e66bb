using System.Globalization;
using System.Text.RegularExpressions;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Deadlines;
using CommandCenter.Host.Organization;
using CommandCenter.Host.Simulation;
using Xunit.Abstractions;
using DayKind = CommandCenter.Domain.Deadlines.DayKind;

namespace CommandCenter.Host.Tests.Simulation;

public sealed partial class SimulationScriptTests(ITestOutputHelper output)
{
    private static readonly OrganizationContent Bundled = ((OrganizationReading.Complete)OrganizationFolder.Read(OrganizationFolder.DemoDistrict)).Content;
    private static readonly OrganizationContent District = SimulatedDistrict.Content(Bundled, SimulatedDistrict.MostTowns);
    private static readonly OrganizationDirectory Directory = District.On(new DateOnly(2026, 1, 1));
    private static readonly Domain.Deadlines.DayCalendar Calendar = CalendarFolder.Read(CalendarFolder.Bundled).Days;

    private readonly long _seed = Environment.GetEnvironmentVariable("TEST_SEED") is { } given ? long.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount64;

    [Fact]
    public void The_district_has_six_streets_fifteen_towns_and_five_hundred_yards_and_no_grid_overlaps_another()
    {
        var towns = District.Areas.Where(area => area.Code.Level == AreaLevel.Town).Select(area => area.Code).ToList();
        towns.Count.ShouldBe(21);
        towns.Count(town => town.Value[6] == '0').ShouldBe(6);
        towns.Sum(SimulatedDistrict.PartOf).ShouldBe(1, 0.0001);
        District.Areas.Count(area => area.Code.Level == AreaLevel.Yard).ShouldBe(500);
        District.Areas.Select(area => area.Code).ShouldBeUnique();
        District.Borders.Count.ShouldBe(District.Areas.Count(area => area.Code.Level == AreaLevel.Grid));
        foreach (var border in District.Borders)
        {
            var ring = border.Polygons[0][0];
            Directory.GridAt(new GeoPoint((int)ring.Average(p => (double)p.LatitudeE7), (int)ring.Average(p => (double)p.LongitudeE7))).ShouldBe(border.Grid);
        }
    }

    [Fact]
    public void Fewer_towns_are_the_first_of_the_same_ones()
    {
        foreach (var towns in (int[])[1, 2, 7, 20])
        {
            var fewer = SimulatedDistrict.Content(Bundled, towns);
            fewer.Areas.Count(area => area.Code.Level == AreaLevel.Town).ShouldBe(towns);
            fewer.People.ShouldBeSubsetOf(District.People);
            fewer.Areas.ShouldBeSubsetOf(District.Areas);
        }
    }

    [Fact]
    public void People_are_placeholders_by_role_and_every_seat_that_a_case_needs_is_held()
    {
        District.People.ShouldAllBe(person => Placeholder().IsMatch(person.Name));
        District.People.Select(person => person.Id).ShouldBeUnique();
        var seats = new SimulatedSeats(Directory);
        var chance = Chance.Of(_seed, "test", 0);
        foreach (var town in seats.Towns)
        {
            foreach (var role in (Role[])[Role.CenterOperator, Role.Dispatcher, Role.TownLeader, Role.Office])
                seats.At(role, town, chance).ShouldNotBeNull();
            seats.Matters[town].Count.ShouldBe(Bundled.Categories.Count);
            seats.Grids[town].ShouldAllBe(grid => seats.OnSpot(grid, null, chance) != null);
        }
    }

    [Fact]
    public void A_year_brings_as_much_as_the_known_district_had_and_nights_and_holidays_are_quiet()
    {
        output.WriteLine($"TEST_SEED={_seed}");
        var rhythm = Rhythm();
        var days = Enumerable.Range(0, 365).Select(i => new DateOnly(2026, 1, 1).AddDays(i)).ToList();
        var counts = days.ToDictionary(day => day, day => rhythm.CountOn(day, SimulatedDistrict.CasesAYear, Chance.Of(_seed, "cases", day.DayNumber)));
        counts.Values.Sum().ShouldBeInRange((int)(SimulatedDistrict.CasesAYear * 0.97), (int)(SimulatedDistrict.CasesAYear * 1.03));

        Mean(DayKind.Holiday).ShouldBeLessThan(Mean(DayKind.WorkingDay) * 0.6);
        Mean(DayKind.Weekend).ShouldBeLessThan(Mean(DayKind.WorkingDay) * 0.75);
        Average(days.Where(day => day.DayOfWeek == DayOfWeek.Monday && Calendar.IsWorkingDay(day))).ShouldBeGreaterThan(Average(days.Where(day => day.DayOfWeek == DayOfWeek.Friday && Calendar.IsWorkingDay(day))));
        days.Count(rhythm.Rains).ShouldBeInRange(60, 140);

        var day = new DateOnly(2026, 3, 4);
        var hours = Enumerable.Range(0, 4_000).Select(i => TimeZoneInfo.ConvertTime(rhythm.InstantOn(day, Chance.Of(_seed, "arrival", i)), rhythm.Zone)).ToList();
        hours.ShouldAllBe(at => DateOnly.FromDateTime(at.DateTime) == day);
        hours.Count(at => at.Hour is < 6 or >= 22).ShouldBeLessThan(hours.Count / 15);

        double Mean(DayKind kind) => Average(days.Where(day => Calendar.KindOf(day) == kind));
        double Average(IEnumerable<DateOnly> some) => some.Average(day => counts[day]);
    }

    [Fact]
    public void Every_way_that_a_case_can_go_is_drawn_and_most_go_the_plain_one()
    {
        output.WriteLine($"TEST_SEED={_seed}");
        var script = new SimulationScript(new SimulatedSeats(Directory), Rhythm(), _seed);
        var lives = Enumerable.Range(1, 6_000).Select(number => script.Life(number)).ToList();
        foreach (var fate in Enum.GetValues<CaseFate>().Where(fate => fate != CaseFate.None))
            lives.Count(life => life.Is(fate)).ShouldBeInRange(1, lives.Count / 2, fate.ToString());
        lives.Count(life => (life.Fate & ~CaseFate.Progressed) == CaseFate.None).ShouldBeGreaterThan(lives.Count / 2);
        lives.Count(life => life.Is(CaseFate.HandledLate | CaseFate.HandledVeryLate)).ShouldBeInRange(lives.Count / 40, lives.Count / 10);
    }

    [Fact]
    public void The_same_seed_draws_the_same_reports_and_another_seed_others()
    {
        output.WriteLine($"TEST_SEED={_seed}");
        var at = new DateTimeOffset(2026, 3, 4, 2, 0, 0, TimeSpan.Zero);
        var town = new SimulatedSeats(Directory).Towns[0];

        Reports(_seed).ShouldBe(Reports(_seed));
        Reports(_seed).ShouldNotBe(Reports(_seed + 1));
        Reports(_seed).ShouldAllBe(step => step!.Area!.Value.Level == AreaLevel.Grid && town.Contains(step.Area!.Value) && (step.Actor == SimulationScript.Resident || Directory.FindPerson(step.Actor) != null));

        List<SimulatedStep?> Reports(long seed)
        {
            var script = new SimulationScript(new SimulatedSeats(Directory), new SimulationRhythm(Calendar, Directory.TimeZone, seed), seed);
            return [.. Enumerable.Range(1, 50).Select(number => script.Report(number, town, at))];
        }
    }

    private SimulationRhythm Rhythm() => new(Calendar, Directory.TimeZone, _seed);

    [GeneratedRegex(@"^[\p{Lo}（）]+ [0-9-]+$")]
    private static partial Regex Placeholder();
}
