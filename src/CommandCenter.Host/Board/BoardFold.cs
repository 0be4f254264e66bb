using CommandCenter.Domain;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Statistics;
using CommandCenter.Domain.Tasks;
using CommandCenter.Domain.Whistles;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Board;

/// <summary>
/// The district in memory, folded from the log in position order; together with a clock it answers every board. What it holds depends on the events alone, so two nodes hold the same at
/// the same position. Not thread-safe: its owner applies and asks one after the other.
/// </summary>
public sealed class BoardFold
{
    /// <summary>Of what snapshots store. Raised whenever the same events would be folded to something else; snapshots of another format are passed over.</summary>
    public const int Format = 3;

    private const int FeedLength = 60;

    /// <summary>Of the feed so much is kept, because a village's wall shows only what is its own.</summary>
    private const int FeedKept = FeedLength * 4;

    /// <summary>So long something may well still happen to what ended (it is reopened within thirty days); after that its life is read from the log again if anything does.</summary>
    private const int EndedDays = 35;

    private readonly IOrganization _organization;
    private readonly Dictionary<AreaCode, TownShare> _towns = [];
    private readonly Dictionary<string, AreaCode> _townOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BoardCase> _ended = new(StringComparer.Ordinal);
    private readonly Dictionary<(AreaCode Town, DateOnly Day), int> _ordinals = [];
    private readonly Dictionary<string, TaskSummary> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskListSummary> _lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WhistleSummary> _whistles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AgendaSummary> _agendas = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ListingSummary> _listings = new(StringComparer.Ordinal);
    private readonly LinkedList<FeedItem> _feed = [];
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private DateOnly? _day;
    private DateTimeOffset _tomorrow;

    public BoardFold(IOrganization organization) => _organization = organization;

    /// <summary>Goes on from a snapshot.</summary>
    public BoardFold(IOrganization organization, BoardState state)
        : this(organization)
    {
        _day = state.Day;
        foreach (var row in state.Cases)
            Put(row);
        foreach (var row in state.Ended)
            _ended.Add(row.Summary.Id, row);
        foreach (var fact in state.Facts)
            Count(fact);
        foreach (var run in state.Runs)
            Count(run);
        foreach (var ordinal in state.Ordinals)
            _ordinals.Add((ordinal.Town, ordinal.Day), ordinal.Last);
        foreach (var task in state.Tasks)
            _tasks.Add(task.Id, task);
        foreach (var list in state.Lists)
            _lists.Add(list.Id, list);
        foreach (var whistle in state.Whistles)
            _whistles.Add(whistle.Id, whistle);
        foreach (var agenda in state.Agendas)
            _agendas.Add(agenda.Town, agenda);
        foreach (var listing in state.Listings)
            _listings.Add(listing.Case, listing);
        foreach (var item in state.Feed)
            _feed.AddLast(item);
        _broken.UnionWith(state.Broken);
    }

    /// <summary>A town's part of the district.</summary>
    private sealed class TownShare
    {
        /// <summary>What is open, and what ended yesterday or today.</summary>
        public Dictionary<string, BoardCase> Cases { get; } = new(StringComparer.Ordinal);

        /// <summary>Of the last month.</summary>
        public Dictionary<(string Case, long Version, FactKind Kind), CountedFact> Facts { get; } = [];

        /// <summary>Those that go on, and those that ended late in the last week.</summary>
        public Dictionary<(string Case, Clock Clock, int Round), CountedRun> Runs { get; } = [];
    }

    /// <summary>How many cases are held, open or ended.</summary>
    public int Held => _townOf.Count + _ended.Count;

    public IReadOnlyCollection<string> Broken => _broken;

    /// <summary>Leaves a stream out from now on: one of its events could not be folded.</summary>
    public void Leave(string stream) => _broken.Add(stream);

    /// <summary>Whether the next event of a stream can be folded; false where the board has let go of what ended long ago, see <see cref="Restore"/>.</summary>
    /// <param name="stream">With its category, such as <c>case:…</c>.</param>
    public bool Knows(string category, string id, long version) => version == 1 || category switch
    {
        "case" => _townOf.ContainsKey(id) || _ended.ContainsKey(id),
        "task" => _tasks.ContainsKey(id),
        "task_list" => _lists.ContainsKey(id),
        "whistle" => _whistles.ContainsKey(id),
        _ => true,
    };

