using System.Collections.Immutable;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Files;

namespace CommandCenter.Domain.Reviews;

/// <summary>How far what was agreed on the spot is.</summary>
public enum GuidanceStage
{
    /// <summary>待落实</summary>
    Recorded,

    /// <summary>已落实</summary>
    Settled,
}

/// <summary>A stay on the spot, as a fold of its stream; null for one that was not recorded.</summary>
public sealed record Guidance(GuidanceRecorded Recorded, By RecordedBy, DateTimeOffset RecordedAt, GuidanceStage Stage)
{
    public ImmutableList<GuidanceFollowedUp> FollowUps { get; init; } = [];

    /// <summary>Whether those who stayed were told that what was agreed is overdue.</summary>
    public bool IsReminded { get; init; }

    /// <summary>Whether the day of what was agreed has passed and it is not done.</summary>
    public bool IsOverdue(DateTimeOffset now) => Stage == GuidanceStage.Recorded && Recorded.By <= now;

    public static Guidance? Fold(IEnumerable<Fact<GuidanceEvent>> facts) => facts.Aggregate((Guidance?)null, Apply);

    /// <summary>The stay after an event. Total: an event that the decider could not have emitted here throws.</summary>
    /// <exception cref="InvalidOperationException">The stream is not the life of a stay.</exception>
    public static Guidance? Apply(Guidance? state, Fact<GuidanceEvent> fact) => (fact.Event, state) switch
    {
        (GuidanceRecorded e, null) => new Guidance(e, fact.By, fact.RecordedAt, GuidanceStage.Recorded),
        (GuidanceOverdue, { Stage: GuidanceStage.Recorded, IsReminded: false } known) => known with { IsReminded = true },
        (GuidanceFollowedUp e, { Stage: GuidanceStage.Recorded } known) => known with { FollowUps = known.FollowUps.Add(e), Stage = e.Done ? GuidanceStage.Settled : GuidanceStage.Recorded },
        _ => throw new InvalidOperationException($"{fact.Event.GetType().Name} cannot follow in a stay that is {state?.Stage.ToString() ?? "not recorded"}."),
    };
}

/// <summary>Something that somebody wants of a stay on the spot.</summary>
public abstract record GuidanceCommand : Attaching
{
    /// <summary>The command's frozen name in kebab-case.</summary>
    public abstract string Name { get; }
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
    private static readonly Dictionary<string, Message> Words = new(StringComparer.Ordinal)
    {
        ["guidance.unknown"] = new("没有这条蹲点记录。", "There is no such stay on the spot."),
        ["guidance.exists"] = new("蹲点记录已存在。", "The stay is recorded already."),
        ["guidance.times"] = new("离开时间应晚于到达时间，且不在将来；请改正。", "They left after they came, and not in the future; correct the times."),
        ["guidance.settled"] = new("商定事项已落实；有新情况请另记一次蹲点。", "What was agreed is done; for something new record another stay."),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All => Words;

    public static Decision<GuidanceEvent> Decide(GuidanceCommand command, Guidance? state) => (command, state) switch
    {
        (RecordGuidance c, null) => c.Recorded.To <= c.Recorded.From || c.Recorded.To > c.At ? Refuse("guidance.times", state) : Emit(c.Recorded),
        (RecordGuidance, _) => Refuse("guidance.exists", state),
        (_, null) => Refuse("guidance.unknown", state),
        (FollowUpGuidance, { Stage: GuidanceStage.Settled }) => Refuse("guidance.settled", state),
        (FollowUpGuidance c, _) => Emit(new GuidanceFollowedUp(c.Done, c.Result)),
        _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided."),
    };

    /// <summary>The commands that a state accepts from somebody, in kebab-case.</summary>
    public static IReadOnlyList<string> Possible(Guidance? state) => state switch
    {
        null => ["record"],
        { Stage: GuidanceStage.Recorded } => ["follow-up"],
        _ => [],
    };

    private static Decision<GuidanceEvent>.Emit Emit(GuidanceEvent happened) => new([happened]);

    private static Decision<GuidanceEvent>.Refuse Refuse(string code, Guidance? state) => new(new Refusal(code, Words[code], Possible(state)));
}
