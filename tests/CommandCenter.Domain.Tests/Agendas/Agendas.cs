using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>Given what happened to a committee's list, when somebody commands, then this happens or is refused; with the events and commands that most tests use.</summary>
public sealed class Agendas
{
    public static DateTimeOffset First { get; } = T0 + 3.Days();

    public static DateTimeOffset Second { get; } = T0 + 17.Days();

    public static DateTimeOffset Until { get; } = T0 + 60.Days();

    public static By Office { get; } = new("office", Role.Office, Town.Code);

    public static By Lead { get; } = new("congress-director", Role.Office, Town.Code);

    private readonly Agenda _state;
    private Decision<AgendaEvent>? _decision;

    private Agendas(Agenda state) => _state = state;

    public static Agendas Given(params AgendaEvent[] events) => new(Fold(events));

    /// <summary>The list after events that each had their usual doer, one an hour from the sample's Monday on.</summary>
    public static Agenda Fold(params AgendaEvent[] events) => Agenda.Fold(events.Select((happened, index) => new Fact<AgendaEvent>(happened, Doer(happened), T0 + index.Hours(), T0 + index.Hours())));

    public static By Doer(AgendaEvent happened) => happened switch
    {
        AgendaProgressReported => Lead,
        AgendaItemAppraised => Town.Leader,
        AgendaReportsReminded or AgendaLeadOverdue => AgendaNotices.Engine(Town.Code),
        _ => Office,
    };

    public Agendas When(AgendaCommand command, By? by = null)
    {
        _decision = AgendaDecider.Decide(command, _state, by ?? Office);
        return this;
    }

    public void Then(params AgendaEvent[] events) => Decided<Decision<AgendaEvent>.Emit>().Events.Select(Json.Named).ShouldBe(events.Select(Json.Named));

    public Refusal ThenRefused(string code, params string[] lines)
    {
        var refusal = Decided<Decision<AgendaEvent>.Refuse>().Refusal;
        refusal.Code.ShouldBe(code);
        (refusal.Lines ?? []).Select(line => line.Line).ShouldBe(lines);
        return refusal;
    }

    public void ThenNothing() => Decided<Decision<AgendaEvent>.Nothing>();

    private T Decided<T>()
        where T : Decision<AgendaEvent> => _decision.ShouldNotBeNull("Say When before Then.").ShouldBeOfType<T>();

    // Events.

    public static AgendaMeetingPrepared Prepared(int number = 1, DateTimeOffset? startsAt = null, params AgendaEntry[] items) =>
        new(number, startsAt ?? First, "default-1", items, (startsAt ?? First) - 1.Days());

    public static AgendaEntry Entry(string caseId = CaseId, AgendaReason reason = AgendaReason.Overdue) => new(caseId, [reason]);

    public static AgendaLeadNamed Named(int item = 1, string? person = null) => new(item, person ?? Lead.Actor, Role.Office, Until);

    public static AgendaItemStruck Struck(int item = 1) => new(item, Words("由岗位办结即可"));

    public static AgendaItemAdded Added(string caseId = OtherCase) => new(caseId, Words("群众反映强烈"));

    public static AgendaProgressReported ReportGiven(int meeting = 2, int item = 1) => new(item, meeting, Words("已查勘"));

    public static AgendaMeetingConcluded Concluded(int number = 1, params MissedReport[] missed) => new(number, missed);

    public static AgendaMeetingCancelled Cancelled(int number = 1) => new(number, Words("改期"));

    public static AgendaItemSolved Solved(int item = 1) => new(item, LineOutcome.Closed, 90);

    public static AgendaItemTakenUpAgain TakenUpAgain(int item = 1) => new(item, 95);

    public static AgendaItemAppraised Appraised(int item = 1) => new(item, 5, Words("牵头有力"));

    // Commands.

    public static PrepareAgendaMeeting Prepare(DateTimeOffset? startsAt = null, DateTimeOffset? at = null, IReadOnlyList<LineStanding>? standings = null, params AgendaEntry[] found) =>
        new(startsAt ?? First, found, standings ?? [], "default-1", AgendaRules.Standard, at ?? T0);

    public static AddAgendaItem Add(string caseId = OtherCase, bool inTown = true, bool open = true) => new(caseId, inTown, open, Words("群众反映强烈"));

    public static NameAgendaLead Name(int item = 1, string? person = null, DateTimeOffset? until = null) => new(item, person ?? Lead.Actor, Role.Office, until ?? Until, null, First);

    public static StrikeAgendaItem Strike(int item = 1) => new(item, Words("由岗位办结即可"));

    public static ReportAgendaProgress ReportOn(int item = 1) => new(item, Words("已查勘"));

    public static ConcludeAgendaMeeting Conclude(DateTimeOffset? at = null, params LineStanding[] standings) => new(standings, null, at ?? Second);

    public static AppraiseAgendaItem Appraise(int item = 1, int score = 5, params LineStanding[] standings) => new(item, score, Words("牵头有力"), standings);

    public static LineStanding Ended(int item = 1, long position = 90, LineOutcome outcome = LineOutcome.Closed) => new(item, position, outcome);
}
