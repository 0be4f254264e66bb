using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Statistics;
using CommandCenter.Domain.Tasks;
using CommandCenter.Domain.Whistles;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Board;

/// <summary>Counts what a fold holds for one scope at one instant; everything is added once, in any order.</summary>
internal sealed class BoardFigures
{
    public const int WeekDays = 7;
    public const int MonthDays = 30;

    private const int UrgentLength = 6;
    private const int ListsLength = 8;
    private const int AlarmsLength = 12;
    private static readonly int Sectors = Enum.GetValues<Sector>().Length;

    private readonly AreaCode _scope;
    private readonly AreaLevel? _below;
    private readonly DateTimeOffset _now;
    private readonly DateTimeOffset _today;
    private readonly DateTimeOffset _month;
    private readonly DateTimeOffset _week;
    private readonly DateTimeOffset _weekBefore;
    private readonly Period _days;
    private readonly Panel[] _panels = [.. Enumerable.Range(0, Sectors).Select(_ => new Panel())];
    private readonly Panel _whole = new();
    private readonly Dictionary<AreaCode, Place> _places = [];
    private readonly Dictionary<AreaCode, Grid> _grids = [];
    private readonly Dictionary<string, ListCount> _lists = new(StringComparer.Ordinal);
    private readonly List<AlarmLine> _alarms = [];
    private int _filedToday;
    private int _escalatedToday;

    /// <param name="now">What is late is late then, and its local day is today.</param>
    public BoardFigures(AreaCode scope, DateTimeOffset now, TimeZoneInfo zone)
    {
        var today = LocalDay.Of(now, zone);
        _scope = scope;
        _below = scope.Level switch { AreaLevel.District => AreaLevel.Town, AreaLevel.Town => AreaLevel.Village, AreaLevel.Village => AreaLevel.Grid, AreaLevel.Grid => AreaLevel.Yard, _ => null };
        _now = now;
        _days = new Period(today.AddDays(1 - MonthDays), today);
        _today = LocalDay.Start(today, zone);
        _month = LocalDay.Start(_days.From, zone);
        _week = LocalDay.Start(today.AddDays(1 - WeekDays), zone);
        _weekBefore = LocalDay.Start(today.AddDays(1 - (2 * WeekDays)), zone);
    }

    /// <summary>What the rates of boards are made of.</summary>
    public static bool Counts(FactKind kind) => kind is FactKind.Closed or FactKind.Rated;

    public void Add(BoardCase row)
    {
        var s = row.Summary;
        if (!_scope.Contains(s.Area))
            return;
        var panel = _panels[(int)s.Sector];
        var place = PlaceOf(s.Area);
        if (s.ReportedAt >= _today)
        {
            panel.ReportedToday++;
            _whole.ReportedToday++;
            if (place is not null)
                place.ReportedToday++;
        }

        if (s.FiledAt >= _today)
            _filedToday++;
        if (s.EscalatedAt >= _today)
            _escalatedToday++;
        if (!s.IsOpen)
        {
            if (s.Stage != CaseStage.Closed || !(s.ClosedAt >= _today))
                return;
            panel.ClosedToday++;
            _whole.ClosedToday++;
            if (place is not null)
                place.ClosedToday++;
            return;
        }

        var (late, soon, emergency) = (s.IsLate(_now), s.IsDueSoon(_now), s.Urgency == Urgency.Emergency);
        if (row.Alarm is { } alarm)
            _alarms.Add(new AlarmLine(s.Id, row.Number, s.Category, s.Sector, s.Area, alarm.Since, Answer(alarm)));
        panel.Rows.Add(row);
        panel.Stages[(int)s.Stage]++;
        if (s.Level is { } level)
            panel.Levels[(int)level]++;
        Add(panel, late, soon, emergency);
        Add(_whole, late, soon, emergency);
        if (place is not null)
            Add(place, late, soon, emergency);
        if (s.Area.At(AreaLevel.Grid) is { } grid)
        {
            if (!_grids.TryGetValue(grid, out var count))
                _grids.Add(grid, count = new Grid());
            Add(count, late, soon, emergency);
        }
    }

