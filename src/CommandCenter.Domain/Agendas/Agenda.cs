using System.Collections.Immutable;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Agendas;

/// <summary>How far a meeting of the committee is.</summary>
public enum AgendaMeetingStage
{
    /// <summary>已备会</summary>
    Prepared,

    /// <summary>已结束</summary>
    Concluded,

    /// <summary>已取消</summary>
    Cancelled,
}

/// <summary>Where a matter stands on the list.</summary>
public enum AgendaItemStage
{
    /// <summary>待议: the meeting has not decided on it.</summary>
    Collected,

    /// <summary>牵头办理</summary>
    Led,

    /// <summary>已解决,待考评</summary>
    Solved,

    /// <summary>已考评销项</summary>
    Appraised,

    /// <summary>不列入</summary>
    Struck,

    /// <summary>会议取消,未议</summary>
    Dropped,
}

/// <summary>A meeting of the committee, as far as its last item goes.</summary>
public sealed record AgendaMeeting(int Number, DateTimeOffset StartsAt, string Policy, AgendaMeetingStage Stage, DateTimeOffset PreparedAt, DateTimeOffset RemindAt, DateTimeOffset? EndedAt = null);

/// <summary>A report of a lead.</summary>
public sealed record ProgressReport(int Meeting, MarkedText Report, By By, DateTimeOffset At);

/// <summary>Who leads a matter.</summary>
/// <param name="Meeting">The meeting from which on they answer for it: they report at those after it.</param>
public sealed record MatterLead(string Person, Role Role, DateTimeOffset Until, int Meeting, MarkedText? Task = null);

/// <summary>A matter on the list.</summary>
/// <param name="Number">1 for the first of the town.</param>
/// <param name="Meeting">For which it was collected.</param>
/// <param name="Position">Where in the log the case's event stands that was looked at last; what is older is no news.</param>
public sealed record AgendaItem(int Number, string Case, ImmutableList<AgendaReason> Reasons, int Meeting, AgendaItemStage Stage, DateTimeOffset CollectedAt)
{
    public MatterLead? Lead { get; init; }

    /// <summary>How often a lead was named: the attempt of the timer of their day.</summary>
    public int Namings { get; init; }

    /// <summary>Which of them passed its day without the matter being solved; 0 for none.</summary>
    public int OverdueNaming { get; init; }

    public ImmutableList<ProgressReport> Reports { get; init; } = [];

    /// <summary>The meetings that missed a report on it.</summary>
    public ImmutableList<int> Missed { get; init; } = [];

    public LineOutcome? Outcome { get; init; }

    public long Position { get; init; }

    public int? Score { get; init; }

    /// <summary>When it left the list.</summary>
    public DateTimeOffset? LeftAt { get; init; }

    /// <summary>Whether it is on the list.</summary>
    public bool IsOpen => Stage is AgendaItemStage.Collected or AgendaItemStage.Led or AgendaItemStage.Solved;

    /// <summary>Whether the lead owes a meeting a report: they were named at an earlier one, and it is not solved.</summary>
    public bool OwesReport(int meeting) => Stage == AgendaItemStage.Led && Lead!.Meeting < meeting && Reports.All(report => report.Meeting != meeting);

    /// <summary>Whether the case stands otherwise than the list knows. One that another town has is not solved.</summary>
    public bool IsNews(LineStanding found) => Stage switch
    {
        AgendaItemStage.Collected or AgendaItemStage.Led => found.Position > Position && found.Outcome is not (null or LineOutcome.Transferred),
        AgendaItemStage.Solved => found.Position > Position && found.Outcome is null or LineOutcome.Transferred,
        _ => false,
    };
}

/// <summary>The matters of a town's party work committee as a fold of its stream; a town whose committee never met has an empty one.</summary>
public sealed record Agenda(ImmutableList<AgendaMeeting> Meetings, ImmutableList<AgendaItem> Items)
{
    public static Agenda None { get; } = new([], []);

    /// <summary>The meeting that is prepared and not over; null when there is none.</summary>
    public AgendaMeeting? Prepared => Meetings.LastOrDefault() is { Stage: AgendaMeetingStage.Prepared } last ? last : null;

    /// <summary>The meeting that a report counts towards: the prepared one, else the next.</summary>
    public int NextMeeting => Prepared?.Number ?? Meetings.Count + 1;

    public IEnumerable<AgendaItem> Open => Items.Where(item => item.IsOpen);

    /// <summary>Null when there is no item of that number.</summary>
    public AgendaItem? Find(int number) => number >= 1 && number <= Items.Count ? Items[number - 1] : null;

    /// <summary>The last time that a case was on the list; null when it never was.</summary>
    public AgendaItem? Of(string caseId) => Items.LastOrDefault(item => item.Case == caseId);

    /// <summary>The items on which a meeting has still to decide.</summary>
    public IEnumerable<AgendaItem> Undecided => Items.Where(item => item.Stage == AgendaItemStage.Collected);

