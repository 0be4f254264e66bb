using System.Collections.Immutable;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Reviews;

/// <summary>How far a stay on the spot is, and what was agreed there.</summary>
public enum GuidanceStage
{
    /// <summary>已计划</summary>
    Planned,

    /// <summary>蹲点中</summary>
    Begun,

    /// <summary>待落实</summary>
    Recorded,

    /// <summary>已落实</summary>
    Settled,

    /// <summary>已取消</summary>
    CalledOff,
}

/// <summary>The plan of a stay, with who made it.</summary>
public sealed record GuidancePlan(GuidancePlanned Planned, By By, DateTimeOffset At);

/// <summary>A stay on the spot, as a fold of its stream; null for one that was neither planned nor recorded.</summary>
/// <param name="Place">Where: as planned, as they came, as it was recorded.</param>
/// <param name="People">Who goes, or stayed.</param>
public sealed record Guidance(AreaCode Place, IReadOnlyList<string> People, GuidanceStage Stage, string? Case = null)
{
    /// <summary>Null for a stay that was written down without a plan.</summary>
    public GuidancePlan? Plan { get; init; }

    /// <summary>Null while nobody has come.</summary>
    public GuidanceBegun? Begun { get; init; }

    /// <summary>Null while nothing is written down.</summary>
    public GuidanceRecorded? Recorded { get; init; }

    public MarkedText? CalledOff { get; init; }

    public ImmutableList<GuidanceFollowedUp> FollowUps { get; init; } = [];

    /// <summary>Of what planned stays wait for, that which somebody was reminded of.</summary>
    public ImmutableList<GuidanceStep> Reminded { get; init; } = [];

    /// <summary>Whether those who stayed were told that what was agreed is overdue.</summary>
    public bool IsReminded { get; init; }

    /// <summary>When they came, or are to come.</summary>
    public DateTimeOffset From => Recorded?.From ?? Begun?.Arrived ?? Plan!.Planned.From;

    /// <summary>When they left, or are to leave.</summary>
    public DateTimeOffset To => Recorded?.To ?? Plan!.Planned.To;

    /// <summary>Until when the next thing is to happen: they come, it is written down, what was agreed is done. Null where nothing waits for a time.</summary>
    public DateTimeOffset? DueAt => Stage switch
    {
        GuidanceStage.Planned => Plan!.Planned.From,
        GuidanceStage.Begun => Plan!.Planned.To,
        GuidanceStage.Recorded => Recorded!.By,
        _ => null,
    };

    /// <summary>Whether that time has passed.</summary>
    public bool IsOverdue(DateTimeOffset now) => DueAt <= now;

    public static Guidance? Fold(IEnumerable<Fact<GuidanceEvent>> facts) => facts.Aggregate((Guidance?)null, Apply);

    /// <summary>The stay after an event. Total: an event that the decider could not have emitted here throws.</summary>
    /// <exception cref="InvalidOperationException">The stream is not the life of a stay.</exception>
    public static Guidance? Apply(Guidance? state, Fact<GuidanceEvent> fact) => (fact.Event, state) switch
    {
        (GuidancePlanned e, null) => new Guidance(e.Place, e.People, GuidanceStage.Planned, e.Case) { Plan = new GuidancePlan(e, fact.By, fact.RecordedAt) },
        (GuidanceBegun e, { Stage: GuidanceStage.Planned } known) => known with { Stage = GuidanceStage.Begun, Begun = e, Place = e.Place },
        (GuidanceCalledOff e, { Stage: GuidanceStage.Planned } known) => known with { Stage = GuidanceStage.CalledOff, CalledOff = e.Reason },
        (GuidanceReminded e, { Stage: GuidanceStage.Planned or GuidanceStage.Begun } known) when known.Awaited == e.Step && !known.Reminded.Contains(e.Step) => known with { Reminded = known.Reminded.Add(e.Step) },
        (GuidanceRecorded e, null) => new Guidance(e.Place, e.People, GuidanceStage.Recorded, e.Case) { Recorded = e },
        (GuidanceRecorded e, { Stage: GuidanceStage.Begun } known) => known with { Stage = GuidanceStage.Recorded, Recorded = e, Place = e.Place, People = e.People },
        (GuidanceOverdue, { Stage: GuidanceStage.Recorded, IsReminded: false } known) => known with { IsReminded = true },
        (GuidanceFollowedUp e, { Stage: GuidanceStage.Recorded } known) => known with { FollowUps = known.FollowUps.Add(e), Stage = e.Done ? GuidanceStage.Settled : GuidanceStage.Recorded },
        _ => throw new InvalidOperationException($"{fact.Event.GetType().Name} cannot follow in a stay that is {state?.Stage.ToString() ?? "not recorded"}."),
    };

