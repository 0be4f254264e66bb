using System.Globalization;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Simulation;

/// <summary>
/// Plays a district's history into the log on a clock set by hand (ADR 0031). What falls into one slot is carried out at once in lanes, each errand and each timer by its own
/// instant, and recorded at the end of the slot; then everything that happened is read, and what follows is planned.
/// </summary>
public sealed class SimulationRunner(
    PlayedClock clock, IEventLog log, EventCatalogue catalogue, ITimerStore timers, SagaTimers sagas, CaseStreams streams, StreamCommands commands, SimulationDriver driver, SimulatedLateCases late, SimulationRefusals refusals,
    SimulatedTasks tasks, SimulatedWhistles whistles, SimulatedMeetings meetings, SimulatedAgendas agendas, IOrganization organization, IPolicies policies, Identifiers identifiers) : ISimulation
{
    private const int LanesAtOnce = 48;
    private const int TimersAtOnce = 500;
    private const int MostAttempts = 5;
    private const int ReadAtOnce = 2_000;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);
    private static readonly double[] ReadingHours = [8.8, 11.4, 15.0, 17.4];

    private readonly Dictionary<string, CaseSummary> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (SimulatedCase Life, DateTimeOffset Since)> _lives = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InboxState> _inboxes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unread = new(StringComparer.Ordinal);
    private readonly Dictionary<(AreaCode Town, string Category), SortedDictionary<long, string>> _inHand = [];
    private readonly PriorityQueue<Errand, (DateTimeOffset At, long Order)> _queue = new();
    private readonly PlayedLog? _played = log as PlayedLog;
    private long _order;
    private long _position;
    private long _number;
    private int _reports;

    public async Task<SimulationReport> PlayAsync(SimulationPlan plan, IProgress<SimulationProgress>? progress, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var told = started;
        var zone = organization.At(plan.From).TimeZone;
        var rhythm = new SimulationRhythm(policies.At(plan.From).Calendar.Days, zone, plan.Seed);
        var script = new SimulationScript(new SimulatedSeats(organization.At(plan.From)), rhythm, plan.Seed);
        _position = (await log.HeadAsync(cancellation)).Last.Position;
        clock.SetTo(plan.From);
        for (var day = rhythm.DayOf(plan.From); rhythm.At(day, 0) < plan.To; day = day.AddDays(1))
            Enqueue(DayOf(day, plan, script));

        while (await NextAsync(plan.To, cancellation) is { } next)
        {
            var end = next + plan.Slot < plan.To ? next + plan.Slot : plan.To;
            clock.SetTo(end);
            await PlaySlotAsync(end, script, cancellation);
            if (progress is not null && clock.GetElapsedTime(told) >= ProgressEvery)
            {
                told = clock.GetTimestamp();
                progress.Report(Progress(end));
            }
        }

        clock.SetTo(plan.To);
        progress?.Report(Progress(plan.To));
        return new SimulationReport(_position, _reports, tasks.Count, whistles.Count, meetings.Count, agendas.Count, refusals.Counted, clock.GetElapsedTime(started));

        SimulationProgress Progress(DateTimeOffset at) => new((at - plan.From).TotalDays, (plan.To - plan.From).TotalDays, _position, clock.GetElapsedTime(started));
    }

    /// <summary>The cases that are in hand.</summary>
    public IReadOnlyCollection<CaseSummary> Open => _rows.Values;

    private void Enqueue(Errand errand) => _queue.Enqueue(errand, (errand.At, _order++));

    private async Task<DateTimeOffset?> NextAsync(DateTimeOffset until, CancellationToken cancellation)
    {
        var timer = _played is { } played ? played.NoTimerBefore : await timers.NextDueAsync(cancellation);
        var errand = _queue.TryPeek(out var first, out _) ? first.At : (DateTimeOffset?)null;
        var next = timer < errand || errand is null ? timer : errand;
        var now = clock.GetUtcNow();
        return next is { } at && at < until ? (at > now ? at : now) : null;
    }

    private async Task PlaySlotAsync(DateTimeOffset end, SimulationScript script, CancellationToken cancellation)
    {
        List<Errand> all = [];
        while (_queue.TryPeek(out var first, out _) && first.At <= end)
            all.Add(_queue.Dequeue());
        var afterwards = all;
        // A timer that a step of this slot set may be due in it as well; where it has to be asked for, it comes with the next slot, by its own instant all the same.
        var full = true;
        while (full)
        {
            var due = await ClaimAsync(end, cancellation);
            full = _played is null ? due.Count == TimersAtOnce : all.Count > 0 || due.Count > 0;
            await Parallel.ForEachAsync(
                all.Concat(due.Select(Fire)).GroupBy(errand => errand.Lane, StringComparer.Ordinal).Select(lane => lane.OrderBy(errand => errand.At).ToList()),
                new ParallelOptions { MaxDegreeOfParallelism = LanesAtOnce, CancellationToken = cancellation },
                async (lane, token) =>
                {
                    foreach (var errand in lane)
                        await errand.RunAsync(token);
                });
            all = [];
        }

        await CatchUpAsync(cancellation);
        foreach (var follows in afterwards.SelectMany(errand => errand.Afterwards?.Invoke() ?? []).ToList())
            Enqueue(follows);
        foreach (var follows in meetings.Afterwards(end).ToList())
            Enqueue(follows);
    }

    private async Task<IReadOnlyList<DueTimer>> ClaimAsync(DateTimeOffset until, CancellationToken cancellation)
    {
        if (_played is null)
            return await timers.ClaimDueAsync(until, TimersAtOnce, Lease, cancellation);
        if (!(_played.NoTimerBefore <= until))
            return [];
        var due = await timers.ClaimDueAsync(until, TimersAtOnce, Lease, cancellation);
        if (due.Count < TimersAtOnce)
            _played.Claimed(until);
        return due;
    }

    private Errand Fire(DueTimer timer) => new(timer.DueAt, timer.Key.SagaId, async token =>
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await sagas.FireAsync(timer, timer.DueAt, token);
                return;
            }
            catch (TimerContendedException) when (attempt < MostAttempts)
            {
                // Others of this slot wrote first; they are fewer each time.
            }
            catch (TimerContendedException)
            {
                // Its lease ends, and it comes again.
                _played?.AgainAt(clock.GetUtcNow() + Lease);
                return;
            }
        }
    });

    /// <summary>Everything that begins on a day.</summary>
    private Errand DayOf(DateOnly day, SimulationPlan plan, SimulationScript script) => new(Later(script.Rhythm.At(day, 0), plan.From), "day", _ => Task.CompletedTask, () =>
    {
        List<Errand> begins = [];
        foreach (var town in script.Seats.Towns)
        {
            var part = plan.Share * SimulatedDistrict.PartOf(town);
            var key = (day.DayNumber * 1_000_000L) + long.Parse(town.Value[6..], CultureInfo.InvariantCulture);
            var direct = SimulatedDistrict.CasesAYear - (script.Seats.Yards[town].Count > 0 ? SimulatedMeetings.LinesAYear : 0);
            var count = script.Rhythm.CountOn(day, direct * part, Chance.Of(plan.Seed, "cases", key));
            for (var i = 0; i < count; i++)
            {
                var number = ++_number;
                begins.AddRange(Report(number, town, script.Rhythm.InstantOn(day, Chance.Of(plan.Seed, "arrival", number)), script));
            }

            begins.AddRange(tasks.OnDay(day, town, part, plan.Seed, script));
            begins.AddRange(whistles.OnDay(day, town, part, plan.Seed, script));
            begins.AddRange(meetings.OnDay(day, town, part, plan.Seed, script, Found));
            begins.AddRange(agendas.OnDay(day, town, plan.Seed, script, () => _rows.Values));
        }

        var hours = script.Rhythm.IsWorkingDay(day) ? ReadingHours : [ReadingHours[1]];
        begins.AddRange(hours.Select(hour => ReadingAt(script.Rhythm.At(day, hour), plan.Seed)));
        return begins.Where(errand => errand.At >= plan.From && errand.At < plan.To);
    });

    private IEnumerable<Errand> Report(long number, AreaCode town, DateTimeOffset at, SimulationScript script)
    {
        if (script.Report(number, town, at) is not { } step)
            return [];
        string? id = null;
        return [new Errand(at, $"report:{number}", async token =>
        {
            var made = identifiers.New();
            if (refusals.Note(step.Command, await driver.CarryOutAsync(step, made, token)) is null)
                id = made;
        },
        () => id is null ? [] : Found(id, number, at, script))];
    }

    /// <summary>A case that was reported, or came out of a meeting's list: its life begins.</summary>
    private IEnumerable<Errand> Found(string id, long number, DateTimeOffset at, SimulationScript script)
    {
        _lives[id] = (script.Life(number) with { Steps = 1 }, at);
        return Goes(id, script);
    }

    /// <summary>The next step of a case; its life ends where there is none.</summary>
    private IEnumerable<Errand> Goes(string id, SimulationScript script)
    {
        if (!_lives.TryGetValue(id, out var lived))
            return [];
        if (!_rows.TryGetValue(id, out var row) || script.Next(lived.Life, row, lived.Since, OtherThan(id, row)) is not { } step)
        {
            LetGo(id);
            return [];
        }

        return [new Errand(step.At, id, async token =>
        {
            await ReadAsync(step.Actor, [$"case:{id}"], step.At, token);
            refusals.Note(step.Command, await driver.CarryOutAsync(step, id, token));
        },
        () =>
        {
            _lives[id] = (lived.Life.After(step), step.At);
            return Goes(id, script);
        })];
    }

    private void LetGo(string id)
    {
        if (_lives.Remove(id, out var lived) && _rows.TryGetValue(id, out var row))
        {
            if (_inHand.TryGetValue((row.Town, row.Category), out var cases))
                cases.Remove(lived.Life.Number);
            if (!row.IsOpen)
                _rows.Remove(id);
        }
    }

    // The one that was reported last and is in hand.
    private string? OtherThan(string id, CaseSummary row)
    {
        if (!_inHand.TryGetValue((row.Town, row.Category), out var cases))
            return null;
        foreach (var (_, other) in cases.Reverse())
        {
            if (other != id && _rows.TryGetValue(other, out var open) && open.Stage is CaseStage.Filed or CaseStage.Dispatched or CaseStage.Handling)
                return other;
        }

        return null;
    }

    /// <summary>At some hours everybody reads what they were told and have not read.</summary>
    private Errand ReadingAt(DateTimeOffset at, long seed)
    {
        return new Errand(at, "reading", _ => Task.CompletedTask, () => _unread.Order(StringComparer.Ordinal).Select(person =>
        {
            var when = at + TimeSpan.FromMinutes(Chance.Of(seed, person, at.Ticks).Between(1, 40));
            return new Errand(when, $"reads:{person}", token => ReadAsync(person, null, when, token));
        }).ToList());
    }

    /// <summary>Somebody has read what they were told, of some subjects or of all.</summary>
    private async Task ReadAsync(string person, IReadOnlyList<string>? subjects, DateTimeOffset at, CancellationToken cancellation)
    {
        // Only this person's lane and the reading between slots change it.
        if (!_inboxes.TryGetValue(person, out var inbox))
            return;
        var unread = inbox.InOrder.Where(notice => notice.Standing is NoticeStanding.Unread or NoticeStanding.AtDesk && subjects?.Contains(notice.Sent.Subject, StringComparer.Ordinal) != false).ToList();
        if (unread.Count == 0 || organization.Now.FindPerson(person) is not { } reader)
            return;
        var seat = reader.Roles[0];
        var origin = new EventOrigin(person, Names.Of(seat.Role), seat.Place.Value, at);
        await log.AppendAsync(
            new AppendRequest([new StreamAppend(StreamCommands.InboxOf(person), "inbox", new ExpectedVersion.StreamExists(), [.. unread.Select(notice => catalogue.Encode(new NoticeRead(notice.Id), origin, notice.Sent.Subject))])]), cancellation);
    }

    private async Task CatchUpAsync(CancellationToken cancellation)
    {
        IReadOnlyList<StoredEvent> events;
        do
        {
            events = await log.ReadLogAsync(_position, ReadAtOnce, cancellation);
            foreach (var stored in events)
            {
                if (stored.Stream.Category == "case")
                    Take(stored, streams.FactOf<CaseEvent>(stored));
                else if (stored.Stream.Category == "inbox")
                    TakeNotice(stored.Stream.Id, commands.FactOf<InboxEvent>(stored));
            }

            if (events.Count > 0)
                _position = events[^1].Position.Position;
        }
        while (events.Count == ReadAtOnce);
    }

    private void Take(StoredEvent stored, Domain.Fact<CaseEvent> fact)
    {
        var id = stored.Stream.Id;
        if (fact.Event is CaseReported)
            _reports++;
        else if (!_rows.ContainsKey(id))
            return;
        var row = _rows[id] = CaseSummary.Apply(_rows.GetValueOrDefault(id), id, stored.StreamVersion, stored.Position.Position, fact, code => organization.Now.FindCategory(code)?.Sector);
        if (fact.Event is CaseFiled && _lives.TryGetValue(id, out var lived))
        {
            if (!_inHand.TryGetValue((row.Town, row.Category), out var cases))
                _inHand[(row.Town, row.Category)] = cases = [];
            cases[lived.Life.Number] = id;
        }

        if (fact.Event is CaseEscalated climbed)
            late.Climbed(row.Town.Value, row.Category, id, fact.RecordedAt, climbed.Level);
        if (!row.IsOpen)
        {
            meetings.Ended(row);
            // What nobody leads any more is let go of with its end; the others when their lives are over.
            if (!_lives.ContainsKey(id))
                _rows.Remove(id);
        }
    }

    private void TakeNotice(string person, Domain.Fact<InboxEvent> fact)
    {
        var inbox = _inboxes[person] = _inboxes.GetValueOrDefault(person, InboxState.Empty).Apply(fact);
        if (fact.Event is NoticeSent)
            _unread.Add(person);
        else if (!inbox.Notices.Values.Any(notice => notice.Standing is NoticeStanding.Unread or NoticeStanding.AtDesk))
            _unread.Remove(person);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
