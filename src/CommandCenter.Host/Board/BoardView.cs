using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Board;

/// <summary>Figures of the local day.</summary>
/// <param name="Escalated">Cases that last climbed today.</param>
public sealed record TodayFigures(int Reported, int Filed, int Closed, int Escalated);

/// <summary>Cases in hand by stage.</summary>
public sealed record StageFunnel(int Reported, int Filed, int Dispatched, int Handling, int Completed, int Verified, int Rated);

/// <summary>Cases in hand by the highest level that they have climbed to.</summary>
public sealed record LevelFigures(int Responsible, int SectorLead, int TownLeader, int Committee, int ListedSupervision);

/// <summary>A case that presses.</summary>
public sealed record UrgentCase(
    string Id, string Number, string Category, Urgency Urgency, AreaCode Area, CaseStage Stage, Clock? Clock, DateTimeOffset? DueAt, bool Late, EscalationLevel? Level);

/// <summary>So many of so many; of none there is no rate.</summary>
public sealed record Share(int Part, int Of);

/// <summary>How well it went of late, by the formulas of the statistics (ADR 0027) over local days, the present one included.</summary>
/// <param name="From">The first day: today less 29.</param>
/// <param name="OnTime">Closed on time, of the cases that were due to close (on_time_closing_rate).</param>
/// <param name="Local">Closed without leaving the village, of those closed (local_resolution_rate, S3-24).</param>
/// <param name="Satisfied">Rated 4 or 5, of those rated (satisfaction_rate).</param>
/// <param name="ClosingMean">Seconds from report to closing; null where none was closed.</param>
/// <param name="ClosingNinetieth">Seconds that nine of ten closings took at most.</param>
public sealed record MonthFigures(DateOnly From, DateOnly To, Share OnTime, Share Local, Share Satisfied, long? ClosingMean, long? ClosingNinetieth);

/// <summary>The on-time closing rate of the last seven local days beside the seven before.</summary>
public sealed record WeekFigures(Share OnTime, Share OnTimeBefore);

/// <summary>One of the four columns.</summary>
/// <param name="Overdue">Past due now, at any level.</param>
/// <param name="DueSoon">Due within 24 hours, not late.</param>
/// <param name="Emergencies">Emergencies in hand, in whatever stage.</param>
/// <param name="Urgent">The most pressing, at most six: what is late, then what is due within 24 hours, then the rest; in each emergencies first, then what climbed highest, then what is due first.</param>
public sealed record SectorPanel(
    Sector Sector, StageFunnel Funnel, int Open, int Overdue, LevelFigures Levels, int DueSoon, int Emergencies, int ReportedToday, int ClosedToday, IReadOnlyList<UrgentCase> Urgent,
    WeekFigures Week, MonthFigures Month);

/// <summary>The figures of an area inside the scope; an area without any is left out.</summary>
/// <param name="OnTime">Of the month, as <see cref="MonthFigures.OnTime"/>.</param>
/// <param name="Satisfied">Of the month.</param>
public sealed record PlaceFigures(AreaCode Area, int Open, int Overdue, int DueSoon, int Emergencies, int ReportedToday, int ClosedToday, Share OnTime, Share Satisfied)
{
    public bool IsNothing() => this == Nothing(Area);

    /// <summary>How an area says that it has no figures any more.</summary>
    public static PlaceFigures Nothing(AreaCode area) => new(area, 0, 0, 0, 0, 0, 0, new Share(0, 0), new Share(0, 0));
}

/// <summary>Tasks of one published list at targets in the scope.</summary>
/// <param name="Title">With <c>⟦n⟧</c> for sealed spans.</param>
/// <param name="Done">Accepted.</param>
/// <param name="ToCheck">Reported as done, not checked.</param>
/// <param name="Late">Of those not done, past their limit; and those done late.</param>
/// <param name="DueAt">The last limit of its items.</param>
public sealed record TaskListFigures(string List, string Title, int Tasks, int Done, int ToCheck, int Late, DateTimeOffset? DueAt);

/// <summary>Downward tasks (任务清单) in the scope, and the lists that they are of: the most late first, at most eight.</summary>
public sealed record TaskFigures(int Open, int Late, int Lists, IReadOnlyList<TaskListFigures> Most);

/// <summary>Whistles (网格吹哨) in hand and their calls by what they wait for.</summary>
/// <param name="Unrouted">Calls that the center has to bring to a unit, those declined among them.</param>
/// <param name="Awaited">Routed, nobody has arrived.</param>
/// <param name="AtWork">Arrived or advised.</param>
/// <param name="ToRate">Resolved, the whistler has not rated.</param>
public sealed record WhistleFigures(int Open, int Unrouted, int Awaited, int AtWork, int ToRate);

/// <summary>A matter on a party work committee's agenda (末议题).</summary>
/// <param name="Number">Its number, when the case is known to the board.</param>
public sealed record AgendaLine(AreaCode Town, int Item, string Case, string? Number, string? Category, AgendaItemStage Stage, string? Lead, DateTimeOffset? Until);

