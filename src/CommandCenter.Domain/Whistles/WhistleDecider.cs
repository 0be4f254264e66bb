using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Whistles;

/// <summary>What may happen to a whistle and its calls: every state × every command, decided on purpose.</summary>
public static class WhistleDecider
{
    /// <summary>The most calls of one whistle, those that ended included.</summary>
    public const int MostCalls = OneMatter.MostDepartments;

    /// <summary>The most units that one call goes to, one after the other.</summary>
    public const int MostTurns = 10;

    /// <summary>The most opinions of one unit on one call.</summary>
    public const int MostOpinions = 20;

    public static Decision<WhistleEvent> Decide(WhistleCommand command, Whistle state, By by) => (command, state) switch
    {
        (BlowWhistle { Blown.Units.Count: 0 }, Whistle.Unblown) => Refuse("whistle.nobody_called", state),
        (BlowWhistle { Blown.Units.Count: > MostCalls }, Whistle.Unblown) => Refuse("whistle.too_many", state),
        (BlowWhistle c, Whistle.Unblown) => Emit([c.Blown, .. Routed(c.Blown.Units, 1, by)]),
        (BlowWhistle, _) => Refuse("whistle.exists", state),
        (_, Whistle.Unblown) => Refuse("whistle.unknown", state),

        (WithdrawWhistle, Whistle.Withdrawn { File.Withdrawal: { } last }) when last.IsSame(Said.Of(command, by.Actor)) => Nothing,
        (WhistleCallCommand c, Whistle.Known s) when IsRepeat(c, s.File, by) => Nothing,
        (_, Whistle.Withdrawn) => Refuse("whistle.withdrawn", state),
        (_, Whistle.Ended) => Refuse("whistle.ended", state),

        (CallUnits { Units.Count: 0 }, _) => Refuse("whistle.nobody_called", state),
        (CallUnits c, Whistle.Open s) when s.File.Calls.Count + c.Units.Count > MostCalls => Refuse("whistle.too_many", state),
        (CallUnits c, Whistle.Open s) when c.Units.Any(s.File.IsCalled) => Refuse("whistle.called_already", state),
        // Who sent it back is not called again unless a leader says so.
        (CallUnits c, Whistle.Open s) when !IsLeader(by) && c.Units.Any(s.File.WasDeclinedBy) => Refuse("whistle.call.declined_before", state),
        (CallUnits c, Whistle.Open s) => Emit([new WhistleUnitsCalled(c.Units, c.Note), .. Routed(c.Units, s.File.Calls.Count + 1, by)]),

        // A unit that has reported its result is owed an answer.
        (WithdrawWhistle, Whistle.Open s) when s.File.Calls.Any(call => call.Stage == CallStage.Resolved) => Refuse("whistle.result_waits", state),
        (WithdrawWhistle c, Whistle.Open) => Emit(new WhistleWithdrawn(c.Reason)),

        (WhistleCallCommand c, Whistle.Open s) => s.File.Find(c.Call) is { } call ? Decide(c, call, s, by) : Refuse("whistle.call.unknown", state),

        _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided in {state.GetType().Name}."),
    };

    /// <summary>The commands that a whistle as a whole accepts, in kebab-case; those of its calls stand with them.</summary>
    public static IReadOnlyList<string> Possible(Whistle state) => state switch
    {
        Whistle.Unblown => ["blow"],
        Whistle.Open { File: var file } => file.Calls.Any(call => call.Stage == CallStage.Resolved) ? ["call"] : ["call", "withdraw"],
        _ => [],
    };

    /// <summary>The commands that an open whistle's call accepts, in the order of the loop, in kebab-case.</summary>
    public static IReadOnlyList<string> Possible(WhistleCall call)
    {
        string[] ofStage = call.Stage switch
        {
            CallStage.Called or CallStage.Declined => ["route", "drop"],
            CallStage.Routed => ["arrive", "decline", "route", "drop"],
            CallStage.Arrived or CallStage.Advised => ["advise", "resolve", "decline", "route", "drop"],
            CallStage.Resolved => ["rate"],
            _ => [],
        };
        return
        [
            .. ofStage.Where(command => command switch
            {
                "advise" => call.Opinions < MostOpinions,
                "decline" => call.Turn.SentBacks == 0,
                "route" => !HasGoneFar(call),
                _ => true,
            }),
        ];
    }

