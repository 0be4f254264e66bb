using System.Text;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Meetings;
using static CommandCenter.Domain.Tests.Agendas;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>The list of a party work committee: what is collected leaves a meeting with a lead and a day, and leaves the list solved and appraised.</summary>
public class AgendaDeciderTests
{
    public static IReadOnlyList<(string State, AgendaEvent[] Events)> States { get; } =
    [
        ("Nothing yet", []),
        ("Prepared, nothing collected", [Prepared()]),
        ("Prepared, one item undecided 待议", [Prepared(items: Entry())]),
        ("Prepared, its item led 牵头办理", [Prepared(items: Entry()), Named()]),
        ("Prepared, its item struck 不列入", [Prepared(items: Entry()), Struck()]),
        ("Cancelled, its item dropped", [Prepared(items: Entry()), Cancelled()]),
        ("Concluded, one item led", [Prepared(items: Entry()), Named(), Concluded()]),
        ("The second meeting prepared, a report owed", [Prepared(items: Entry()), Named(), Concluded(), Prepared(2, Second)]),
        ("The second meeting prepared, reported", [Prepared(items: Entry()), Named(), Concluded(), Prepared(2, Second), ReportGiven()]),
        ("Solved 待考评", [Prepared(items: Entry()), Named(), Concluded(), Solved()]),
        ("Solved and taken up again", [Prepared(items: Entry()), Named(), Concluded(), Solved(), TakenUpAgain()]),
        ("Appraised 已考评销项", [Prepared(items: Entry()), Named(), Concluded(), Solved(), Appraised()]),
    ];

    public static IReadOnlyList<(string Way, AgendaCommand Command, By By)> Commands { get; } =
    [
        ("prepare", Prepare(Second, T0 + 10.Days(), null, Entry()), Office),
        ("prepare: begins in the past", Prepare(T0, T0 + 1.Hours()), Office),
        ("prepare: begins too far ahead", Prepare(T0 + 61.Days()), Office),
        ("add", Add(), Office),
        ("add: the item's own case", Add(CaseId), Office),
        ("add: of another town", Add(inTown: false), Office),
        ("add: a case that ended", Add(open: false), Office),
        ("name-lead", Name(), Office),
        ("name-lead: another person", Name(person: "office-two"), Office),
        ("name-lead: the day has passed", Name(until: T0), Office),
        ("name-lead: no such item", Name(7), Office),
        ("strike", Strike(), Office),
        ("strike: no such item", Strike(7), Office),
        ("report, by the lead", ReportOn(), Lead),
        ("report, written down by the office", ReportOn(), Office),
        ("report, by somebody else", ReportOn(), Town.Dispatcher),
        ("report: no such item", ReportOn(7), Lead),
        ("conclude", Conclude(), Office),
        ("conclude: its case has ended", Conclude(null, Ended()), Office),
        ("conclude: before it began", Conclude(T0), Office),
        ("cancel", new CancelAgendaMeeting(Words("改期")), Office),
        ("appraise: its case has ended", Appraise(1, 5, Ended(position: 99)), Town.Leader),
        ("appraise: its case goes on", Appraise(1, 5, new LineStanding(1, 99)), Town.Leader),
        ("appraise, by the lead", Appraise(1, 5, Ended(position: 99)), Lead),
        ("appraise: a score that is none", Appraise(1, 6), Town.Leader),
        ("appraise: no such item", Appraise(7), Town.Leader),
    ];

