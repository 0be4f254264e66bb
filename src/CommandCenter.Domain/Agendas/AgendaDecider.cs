using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Agendas;

/// <summary>What may happen to a committee's list: every state × every command, decided on purpose.</summary>
public static class AgendaDecider
{
    /// <summary>A meeting is prepared at most so long before it begins: what is collected earlier is stale when it does.</summary>
    public static readonly TimeSpan PreparedWithin = TimeSpan.FromDays(60);

    public static Decision<AgendaEvent> Decide(AgendaCommand command, Agenda state, By by) => command switch
    {
        PrepareAgendaMeeting when state.Prepared is not null => Refuse("agenda.prepared_already", state),
        PrepareAgendaMeeting c when c.StartsAt <= c.At || c.StartsAt > c.At + PreparedWithin => Refuse("agenda.start.out_of_range", state),
        PrepareAgendaMeeting c => Prepare(c, state),

        CancelAgendaMeeting c => state.Prepared is { Number: var number } ? Emit(new AgendaMeetingCancelled(number, c.Reason)) : Refuse("agenda.none_prepared", state),

        AddAgendaItem when state.Prepared is null => Refuse("agenda.none_prepared", state),
        AddAgendaItem { InTown: false } => Refuse("agenda.case_elsewhere", state),
        AddAgendaItem { IsOpen: false } => Refuse("agenda.case_ended", state),
        AddAgendaItem c when state.Of(c.Case) is { IsOpen: true } => Refuse("agenda.listed_already", state),
        AddAgendaItem c => Emit(new AgendaItemAdded(c.Case, c.Reason)),

        NameAgendaLead c when state.Find(c.Item) is { IsOpen: true } && c.Until <= c.At => Refuse("agenda.until_passed", state),
        NameAgendaLead c => state.Find(c.Item) switch
        {
            null => Refuse("agenda.item_unknown", state),
            { Stage: AgendaItemStage.Solved } => Refuse("agenda.solved", state),
            { IsOpen: false } => Refuse("agenda.left", state),
            { Lead: { } lead } when lead.Person == c.Person && lead.Until == c.Until && c.Task is null => Nothing,
            _ => Emit(new AgendaLeadNamed(c.Item, c.Person, c.Role, c.Until, c.Task)),
        },

        StrikeAgendaItem c => state.Find(c.Item) switch
        {
            null => Refuse("agenda.item_unknown", state),
            { Stage: AgendaItemStage.Struck } => Nothing,
            { Stage: AgendaItemStage.Led } => Refuse("agenda.led", state),
            { Stage: AgendaItemStage.Solved } => Refuse("agenda.solved", state),
            { IsOpen: false } => Refuse("agenda.left", state),
            _ => Emit(new AgendaItemStruck(c.Item, c.Reason)),
        },

        ReportAgendaProgress c => state.Find(c.Item) switch
        {
            null => Refuse("agenda.item_unknown", state),
            { Stage: AgendaItemStage.Collected } => Refuse("agenda.no_lead", state),
            { IsOpen: false } => Refuse("agenda.left", state),
            // The office writes down what was said in the meeting.
            { Lead: { } lead } when !by.Is(lead.Person) && by.Role is not (Role.Office or Role.TownLeader) => Refuse("agenda.not_lead", state),
            _ => Emit(new AgendaProgressReported(c.Item, state.NextMeeting, c.Report)),
        },

        ConcludeAgendaMeeting c => Conclude(c, state),
        AppraiseAgendaItem { Score: < 1 or > 5 } => Refuse("agenda.score.out_of_range", state),
        AppraiseAgendaItem c => Appraise(c, state, by),

        _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided."),
    };

    /// <summary>The commands that the list accepts from somebody, in the order of a meeting, in kebab-case.</summary>
    public static IReadOnlyList<string> Possible(Agenda state) =>
    [
        .. When(state.Prepared is null, "prepare"),
        .. When(state.Prepared is not null, "add"),
        .. When(state.Items.Any(item => item.Stage is AgendaItemStage.Collected or AgendaItemStage.Led), "name-lead"),
        .. When(state.Undecided.Any(), "strike"),
        .. When(state.Items.Any(item => item.Stage is AgendaItemStage.Led or AgendaItemStage.Solved), "report"),
        .. When(state.Prepared is not null && !state.Undecided.Any(), "conclude"),
        .. When(state.Prepared is not null, "cancel"),
        .. When(state.Items.Any(item => item.Stage is AgendaItemStage.Led or AgendaItemStage.Solved), "appraise"),
    ];

