using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>A grid worker whistles for a road that sank over a leaking pipe: the water department and the town's building post are called. The same wherever a test does not care.</summary>
public static class WhistleSample
{
    public const string WhistleId = "0199c2f0a0b07c0d8e0f00000000000b";

    public static Unit Water { get; } = Town.WaterUnit;
    public static Unit Building { get; } = Town.BuildingUnit;
    public static Unit River { get; } = Town.RiverUnit;
    public static By Whistler { get; } = Town.GridWorker;
    public static By Center { get; } = Town.Operator;
    public static By Officer { get; } = Town.Department;
    public static By OtherOfficer { get; } = new("water-officer-2", Role.Department, Town.District);
    public static ReportedPoint Spot { get; } = new(295912345, 1062345678, CoordinateSystem.Wgs84, 12);

    public static WhistleBlown Blown(params Unit[] units) => new(Town.Grid, Words("路面塌陷，疑似水管漏水"), units.Length == 0 ? [Water, Building] : units, [], []);

    public static WhistleUnitsCalled CalledMore(params Unit[] units) => new(units.Length == 0 ? [River] : units);

    public static WhistleCallRouted Routed(int call = 1, Unit? to = null) => new(call, to ?? Water);

    public static WhistleCallDeclined Declined(int call = 1, Unit? unit = null) => new(call, unit ?? Water, Words("不属本部门职责"));

    public static WhistleCallArrived Arrived(int call = 1, Unit? unit = null) => new(call, unit ?? Water, Spot, 0);

    public static WhistleCallAdvised Advised(int call = 1, Unit? unit = null) => new(call, unit ?? Water, Words("先关阀再开挖"));

    public static WhistleCallResolved Resolved(int call = 1, Unit? unit = null) => new(call, unit ?? Water, Words("已更换管段"), []);

    public static WhistleCallRated CallRated(int call = 1, FixResult result = FixResult.Fixed, Unit? unit = null) =>
        new(call, unit ?? Water, result == FixResult.NotFixed ? 1 : 5, result, result == FixResult.NotFixed ? Words("仍在渗水") : null);

    public static WhistleCallDropped Dropped(int call = 1) => new(call, Words("已由他人处理"));

    public static WhistleWithdrawn WithdrawnEvent() => new(Words("误报"));

    public static BlowWhistle Blow(params Unit[] units) => new(Blown(units));

    public static CallUnits CallMore(params Unit[] units) => new(units.Length == 0 ? [River] : units, null);

    public static RouteCall Route(int call = 1, Unit? to = null) => new(call, to, null);

    public static DeclineCall Decline(int call = 1, Unit? proposed = null) => new(call, Words("不属本部门职责"), proposed);

    public static ArriveAtCall Arrive(int call = 1) => new(call, Spot, 0);

    public static AdviseOnCall Advise(int call = 1) => new(call, Words("先关阀再开挖"));

    public static ResolveCall Resolve(int call = 1) => new(call, Words("已更换管段"), []);

    public static RateCall Rate(int call = 1, FixResult result = FixResult.Fixed) => new(call, result == FixResult.NotFixed ? 1 : 5, result, result == FixResult.NotFixed ? Words("仍在渗水") : null);

    public static DropCall Drop(int call = 1) => new(call, Words("已由他人处理"));

    public static WithdrawWhistle Withdraw() => new(Words("误报"));

    /// <summary>Who usually does it.</summary>
    public static By Doer(WhistleEvent happened) => happened switch
    {
        WhistleCallRouted => Center,
        WhistleCallDeclined or WhistleCallArrived or WhistleCallAdvised or WhistleCallResolved => Officer,
        _ => Whistler,
    };

    public static Fact<WhistleEvent> Fact(WhistleEvent happened, DateTimeOffset at, By? by = null) => new(happened, by ?? Doer(happened), at, at);

    /// <summary>The state after events that each had their usual doer, one an hour from the sample's Monday on.</summary>
    public static Whistle Fold(params WhistleEvent[] events) => Whistle.Fold(events.Select((happened, index) => Fact(happened, T0 + index.Hours())));

    public static WhistleFile File(Whistle state) => state.ShouldBeAssignableTo<Whistle.Known>()!.File;

    public static WhistleCall Call(Whistle state, int number = 1) => File(state).Find(number).ShouldNotBeNull();
}