    /// <summary>Takes a case in again that was let go of, with everything that happened to it before the next event.</summary>
    public void Restore(string number, string id, IReadOnlyList<(long Version, long Position, Fact<CaseEvent> Fact)> events)
    {
        CaseSummary? summary = null;
        CaseTally? tally = null;
        CaseAlarm? alarm = null;
        foreach (var (version, position, fact) in events)
        {
            summary = CaseSummary.Apply(summary, id, version, position, fact, code => SectorOf(code, position, fact.RecordedAt));
            tally = CaseTally.Apply(tally, id, version, position, fact, code => SectorOf(code, position, fact.RecordedAt)).After;
            alarm = CaseAlarm.After(alarm, fact);
        }

        _ended[id] = new BoardCase(number, summary!, tally!, alarm);
    }

    /// <summary>Takes the next event of a case.</summary>
    /// <exception cref="InvalidOperationException">The event cannot be part of that case's life.</exception>
    public void Apply(string id, long version, long position, string type, Fact<CaseEvent> fact)
    {
        Turn(fact.RecordedAt, position);
        var before = Find(id);
        if (before is not null && version <= before.Summary.Version)
            return;
        Sector? Sectors(string code) => SectorOf(code, position, fact.RecordedAt);
        var summary = CaseSummary.Apply(before?.Summary, id, version, position, fact, Sectors);
        var tallied = CaseTally.Apply(before?.Tally, id, version, position, fact, Sectors);
        var row = new BoardCase(before?.Number ?? NextNumber(summary), summary, tallied.After, CaseAlarm.After(before?.Alarm, fact));
        if (!_ended.Remove(id) && _townOf.TryGetValue(id, out var town) && town != summary.Town)
            _towns[town].Cases.Remove(id);
        Put(row);
        foreach (var counted in tallied.Facts)
            Count(counted);
        foreach (var run in tallied.Runs)
            Count(run);

        if (fact.Event is not (CaseClockStarted or CaseClockStopped))
        {
            var level = (fact.Event as CaseEscalated)?.Level;
            _feed.AddFirst(new FeedItem(
                position, fact.RecordedAt, type, id, row.Number, summary.Category, summary.Sector, summary.Area, summary.Urgency, level, summary.Unit));
            if (_feed.Count > FeedKept)
                _feed.RemoveLast();
        }
    }

    /// <summary>Takes the next event of a task.</summary>
    /// <exception cref="InvalidOperationException">The event cannot be part of that task's life.</exception>
    public void Apply(string id, long version, long position, Fact<TaskEvent> fact)
    {
        Turn(fact.RecordedAt, position);
        _tasks[id] = TaskSummary.Apply(_tasks.GetValueOrDefault(id), id, version, position, fact);
    }

    /// <summary>Takes the next event of a list of tasks.</summary>
    /// <exception cref="InvalidOperationException">The event cannot be part of that list's life.</exception>
    public void Apply(string id, long version, long position, Fact<TaskListEvent> fact)
    {
        Turn(fact.RecordedAt, position);
        _lists[id] = TaskListSummary.Apply(_lists.GetValueOrDefault(id), id, version, position, fact);
    }

    /// <summary>Takes the next event of a whistle.</summary>
    /// <exception cref="InvalidOperationException">The event cannot be part of that whistle's life.</exception>
    public void Apply(string id, long version, long position, Fact<WhistleEvent> fact)
    {
        Turn(fact.RecordedAt, position);
        _whistles[id] = WhistleSummary.Apply(_whistles.GetValueOrDefault(id), id, version, position, fact);
    }

    /// <summary>Takes the next event of a town's agenda.</summary>
    /// <exception cref="InvalidOperationException">The event cannot be part of that agenda's life.</exception>
    public void Apply(string town, long version, long position, Fact<AgendaEvent> fact)
    {
        Turn(fact.RecordedAt, position);
        _agendas[town] = AgendaSummary.Apply(_agendas.GetValueOrDefault(town), town, version, fact);
    }

    /// <summary>Takes the next event of a case's listing.</summary>
    /// <exception cref="InvalidOperationException">The event cannot be part of that listing's life.</exception>
    public void Apply(string caseId, long version, long position, Fact<ListingEvent> fact)
    {
        Turn(fact.RecordedAt, position);
        _listings[caseId] = ListingSummary.Apply(_listings.GetValueOrDefault(caseId), caseId, version, fact);
    }

