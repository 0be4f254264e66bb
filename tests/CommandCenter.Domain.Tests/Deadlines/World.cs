using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Spots;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Domain.Tests;

/// <summary>
/// One case, its timers and the inboxes under a virtual clock: decides, lets the saga react in the same step, and fires timers in
/// order at their own due times. As strict as the timer table: a key is set once, and only a set key is cancelled.
/// </summary>
public sealed class World(PolicyBook? policies = null, OrganizationDirectory? organization = null)
{
    private PolicyBook _policies = policies ?? Sample.Policies;
    private OrganizationDirectory _organization = organization ?? Town.Organization;
    private readonly Dictionary<(string Name, int Attempt), DateTimeOffset> _timers = [];
    private readonly List<Fact<CaseEvent>> _facts = [];
    private readonly List<Notice> _notices = [];

    /// <summary>Looks at every notice in the moment in which it is told, when the case stands as it told of.</summary>
    public Action<Notice>? Telling { get; init; }

    public Case State { get; private set; } = Case.None;

    /// <summary>As it stands now.</summary>
    public OrganizationDirectory Organization => _organization;

    /// <summary>By which it is counted now.</summary>
    public PolicyBook Policies => _policies;

    public IReadOnlyList<Fact<CaseEvent>> Facts => _facts;

    public IReadOnlyList<CaseEvent> Events => [.. _facts.Select(fact => fact.Event)];

    public IReadOnlyList<Notice> Notices => _notices;

    public IReadOnlyDictionary<(string Name, int Attempt), DateTimeOffset> Timers => _timers;

    public CaseFile File => State.ShouldBeAssignableTo<Case.Known>()!.File;

    /// <summary>Somebody commands, after every timer that came due before.</summary>
    public Decision<CaseEvent> Do(CaseCommand command, By by, DateTimeOffset at)
    {
        Until(at);
        var decision = CaseDecider.Decide(command, State, by);
        if (decision is Decision<CaseEvent>.Emit emit)
            Decided(emit.Events, by, at);
        return decision;
    }

    /// <summary>A spot is reported, with what follows from it by rule in the same step.</summary>
    /// <returns>What the rule did; nothing where it stays an ordinary report.</returns>
    public IReadOnlyList<CaseEvent> Scan(Spot spot, By by, DateTimeOffset at, Urgency urgency = Urgency.Normal, AdmissionBook? book = null)
    {
        Until(at);
        var reported = SpotRouting.Report(spot, CaseSource.QrCode, new MarkedText(spot.Text(), []), urgency, []);
        Append([reported], by, at);
        var ruled = SpotRouting.Send((Case.Known)State, spot, _organization, book ?? AdmissionBook.Open, _policies, at, new SpotRule(spot.Code, 1));
        Append(ruled, SpotRouting.Engine(Town.Code), at);
        Take(DeadlineSaga.React(Sample.CaseId, State, [reported, .. ruled], at, _policies, _organization, Sample.Plan), at);
        return ruled;
    }

    /// <summary>Something happens by its usual doer, after every timer that came due before.</summary>
    public void Happen(CaseEvent happened, DateTimeOffset at)
    {
        Until(at);
        Decided([happened], Sample.Doer(happened), at);
    }

    /// <summary>Time passes, and every timer fires at its own due time.</summary>
    public void Until(DateTimeOffset now) => FireDue(now, due => due);

    /// <summary>The engine was down until now, and fires what it missed.</summary>
    public void WakeAt(DateTimeOffset now) => FireDue(now, _ => now);

    /// <summary>A timer fires whether it is set or not, as a second node or a late worker would let it.</summary>
    public Reaction<CaseEvent> Fire(string timer, int attempt, DateTimeOffset dueAt, DateTimeOffset firedAt)
    {
        _timers.Remove((timer, attempt));
        var reaction = DeadlineSaga.OnTimer(Sample.CaseId, State, timer, attempt, dueAt, firedAt, _policies, _organization, Sample.Plan);
        Take(reaction, firedAt);
        return reaction;
    }

