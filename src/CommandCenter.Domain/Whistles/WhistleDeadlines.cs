using CommandCenter.Domain.Deadlines;

namespace CommandCenter.Domain.Whistles;

/// <summary>By when a unit's turn at a call was to be routed, on the spot and advised on, each measured from where the response is (ADR 0015).</summary>
/// <param name="ArriveBy">Null while it was not brought to the unit.</param>
/// <param name="AdviseBy">Null while it was not brought to the unit.</param>
public sealed record TurnDues(DateTimeOffset RouteBy, DateTimeOffset? ArriveBy, DateTimeOffset? AdviseBy)
{
    /// <param name="time">Of the town where the whistle was blown.</param>
    public static TurnDues Of(CallTurn turn, WhistleRules rules, WorkingTime time) => new(
        time.After(turn.AskedAt, rules.Route.Limit),
        turn.RoutedAt is { } routed ? time.After(routed, rules.Arrive.Limit) : null,
        turn.RoutedAt is { } from ? time.After(from, rules.Advise.Limit) : null);

    /// <summary>By when a call's next step is due; null where no limit of the policy is for it.</summary>
    public static DateTimeOffset? Next(WhistleCall call, WhistleRules rules, WorkingTime time) => call.Stage switch
    {
        CallStage.Called => Of(call.Turn, rules, time).RouteBy,
        // Back with the center, from when it came back.
        CallStage.Declined => time.After(call.Turn.LeftAt!.Value, rules.Route.Limit),
        CallStage.Routed => Of(call.Turn, rules, time).ArriveBy,
        CallStage.Arrived => Of(call.Turn, rules, time).AdviseBy,
        _ => null,
    };
}
