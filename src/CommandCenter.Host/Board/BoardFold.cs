using CommandCenter.Domain;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Board;

/// <summary>
/// The district's cases in memory, folded from the log in position order; together with a clock it answers every board. Not thread-safe: its owner
/// applies and asks one after the other.
/// </summary>
public sealed class BoardFold(IOrganization organization)
{
    private const int FeedLength = 60;
    private const int UrgentLength = 6;

    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<(AreaCode Town, DateOnly Day), int> _ordinals = [];
    private readonly List<FeedItem> _feed = [];

    private sealed record Row(string Number, CaseSummary Summary);

    /// <summary>Takes the next event of a case.</summary>
    /// <exception cref="InvalidOperationException">The event cannot be part of that case's life.</exception>
    public void Apply(string id, long version, long position, string type, Fact<CaseEvent> fact)
    {
        var before = _rows.GetValueOrDefault(id);
        var summary = CaseSummary.Apply(before?.Summary, id, version, position, fact, code => organization.AsOf(position).CategoryAt(fact.RecordedAt, code)?.Sector);
        var row = new Row(before?.Number ?? NextNumber(summary), summary);
        _rows[id] = row;

        if (fact.Event is not (CaseClockStarted or CaseClockStopped))
        {
            var level = (fact.Event as CaseEscalated)?.Level;
            _feed.Insert(0, new FeedItem(
                position, fact.RecordedAt, type, id, row.Number, summary.Category, summary.Sector, summary.Area, summary.Urgency, level, summary.Unit));
            if (_feed.Count > FeedLength * 4)
                _feed.RemoveRange(FeedLength * 3, _feed.Count - (FeedLength * 3));
        }
    }

    /// <summary>Forgets what ended before the local day of <paramref name="now"/>: it is on no board any more.</summary>
    public void Forget(DateTimeOffset now)
    {
        var today = LocalDay.Start(LocalDay.Of(now, organization.History.TimeZone), organization.History.TimeZone);
        foreach (var (id, row) in _rows.Where(entry => entry.Value.Summary is { IsOpen: false } s && s.ClosedAt < today && s.ReportedAt < today).ToList())
            _rows.Remove(id);
        foreach (var key in _ordinals.Keys.Where(key => LocalDay.Start(key.Day.AddDays(2), organization.History.TimeZone) < now).ToList())
            _ordinals.Remove(key);
    }

    /// <summary>The board of a scope at an instant.</summary>
    public BoardView View(AreaCode scope, string position, long frame, DateTimeOffset now, int parked)
    {
        var today = LocalDay.Start(LocalDay.Of(now, organization.History.TimeZone), organization.History.TimeZone);
        var rows = _rows.Values.Where(row => scope.Contains(row.Summary.Area)).ToList();
        var bySector = rows.ToLookup(row => row.Summary.Sector);
        return new BoardView(
            scope,
            position,
            frame,
            now,
            new TodayFigures(
                rows.Count(row => row.Summary.ReportedAt >= today),
                rows.Count(row => row.Summary.FiledAt >= today),
                rows.Count(row => row.Summary is { Stage: CaseStage.Closed } s && s.ClosedAt >= today),
                rows.Count(row => row.Summary.EscalatedAt >= today)),
            rows.Count(row => row.Summary.IsOpen),
            rows.Count(row => row.Summary.IsLate(now)),
            [.. Enum.GetValues<Sector>().Select(sector => Panel(sector, [.. bySector[sector]], today, now))],
            [.. _feed.Where(item => scope.Contains(item.Area)).Take(FeedLength)],
            parked);
    }

    private static SectorPanel Panel(Sector sector, List<Row> rows, DateTimeOffset today, DateTimeOffset now)
    {
        var open = rows.Where(row => row.Summary.IsOpen).ToList();
        int Stage(CaseStage stage) => open.Count(row => row.Summary.Stage == stage);
        int Level(EscalationLevel level) => open.Count(row => row.Summary.Level == level);
        return new SectorPanel(
            sector,
            new StageFunnel(
                // What lies with a village, a checker or another town has not been filed either.
                Stage(CaseStage.Reported) + Stage(CaseStage.Assessing) + Stage(CaseStage.Checking) + Stage(CaseStage.Transferring), Stage(CaseStage.Filed), Stage(CaseStage.Dispatched), Stage(CaseStage.Handling), Stage(CaseStage.Completed), Stage(CaseStage.Verified), Stage(CaseStage.Rated)),
            open.Count,
            open.Count(row => row.Summary.IsLate(now)),
            new LevelFigures(Level(EscalationLevel.Responsible), Level(EscalationLevel.SectorLead), Level(EscalationLevel.TownLeader), Level(EscalationLevel.Committee), Level(EscalationLevel.ListedSupervision)),
            open.Count(row => row.Summary.IsDueSoon(now)),
            open.Count(row => row.Summary.Urgency == Urgency.Emergency),
            rows.Count(row => row.Summary.ReportedAt >= today),
            rows.Count(row => row.Summary is { Stage: CaseStage.Closed } s && s.ClosedAt >= today),
            [
                .. open.Where(row => Presses(row.Summary, now))
                    .OrderBy(row => row.Summary.IsLate(now) ? 0 : row.Summary.IsDueSoon(now) ? 1 : 2)
                    .ThenByDescending(row => row.Summary.Urgency)
                    .ThenByDescending(row => row.Summary.Level ?? (EscalationLevel)(-1))
                    .ThenBy(row => row.Summary.LateAt)
                    .ThenBy(row => row.Summary.Position)
                    .Take(UrgentLength)
                    .Select(row => Urgent(row, now)),
            ]);
    }

    // What only waits for a word of the reporter presses nobody, unless it is late all the same.
    private static bool Presses(CaseSummary s, DateTimeOffset now) =>
        s.DueAt is not null && (s.IsLate(now) || s.NotFixed || s.Stage is not (CaseStage.Verified or CaseStage.Rated));

    private static UrgentCase Urgent(Row row, DateTimeOffset now)
    {
        var s = row.Summary;
        return new UrgentCase(s.Id, row.Number, s.Category, s.Urgency, s.Area, s.Stage, s.DueClock, s.DueAt, s.IsLate(now), s.Level);
    }

    private string NextNumber(CaseSummary summary)
    {
        var key = (summary.Town, LocalDay.Of(summary.ReportedAt, organization.AsOf(summary.Position).TimeZone));
        var ordinal = _ordinals.GetValueOrDefault(key) + 1;
        _ordinals[key] = ordinal;
        return CaseNumbers.Of(key.Item2, ordinal);
    }
}