    /// <summary>Somebody leaves, and the engine tells whoever is next.</summary>
    public void Leave(string person, DateTimeOffset at)
    {
        Until(at);
        var before = _organization;
        _organization = before.Without(person);
        var byName = DeadlineSaga.WhenHolderLeft(Sample.CaseId, State, at, _policies, _organization, Sample.Plan);
        Take(byName.IsEmpty ? DeadlineSaga.WhenOthersActNow(Sample.CaseId, State, before, at, _policies, _organization, Sample.Plan) : byName, at);
    }

    /// <summary>Another policy or calendar counts from now on, and open cases are counted anew for it.</summary>
    public void Recount(PolicyRecount recount, PolicyBook by, DateTimeOffset at)
    {
        Until(at);
        _policies = by;
        Take(DeadlineSaga.Recount(Sample.CaseId, State, recount, at, _policies, _organization, Sample.Plan), at);
    }

    /// <summary>The working time by which a clock counts: that of the town where it began.</summary>
    public WorkingTime TimeOf(RunningClock running) => _policies.Calendar.At(running.Town!.Value, Town.Shanghai);

    /// <inheritdoc cref="TimeOf(RunningClock)"/>
    public WorkingTime TimeOf(CaseClockStarted started) => _policies.Calendar.At(
        Events.TakeWhile(happened => !ReferenceEquals(happened, started)).Aggregate(Town.Code, (town, happened) => happened switch
        {
            CaseTransferAccepted e => e.Area.At(AreaLevel.Town)!.Value,
            CaseTransferred e => e.Area.At(AreaLevel.Town)!.Value,
            _ => town,
        }), Town.Shanghai);

    /// <summary>The town's working time as it is known now.</summary>
    public WorkingTime Time => _policies.Calendar.At(Town.Code, Town.Shanghai);

    /// <summary>Another policy counts for clocks that start from now on.</summary>
    public void Adopt(PolicyBook by) => _policies = by;

    private void FireDue(DateTimeOffset now, Func<DateTimeOffset, DateTimeOffset> firedAt)
    {
        while (_timers.Count > 0)
        {
            var ((name, attempt), dueAt) = _timers.OrderBy(timer => timer.Value).ThenBy(timer => timer.Key.Name, StringComparer.Ordinal).First();
            if (dueAt > now)
                return;
            Fire(name, attempt, dueAt, firedAt(dueAt));
        }
    }

    private void Decided(IReadOnlyList<CaseEvent> events, By by, DateTimeOffset at)
    {
        Append(events, by, at);
        Take(DeadlineSaga.React(Sample.CaseId, State, events, at, _policies, _organization, Sample.Plan), at);
    }

    private void Take(Reaction<CaseEvent> reaction, DateTimeOffset at)
    {
        if (State is Case.Known known)
            Append(reaction.Events, DeadlineSaga.Engine(known), at);
        _notices.AddRange(reaction.Notices);
        reaction.Notices.ToList().ForEach(notice => Telling?.Invoke(notice));
        foreach (var timer in reaction.Timers)
        {
            if (timer.DueAt is { } dueAt)
                _timers.TryAdd((timer.Name, timer.Attempt), dueAt).ShouldBeTrue($"{timer.Name}/{timer.Attempt} is set already.");
            else
                _timers.Remove((timer.Name, timer.Attempt)).ShouldBeTrue($"{timer.Name}/{timer.Attempt} is cancelled but was not set.");
        }
    }

    private void Append(IEnumerable<CaseEvent> events, By by, DateTimeOffset at)
    {
        foreach (var happened in events)
        {
            var fact = new Fact<CaseEvent>(happened, by, at, at);
            State = State.Apply(fact);
            _facts.Add(fact);
        }
    }
}