    /// <summary>All that is held, in an order that does not depend on how it came to be.</summary>
    public BoardState State()
    {
        var shares = _towns.OrderBy(town => town.Key.Value, StringComparer.Ordinal).Select(town => town.Value).ToList();
        return new BoardState(
            _day,
            [.. shares.SelectMany(share => share.Cases.Values.OrderBy(row => row.Summary.Position))],
            [.. _ended.Values.OrderBy(row => row.Summary.Position)],
            [.. shares.SelectMany(share => share.Facts.Values.OrderBy(fact => fact.Position).ThenBy(fact => fact.Kind))],
            [.. shares.SelectMany(share => share.Runs.Values.OrderBy(run => run.Case, StringComparer.Ordinal).ThenBy(run => run.Clock).ThenBy(run => run.Round))],
            [.. _ordinals.Select(day => new DayOrdinal(day.Key.Town, day.Key.Day, day.Value)).OrderBy(day => day.Town.Value, StringComparer.Ordinal).ThenBy(day => day.Day)],
            [.. _tasks.Values.OrderBy(task => task.Id, StringComparer.Ordinal)],
            [.. _lists.Values.OrderBy(list => list.Id, StringComparer.Ordinal)],
            [.. _whistles.Values.OrderBy(whistle => whistle.Id, StringComparer.Ordinal)],
            [.. _agendas.Values.OrderBy(agenda => agenda.Town, StringComparer.Ordinal)],
            [.. _listings.Values.OrderBy(listing => listing.Case, StringComparer.Ordinal)],
            [.. _feed],
            [.. _broken.Order(StringComparer.Ordinal)]);
    }

    /// <summary>The board of a scope at an instant that is not before the last event.</summary>
    public BoardView View(AreaCode scope, string position, long frame, DateTimeOffset now, int parked)
    {
        var shares = scope.Level == AreaLevel.District
            ? _towns.Where(town => scope.Contains(town.Key)).Select(town => town.Value)
            : _towns.TryGetValue(scope.At(AreaLevel.Town)!.Value, out var own) ? [own] : [];
        var figures = new BoardFigures(scope, now, _organization.History.TimeZone);
        foreach (var share in shares)
        {
            foreach (var row in share.Cases.Values)
                figures.Add(row);
            foreach (var fact in share.Facts.Values)
                figures.Add(fact);
            foreach (var run in share.Runs.Values)
                figures.Add(run);
        }

        foreach (var task in _tasks.Values)
            figures.Add(task);
        return figures.View(
            position,
            frame,
            figures.Tasks(_lists),
            BoardFigures.Whistles(_whistles.Values.Where(whistle => scope.Contains(whistle.File.Area))),
            Agenda(scope, now),
            Listings(scope, now),
            [.. _feed.Where(item => scope.Contains(item.Area)).Take(FeedLength)],
            parked + _broken.Count);
    }

    private AgendaFigures Agenda(AreaCode scope, DateTimeOffset now)
    {
        var open = _agendas.Values.SelectMany(agenda => agenda.Agenda.Open.Select(item => (Town: AreaCode.Parse(agenda.Town), Item: item)))
            .Where(line => scope.Contains(line.Town)).ToList();
        return new AgendaFigures(
            open.Count,
            open.Count(line => line.Item.Stage == AgendaItemStage.Collected),
            open.Count(line => line.Item is { Stage: AgendaItemStage.Led, Lead: { } lead } && lead.Until <= now),
            [
                .. open.OrderBy(line => line.Item.Lead is null ? 1 : 0).ThenBy(line => line.Item.Lead?.Until).ThenBy(line => line.Town.Value, StringComparer.Ordinal).ThenBy(line => line.Item.Number).Take(6)
                    .Select(line => (line, Case: Find(line.Item.Case)))
                    .Select(pair => new AgendaLine(
                        pair.line.Town, pair.line.Item.Number, pair.line.Item.Case, pair.Case?.Number, pair.Case?.Summary.Category, pair.line.Item.Stage, pair.line.Item.Lead?.Person, pair.line.Item.Lead?.Until)),
            ]);
    }

    private ListingFigures Listings(AreaCode scope, DateTimeOffset now)
    {
        var listed = _listings.Values.Where(listing => listing.Stage == ListingStage.Listed && scope.Contains(listing.Opened.Town)).ToList();
        return new ListingFigures(
            listed.Count,
            listed.Count(listing => listing.IsLateAt(now)),
            [
                .. listed.OrderBy(listing => listing.DueAt).ThenBy(listing => listing.Case, StringComparer.Ordinal).Take(6)
                    .Select(listing => new ListingLine(listing.Case, Find(listing.Case)?.Number, listing.Opened.Category, listing.Opened.Town, listing.OpenedAt, listing.DueAt)),
            ]);
    }