    [Fact]
    public void Every_command_has_one_outcome_in_every_state()
    {
        var page = new StringBuilder("# What may happen to a committee's list\n\nEvery state × every command: the events, *nothing* for a repeat, or the code of the refusal with its lines.\n");
        foreach (var (name, events) in States)
        {
            var state = Agendas.Fold(events);
            page.Append($"\n## {name}\n\nPossible: {(AgendaDecider.Possible(state) is { Count: > 0 } possible ? string.Join(", ", possible) : "nothing more")}.\n\n| command | outcome |\n|---|---|\n");
            foreach (var (way, command, by) in Commands)
                page.Append($"| {way} | {Outcome(AgendaDecider.Decide(command, state, by))} |\n");
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void Every_refusal_code_is_reachable_and_no_other_is_given()
    {
        var refusals = (from state in States
                        from way in Commands
                        let decision = AgendaDecider.Decide(way.Command, Agendas.Fold(state.Events), way.By)
                        where decision is Decision<AgendaEvent>.Refuse
                        select ((Decision<AgendaEvent>.Refuse)decision).Refusal).ToList();

        refusals.Select(refusal => refusal.Code).Distinct().Order(StringComparer.Ordinal).ShouldBe(AgendaRefusals.All.Keys.Order(StringComparer.Ordinal));
        refusals.SelectMany(refusal => refusal.Lines ?? []).Select(line => line.Code).Distinct().ShouldBe(AgendaRefusals.AllLines.Keys);
    }

    [Fact]
    public void What_is_called_possible_is_exactly_what_can_happen()
    {
        foreach (var (name, events) in States)
        {
            var state = Agendas.Fold(events);
            var happens = Commands.Where(way => AgendaDecider.Decide(way.Command, state, way.By) is Decision<AgendaEvent>.Emit).Select(way => way.Command.Name).Distinct().Order(StringComparer.Ordinal);
            // Whether a led matter's case has ended, and whether an undecided one's has, only the case says.
            AgendaDecider.Possible(state).Append(name.Contains("undecided", StringComparison.Ordinal) ? "conclude" : "").Where(command => command.Length > 0).Distinct().Order(StringComparer.Ordinal)
                .ShouldBe(happens, name);
        }
    }

    [Fact]
    public void What_is_decided_can_be_folded()
    {
        foreach (var (name, events) in States)
        {
            foreach (var (way, command, by) in Commands)
            {
                var state = Agendas.Fold(events);
                if (AgendaDecider.Decide(command, state, by) is Decision<AgendaEvent>.Emit emit)
                    Should.NotThrow(() => emit.Events.Aggregate(state, (folded, happened) => folded.Apply(new Fact<AgendaEvent>(happened, by, Second, Second))), $"{way} in {name}");
            }
        }
    }

    [Fact]
    public void What_cannot_follow_is_no_life_of_a_list()
    {
        foreach (var happened in (AgendaEvent[])[Named(), Struck(), ReportGiven(), Concluded(), Cancelled(), Added(), Solved(), TakenUpAgain(), Appraised(), new AgendaReportsReminded(1, [1]), Prepared(2)])
            Should.Throw<InvalidOperationException>(() => Agendas.Fold(happened), happened.GetType().Name);
        // A meeting that leaves something undecided is not over.
        Should.Throw<InvalidOperationException>(() => Agendas.Fold(Prepared(items: Entry()), Concluded()));
    }

    [Fact]
    public void A_meeting_ends_only_when_each_new_item_has_a_lead_and_a_day_or_a_reason_why_not()
    {
        AgendaEvent[] prepared = [Prepared(items: [Entry(), Entry(OtherCase), Entry(ThirdCase)])];

        Given([.. prepared, Named(), Struck(2)]).When(Conclude()).ThenRefused("agenda.undecided", "items/3").Possible.ShouldContain("name-lead");
        Given([.. prepared, Named(), Struck(2), Named(3)]).When(Conclude()).Then(Concluded());
    }

    [Fact]
    public void A_lead_reports_at_every_meeting_after_the_one_that_named_them_and_a_missing_report_is_recorded()
    {
        AgendaEvent[] named = [Prepared(items: Entry()), Named(), Concluded()];

        // Not at the meeting itself, but at the next.
        Agendas.Fold(Prepared(items: Entry()), Named()).Owed.ShouldBeEmpty();
        Given([.. named, Prepared(2, Second)]).When(Conclude()).Then(Concluded(2, new MissedReport(1, Lead.Actor)));
        Given([.. named, Prepared(2, Second), ReportGiven()]).When(Conclude()).Then(Concluded(2));
        // A report for one meeting is none for the next.
        Given([.. named, Prepared(2, Second), ReportGiven(), Concluded(2), Prepared(3, Second + 7.Days())]).When(Conclude(Second + 8.Days())).Then(Concluded(3, new MissedReport(1, Lead.Actor)));
        Agendas.Fold([.. named, Prepared(2, Second), Concluded(2, new MissedReport(1, Lead.Actor))]).Find(1)!.Missed.ShouldBe([2]);
    }

    [Fact]
    public void A_report_before_the_meeting_is_prepared_counts_for_it()
    {
        Given(Prepared(items: Entry()), Named(), Concluded()).When(ReportOn(), Lead).Then(ReportGiven(2));
        Given(Prepared(items: Entry()), Named(), Concluded(), ReportGiven(2), Prepared(2, Second)).When(Conclude()).Then(Concluded(2));
    }

    [Fact]
    public void Whoever_takes_a_matter_over_owes_the_next_meeting_a_report_like_whoever_had_it() =>
        Given(Prepared(items: Entry()), Named(), Concluded(), Prepared(2, Second), Named(1, "office-two")).When(Conclude()).Then(Concluded(2, new MissedReport(1, "office-two")));

    [Fact]
    public void A_matter_leaves_the_list_only_when_it_is_solved_and_appraised_by_somebody_else()
    {
        AgendaEvent[] led = [Prepared(items: Entry()), Named(), Concluded()];

        Given(led).When(Strike()).ThenRefused("agenda.led");
        Given(led).When(Appraise(1, 4, new LineStanding(1, 99)), Town.Leader).ThenRefused("agenda.not_solved");
        Given(led).When(Appraise(1, 4, Ended()), Lead).ThenRefused("agenda.own_work");
        Given(led).When(Appraise(1, 4, Ended()), Town.Leader).Then(Solved(), new AgendaItemAppraised(1, 4, Words("牵头有力")));
        Agendas.Fold([.. led, Solved(), Appraised()]).Open.ShouldBeEmpty();
    }

    [Fact]
    public void A_case_that_another_town_took_is_not_solved() =>
        Given(Prepared(items: Entry()), Named(), Concluded()).When(Appraise(1, 4, Ended(outcome: LineOutcome.Transferred)), Town.Leader).ThenRefused("agenda.not_solved");

    [Fact]
    public void A_case_that_is_taken_up_again_before_it_was_appraised_is_led_again_and_reported_on() =>
        Given(Prepared(items: Entry()), Named(), Concluded(), Solved())
            .When(Prepare(Second, T0 + 10.Days(), [new LineStanding(1, 95)])).Then(TakenUpAgain(), Prepared(2, Second));

    [Fact]
    public void What_is_on_the_list_is_not_collected_twice_and_what_was_struck_rests_for_a_while()
    {
        Given(Prepared(items: Entry()), Named(), Concluded()).When(Prepare(Second, T0 + 10.Days(), null, Entry())).Then(Prepared(2, Second));
        // Struck one hour after T0; thirty days later it is collected again.
        AgendaEvent[] struck = [Prepared(items: Entry()), Struck(), Concluded()];
        Given(struck).When(Prepare(Second, T0 + 10.Days(), null, Entry())).Then(Prepared(2, Second));
        var later = T0 + 31.Days();
        Given(struck).When(Prepare(later + 3.Days(), later, null, Entry())).Then(Prepared(2, later + 3.Days(), Entry()));
        // One that a meeting did not get to because it was cancelled does not rest.
        Given(Prepared(items: Entry()), Cancelled()).When(Prepare(Second, T0 + 10.Days(), null, Entry())).Then(Prepared(2, Second, Entry()));
    }

    [Fact]
    public void A_case_that_ends_before_the_meeting_got_to_it_needs_no_lead_and_nothing_to_appraise()
    {
        Given(Prepared(items: Entry())).When(Conclude(null, Ended())).Then(Solved(), Concluded());
        Agendas.Fold(Prepared(items: Entry()), Solved(), Concluded()).Find(1)!.Stage.ShouldBe(AgendaItemStage.Dropped);
    }

    [Fact]
    public void Leads_are_told_again_a_day_before_the_meeting_and_at_once_where_it_is_nearer()
    {
        Given().When(Prepare(T0 + 5.Days())).Then(new AgendaMeetingPrepared(1, T0 + 5.Days(), "default-1", [], T0 + 4.Days()));
        Given().When(Prepare(T0 + 5.Hours())).Then(new AgendaMeetingPrepared(1, T0 + 5.Hours(), "default-1", [], T0));
    }

    [Fact]
    public void Its_row_agrees_with_its_fold_and_survives_being_stored()
    {
        foreach (var (name, events) in States)
        {
            AgendaSummary? row = null;
            for (var version = 1; version <= events.Length; version++)
            {
                var fact = new Fact<AgendaEvent>(events[version - 1], Doer(events[version - 1]), T0 + (version - 1).Hours(), T0 + (version - 1).Hours());
                row = Json.Read<AgendaSummary>(Json.Of((object)AgendaSummary.Apply(row, Town.Code.Value, version, fact)));
                AgendaSummary.Apply(row, Town.Code.Value, version, fact).ShouldBe(row);
            }

            if (row is not null)
                Json.Of((object)row.Agenda).ShouldBe(Json.Of((object)Agendas.Fold(events)), name);
        }

        Should.Throw<InvalidOperationException>(() => AgendaSummary.Apply(null, Town.Code.Value, 2, new Fact<AgendaEvent>(Prepared(), Office, T0, T0)));
    }

    internal static string Outcome(Decision<AgendaEvent> decision) => decision switch
    {
        Decision<AgendaEvent>.Emit emit => string.Join(", ", emit.Events.Select(Json.Named)),
        Decision<AgendaEvent>.Refuse { Refusal: var refusal } => $"refused: `{refusal.Code}`{string.Concat((refusal.Lines ?? []).Select(line => $" {line.Line}: `{line.Code}`"))}",
        _ => "*nothing*",
    };
}
