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

/// <summary>One of the four columns.</summary>
/// <param name="Overdue">Past due now, at any level.</param>
/// <param name="DueSoon">Due within 24 hours, not late.</param>
/// <param name="Emergencies">Emergencies in hand, in whatever stage.</param>
/// <param name="Urgent">The most pressing, at most six: what is late, then what is due within 24 hours, then the rest; in each emergencies first, then what climbed highest, then what is due first.</param>
public sealed record SectorPanel(
    Sector Sector, StageFunnel Funnel, int Open, int Overdue, LevelFigures Levels, int DueSoon, int Emergencies, int ReportedToday, int ClosedToday, IReadOnlyList<UrgentCase> Urgent);

/// <summary>Something that just happened.</summary>
/// <param name="Position">Where it stands in the log.</param>
/// <param name="Type">The event's alias.</param>
public sealed record FeedItem(
    long Position, DateTimeOffset At, string Type, string Id, string Number, string Category, Sector Sector, AreaCode Area, Urgency Urgency, EscalationLevel? Level, Unit? Unit);

/// <summary>The board of a scope: a fold of the log up to a position, and a clock.</summary>
/// <param name="Scope">The area whose cases are counted.</param>
/// <param name="Position">The last event in it, <c>epoch:position</c>.</param>
/// <param name="Frame">Counts the frames of this scope on this node; each delta has the next number.</param>
/// <param name="At">The instant that the figures are of: the server's clock, or when the log last answered, if it is silent.</param>
/// <param name="Parked">Streams that the read side left alone because of an event it could not apply: their figures are not to be trusted.</param>
public sealed record BoardView(
    AreaCode Scope, string Position, long Frame, DateTimeOffset At, TodayFigures Today, int Open, int Overdue, IReadOnlyList<SectorPanel> Sectors, IReadOnlyList<FeedItem> Feed, int Parked);

/// <summary>What changed on the board of a scope since the frame before. What is missing did not change.</summary>
/// <param name="From">The position that the frame before was at.</param>
/// <param name="Sectors">Only the panels that changed, each whole.</param>
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
    IReadOnlyList<SectorPanel>? Sectors = null,
    IReadOnlyList<FeedItem>? Feed = null,
    int? Parked = null);