    private static Decision<WhistleEvent> Decide(WhistleCallCommand command, WhistleCall call, Whistle.Open s, By by) => (command, call.Stage) switch
    {
        (RateCall { Satisfaction: < 1 or > 5 }, _) => Refuse("whistle.rating.out_of_range", call),
        (_, CallStage.Rated) => Refuse("whistle.call.rated", call),
        (_, CallStage.Dropped) => Refuse("whistle.call.dropped", call),

        (RateCall { Result: FixResult.NotFixed, Comment: null }, CallStage.Resolved) => Refuse("whistle.rating.reason_missing", call),
        (RateCall c, CallStage.Resolved) => Emit(new WhistleCallRated(call.Number, call.Unit, c.Satisfaction, c.Result, c.Comment)),
        (RateCall, _) => Refuse("whistle.call.not_resolved", call),
        (ArriveAtCall, CallStage.Arrived or CallStage.Advised or CallStage.Resolved) => by.Actor == call.ArrivedBy ? Nothing : Refuse("whistle.call.arrived", call),
        (_, CallStage.Resolved) => Refuse("whistle.call.resolved", call),

        (RouteCall c, _) => Route(c.To ?? call.Unit, c.Note, call, s, by),
        (DropCall c, _) => Emit(new WhistleCallDropped(call.Number, c.Reason)),

        (_, CallStage.Called) => Refuse("whistle.call.not_routed", call),
        (_, CallStage.Declined) => Refuse("whistle.call.declined", call),
        // Else a unit would be rid of its bad rating by being rid of the call.
        (DeclineCall, _) when call.Turn.SentBacks > 0 => Refuse("whistle.call.not_fixed", call),
        (DeclineCall c, _) => Emit(new WhistleCallDeclined(call.Number, call.Unit, c.Reason, c.Proposed)),
        (ArriveAtCall c, CallStage.Routed) => Emit(new WhistleCallArrived(call.Number, call.Unit, c.Point, c.DistanceMetres)),
        (AdviseOnCall or ResolveCall, CallStage.Routed) => Refuse("whistle.call.not_arrived", call),
        (AdviseOnCall, _) when call.Opinions >= MostOpinions => Refuse("whistle.call.too_many_opinions", call),
        (AdviseOnCall c, _) => Emit(new WhistleCallAdvised(call.Number, call.Unit, c.Opinion)),
        (ResolveCall c, _) => Emit(new WhistleCallResolved(call.Number, call.Unit, c.Outcome, c.Photos)),

        _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided for a call that is {call.Stage}."),
    };

    private static Decision<WhistleEvent> Route(Unit to, MarkedText? note, WhistleCall call, Whistle.Open s, By by)
    {
        // What is so already needs nothing; but a note would be lost.
        if (call.IsWithUnit && to == call.Unit)
            return note is null ? Nothing : Refuse("whistle.called_already", call);
        if (s.File.CallsInHand.Any(other => other.Number != call.Number && other.Unit == to && other.Stage != CallStage.Declined))
            return Refuse("whistle.called_already", call);
        // Who sent it back does not get it again unless a leader says so: here, or by having called the unit again.
        if (s.File.WasDeclinedBy(to) && !IsLeader(by) && !(call.Stage == CallStage.Called && call.Unit == to))
            return Refuse("whistle.call.declined_before", call);
        if (HasGoneFar(call))
            return Refuse("whistle.call.too_many_turns", call);
        return Emit(new WhistleCallRouted(call.Number, to, note));
    }

    // A further opinion is no repeat of the one before, whatever it says.
    private static bool IsRepeat(WhistleCallCommand command, WhistleFile file, By by) =>
        command is not AdviseOnCall && file.Find(command.Call) is { Last: { } last } call && last.IsSame(Said.Of(command, by.Actor, call.Unit));

    private static bool IsLeader(By by) => by.Role is Role.TownLeader or Role.DistrictSupervisor;

    // A call that nobody has had yet goes to its first unit.
    private static bool HasGoneFar(WhistleCall call) => call.Stage != CallStage.Called && call.Past.Count + 1 >= MostTurns;

    // What the center itself calls needs no routing by the center.
    private static IEnumerable<WhistleEvent> Routed(IReadOnlyList<Unit> units, int first, By by) =>
        WhistleAccess.IsOfCenter(by.Role) ? units.Select((unit, index) => new WhistleCallRouted(first + index, unit)) : [];

    private static Decision<WhistleEvent>.Emit Emit(params IReadOnlyList<WhistleEvent> events) => new(events);

    private static Decision<WhistleEvent>.Refuse Refuse(string code, Whistle state) => new(WhistleRefusals.Of(code, Possible(state)));

    private static Decision<WhistleEvent>.Refuse Refuse(string code, WhistleCall call) => new(WhistleRefusals.Of(code, Possible(call)));

    private static Decision<WhistleEvent> Nothing { get; } = new Decision<WhistleEvent>.Nothing();
}