    public void Add(CountedFact fact)
    {
        if (fact.At < _month || fact.At > _now || !_scope.Contains(fact.Place.Area))
            return;
        _panels[(int)fact.Place.Sector].Add(fact, _week, _weekBefore);
        _whole.Add(fact, _week, _weekBefore);
        PlaceOf(fact.Place.Area)?.Add(fact, _week, _weekBefore);
    }

    public void Add(CountedRun run)
    {
        if (!_scope.Contains(run.Place.Area))
            return;
        var now = WasLate(run, _now);
        var then = WasLate(run, _week);
        if (!now && !then)
            return;
        Late(_panels[(int)run.Place.Sector]);
        Late(_whole);
        if (PlaceOf(run.Place.Area) is { } place)
            Late(place);

        // A case with several such runs is one case.
        void Late(Rates rates)
        {
            if (now)
                rates.LateOpen.Add(run.Case);
            if (then)
                rates.LateOpenBefore.Add(run.Case);
        }
    }

    public void Add(TaskSummary task)
    {
        if (!_scope.Contains(task.File.Target))
            return;
        if (!_lists.TryGetValue(task.File.List, out var list))
            _lists.Add(task.File.List, list = new ListCount());
        if (task.Stage is TaskStage.Cancelled)
            return;
        list.Tasks++;
        list.Open += task.IsOpen ? 1 : 0;
        list.Done += task.Stage == TaskStage.Accepted ? 1 : 0;
        list.ToCheck += task.Stage == TaskStage.Completed ? 1 : 0;
        list.Late += task.LateAt <= _now ? 1 : 0;
        list.LateOpen += task.IsOpen && task.LateAt <= _now ? 1 : 0;
    }

    /// <summary>Of lists that are published, what was added.</summary>
    public TaskFigures Tasks(IReadOnlyDictionary<string, TaskListSummary> lists)
    {
        var published = _lists.Where(list => lists.GetValueOrDefault(list.Key) is { Stage: TaskListStage.Published }).Select(list => (Count: list.Value, List: lists[list.Key])).ToList();
        return new TaskFigures(
            published.Sum(list => list.Count.Open),
            published.Sum(list => list.Count.LateOpen),
            published.Count,
            [
                .. published.OrderByDescending(list => list.Count.LateOpen).ThenBy(list => list.List.DueAt).ThenBy(list => list.List.Position).Take(ListsLength)
                    .Select(list => new TaskListFigures(list.List.Id, list.List.Title, list.Count.Tasks, list.Count.Done, list.Count.ToCheck, list.Count.Late, list.List.DueAt)),
            ]);
    }

    public static WhistleFigures Whistles(IEnumerable<WhistleSummary> whistles)
    {
        var open = whistles.Where(whistle => whistle.Stage == WhistleStage.Open).ToList();
        int Calls(params CallStage[] stages) => open.Sum(whistle => whistle.File.Calls.Count(call => stages.Contains(call.Stage)));
        return new WhistleFigures(open.Count, Calls(CallStage.Called, CallStage.Declined), Calls(CallStage.Routed), Calls(CallStage.Arrived, CallStage.Advised), Calls(CallStage.Resolved));
    }

    public BoardView View(
        string position, long frame, TaskFigures tasks, WhistleFigures whistles, AgendaFigures agenda, ListingFigures listings, IReadOnlyList<FeedItem> feed, int parked) => new(
        _scope,
        position,
        frame,
        _now,
        new TodayFigures(_whole.ReportedToday, _filedToday, _whole.ClosedToday, _escalatedToday),
        _whole.Open,
        _whole.Overdue,
        _whole.DueSoon,
        _whole.Emergencies,
        Alarms(),
        _whole.Week(),
        _whole.Month(_days),
        [.. Enum.GetValues<Sector>().Select(PanelOf)],
        [.. _places.Select(place => place.Value.Figures(place.Key)).Where(place => !place.IsNothing()).OrderBy(place => place.Area.Value, StringComparer.Ordinal)],
        [.. _grids.Select(grid => new GridFigures(grid.Key, grid.Value.Open, grid.Value.Overdue, grid.Value.Emergencies)).OrderBy(grid => grid.Area.Value, StringComparer.Ordinal)],
        tasks,
        whistles,
        agenda,
        listings,
        feed,
        parked);

