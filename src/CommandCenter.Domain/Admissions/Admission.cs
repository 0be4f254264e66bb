using System.Collections.Immutable;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Admissions;

/// <summary>A list in force: what the areas of a level inside an area may be given.</summary>
/// <param name="Matters">Codes of the catalogue, in order.</param>
/// <param name="Revision">1 for the first list of this area and level, one more for each that replaced it.</param>
public sealed record AdmissionList(AreaCode Area, AreaLevel Level, ImmutableSortedSet<string> Matters, DateTimeOffset AdoptedAt, By AdoptedBy, int Revision);

/// <summary>Where an urgent addition stands.</summary>
public enum AdditionStage
{
    /// <summary>待批准</summary>
    Requested,

    /// <summary>已批准: holds until its end date.</summary>
    Approved,

    /// <summary>不予批准</summary>
    Rejected,

    /// <summary>已提前终止</summary>
    Ended,
}

/// <summary>An urgent addition to the lists (紧急新增): one matter, one area, an end.</summary>
/// <param name="DecidedBy">Who approved, rejected or ended it last.</param>
/// <param name="Answer">What that person said; an approval may say nothing.</param>
public sealed record Addition(
    int Number, AreaCode Area, string Matter, MarkedText Reason, DateTimeOffset Until, By RequestedBy, DateTimeOffset RequestedAt, AdditionStage Stage,
    By? DecidedBy = null, DateTimeOffset? DecidedAt = null, MarkedText? Answer = null)
{
    /// <summary>Whether it admits anything at an instant.</summary>
    public bool Holds(DateTimeOffset at) => Stage == AdditionStage.Approved && at < Until;
}

/// <summary>What may be given inside a town (or the district), as a fold of its stream; a town where nothing was ever adopted has an empty one.</summary>
public sealed record Admission(ImmutableList<AdmissionList> Lists, ImmutableList<Addition> Additions)
{
    public static Admission None { get; } = new([], []);

    /// <summary>Null when there is none of that number.</summary>
    public Addition? Find(int number) => number >= 1 && number <= Additions.Count ? Additions[number - 1] : null;

    /// <summary>The stream that speaks of an area: its town's, or the district's for the district itself.</summary>
    public static AreaCode KeeperOf(AreaCode area) => area.At(AreaLevel.Town) ?? area;

    public static Admission Fold(IEnumerable<Fact<AdmissionEvent>> facts) => facts.Aggregate(None, (state, fact) => state.Apply(fact));

    /// <summary>The state after an event. Total: an event that the decider could not have emitted here throws.</summary>
    /// <exception cref="InvalidOperationException">The stream is not the life of admission lists.</exception>
    public Admission Apply(Fact<AdmissionEvent> fact) => fact.Event switch
    {
        AdmissionListAdopted e => this with
        {
            Lists = Lists.RemoveAll(list => list.Area == e.Area && list.Level == e.Level)
                .Add(new AdmissionList(
                    e.Area, e.Level, e.Matters.ToImmutableSortedSet(StringComparer.Ordinal), fact.RecordedAt, fact.By,
                    (Lists.Find(list => list.Area == e.Area && list.Level == e.Level)?.Revision ?? 0) + 1)),
        },
        AdmissionAdditionRequested e when e.Number == Additions.Count + 1 => this with
        {
            Additions = Additions.Add(new Addition(e.Number, e.Area, e.Matter, e.Reason, e.Until, fact.By, fact.RecordedAt, AdditionStage.Requested)),
        },
        AdmissionAdditionApproved e when Find(e.Number) is { Stage: AdditionStage.Requested } addition => Staged(addition, AdditionStage.Approved, e.Note, fact),
        AdmissionAdditionRejected e when Find(e.Number) is { Stage: AdditionStage.Requested } addition => Staged(addition, AdditionStage.Rejected, e.Reason, fact),
        AdmissionAdditionEnded e when Find(e.Number) is { Stage: AdditionStage.Approved } addition => Staged(addition, AdditionStage.Ended, e.Reason, fact),
        _ => throw new InvalidOperationException($"{fact.Event.GetType().Name} cannot follow in this admission list."),
    };

    private Admission Staged(Addition addition, AdditionStage stage, MarkedText? answer, Fact<AdmissionEvent> fact) =>
        this with { Additions = Additions.SetItem(addition.Number - 1, addition with { Stage = stage, DecidedBy = fact.By, DecidedAt = fact.RecordedAt, Answer = answer }) };
}
