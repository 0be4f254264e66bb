using System.Collections.Immutable;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Whistles;

/// <summary>Where a whistle stands.</summary>
public enum WhistleStage
{
    /// <summary>进行中</summary>
    Open,

    /// <summary>已办结: every call was rated or dropped.</summary>
    Ended,

    /// <summary>已撤回</summary>
    Withdrawn,
}

/// <summary>Where one call of a whistle stands.</summary>
public enum CallStage
{
    /// <summary>待流转</summary>
    Called,

    /// <summary>待报到</summary>
    Routed,

    /// <summary>已退回: the center decides.</summary>
    Declined,

    /// <summary>已报到</summary>
    Arrived,

    /// <summary>已给意见</summary>
    Advised,

    /// <summary>待评价</summary>
    Resolved,

    /// <summary>已评价</summary>
    Rated,

    /// <summary>已撤销</summary>
    Dropped,
}

/// <summary>One unit's turn at a call: the instants that its response is measured by, all as recorded.</summary>
/// <param name="AskedAt">When the call was made, or came back to the center: from here routing is measured.</param>
/// <param name="RoutedAt">When the center brought it to the unit: from here the unit's response is measured.</param>
/// <param name="OpinionAt">When the unit first said what is to be done.</param>
/// <param name="LeftAt">When the turn ended without a result: declined, given to another unit, dropped or withdrawn.</param>
public sealed record CallTurn(Unit Unit, DateTimeOffset AskedAt, DateTimeOffset? RoutedAt = null, DateTimeOffset? ArrivedAt = null, DateTimeOffset? OpinionAt = null, DateTimeOffset? LeftAt = null, bool Declined = false);

/// <summary>One call of a whistle.</summary>
/// <param name="Turn">The turn of the unit that has it, or had it last.</param>
/// <param name="Past">The turns of the units that had it before, in order.</param>
/// <param name="Proposed">Whose matter it is, as the unit sees it that sent it back.</param>
/// <param name="DistanceMetres">How far from the border of the whistle's area the unit reported in.</param>
/// <param name="SentBacks">How often its result was rated as not fixed.</param>
/// <param name="Result">Of the last rating.</param>
public sealed record WhistleCall(
    int Number,
    CallStage Stage,
    CallTurn Turn,
    ImmutableList<CallTurn> Past,
    Unit? Proposed = null,
    string? ArrivedBy = null,
    int? DistanceMetres = null,
    DateTimeOffset? ResolvedAt = null,
    string? ResolvedBy = null,
    int SentBacks = 0,
    int? Satisfaction = null,
    FixResult? Result = null,
    DateTimeOffset? EndedAt = null)
{
    /// <summary>The unit that has it or is to have it; where it was declined, the one that did.</summary>
    public Unit Unit => Turn.Unit;

    public bool IsOpen => Stage is not (CallStage.Rated or CallStage.Dropped);

    /// <summary>Whether it was brought to the unit, which has it still.</summary>
    public bool IsWithUnit => Stage is CallStage.Routed or CallStage.Arrived or CallStage.Advised or CallStage.Resolved;

    /// <summary>Every unit's turn, in order.</summary>
    public IEnumerable<CallTurn> Turns => Past.Append(Turn);

    public bool WasDeclinedBy(Unit unit) => Turns.Any(turn => turn.Declined && turn.Unit == unit);
}

/// <summary>What is known of a whistle, whatever its stage.</summary>
/// <param name="Calls">In the order of their numbers.</param>
/// <param name="EndedAt">When its last call ended or it was withdrawn.</param>
public sealed record WhistleFile(
    By BlownBy,
    DateTimeOffset BlownAt,
    AreaCode Area,
    MarkedText Text,
    IReadOnlyList<string> Photos,
    IReadOnlyList<Sector> Sectors,
    ImmutableList<WhistleCall> Calls,
    ReportedPoint? Point = null,
    string? Case = null,
    string? OneMatter = null,
    DateTimeOffset? EndedAt = null)
{
    public AreaCode Town => Area.At(AreaLevel.Town)!.Value;

    public IEnumerable<WhistleCall> CallsInHand => Calls.Where(call => call.IsOpen);

    /// <summary>Null when there is no call of that number.</summary>
    public WhistleCall? Find(int call) => call >= 1 && call <= Calls.Count ? Calls[call - 1] : null;

    /// <summary>Whether a unit has an open call, or is to have one.</summary>
    public bool IsCalled(Unit unit) => CallsInHand.Any(call => call.Unit == unit && call.Stage != CallStage.Declined);
}

/// <summary>A whistle as a fold of its stream. A closed type: one variant a stage.</summary>
public abstract record Whistle
{
    private Whistle() { }

    /// <summary>There is no such whistle (yet).</summary>
    public sealed record Unblown : Whistle;

    public abstract record Known(WhistleFile File) : Whistle;

    public sealed record Open(WhistleFile File) : Known(File);

    public sealed record Ended(WhistleFile File) : Known(File);

    public sealed record Withdrawn(WhistleFile File) : Known(File);

    public static Whistle None { get; } = new Unblown();

    /// <summary>The stage; null for a whistle that does not exist.</summary>
    public WhistleStage? Stage => this switch
    {
        Open => WhistleStage.Open,
        Ended => WhistleStage.Ended,
        Withdrawn => WhistleStage.Withdrawn,
        _ => null,
    };

    /// <summary>A whistle that is known to stand there, as a read table kept it.</summary>
    public static Known At(WhistleStage stage, WhistleFile file) => stage switch
    {
        WhistleStage.Open => new Open(file),
        WhistleStage.Ended => new Ended(file),
        _ => new Withdrawn(file),
    };