    private AlarmFigures Alarms() => new(
        _alarms.Count(alarm => alarm.Acknowledged is null),
        [.. _alarms.OrderBy(alarm => alarm.Acknowledged is null ? 0 : 1).ThenByDescending(alarm => alarm.Acknowledged?.At ?? alarm.Since).ThenBy(alarm => alarm.Case, StringComparer.Ordinal).Take(AlarmsLength)]);

    private static AlarmAnswer? Answer(CaseAlarm alarm) => alarm.Acknowledged is { } by ? new AlarmAnswer(by.By.Actor, by.By.Role, by.At, by.Wall) : null;

    private static void Add(Tally tally, bool late, bool soon, bool emergency)
    {
        tally.Open++;
        tally.Overdue += late ? 1 : 0;
        tally.DueSoon += soon ? 1 : 0;
        tally.Emergencies += emergency ? 1 : 0;
    }

    // As statistics count it: late from the due instant on, and open until it ended after the instant.
    private static bool WasLate(CountedRun run, DateTimeOffset instant) => run.DueAt <= instant && !(run.EndedAt <= instant);

    private Place? PlaceOf(AreaCode area)
    {
        if (_below is not { } level || area.At(level) is not { } below)
            return null;
        if (!_places.TryGetValue(below, out var place))
            _places.Add(below, place = new Place());
        return place;
    }

    private SectorPanel PanelOf(Sector sector)
    {
        var panel = _panels[(int)sector];
        int Stage(CaseStage stage) => panel.Stages[(int)stage];
        int Level(EscalationLevel level) => panel.Levels[(int)level];
        return new SectorPanel(
            sector,
            new StageFunnel(
                // What lies with a village, a checker or another town has not been filed either.
                Stage(CaseStage.Reported) + Stage(CaseStage.Assessing) + Stage(CaseStage.Checking) + Stage(CaseStage.Transferring), Stage(CaseStage.Filed), Stage(CaseStage.Dispatched), Stage(CaseStage.Handling), Stage(CaseStage.Completed), Stage(CaseStage.Verified), Stage(CaseStage.Rated)),
            panel.Open,
            panel.Overdue,
            new LevelFigures(Level(EscalationLevel.Responsible), Level(EscalationLevel.SectorLead), Level(EscalationLevel.TownLeader), Level(EscalationLevel.Committee), Level(EscalationLevel.ListedSupervision)),
            panel.DueSoon,
            panel.Emergencies,
            panel.ReportedToday,
            panel.ClosedToday,
            [
                .. panel.Rows.Where(row => Presses(row.Summary))
                    .OrderBy(row => row.Summary.IsLate(_now) ? 0 : row.Summary.IsDueSoon(_now) ? 1 : 2)
                    .ThenByDescending(row => row.Summary.Urgency)
                    .ThenByDescending(row => row.Summary.Level ?? (EscalationLevel)(-1))
                    .ThenBy(row => row.Summary.LateAt)
                    .ThenBy(row => row.Summary.Position)
                    .Take(UrgentLength)
                    .Select(Urgent),
            ],
            panel.Week(),
            panel.Month(_days));
    }

    // What only waits for a word of the reporter presses nobody, unless it is late all the same.
    private bool Presses(CaseSummary s) => s.DueAt is not null && (s.IsLate(_now) || s.NotFixed || s.Stage is not (CaseStage.Verified or CaseStage.Rated));

