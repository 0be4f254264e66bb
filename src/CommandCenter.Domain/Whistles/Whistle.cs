using System.Collections.Immutable;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Files;
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

/// <summary>The limits under which a call waits.</summary>
public enum WhistleClock
{
    /// <summary>流转</summary>
    Route,

    /// <summary>报到</summary>
    Arrive,

    /// <summary>处置意见</summary>
    Advise,
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
/// <param name="TakenAway">Whether it ended because the call was given to another unit.</param>
/// <param name="Satisfaction">Of the last rating, 1–5.</param>
/// <param name="Result">Of the last rating.</param>
/// <param name="SentBacks">How often a result was rated as not fixed.</param>
public sealed record CallTurn(
    Unit Unit,
    DateTimeOffset AskedAt,
    DateTimeOffset? RoutedAt = null,
    DateTimeOffset? ArrivedAt = null,
    DateTimeOffset? OpinionAt = null,
    DateTimeOffset? LeftAt = null,
    bool Declined = false,
    bool TakenAway = false,
    int? Satisfaction = null,
    FixResult? Result = null,
    int SentBacks = 0);

/// <summary>What somebody said when they acted on a call or a whistle, so that the same again is known for a repeat and another word is not thrown away.</summary>
/// <param name="Command">In kebab-case.</param>
/// <param name="Photos">And the attachments.</param>
/// <param name="Unit">To which it was routed, or which was proposed.</param>
public sealed record Said(
    string Actor, string Command, MarkedText? Text = null, IReadOnlyList<string>? Photos = null, Unit? Unit = null, int? Satisfaction = null, FixResult? Result = null)
{
    /// <summary>Whether the same person says the same. Texts with sealed spans are never the same: nobody can compare what is sealed.</summary>
    public bool IsSame(Said other) =>
        this with { Text = null, Photos = null } == other with { Text = null, Photos = null } && IsSame(Text, other.Text) && (Photos ?? []).SequenceEqual(other.Photos ?? [], StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">The event happens neither to a call nor to the end of a whistle.</exception>
    public static Said Of(WhistleEvent happened, string actor) => happened switch
    {
        WhistleCallRouted e => new Said(actor, "route", e.Note, Unit: e.Unit),
        WhistleCallDeclined e => new Said(actor, "decline", e.Reason, Unit: e.Proposed),
        WhistleCallArrived => new Said(actor, "arrive"),
        WhistleCallAdvised e => new Said(actor, "advise", e.Opinion),
        WhistleCallResolved e => new Said(actor, "resolve", e.Outcome, [.. e.Photos, .. Attachments.Of(e).Select(attachment => attachment.File)]),
        WhistleCallRated e => new Said(actor, "rate", e.Comment, Satisfaction: e.Satisfaction, Result: e.Result),
        WhistleCallDropped e => new Said(actor, "drop", e.Reason),
        WhistleWithdrawn e => new Said(actor, "withdraw", e.Reason),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is not said of a call."),
    };

    /// <param name="unit">Which has the call: routing names it where it names none.</param>
    /// <exception cref="InvalidOperationException">The command is neither for a call nor for the end of a whistle.</exception>
    public static Said Of(WhistleCommand command, string actor, Unit? unit = null) => command switch
    {
        RouteCall c => new Said(actor, "route", c.Note, Unit: c.To ?? unit),
        DeclineCall c => new Said(actor, "decline", c.Reason, Unit: c.Proposed),
        ArriveAtCall => new Said(actor, "arrive"),
        AdviseOnCall c => new Said(actor, "advise", c.Opinion),
        ResolveCall c => new Said(actor, "resolve", c.Outcome, [.. c.Photos, .. Attachments.Of(c).Select(attachment => attachment.File)]),
        RateCall c => new Said(actor, "rate", c.Comment, Satisfaction: c.Satisfaction, Result: c.Result),
        DropCall c => new Said(actor, "drop", c.Reason),
        WithdrawWhistle c => new Said(actor, "withdraw", c.Reason),
        _ => throw new InvalidOperationException($"{command.GetType().Name} is not said of a call."),
    };

    private static bool IsSame(MarkedText? one, MarkedText? other) =>
        one is null || other is null ? one is null && other is null : one.Text == other.Text && one.Spans.Count == 0 && other.Spans.Count == 0;
}

/// <summary>One call of a whistle.</summary>
/// <param name="Called">The unit that the whistler called.</param>
/// <param name="Since">From when on it has waited for its next step.</param>
/// <param name="Turn">The turn of the unit that has it, or had it last.</param>
/// <param name="Past">The turns of the units that had it before, in order.</param>
/// <param name="ActedBy">Who did the unit's work in this turn, each once: they do not judge it.</param>
/// <param name="Opinions">How many opinions were given in this turn.</param>
/// <param name="Last">What was last done to it.</param>
/// <param name="Proposed">Whose matter it is, as the unit sees it that sent it back.</param>
/// <param name="DistanceMetres">How far from the border of the whistle's area the unit reported in.</param>
public sealed record WhistleCall(
    int Number,
    CallStage Stage,
    Unit Called,
    DateTimeOffset Since,
    CallTurn Turn,
    ImmutableList<CallTurn> Past,
    ImmutableList<string> ActedBy,
    int Opinions = 0,
    Said? Last = null,
    Unit? Proposed = null,
    string? ArrivedBy = null,
    int? DistanceMetres = null,
    DateTimeOffset? ResolvedAt = null,
    string? ResolvedBy = null,
    DateTimeOffset? EndedAt = null)
{
    /// <summary>How often it began to wait for a next step: the attempt of its timers.</summary>
    public int Round { get; init; } = 1;

    /// <summary>How many steps of the ladder were taken while it waits as it does.</summary>
    public int NextStep { get; init; }

    /// <summary>The same of the wait before this one: which timer does not count any more.</summary>
    public int StepsBefore { get; init; }

    /// <summary>How high it has climbed while it waits as it does; null while it is not late.</summary>
    public WhistleLevel? Level { get; init; }

    /// <summary>Which limit it waits under; null where no limit of the policy is for it.</summary>
    public WhistleClock? Clock => Stage switch
    {
        CallStage.Called or CallStage.Declined => WhistleClock.Route,
        CallStage.Routed => WhistleClock.Arrive,
        CallStage.Arrived => WhistleClock.Advise,
        _ => null,
    };

    /// <summary>The call as it waits for something else from now on.</summary>
    internal WhistleCall WaitingAnew() => this with { Round = Round + 1, StepsBefore = NextStep, NextStep = 0, Level = null };

    /// <summary>The unit that has it or is to have it; where it was declined, the one that did.</summary>
    public Unit Unit => Turn.Unit;

    public bool IsOpen => Stage is not (CallStage.Rated or CallStage.Dropped);

    /// <summary>Whether it was brought to the unit, which has it still.</summary>
    public bool IsWithUnit => Stage is CallStage.Routed or CallStage.Arrived or CallStage.Advised or CallStage.Resolved;

    /// <summary>Every unit's turn, in order.</summary>
    public IEnumerable<CallTurn> Turns => Past.Append(Turn);
}

/// <summary>What is known of a whistle, whatever its stage.</summary>
/// <param name="Calls">In the order of their numbers.</param>
/// <param name="EndedAt">When its last call ended or it was withdrawn.</param>
/// <param name="Withdrawal">By whom and why it was withdrawn.</param>
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
    DateTimeOffset? EndedAt = null,
    Said? Withdrawal = null)
{
    public AreaCode Town => Area.At(AreaLevel.Town)!.Value;

    public IEnumerable<WhistleCall> CallsInHand => Calls.Where(call => call.IsOpen);

    /// <summary>Null when there is no call of that number.</summary>
    public WhistleCall? Find(int call) => call >= 1 && call <= Calls.Count ? Calls[call - 1] : null;

    /// <summary>Whether a unit has an open call, or is to have one.</summary>
    public bool IsCalled(Unit unit) => CallsInHand.Any(call => call.Unit == unit && call.Stage != CallStage.Declined);

    /// <summary>Whether a unit has sent back a call of this whistle, whichever.</summary>
    public bool WasDeclinedBy(Unit unit) => Calls.Any(call => call.Turns.Any(turn => turn.Declined && turn.Unit == unit));
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
            Calls = [.. k.File.Calls.Select(call => call.IsOpen ? Dropped(call, fact.RecordedAt).WaitingAnew() with { Last = Said.Of(fact.Event, fact.By.Actor) } : call)],
            EndedAt = fact.RecordedAt,
            Withdrawal = Said.Of(fact.Event, fact.By.Actor),
        }),

        // The engine's own: nobody said anything of the call, and it waits as before.
        (WhistleStepTaken e, Open k) when Of(k, e.Call) is { } call && call.Clock == e.Clock =>
            new Open(k.File with { Calls = k.File.Calls.SetItem(call.Number - 1, call with { NextStep = call.NextStep + 1, Level = e.Level ?? call.Level }) }),

        (WhistleCallRouted e, Open k) when Of(k, e.Call) is { Stage: not CallStage.Resolved, IsOpen: true } call => With(k, fact, Routed(call, e.Unit, fact.RecordedAt)),
        (WhistleCallDeclined e, Open k) when Of(k, e.Call) is { IsWithUnit: true, Stage: not CallStage.Resolved } call => With(k, fact, call with
        {
            Stage = CallStage.Declined,
            Turn = call.Turn with { LeftAt = fact.RecordedAt, Declined = true },
            Proposed = e.Proposed,
        }),
        (WhistleCallArrived e, Open k) when Of(k, e.Call) is { Stage: CallStage.Routed } call => With(k, fact, call with
        {
            Stage = CallStage.Arrived,
            Turn = call.Turn with { ArrivedAt = fact.RecordedAt },
            ActedBy = With(call.ActedBy, fact.By),
            ArrivedBy = fact.By.Actor,
            DistanceMetres = e.DistanceMetres,
        }),
        (WhistleCallAdvised e, Open k) when Of(k, e.Call) is { Stage: CallStage.Arrived or CallStage.Advised } call => With(k, fact, call with
        {
            Stage = CallStage.Advised,
            Turn = Advised(call.Turn, fact.RecordedAt),
            Opinions = call.Opinions + 1,
            ActedBy = With(call.ActedBy, fact.By),
        }),
        (WhistleCallResolved e, Open k) when Of(k, e.Call) is { Stage: CallStage.Arrived or CallStage.Advised } call => With(k, fact, call with
        {
            Stage = CallStage.Resolved,
            Turn = Advised(call.Turn, fact.RecordedAt),
            ActedBy = With(call.ActedBy, fact.By),
            ResolvedAt = fact.RecordedAt,
            ResolvedBy = fact.By.Actor,
        }),
        (WhistleCallRated { Result: FixResult.NotFixed } e, Open k) when Of(k, e.Call) is { Stage: CallStage.Resolved } call => With(k, fact, call with
        {
            Stage = CallStage.Advised,
            Turn = call.Turn with { Satisfaction = e.Satisfaction, Result = e.Result, SentBacks = call.Turn.SentBacks + 1 },
            ResolvedAt = null,
            ResolvedBy = null,
        }),
        (WhistleCallRated e, Open k) when Of(k, e.Call) is { Stage: CallStage.Resolved } call => With(k, fact, call with
        {
            Stage = CallStage.Rated,
            Turn = call.Turn with { Satisfaction = e.Satisfaction, Result = e.Result },
            EndedAt = fact.RecordedAt,
        }),
        (WhistleCallDropped e, Open k) when Of(k, e.Call) is { IsOpen: true, Stage: not CallStage.Resolved } call => With(k, fact, Dropped(call, fact.RecordedAt)),
        _ => throw new InvalidOperationException($"{fact.Event.GetType().Name} cannot follow in a whistle that is {Stage?.ToString() ?? "not blown"}."),
    };

    private static WhistleCall? Of(Open k, int call) => k.File.Find(call);

    private static WhistleFile Called(WhistleFile file, IReadOnlyList<Unit> units, DateTimeOffset at) => file with
    {
        Calls = file.Calls.AddRange(units.Select((unit, index) => new WhistleCall(file.Calls.Count + index + 1, CallStage.Called, unit, at, new CallTurn(unit, at), [], []))),
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
            Past = call.Past.Add(call.Turn with { LeftAt = call.Turn.LeftAt ?? at, TakenAway = !call.Turn.Declined }),
            ActedBy = [],
            Opinions = 0,
            Proposed = null,
            ArrivedBy = null,
            DistanceMetres = null,
        };
    }

    private static CallTurn Advised(CallTurn turn, DateTimeOffset at) => turn with { OpinionAt = turn.OpinionAt ?? at };

    private static WhistleCall Dropped(WhistleCall call, DateTimeOffset at) => call with { Stage = CallStage.Dropped, Turn = call.Turn with { LeftAt = call.Turn.LeftAt ?? at }, EndedAt = at };

    private static ImmutableList<string> With(ImmutableList<string> actors, By by) => actors.Contains(by.Actor) ? actors : actors.Add(by.Actor);

    private static Known With(Open k, Fact<WhistleEvent> fact, WhistleCall call)
    {
        var before = k.File.Calls[call.Number - 1];
        // A further opinion is no further step; another unit's turn is one.
        if (call.Stage != before.Stage || call.Past.Count != before.Past.Count)
            call = call.WaitingAnew() with { Since = fact.RecordedAt };
        call = call with { Last = Said.Of(fact.Event, fact.By.Actor) };
        var file = k.File with { Calls = k.File.Calls.SetItem(call.Number - 1, call) };
        return file.CallsInHand.Any() ? new Open(file) : new Ended(file with { EndedAt = call.EndedAt });
    }
}