/// <summary>Given what happened to a whistle, when somebody commands, then this happens or is refused.</summary>
public sealed class Whistles
{
    private readonly Whistle _state;
    private Decision<WhistleEvent>? _decision;

    private Whistles(Whistle state) => _state = state;

    public static Whistles Given(params WhistleEvent[] events) => new(WhistleSample.Fold(events));

    public Whistles When(WhistleCommand command, By? by = null)
    {
        _decision = WhistleDecider.Decide(command, _state, by ?? command switch
        {
            RouteCall => WhistleSample.Center,
            DeclineCall or ArriveAtCall or AdviseOnCall or ResolveCall => WhistleSample.Officer,
            _ => WhistleSample.Whistler,
        });
        return this;
    }

    public void Then(params WhistleEvent[] events) => Decided<Decision<WhistleEvent>.Emit>().Events.Select(Json.Named).ShouldBe(events.Select(Json.Named));

    public Refusal ThenRefused(string code)
    {
        var refusal = Decided<Decision<WhistleEvent>.Refuse>().Refusal;
        refusal.Code.ShouldBe(code);
        return refusal;
    }

    public void ThenNothing() => Decided<Decision<WhistleEvent>.Nothing>();

    private T Decided<T>()
        where T : Decision<WhistleEvent> => _decision.ShouldNotBeNull("Say When before Then.").ShouldBeOfType<T>();
}

/// <summary>One life for every state of a whistle and its first call that decisions tell apart, and one command for every way to give it.</summary>
public static class WhistleLives
{
    public static IReadOnlyList<(string State, WhistleEvent[] Events)> States { get; } =
    [
        ("Unblown", []),
        ("Called 待流转", [WhistleSample.Blown()]),
        ("Routed 待报到", [WhistleSample.Blown(), WhistleSample.Routed()]),
        ("Routed to another unit", [WhistleSample.Blown(), WhistleSample.Routed(to: WhistleSample.River)]),
        ("Declined 已退回", [WhistleSample.Blown(), WhistleSample.Routed(), WhistleSample.Declined()]),
        ("Routed again after it was declined", [WhistleSample.Blown(), WhistleSample.Routed(), WhistleSample.Declined(), WhistleSample.Routed(to: WhistleSample.River)]),
        ("Arrived 已报到", [WhistleSample.Blown(), WhistleSample.Routed(), WhistleSample.Arrived()]),
        ("Advised 已给意见", [WhistleSample.Blown(), WhistleSample.Routed(), WhistleSample.Arrived(), WhistleSample.Advised()]),
        ("Resolved 待评价", [WhistleSample.Blown(), WhistleSample.Routed(), WhistleSample.Arrived(), WhistleSample.Advised(), WhistleSample.Resolved()]),
        ("Advised after it was rated as not fixed", [WhistleSample.Blown(), WhistleSample.Routed(), WhistleSample.Arrived(), WhistleSample.Resolved(), WhistleSample.CallRated(result: FixResult.NotFixed)]),
        ("Rated 已评价, the other call open", [WhistleSample.Blown(), WhistleSample.Routed(), WhistleSample.Arrived(), WhistleSample.Resolved(), WhistleSample.CallRated()]),
        ("Dropped 已撤销, the other call open", [WhistleSample.Blown(), WhistleSample.Dropped()]),
        ("Ended 已办结", [WhistleSample.Blown(WhistleSample.Water), WhistleSample.Routed(), WhistleSample.Arrived(), WhistleSample.Resolved(), WhistleSample.CallRated()]),
        ("Ended with nothing but dropped calls", [WhistleSample.Blown(WhistleSample.Water), WhistleSample.Dropped()]),
        ("Withdrawn 已撤回", [WhistleSample.Blown(), WhistleSample.Routed(), WhistleSample.WithdrawnEvent()]),
        ("Routed, as far as a call may go",
            [WhistleSample.Blown(), WhistleSample.Routed(), .. Enumerable.Range(2, WhistleDecider.MostTurns - 1).Select(number => WhistleSample.Routed(to: Unit.OfPost($"post-{number}")))]),
        ("Advised, as often as may be", [WhistleSample.Blown(), WhistleSample.Routed(), WhistleSample.Arrived(), .. Enumerable.Repeat(WhistleSample.Advised(), WhistleDecider.MostOpinions)]),
        ("Called, with as many calls as there may be", [WhistleSample.Blown([.. Enumerable.Range(1, WhistleDecider.MostCalls).Select(number => Unit.OfPost($"post-{number}"))])]),
    ];