    /// <summary>The items whose leads owe the prepared meeting a report.</summary>
    public IEnumerable<AgendaItem> Owed => Prepared is { Number: var meeting } ? Items.Where(item => item.OwesReport(meeting)) : [];

    public static Agenda Fold(IEnumerable<Fact<AgendaEvent>> facts) => facts.Aggregate(None, (state, fact) => state.Apply(fact));

    /// <summary>The list after an event. Total: an event that the decider could not have emitted here throws.</summary>
    /// <exception cref="InvalidOperationException">The stream is not the life of such a list.</exception>
    public Agenda Apply(Fact<AgendaEvent> fact) => fact.Event switch
    {
        AgendaMeetingPrepared e when Prepared is null && e.Number == Meetings.Count + 1 => this with
        {
            Meetings = Meetings.Add(new AgendaMeeting(e.Number, e.StartsAt, e.Policy, AgendaMeetingStage.Prepared, fact.RecordedAt, e.RemindAt)),
            Items = [.. Items, .. e.Items.Select((entry, index) => new AgendaItem(Items.Count + index + 1, entry.Case, [.. entry.Reasons], e.Number, AgendaItemStage.Collected, fact.RecordedAt))],
        },
        AgendaMeetingCancelled e when Prepared?.Number == e.Number => Ended(AgendaMeetingStage.Cancelled, fact.RecordedAt) with
        {
            Items = [.. Items.Select(item => item.Stage == AgendaItemStage.Collected ? item with { Stage = AgendaItemStage.Dropped, LeftAt = fact.RecordedAt } : item)],
        },
        AgendaMeetingConcluded e when Prepared?.Number == e.Number && !Undecided.Any() => Ended(AgendaMeetingStage.Concluded, fact.RecordedAt) with
        {
            Items = [.. Items.Select(item => e.Missed.Any(missed => missed.Item == item.Number) ? item with { Missed = item.Missed.Add(e.Number) } : item)],
        },
        AgendaItemAdded e when Prepared is { } meeting && Of(e.Case) is not { IsOpen: true } => this with
        {
            Items = Items.Add(new AgendaItem(Items.Count + 1, e.Case, [AgendaReason.ByHand], meeting.Number, AgendaItemStage.Collected, fact.RecordedAt)),
        },
        AgendaLeadNamed e when Find(e.Item) is { Stage: AgendaItemStage.Collected or AgendaItemStage.Led } item => With(item with
        {
            Stage = AgendaItemStage.Led,
            // Whoever takes over between two meetings owes the next one a report like whoever had it before.
            Lead = new MatterLead(e.Person, e.Role, e.Until, item.Lead?.Meeting ?? NextMeeting, e.Task),
            Namings = item.Namings + 1,
        }),
        AgendaLeadOverdue e when Find(e.Item) is { Stage: AgendaItemStage.Led } item && item.OverdueNaming < item.Namings => With(item with { OverdueNaming = item.Namings }),
        AgendaItemStruck e when Find(e.Item) is { Stage: AgendaItemStage.Collected } item => With(item with { Stage = AgendaItemStage.Struck, LeftAt = fact.RecordedAt }),
        AgendaProgressReported e when Find(e.Item) is { Stage: AgendaItemStage.Led or AgendaItemStage.Solved } item =>
            With(item with { Reports = item.Reports.Add(new ProgressReport(e.Meeting, e.Report, fact.By, fact.RecordedAt)) }),
        AgendaReportsReminded e when Prepared?.Number == e.Meeting => this,
        // A case that ends before anybody was named for it leaves nothing to appraise.
        AgendaItemSolved e when Find(e.Item) is { Stage: AgendaItemStage.Collected } item =>
            With(item with { Stage = AgendaItemStage.Dropped, Outcome = e.Outcome, Position = e.Position, LeftAt = fact.RecordedAt }),
        AgendaItemSolved e when Find(e.Item) is { Stage: AgendaItemStage.Led } item => With(item with { Stage = AgendaItemStage.Solved, Outcome = e.Outcome, Position = e.Position }),
        AgendaItemTakenUpAgain e when Find(e.Item) is { Stage: AgendaItemStage.Solved } item => With(item with { Stage = AgendaItemStage.Led, Outcome = null, Position = e.Position }),
        AgendaItemAppraised e when Find(e.Item) is { Stage: AgendaItemStage.Solved } item => With(item with { Stage = AgendaItemStage.Appraised, Score = e.Score, LeftAt = fact.RecordedAt }),
        _ => throw new InvalidOperationException($"{fact.Event.GetType().Name} cannot follow in this agenda."),
    };

    private Agenda With(AgendaItem item) => this with { Items = Items.SetItem(item.Number - 1, item) };

    private Agenda Ended(AgendaMeetingStage stage, DateTimeOffset at) => this with { Meetings = Meetings.SetItem(Meetings.Count - 1, Meetings[^1] with { Stage = stage, EndedAt = at }) };
}
