using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Simulation;

/// <summary>Whistles of grids, by the one way: called, routed, answered on the spot, advised on, resolved and rated; some calls are declined, answered late or found not fixed.</summary>
public sealed class SimulatedWhistles(WhistleStreams streams, StreamCommands commands, SimulationDriver driver, SimulationRefusals refusals, Identifiers identifiers)
{
    private int _count;

    /// <summary>Whistles that were blown.</summary>
    public int Count => _count;

    private sealed record Whistling(long Number, long Seed, AreaCode Area, string Whistler, SimulationScript Script, string Id = "");

    private sealed record Call(int Number, Unit Unit, Unit Other);

    internal IEnumerable<Errand> OnDay(DateOnly day, AreaCode town, double part, long seed, SimulationScript script)
    {
        var key = (day.DayNumber * 1_000L) + long.Parse(town.Value[6..], System.Globalization.CultureInfo.InvariantCulture);
        var count = script.Rhythm.CountOn(day, SimulatedDistrict.WhistlesAYear * part, Chance.Of(seed, "whistles", key));
        for (var i = 0; i < count; i++)
        {
            var chance = Chance.Of(seed, "whistle", (key * 100) + i);
            var grid = chance.Of(script.Seats.Grids[town]);
            if (script.Seats.OnSpot(grid, null, chance) is not { } whistler)
                continue;
            var matter = chance.Of(script.Seats.Matters[town]);
            var others = script.Seats.Organization.Posts.Where(post => post.Town == town && post.Code != matter.DefaultPost && script.Seats.Of(Unit.OfPost(post.Code), town, chance) is not null).ToList();
            var department = script.Seats.Organization.Departments.FirstOrDefault(one => one.Remit.Contains(matter.Code, StringComparer.Ordinal) && script.Seats.Of(Unit.OfDepartment(one.Code), town, chance) is not null);
            if (others.Count < 2)
                continue;
            // The one that a declined call goes to is called by nobody else.
            List<Call> calls = [new(1, Unit.OfPost(matter.DefaultPost), Unit.OfPost(others[0].Code))];
            if (department is not null)
                calls.Add(new Call(2, Unit.OfDepartment(department.Code), Unit.OfPost(others[1].Code)));
            yield return Blow(new Whistling((key * 100) + i, seed, grid, whistler, script), matter, calls, script.Rhythm.InstantOn(day, chance));
        }
    }

    private Errand Blow(Whistling whistle, Category matter, List<Call> calls, DateTimeOffset at)
    {
        string? id = null;
        var text = SimulationScript.TextOf(matter, Chance.Of(whistle.Seed, "blown", whistle.Number));
        return new Errand(at, $"whistle:{whistle.Number}", async token =>
        {
            var made = identifiers.New();
            if (!await GiveAsync(made, "blow", whistle.Whistler, at, new BlowWhistle(new WhistleBlown(whistle.Area, new MarkedText(text, []), [.. calls.Select(call => call.Unit)], [], [])), token))
                return;
            id = made;
            Interlocked.Increment(ref _count);
        },
        () => id is null ? [] : calls.Select(call => Route(whistle with { Id = id }, call, at)));
    }

    private Errand Route(Whistling whistle, Call call, DateTimeOffset since)
    {
        var chance = Of(whistle, "route", call);
        var at = since + TimeSpan.FromMinutes(chance.Between(2, 14));
        return Give(whistle, "route", call, Center(whistle, chance), at, new RouteCall(call.Number, null, null), () => [chance.Is(0.05) ? Decline(whistle, call, at) : Arrive(whistle, call, call.Unit, at)]);
    }

    private Errand Decline(Whistling whistle, Call call, DateTimeOffset since)
    {
        var chance = Of(whistle, "decline", call);
        var at = since + TimeSpan.FromMinutes(chance.Between(5, 25));
        var again = at + TimeSpan.FromMinutes(chance.Between(2, 14));
        return Give(whistle, "decline", call, OfUnit(whistle, call.Unit, chance), at, new DeclineCall(call.Number, Text("不属本单位职责。"), call.Other), () =>
            [Give(whistle, "route", call, Center(whistle, chance), again, new RouteCall(call.Number, call.Other, null), () => [Arrive(whistle, call, call.Other, again)])]);
    }