    /// <summary>Those of them that are about one item.</summary>
    public static IReadOnlyList<string> Possible(AgendaItem item) => item.Stage switch
    {
        AgendaItemStage.Collected => ["name-lead", "strike"],
        AgendaItemStage.Led => ["report", "name-lead"],
        AgendaItemStage.Solved => ["report", "appraise"],
        _ => [],
    };

    private static Decision<AgendaEvent> Prepare(PrepareAgendaMeeting c, Agenda state)
    {
        var rest = TimeSpan.FromDays(c.Rules.RestDays);
        var remindAt = c.StartsAt.AddHours(-c.Rules.RemindHours);
        return Emit(
        [
            .. News(state, c.Standings),
            new AgendaMeetingPrepared(
                state.Meetings.Count + 1, c.StartsAt, c.Policy,
                [.. c.Found.Where(entry => state.Of(entry.Case) is not { } last || (!last.IsOpen && !(last.Stage == AgendaItemStage.Struck && last.LeftAt + rest > c.At)))],
                remindAt > c.At ? remindAt : c.At),
        ]);
    }

    private static Decision<AgendaEvent> Conclude(ConcludeAgendaMeeting c, Agenda state)
    {
        if (state.Prepared is not { } meeting)
            return Refuse("agenda.none_prepared", state);
        if (c.At < meeting.StartsAt)
            return Refuse("agenda.not_begun", state);
        List<AgendaEvent> news = [.. News(state, c.Standings)];
        var settled = news.Select(ItemOf).ToHashSet();
        List<RefusalLine> undecided = [.. state.Undecided.Where(item => !settled.Contains(item.Number)).Select(item => AgendaRefusals.Line("agenda.line.undecided", item))];
        if (undecided.Count > 0)
            return new Decision<AgendaEvent>.Refuse(AgendaRefusals.Of("agenda.undecided", state, undecided));
        // Whoever's matter has just been found solved has reported enough by that.
        var missed = state.Items.Where(item => item.OwesReport(meeting.Number) && !settled.Contains(item.Number)).Select(item => new MissedReport(item.Number, item.Lead!.Person));
        return Emit([.. news, new AgendaMeetingConcluded(meeting.Number, [.. missed], c.Minutes)]);
    }

    private static Decision<AgendaEvent> Appraise(AppraiseAgendaItem c, Agenda state, By by)
    {
        if (state.Find(c.Item) is not { } item)
            return Refuse("agenda.item_unknown", state);
        if (item.Stage == AgendaItemStage.Collected)
            return Refuse("agenda.no_lead", state);
        if (!item.IsOpen)
            return Refuse("agenda.left", state);
        // Nobody judges their own work.
        if (by.Is(item.Lead!.Person))
            return Refuse("agenda.own_work", state);
        List<AgendaEvent> news = [.. News(state, c.Standings).Where(happened => ItemOf(happened) == c.Item)];
        var solved = news.Count > 0 ? news[0] is AgendaItemSolved : item.Stage == AgendaItemStage.Solved;
        return solved ? Emit([.. news, new AgendaItemAppraised(c.Item, c.Score, c.Appraisal)]) : Refuse("agenda.not_solved", state);
    }

    private static IEnumerable<AgendaEvent> News(Agenda state, IReadOnlyList<LineStanding> standings) =>
        from standing in standings
        let item = state.Find(standing.Line)
        where item is not null && item.IsNews(standing)
        select item.Stage == AgendaItemStage.Solved ? (AgendaEvent)new AgendaItemTakenUpAgain(item.Number, standing.Position) : new AgendaItemSolved(item.Number, standing.Outcome!.Value, standing.Position);

    private static int ItemOf(AgendaEvent happened) => happened switch
    {
        AgendaItemSolved e => e.Item,
        AgendaItemTakenUpAgain e => e.Item,
        _ => 0,
    };

    private static string[] When(bool holds, params string[] commands) => holds ? commands : [];

    private static Decision<AgendaEvent>.Emit Emit(params IReadOnlyList<AgendaEvent> events) => new(events);

    private static Decision<AgendaEvent>.Refuse Refuse(string code, Agenda state) => new(AgendaRefusals.Of(code, state));

    private static Decision<AgendaEvent> Nothing { get; } = new Decision<AgendaEvent>.Nothing();
}