/// <param name="Most">Those with the earliest date first, then those that wait for a meeting; at most six.</param>
public sealed record AgendaFigures(int Open, int Undecided, int Late, IReadOnlyList<AgendaLine> Most);

/// <summary>A case under listed supervision (挂牌督办).</summary>
public sealed record ListingLine(string Case, string? Number, string Category, AreaCode Town, DateTimeOffset OpenedAt, DateTimeOffset DueAt);

/// <param name="Most">The earliest limit first, at most six.</param>
public sealed record ListingFigures(int InForce, int Late, IReadOnlyList<ListingLine> Most);

/// <summary>Who answered an alarm.</summary>
/// <param name="Wall">The scope of the wall at which it was done; missing where it was done elsewhere.</param>
public sealed record AlarmAnswer(string Actor, Role Role, DateTimeOffset At, AreaCode? Wall = null);

/// <summary>An emergency in hand.</summary>
/// <param name="Since">When it became one.</param>
/// <param name="Acknowledged">Missing while it rings.</param>
public sealed record AlarmLine(string Case, string Number, string Category, Sector Sector, AreaCode Area, DateTimeOffset Since, AlarmAnswer? Acknowledged = null);

/// <summary>Emergencies in hand that nobody has acknowledged ring on every wall; those that somebody has say who.</summary>
/// <param name="Ringing">So many nobody has acknowledged.</param>
/// <param name="Lines">Those that ring, the newest first; then those acknowledged, the last one first. At most twelve.</param>
public sealed record AlarmFigures(int Ringing, IReadOnlyList<AlarmLine> Lines);

/// <summary>Something that just happened.</summary>
/// <param name="Position">Where it stands in the log.</param>
/// <param name="Type">The event's alias.</param>
public sealed record FeedItem(
    long Position, DateTimeOffset At, string Type, string Id, string Number, string Category, Sector Sector, AreaCode Area, Urgency Urgency, EscalationLevel? Level, Unit? Unit);

/// <summary>The board of a scope: a fold of the log up to a position, and a clock.</summary>
/// <param name="Scope">The area whose cases are counted.</param>
/// <param name="Position">The last event in it, <c>epoch:position</c>.</param>
/// <param name="Frame">Counts the frames of this scope on this node; each delta has the next number. 0 for a past moment.</param>
/// <param name="At">The instant that the figures are of: the server's clock, or when the log last answered, if it is silent.</param>
/// <param name="Places">The areas one tier below the scope that have any figure, by code.</param>
/// <param name="Grids">The grids of the scope that have any case in hand, by code: what a map is coloured by.</param>
/// <param name="Parked">Streams that the read side left alone because of an event it could not apply: their figures are not to be trusted.</param>
public sealed record BoardView(
    AreaCode Scope,
    string Position,
    long Frame,
    DateTimeOffset At,
    TodayFigures Today,
    int Open,
    int Overdue,
    int DueSoon,
    int Emergencies,
    AlarmFigures Alarms,
    WeekFigures Week,
    MonthFigures Month,
    IReadOnlyList<SectorPanel> Sectors,
    IReadOnlyList<PlaceFigures> Places,
    IReadOnlyList<GridFigures> Grids,
    TaskFigures Tasks,
    WhistleFigures Whistles,
    AgendaFigures Agenda,
    ListingFigures Listings,
    IReadOnlyList<FeedItem> Feed,
    int Parked);

/// <summary>A grid with something in hand.</summary>
public sealed record GridFigures(AreaCode Area, int Open, int Overdue, int Emergencies);

/// <summary>What changed on the board of a scope since the frame before. What is missing did not change.</summary>
/// <param name="From">The position that the frame before was at.</param>
/// <param name="Sectors">Only the panels that changed, each whole.</param>
/// <param name="Places">Only those that changed; one that has no figures any more comes with zeros once, and is left out from then on.</param>
/// <param name="Grids">The same of grids.</param>
/// <param name="Feed">Only the new items, newest first.</param>
public sealed record BoardDelta(
    AreaCode Scope,
    string From,
    string To,
    long Frame,
    DateTimeOffset At,
    TodayFigures? Today = null,
    int? Open = null,
    int? Overdue = null,
    int? DueSoon = null,
    int? Emergencies = null,
    AlarmFigures? Alarms = null,
    WeekFigures? Week = null,
    MonthFigures? Month = null,
    IReadOnlyList<SectorPanel>? Sectors = null,
    IReadOnlyList<PlaceFigures>? Places = null,
    IReadOnlyList<GridFigures>? Grids = null,
    TaskFigures? Tasks = null,
    WhistleFigures? Whistles = null,
    AgendaFigures? Agenda = null,
    ListingFigures? Listings = null,
    IReadOnlyList<FeedItem>? Feed = null,
    int? Parked = null);