    public static IReadOnlyList<(string Way, WhistleCommand Command, By By)> Commands { get; } =
    [
        ("blow", WhistleSample.Blow(), WhistleSample.Whistler),
        ("blow, by the center", WhistleSample.Blow(), WhistleSample.Center),
        ("blow: nobody", new BlowWhistle(WhistleSample.Blown() with { Units = [] }), WhistleSample.Whistler),
        ("blow: too many", WhistleSample.Blow([.. Enumerable.Repeat(WhistleSample.Water, WhistleDecider.MostCalls + 1)]), WhistleSample.Whistler),
        ("call", WhistleSample.CallMore(Unit.OfDepartment("forestry")), WhistleSample.Whistler),
        ("call, by the center", WhistleSample.CallMore(Unit.OfDepartment("forestry")), WhistleSample.Center),
        ("call: who is called already", WhistleSample.CallMore(WhistleSample.Building), WhistleSample.Whistler),
        ("call: nobody", new CallUnits([], null), WhistleSample.Whistler),
        ("call: who declined it", WhistleSample.CallMore(WhistleSample.Water), WhistleSample.Center),
        ("call: who declined it, by the town's leader", WhistleSample.CallMore(WhistleSample.Water), Town.Leader),
        ("withdraw", WhistleSample.Withdraw(), WhistleSample.Whistler),
        ("withdraw: for another reason", new WithdrawWhistle(Sample.Words("群众已自行处理")), WhistleSample.Whistler),
        ("withdraw, by another", WhistleSample.Withdraw(), Town.Secretary),
        ("route", WhistleSample.Route(), WhistleSample.Center),
        ("route, with a note", new RouteCall(1, null, Sample.Words("请尽快")), WhistleSample.Center),
        ("route, by another", WhistleSample.Route(), Town.Dispatcher),
        ("route: elsewhere", WhistleSample.Route(to: Unit.OfDepartment("forestry")), WhistleSample.Center),
        ("route: to who is called already", WhistleSample.Route(to: WhistleSample.Building), WhistleSample.Center),
        ("route: to who declined it", WhistleSample.Route(to: WhistleSample.Water), WhistleSample.Center),
        ("route: to who declined it, by the town's leader", WhistleSample.Route(to: WhistleSample.Water), Town.Leader),
        ("decline", WhistleSample.Decline(), WhistleSample.Officer),
        ("decline: and propose another", WhistleSample.Decline(proposed: WhistleSample.River), WhistleSample.Officer),
        ("decline, by a colleague", WhistleSample.Decline(), WhistleSample.OtherOfficer),
        ("arrive", WhistleSample.Arrive(), WhistleSample.Officer),
        ("arrive, by a colleague", WhistleSample.Arrive(), WhistleSample.OtherOfficer),
        ("advise", WhistleSample.Advise(), WhistleSample.Officer),
        ("resolve", WhistleSample.Resolve(), WhistleSample.Officer),
        ("resolve, by a colleague", WhistleSample.Resolve(), WhistleSample.OtherOfficer),
        ("resolve: in other words", new ResolveCall(1, Sample.Words("已整段更换"), []), WhistleSample.Officer),
        ("rate: fixed", WhistleSample.Rate(), WhistleSample.Whistler),
        ("rate: not fixed", WhistleSample.Rate(result: FixResult.NotFixed), WhistleSample.Whistler),
        ("rate: not fixed, no reason", new RateCall(1, 1, FixResult.NotFixed, null), WhistleSample.Whistler),
        ("rate: fixed, by another", WhistleSample.Rate(), Town.Secretary),
        ("rate: out of range", new RateCall(1, 6, FixResult.Fixed, null), WhistleSample.Whistler),
        ("drop", WhistleSample.Drop(), WhistleSample.Whistler),
        ("drop: for another reason", new DropCall(1, Sample.Words("群众已自行处理")), WhistleSample.Whistler),
        ("drop, by the center", WhistleSample.Drop(), WhistleSample.Center),
        ("drop: a call that is not there", WhistleSample.Drop(99), WhistleSample.Whistler),
    ];
}