    /// <summary>What it waits for; null once it is written down, or called off.</summary>
    public GuidanceStep? Awaited => Stage switch
    {
        GuidanceStage.Planned => GuidanceStep.Arrival,
        GuidanceStage.Begun => GuidanceStep.Record,
        _ => null,
    };
}

/// <summary>Something that somebody wants of a stay on the spot.</summary>
public abstract record GuidanceCommand : Attaching
{
    /// <summary>The command's frozen name in kebab-case.</summary>
    public abstract string Name { get; }
}

/// <param name="At">When the host received it: a plan lies ahead.</param>
public sealed record PlanGuidance(GuidancePlanned Planned, DateTimeOffset At) : GuidanceCommand
{
    public override string Name => "plan";
}

/// <param name="Place">Null for the planned place.</param>
/// <param name="Arrived">Null for the moment of the command.</param>
/// <param name="At">When the host received it: nobody has come in the future.</param>
public sealed record BeginGuidance(AreaCode? Place, DateTimeOffset? Arrived, DateTimeOffset At) : GuidanceCommand
{
    public override string Name => "begin";
}

/// <summary>The record of a stay that began: who, where and from when stand in its stream.</summary>
/// <param name="Left">Null for the moment of the command.</param>
/// <param name="By">By when what was agreed is to be done.</param>
/// <param name="At">When the host received it.</param>
public sealed record FinishGuidance(MarkedText Found, MarkedText Agreed, DateTimeOffset? Left, DateTimeOffset? By, DateTimeOffset At) : GuidanceCommand
{
    public override string Name => "finish";
}

public sealed record CallOffGuidance(MarkedText Reason) : GuidanceCommand
{
    public override string Name => "call-off";
}

/// <param name="At">When the host received it: nobody records a stay that is not over.</param>
public sealed record RecordGuidance(GuidanceRecorded Recorded, DateTimeOffset At) : GuidanceCommand
{
    public override string Name => "record";
}

public sealed record FollowUpGuidance(bool Done, MarkedText Result) : GuidanceCommand
{
    public override string Name => "follow-up";
}

/// <summary>What may happen to a stay on the spot: every state × every command, decided on purpose.</summary>
public static class GuidanceDecider
{
    /// <summary>A stay is planned at most so long before it begins.</summary>
    public static readonly TimeSpan PlannedWithin = TimeSpan.FromDays(60);