    private BoardCase? Find(string id) => _townOf.TryGetValue(id, out var town) ? _towns[town].Cases[id] : _ended.GetValueOrDefault(id);

    private void Put(BoardCase row)
    {
        _townOf[row.Summary.Id] = row.Summary.Town;
        Share(row.Summary.Town).Cases[row.Summary.Id] = row;
    }

    private TownShare Share(AreaCode town)
    {
        if (!_towns.TryGetValue(town, out var share))
            _towns.Add(town, share = new TownShare());
        return share;
    }

    private void Count(CountedFact fact)
    {
        // Known better after it has left the month: nothing asks for it any more.
        if (BoardFigures.Counts(fact.Kind) && !(_day is { } day && LocalDay.Of(fact.At, _organization.History.TimeZone) < day.AddDays(1 - BoardFigures.MonthDays)))
            Share(fact.Place.Area.At(AreaLevel.Town)!.Value).Facts[(fact.Case, fact.Version, fact.Kind)] = fact;
    }

    private void Count(CountedRun run)
    {
        var runs = Share(run.Place.Area.At(AreaLevel.Town)!.Value).Runs;
        if (run.EndedAt is null || run.EndedAt >= run.DueAt)
            runs[(run.Case, run.Clock, run.Round)] = run;
        else
            runs.Remove((run.Case, run.Clock, run.Round));
    }

    private Sector? SectorOf(string code, long position, DateTimeOffset at) => _organization.AsOf(position).CategoryAt(at, code)?.Sector;

    private string NextNumber(CaseSummary summary)
    {
        var key = (summary.Town, LocalDay.Of(summary.ReportedAt, _organization.AsOf(summary.Position).TimeZone));
        var ordinal = _ordinals.GetValueOrDefault(key) + 1;
        _ordinals[key] = ordinal;
        return CaseNumbers.Of(key.Item2, ordinal);
    }

    // By the log's own days: whoever folds the same events lets go of the same.
    private void Turn(DateTimeOffset recordedAt, long position)
    {
        if (recordedAt < _tomorrow)
            return;
        var zone = _organization.AsOf(position).TimeZone;
        var day = LocalDay.Of(recordedAt, zone);
        _tomorrow = LocalDay.Start(day.AddDays(1), zone);
        if (_day is { } last && day <= last)
            return;
        _day = day;
        var yesterday = LocalDay.Start(day.AddDays(-1), zone);
        var month = LocalDay.Start(day.AddDays(1 - BoardFigures.MonthDays), zone);
        var week = LocalDay.Start(day.AddDays(1 - BoardFigures.WeekDays), zone);
        var longAgo = LocalDay.Start(day.AddDays(-EndedDays), zone);
        foreach (var share in _towns.Values)
        {
            foreach (var row in share.Cases.Values.Where(row => !row.Summary.IsOpen && row.Summary.ClosedAt < yesterday).ToList())
            {
                share.Cases.Remove(row.Summary.Id);
                _townOf.Remove(row.Summary.Id);
                _ended[row.Summary.Id] = row;
            }

            foreach (var (key, _) in share.Facts.Where(entry => entry.Value.At < month).ToList())
                share.Facts.Remove(key);
            foreach (var (key, _) in share.Runs.Where(entry => entry.Value.EndedAt < week).ToList())
                share.Runs.Remove(key);
        }

        foreach (var (id, row) in _ended.ToList())
            if (row.Summary.ClosedAt < longAgo)
                _ended.Remove(id);
        foreach (var key in _ordinals.Keys.Where(key => key.Day < day.AddDays(-1)).ToList())
            _ordinals.Remove(key);
        foreach (var (id, list) in _lists.ToList())
            if (list.EndedAt < yesterday)
                _lists.Remove(id);
        foreach (var (id, task) in _tasks.ToList())
            if (!task.IsOpen && !_lists.ContainsKey(task.File.List))
                _tasks.Remove(id);
        foreach (var (id, whistle) in _whistles.ToList())
            if (whistle.File.EndedAt < yesterday)
                _whistles.Remove(id);
        foreach (var (id, listing) in _listings.ToList())
            if (listing.LiftedAt < yesterday)
                _listings.Remove(id);
    }
}