    private UrgentCase Urgent(BoardCase row)
    {
        var s = row.Summary;
        return new UrgentCase(s.Id, row.Number, s.Category, s.Urgency, s.Area, s.Stage, s.DueClock, s.DueAt, s.IsLate(_now), s.Level);
    }

    private abstract class Tally
    {
        public int Open { get; set; }

        public int Overdue { get; set; }

        public int DueSoon { get; set; }

        public int Emergencies { get; set; }

        public int ReportedToday { get; set; }

        public int ClosedToday { get; set; }
    }

    private sealed class Grid : Tally;

    /// <summary>Counts of facts, and the cases that are late and open.</summary>
    private abstract class Rates : Tally
    {
        private readonly List<long> _seconds = [];
        private int _onTime;
        private int _local;
        private int _rated;
        private int _satisfied;
        private int _onTimeWeek;
        private int _closedWeek;
        private int _onTimeBefore;
        private int _closedBefore;

        public HashSet<string> LateOpen { get; } = new(StringComparer.Ordinal);

        /// <summary>At the end of the week before.</summary>
        public HashSet<string> LateOpenBefore { get; } = new(StringComparer.Ordinal);

        protected Share OnTimeOfMonth => new(_onTime, _seconds.Count + LateOpen.Count);

        protected Share SatisfiedOfMonth => new(_satisfied, _rated);

        public void Add(CountedFact fact, DateTimeOffset week, DateTimeOffset weekBefore)
        {
            if (fact.Kind == FactKind.Rated)
            {
                _rated++;
                _satisfied += fact.Value >= 4 ? 1 : 0;
                return;
            }

            _seconds.Add(fact.Seconds!.Value);
            var onTime = fact.Late ? 0 : 1;
            _onTime += onTime;
            _local += fact.Local ? 1 : 0;
            if (fact.At >= week)
                (_closedWeek, _onTimeWeek) = (_closedWeek + 1, _onTimeWeek + onTime);
            else if (fact.At >= weekBefore)
                (_closedBefore, _onTimeBefore) = (_closedBefore + 1, _onTimeBefore + onTime);
        }

        public WeekFigures Week() => new(new Share(_onTimeWeek, _closedWeek + LateOpen.Count), new Share(_onTimeBefore, _closedBefore + LateOpenBefore.Count));

        public MonthFigures Month(Period days)
        {
            _seconds.Sort();
            return new MonthFigures(
                days.From, days.To, OnTimeOfMonth, new Share(_local, _seconds.Count), SatisfiedOfMonth,
                _seconds.Count == 0 ? null : (long)Math.Round(_seconds.Average(), MidpointRounding.AwayFromZero), Ninetieth());
        }

        // Between two values as percentile_cont is.
        private long? Ninetieth()
        {
            if (_seconds.Count == 0)
                return null;
            var at = 0.9 * (_seconds.Count - 1);
            var below = (int)Math.Floor(at);
            var above = Math.Min(below + 1, _seconds.Count - 1);
            return (long)Math.Round(_seconds[below] + ((at - below) * (_seconds[above] - _seconds[below])), MidpointRounding.AwayFromZero);
        }
    }

    private sealed class Panel : Rates
    {
        public List<BoardCase> Rows { get; } = [];

        public int[] Stages { get; } = new int[Enum.GetValues<CaseStage>().Length];

        public int[] Levels { get; } = new int[Enum.GetValues<EscalationLevel>().Length];
    }

    private sealed class Place : Rates
    {
        public PlaceFigures Figures(AreaCode area) => new(area, Open, Overdue, DueSoon, Emergencies, ReportedToday, ClosedToday, OnTimeOfMonth, SatisfiedOfMonth);
    }

    private sealed class ListCount
    {
        public int Tasks { get; set; }

        public int Open { get; set; }

        public int Done { get; set; }

        public int ToCheck { get; set; }

        public int Late { get; set; }

        public int LateOpen { get; set; }
    }
}