    public static Whistle Fold(IEnumerable<Fact<WhistleEvent>> facts) => facts.Aggregate(None, (state, fact) => state.Apply(fact));

    /// <summary>The whistle after an event. Total: an event that the decider could not have emitted here throws.</summary>
    /// <exception cref="InvalidOperationException">The stream is not a whistle's life.</exception>
    public Whistle Apply(Fact<WhistleEvent> fact) => (fact.Event, this) switch
    {
        (WhistleBlown e, Unblown) => new Open(Called(
            new WhistleFile(fact.By, fact.RecordedAt, e.Area, e.Text, e.Photos, e.Sectors, [], e.Point, e.Case, e.OneMatter), e.Units, fact.RecordedAt)),
        (WhistleUnitsCalled e, Open k) => new Open(Called(k.File, e.Units, fact.RecordedAt)),
        (WhistleWithdrawn, Open k) => new Withdrawn(k.File with
        {
            Calls = [.. k.File.Calls.Select(call => call.IsOpen ? Dropped(call, fact.RecordedAt) : call)],
            EndedAt = fact.RecordedAt,
        }),

        (WhistleCallRouted e, Open k) when Of(k, e.Call) is { Stage: not CallStage.Resolved, IsOpen: true } call => With(k, Routed(call, e.Unit, fact.RecordedAt)),
        (WhistleCallDeclined e, Open k) when Of(k, e.Call) is { IsWithUnit: true, Stage: not CallStage.Resolved } call => With(k, call with
        {
            Stage = CallStage.Declined,
            Turn = call.Turn with { LeftAt = fact.RecordedAt, Declined = true },
            Proposed = e.Proposed,
        }),
        (WhistleCallArrived e, Open k) when Of(k, e.Call) is { Stage: CallStage.Routed } call => With(k, call with
        {
            Stage = CallStage.Arrived,
            Turn = call.Turn with { ArrivedAt = fact.RecordedAt },
            ArrivedBy = fact.By.Actor,
            DistanceMetres = e.DistanceMetres,
        }),
        (WhistleCallAdvised e, Open k) when Of(k, e.Call) is { Stage: CallStage.Arrived or CallStage.Advised } call => With(k, call with
        {
            Stage = CallStage.Advised,
            Turn = Advised(call.Turn, fact.RecordedAt),
        }),
        (WhistleCallResolved e, Open k) when Of(k, e.Call) is { Stage: CallStage.Arrived or CallStage.Advised } call => With(k, call with
        {
            Stage = CallStage.Resolved,
            Turn = Advised(call.Turn, fact.RecordedAt),
            ResolvedAt = fact.RecordedAt,
            ResolvedBy = fact.By.Actor,
        }),
        (WhistleCallRated { Result: FixResult.NotFixed } e, Open k) when Of(k, e.Call) is { Stage: CallStage.Resolved } call => With(k, call with
        {
            Stage = CallStage.Advised,
            ResolvedAt = null,
            ResolvedBy = null,
            SentBacks = call.SentBacks + 1,
            Satisfaction = e.Satisfaction,
            Result = e.Result,
        }),
        (WhistleCallRated e, Open k) when Of(k, e.Call) is { Stage: CallStage.Resolved } call => With(k, call with
        {
            Stage = CallStage.Rated,
            Satisfaction = e.Satisfaction,
            Result = e.Result,
            EndedAt = fact.RecordedAt,
        }),
        (WhistleCallDropped e, Open k) when Of(k, e.Call) is { IsOpen: true, Stage: not CallStage.Resolved } call => With(k, Dropped(call, fact.RecordedAt)),
        _ => throw new InvalidOperationException($"{fact.Event.GetType().Name} cannot follow in a whistle that is {Stage?.ToString() ?? "not blown"}."),
    };

    private static WhistleCall? Of(Open k, int call) => k.File.Find(call);

    private static WhistleFile Called(WhistleFile file, IReadOnlyList<Unit> units, DateTimeOffset at) => file with
    {
        Calls = file.Calls.AddRange(units.Select((unit, index) => new WhistleCall(file.Calls.Count + index + 1, CallStage.Called, new CallTurn(unit, at), []))),
    };

    private static WhistleCall Routed(WhistleCall call, Unit unit, DateTimeOffset at)
    {
        // Whoever has not had it yet has not lost it.
        if (call.Stage == CallStage.Called)
            return call with { Stage = CallStage.Routed, Turn = new CallTurn(unit, call.Turn.AskedAt, at) };
        return call with
        {
            Stage = CallStage.Routed,
            Turn = new CallTurn(unit, call.Turn.LeftAt ?? at, at),
            Past = call.Past.Add(call.Turn with { LeftAt = call.Turn.LeftAt ?? at }),
            Proposed = null,
            ArrivedBy = null,
            DistanceMetres = null,
            SentBacks = 0,
            Satisfaction = null,
            Result = null,
        };
    }

    private static CallTurn Advised(CallTurn turn, DateTimeOffset at) => turn with { OpinionAt = turn.OpinionAt ?? at };

    private static WhistleCall Dropped(WhistleCall call, DateTimeOffset at) => call with { Stage = CallStage.Dropped, Turn = call.Turn with { LeftAt = call.Turn.LeftAt ?? at }, EndedAt = at };

    private static Known With(Open k, WhistleCall call)
    {
        var file = k.File with { Calls = k.File.Calls.SetItem(call.Number - 1, call) };
        return file.CallsInHand.Any() ? new Open(file) : new Ended(file with { EndedAt = call.EndedAt });
    }
}