    /// <summary>And for at most so long.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    private static readonly Dictionary<string, Message> Words = new(StringComparer.Ordinal)
    {
        ["guidance.unknown"] = new("没有这条蹲点记录。", "There is no such stay on the spot."),
        ["guidance.exists"] = new("蹲点记录已存在。", "The stay is recorded already."),
        ["guidance.times"] = new("离开时间应晚于到达时间，且不在将来；请改正。", "They left after they came, and not in the future; correct the times."),
        ["guidance.plan.out_of_range"] = new("计划蹲点应在60天之内开始，不超过31天，离开晚于到达；请改正。", "A stay begins within 60 days and lasts at most 31, and they leave after they come; correct the times."),
        ["guidance.elsewhere"] = new("到达地点应在计划的地点之内；去别处请另行计划。", "They came to where the plan says, or within it; for elsewhere plan another stay."),
        ["guidance.not_begun"] = new("尚未到达现场，请先登记到达，或取消计划。", "Nobody has come yet; say that they came, or call it off."),
        ["guidance.begun"] = new("蹲点已开始，请完成记录。", "The stay has begun; finish it with its record."),
        ["guidance.recorded"] = new("蹲点已记录，只能跟踪落实。", "The stay is recorded; what is left is to follow it up."),
        ["guidance.called_off"] = new("蹲点已取消；需要时请另行计划。", "The stay was called off; plan another if need be."),
        ["guidance.settled"] = new("商定事项已落实；有新情况请另记一次蹲点。", "What was agreed is done; for something new record another stay."),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All => Words;

    public static Decision<GuidanceEvent> Decide(GuidanceCommand command, Guidance? state) => (command, state) switch
    {
        (PlanGuidance { Planned: var plan } c, null) =>
            plan.From <= c.At || plan.From > c.At + PlannedWithin || plan.To <= plan.From || plan.To - plan.From > Longest ? Refuse("guidance.plan.out_of_range", state) : Emit(plan),
        (RecordGuidance c, null) => c.Recorded.To <= c.Recorded.From || c.Recorded.To > c.At ? Refuse("guidance.times", state) : Emit(c.Recorded),
        (PlanGuidance or RecordGuidance, _) => Refuse("guidance.exists", state),
        (_, null) => Refuse("guidance.unknown", state),
        (CallOffGuidance, { Stage: GuidanceStage.CalledOff }) => Nothing,
        (_, { Stage: GuidanceStage.CalledOff }) => Refuse("guidance.called_off", state),
        (FollowUpGuidance, { Stage: GuidanceStage.Settled }) => Refuse("guidance.settled", state),
        (BeginGuidance or FinishGuidance or CallOffGuidance, { Stage: GuidanceStage.Recorded or GuidanceStage.Settled }) => Refuse("guidance.recorded", state),

        // Another of them says that they have come.
        (BeginGuidance, { Stage: GuidanceStage.Begun }) => Nothing,
        (BeginGuidance c, _) => (c.Arrived ?? c.At) > c.At ? Refuse("guidance.times", state)
            : c.Place is { } place && !state.Place.Contains(place) ? Refuse("guidance.elsewhere", state)
            : Emit(new GuidanceBegun(c.Place ?? state.Place, c.Arrived ?? c.At)),
        (CallOffGuidance, { Stage: GuidanceStage.Begun }) => Refuse("guidance.begun", state),
        (CallOffGuidance c, _) => Emit(new GuidanceCalledOff(c.Reason)),
        (FinishGuidance c, { Begun: { } begun }) => (c.Left ?? c.At) <= begun.Arrived || (c.Left ?? c.At) > c.At
            ? Refuse("guidance.times", state)
            : Emit(new GuidanceRecorded(state.Place, begun.Arrived, c.Left ?? c.At, state.People, c.Found, c.Agreed, state.Case, c.By)),
        (FinishGuidance or FollowUpGuidance, { Stage: GuidanceStage.Planned }) => Refuse("guidance.not_begun", state),
        (FollowUpGuidance, { Stage: GuidanceStage.Begun }) => Refuse("guidance.begun", state),
        (FollowUpGuidance c, _) => Emit(new GuidanceFollowedUp(c.Done, c.Result)),
        _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided."),
    };

    /// <summary>The commands that a state accepts from somebody, in kebab-case.</summary>
    public static IReadOnlyList<string> Possible(Guidance? state) => state?.Stage switch
    {
        null => ["plan", "record"],
        GuidanceStage.Planned => ["begin", "call-off"],
        GuidanceStage.Begun => ["finish"],
        GuidanceStage.Recorded => ["follow-up"],
        _ => [],
    };

    private static Decision<GuidanceEvent>.Emit Emit(GuidanceEvent happened) => new([happened]);

    private static Decision<GuidanceEvent>.Refuse Refuse(string code, Guidance? state) => new(new Refusal(code, Words[code], Possible(state)));

    private static Decision<GuidanceEvent> Nothing { get; } = new Decision<GuidanceEvent>.Nothing();
}
