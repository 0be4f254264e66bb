using System.Text;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Meetings;

namespace CommandCenter.Domain.Tests;

public class MeetingDeciderTests
{
    [Fact]
    public void Every_command_has_one_outcome_in_every_state()
    {
        var page = new StringBuilder("# What may happen to a yard meeting\n\nEvery state × every command: the events, *nothing* for a repeat, or the code of the refusal. Of three lines the first was solved on the spot.\n");
        foreach (var (name, events) in MeetingLives.States)
        {
            var state = Meetings.Fold(events);
            page.Append($"\n## {name}\n\nPossible: {(MeetingDecider.Possible(state) is { Count: > 0 } possible ? string.Join(", ", possible) : "nothing more")}.\n\n| command | outcome |\n|---|---|\n");
            foreach (var (way, command) in MeetingLives.Commands)
                page.Append($"| {way} | {Outcome(MeetingDecider.Decide(command, state))} |\n");
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void Every_refusal_tells_in_both_languages_and_shows_what_is_possible_instead()
    {
        foreach (var (code, words) in MeetingRefusals.All)
        {
            words.Zh.ShouldContain(letter => letter >= '\u4e00' && letter <= '\u9fff', code);
            words.En.ShouldNotBeNullOrWhiteSpace(code);
            words.En.ShouldAllBe(letter => letter < 128, code);
        }

        Given(Planned()).When(Import()).ThenRefused("meeting.not_held").Possible.ShouldBe(["hold", "cancel"]);
    }

    [Fact]
    public void Every_refusal_code_is_reachable_and_no_other_is_given()
    {
        var given = from state in MeetingLives.States
                    from command in MeetingLives.Commands
                    let decision = MeetingDecider.Decide(command.Command, Meetings.Fold(state.Events))
                    where decision is Decision<MeetingEvent>.Refuse
                    select ((Decision<MeetingEvent>.Refuse)decision).Refusal.Code;

        given.Distinct().Order(StringComparer.Ordinal).ShouldBe(MeetingRefusals.All.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_called_possible_is_exactly_what_people_can_do()
    {
        foreach (var (name, events) in MeetingLives.States)
        {
            var state = Meetings.Fold(events);
            // Which lines wait for feedback and how the cases stand differs from life to life.
            var ended = state is Meeting.Known { File: var file } ? file.Lines.Values.Where(line => line.Number > 1).Select(line => line.Standing).ToArray() : [];
            IEnumerable<MeetingCommand> commands = [.. MeetingLives.Commands.Select(way => way.Command).Where(command => command is not (FollowCases or StrikeOffMeeting)), StrikeOff(ended), Feedback(3)];
            var happens = commands.Where(command => MeetingDecider.Decide(command, state) is Decision<MeetingEvent>.Emit).Select(command => command.Name).Distinct().Order(StringComparer.Ordinal);

            MeetingDecider.Possible(state).Order(StringComparer.Ordinal).ShouldBe(happens, name);
        }
    }

    [Fact]
    public void What_is_decided_can_be_folded_in_every_state()
    {
        foreach (var (name, events) in MeetingLives.States)
        {
            var state = Meetings.Fold(events);
            foreach (var (way, command) in MeetingLives.Commands)
            {
                if (MeetingDecider.Decide(command, state) is Decision<MeetingEvent>.Emit emitted)
                    Should.NotThrow(() => emitted.Events.Aggregate(state, (folded, happened) => folded.Apply(Fact(happened, Sample.T0))), $"{way} in {name}");
            }
        }
    }

    [Fact]
    public void The_names_of_commands_are_frozen() =>
        GoldenFiles.ShouldEqual(string.Concat(MeetingLives.Commands.Select(way => $"{way.Command.GetType().Name} {way.Command.Name}\n").Distinct()), "meeting-commands.golden.txt");

    [Fact]
    public void The_codes_of_refusals_are_frozen_with_their_words() =>
        GoldenFiles.ShouldEqual(
            string.Concat(MeetingRefusals.All.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} | {pair.Value.Zh} | {pair.Value.En}\n")), "meeting-refusals.golden.txt");

    [Fact]
    public void A_meeting_is_held_as_planned_with_what_changed_on_the_way() =>
        Given(Planned())
            .When(Hold(Setup() with { Form = MeetingForm.Online, Agenda = ["feedback"] }, new MeetingAttendance(40, 0)))
            .Then(new MeetingHeld(Setup() with { Form = MeetingForm.Online, Agenda = ["feedback"] }, new MeetingAttendance(40, 0), Policy.Version));

    [Fact]
    public void A_meeting_needs_no_plan() => Given().When(Register()).Then(Held());

    [Fact]
    public void A_meeting_needs_no_agenda_no_topics_and_no_venue() =>
        Given().When(Register(new MeetingSetup(MeetingTier.Village, MeetingForm.OnSite, Town.Yard, Role.YardHead, [], []))).Then(
            new MeetingHeld(new MeetingSetup(MeetingTier.Village, MeetingForm.OnSite, Town.Yard, Role.YardHead, [], []), new MeetingAttendance(31, 18, 60), Policy.Version));

    [Fact]
    public void More_households_than_people_cannot_have_come() =>
        Given().When(Register(attendance: new MeetingAttendance(5, 6))).ThenRefused("meeting.attendance.out_of_range");

    [Fact]
    public void A_group_holds_meetings_under_the_policy_of_2021_and_none_under_that_of_2022()
    {
        var setup = Setup(tier: MeetingTier.Group, host: Role.YardHead);

        Given().When(new RegisterMeeting(setup, new MeetingAttendance(12, 9), Shipped("yard-meetings-2021"))).Then(new MeetingHeld(setup, new MeetingAttendance(12, 9), "yard-meetings-2021"));
        Given().When(new RegisterMeeting(setup, new MeetingAttendance(12, 9), Policy)).ThenRefused("meeting.tier_unknown");
    }

    [Fact]
    public void A_meeting_called_off_does_not_take_place_after_all() =>
        Given(Planned(), Cancelled()).When(Hold()).ThenRefused("meeting.cancelled").Possible.ShouldBeEmpty();

    [Fact]
    public void Each_line_of_the_list_becomes_a_line_of_the_account_with_its_case() => Given(Held()).When(Import()).Then(Imported());

    [Fact]
    public void The_same_list_does_not_come_in_twice()
    {
        Given(Held(), Imported()).When(Import()).ThenNothing();
        Given(Held(), Imported(), Settled(2), Settled(3), FedBack(2, 3), StruckOff()).When(Import()).ThenNothing();
    }

    [Fact]
    public void A_forgotten_line_comes_in_later_and_counts_on() =>
        Given(Held(), Imported()).When(Import("content-2", Line(1, print: "print-4"))).Then(
            new MeetingListImported(ListSource.Form, "content-2", [new ListedLine(4, LineKind.Village, CaseOf(1), Town.Yard, "road-damage", "print-4")]));

    [Fact]
    public void A_corrected_list_with_a_line_that_is_there_already_is_refused_whole() =>
        Given(Held(), Imported()).When(Import("content-3", Line(1, print: "print-4"), Line(2))).ThenRefused("meeting.line_listed_before");

    [Fact]
    public void The_photos_of_the_minutes_prove_what_was_solved_on_the_spot()
    {
        Given(Held()).When(Import(lines: Line(1, LineKind.OnSpot, photos: []))).ThenRefused("meeting.proof_missing");
        Given(Held(), Minutes()).When(Import(lines: Line(1, LineKind.OnSpot, photos: []))).ThenRefused("meeting.proof_missing");
        Given(Held(), Minutes(Photo)).When(Import(lines: Line(1, LineKind.OnSpot, photos: []))).Then(
            new MeetingListImported(ListSource.Form, "content-1", [new ListedLine(1, LineKind.OnSpot, CaseOf(1), Town.Yard, "road-damage", "print-1")]));
    }

    [Fact]
    public void Minutes_are_corrected_for_as_long_as_the_account_is_open()
    {
        Given(Held(), Minutes(), Imported()).When(Record(Photo)).Then(Minutes(Photo));
        Given(Held(), Minutes(), StruckOff()).When(Record(Photo)).ThenRefused("meeting.struck_off");
    }

    [Fact]
    public void What_was_solved_before_everybodys_eyes_needs_no_feedback() =>
        Given(Held(), Imported()).When(Feedback(1)).ThenRefused("meeting.already_fed_back");

    [Fact]
    public void A_yard_is_told_of_several_results_by_one_sheet_on_the_board() =>
        Given(Held(), Imported(), Settled(2), Settled(3, LineOutcome.Refused)).When(Feedback(2, 3)).Then(FedBack(2, 3));

    [Fact]
    public void The_same_line_twice_in_one_feedback_is_once_too_many() =>
        Given(Held(), Imported(), Settled(2)).When(Feedback(2, 2)).ThenRefused("meeting.already_fed_back");

    [Fact]
    public void There_is_no_feedback_on_what_is_still_in_hand() => Given(Held(), Imported(), Settled(2)).When(Feedback(2, 3)).ThenRefused("meeting.line_open");

    [Fact]
    public void A_case_that_is_settled_anew_owes_the_yard_another_answer()
    {
        Given(Held(), Imported(), Settled(2), FedBack(2), Reopened(2)).When(Feedback(2)).ThenRefused("meeting.line_open");
        Given(Held(), Imported(), Settled(2), FedBack(2), Reopened(2), Settled(2, position: 15)).When(Feedback(2)).Then(FedBack(2));
        // The engine may have slept through the reopening.
        Given(Held(), Imported(), Settled(2), FedBack(2)).When(Follow(Closed(2, 15))).Then(Settled(2, position: 15));
    }

    [Fact]
    public void A_matter_that_went_to_another_town_is_told_twice_and_struck_off_only_when_it_is_settled_there()
    {
        MeetingEvent[] gone = [Held(), Imported(), Settled(2), FedBack(2), Settled(3, LineOutcome.Transferred)];

        Given(gone).When(Feedback(3)).Then(FedBack(3));
        Given([.. gone, FedBack(3)]).When(Feedback(3)).ThenRefused("meeting.already_fed_back");
        Given([.. gone, FedBack(3)]).When(StrikeOff(Closed(2), new LineStanding(3, 9, LineOutcome.Transferred))).ThenRefused("meeting.lines_open");
        Given([.. gone, FedBack(3)]).When(Follow(Closed(3, 20))).Then(Settled(3, position: 20));
        Given([.. gone, FedBack(3), Settled(3, position: 20), FedBack(3)]).When(StrikeOff(Closed(2), Closed(3, 20)))
            .Then(new MeetingLinesReconciled(Standings(Closed(2), Closed(3, 20))), StruckOff());
    }

    [Fact]
    public void What_the_meeting_knows_already_is_no_news()
    {
        Given(Held(), Imported(), Settled(2)).When(Follow(Closed(2))).ThenNothing();
        Given(Held(), Imported(), Settled(2), Reopened(2)).When(Follow(Closed(2))).ThenNothing();
        Given(Held(), Imported()).When(Follow(new LineStanding(2, 7))).ThenNothing();
        Given(Held(), Imported()).When(Follow(new LineStanding(1, 2, LineOutcome.SolvedOnSpot))).ThenNothing();
    }

    [Fact]
    public void Reconciling_brings_in_what_the_engine_had_not_told_yet() =>
        Given(Held(), Imported()).When(Reconcile(Closed(2))).Then(Settled(2), new MeetingLinesReconciled(Standings(Closed(2))));

    [Fact]
    public void A_meeting_is_struck_off_on_the_cases_as_they_are_and_not_as_it_last_knew_them()
    {
        MeetingEvent[] told = [Held(), Imported(), Settled(2), Settled(3), FedBack(2, 3)];

        Given(told).When(StrikeOff(Closed(2), new LineStanding(3, 12))).ThenRefused("meeting.lines_open");
        Given(told).When(StrikeOff(Closed(2), Closed(3, 15))).ThenRefused("meeting.feedback_missing");
        Given(told).When(StrikeOff(Closed(2), Closed(3))).Then(
            new MeetingLinesReconciled(Standings(Closed(2), Closed(3))), StruckOff());
    }

    [Fact]
    public void An_older_look_at_a_case_does_not_strike_off_what_was_reopened_since() =>
        Given(Held(), Imported(), Settled(2), Settled(3), FedBack(2, 3), Reopened(3))
            .When(StrikeOff(Closed(2), Closed(3))).ThenRefused("meeting.lines_open");

    [Fact]
    public void A_meeting_at_which_no_matter_was_raised_is_struck_off_by_its_minutes()
    {
        Given(Held()).When(StrikeOff()).ThenRefused("meeting.minutes_missing");
        Given(Held(), Minutes()).When(StrikeOff()).Then(StruckOff());
    }

    [Fact]
    public void A_repeated_strike_off_is_no_error() => Given(Held(), Minutes(), StruckOff()).When(StrikeOff()).ThenNothing();

    [Fact]
    public void A_matter_that_was_forgotten_opens_a_meeting_again_that_was_struck_off()
    {
        Given(Held(), Minutes(Photo), StruckOff()).When(Import()).Then(Imported());
        Meetings.Fold(Held(), Minutes(Photo), StruckOff(), Imported()).Stage.ShouldBe(MeetingStage.Listed);
    }

    [Fact]
    public void A_meeting_that_was_struck_off_opens_again_when_one_of_its_cases_does()
    {
        var state = Meetings.Fold(Held(), Imported(), Settled(2), Settled(3), FedBack(2, 3), StruckOff(), Reopened(3));

        state.Stage.ShouldBe(MeetingStage.Listed);
        ((Meeting.Known)state).File.Lines[3].IsOpen.ShouldBeTrue();
        ((Meeting.Known)state).File.Lines[2].IsAccountedFor.ShouldBeTrue();
    }

    private static string Outcome(Decision<MeetingEvent> decision) => decision switch
    {
        Decision<MeetingEvent>.Emit emit => string.Join(", ", emit.Events.Select(happened => $"**{DomainEvents.All.Single(name => name.Type == happened.GetType()).Alias}**")),
        Decision<MeetingEvent>.Refuse refuse => refuse.Refusal.Code,
        _ => "*nothing*",
    };
}