    private Errand Arrive(Whistling whistle, Call call, Unit unit, DateTimeOffset since)
    {
        var chance = Of(whistle, "arrive", call);
        var at = since + (chance.Is(0.08) ? TimeSpan.FromHours(chance.Between(3, 9)) : TimeSpan.FromMinutes(chance.Between(10, 28)));
        var who = OfUnit(whistle, unit, chance);
        var (point, distance) = Spot(whistle);
        return Give(whistle, "arrive", call, who, at, new ArriveAtCall(call.Number, point, distance), () => [Advise(whistle, call, who, at)]);
    }

    private Errand Advise(Whistling whistle, Call call, string? who, DateTimeOffset since)
    {
        var chance = Of(whistle, "advise", call);
        var at = since + TimeSpan.FromMinutes(chance.Between(10, 100));
        return Give(whistle, "advise", call, who, at, new AdviseOnCall(call.Number, Text("现场会商，先围挡再抢修。")), () => [Resolve(whistle, call, who, at, again: false)]);
    }

    private Errand Resolve(Whistling whistle, Call call, string? who, DateTimeOffset since, bool again)
    {
        var chance = Of(whistle, again ? "resolve-again" : "resolve", call);
        var at = whistle.Script.Rhythm.AtWork(since + TimeSpan.FromHours(chance.Between(1, 40)), chance);
        return Give(whistle, "resolve", call, who, at, new ResolveCall(call.Number, Text(again ? "已返工，处理到位。" : "已处理完毕。"), []), () => [Rate(whistle, call, who, at, !again && chance.Is(0.04))]);
    }

    private Errand Rate(Whistling whistle, Call call, string? who, DateTimeOffset since, bool notFixed)
    {
        var chance = Of(whistle, notFixed ? "rate-bad" : "rate", call);
        var at = whistle.Script.Rhythm.AtWork(since + TimeSpan.FromHours(chance.Between(0.5, 20)), chance);
        return notFixed
            ? Give(whistle, "rate", call, whistle.Whistler, at, new RateCall(call.Number, 2, FixResult.NotFixed, Text("问题仍在，请再来看。")), () => [Resolve(whistle, call, who, at, again: true)])
            : Give(whistle, "rate", call, whistle.Whistler, at, new RateCall(call.Number, 4 + chance.Below(2), FixResult.Fixed, null), () => []);
    }

    private Errand Give(Whistling whistle, string command, Call call, string? actor, DateTimeOffset at, WhistleCommand given, Func<IEnumerable<Errand>> then)
    {
        var done = false;
        return new Errand(at, $"whistle:{whistle.Number}", async token => done = actor is not null && await GiveAsync(whistle.Id, WhistleKind.OfCall(command, call.Number), actor, at, given, token), () => done ? then() : []);
    }

    private async Task<bool> GiveAsync(string id, string name, string actor, DateTimeOffset at, WhistleCommand given, CancellationToken cancellation) =>
        refusals.IsDone($"whistle {given.Name}", await commands.ExecuteAsync(streams.Kind, new WhistleWork(id, name, (_, _) => Task.FromResult(given), driver.CallersOf(actor), at, at), cancellation));

    // The middle of the grid, where its border is known.
    private static (ReportedPoint Point, int? Distance) Spot(Whistling whistle)
    {
        var borders = whistle.Script.Seats.Organization.Borders;
        if (borders.FirstOrDefault(border => border.Grid == whistle.Area) is not { } own)
            return (new ReportedPoint(0, 0, CoordinateSystem.Wgs84), null);
        var ring = own.Polygons[0][0];
        var point = new GeoPoint((int)ring.Average(corner => (double)corner.LatitudeE7), (int)ring.Average(corner => (double)corner.LongitudeE7));
        return (new ReportedPoint(point.LatitudeE7, point.LongitudeE7, CoordinateSystem.Wgs84, 10), GridDistance.Metres(borders, whistle.Area, point));
    }

    private static Chance Of(Whistling whistle, string step, Call call) => Chance.Of(whistle.Seed, step, whistle.Number, call.Number);

    private static string? Center(Whistling whistle, Chance chance) => whistle.Script.Seats.At(Role.Dispatcher, whistle.Area, chance);

    private static string? OfUnit(Whistling whistle, Unit unit, Chance chance) => whistle.Script.Seats.Of(unit, whistle.Area.At(AreaLevel.Town)!.Value, chance);

    private static MarkedText Text(string text) => new(text, []);
}
