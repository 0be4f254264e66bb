using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Meetings;
using static CommandCenter.Domain.Tests.Meetings;

namespace CommandCenter.Domain.Tests;

/// <summary>A row of the read table: the meeting's own fold, and each line's way through the cases.</summary>
public class MeetingSummaryTests
{
    [Fact]
    public void A_row_is_the_meeting_itself_and_survives_being_stored()
    {
        foreach (var (name, events) in MeetingLives.States.Where(life => life.Events.Length > 0))
        {
            MeetingSummary? row = null;
            for (var version = 1; version <= events.Length; version++)
                row = Json.Read<MeetingSummary>(Json.Of(MeetingSummary.Apply(row, Id, version, 100 + version, Fact(events[version - 1], Sample.T0 + (version - 1).Hours()))));
            var state = (Meeting.Known)Meetings.Fold(events);

            (row!.Id, row.Version, row.Position, row.Stage).ShouldBe((Id, events.Length, 101, state.Stage!.Value), name);
            Json.Of(row.File).ShouldBe(Json.Of(state.File), name);
            row.Trails.Keys.ShouldBe(state.File.Lines.Keys, name);
        }
    }

    [Fact]
    public void An_event_that_was_seen_changes_nothing_and_one_that_is_missing_is_noticed()
    {
        var row = Row(Held(), Imported());

        MeetingSummary.Apply(row, Id, 1, 1, Fact(Held(), Sample.T0)).ShouldBeSameAs(row);
        Should.Throw<InvalidOperationException>(() => MeetingSummary.Apply(row, Id, 4, 9, Fact(Settled(2), Sample.T0)));
        Should.Throw<InvalidOperationException>(() => MeetingSummary.Apply(null, Id, 2, 9, Fact(Imported(), Sample.T0)));
    }

    [Fact]
    public void A_case_that_ends_is_news_until_the_meeting_knows_of_it()
    {
        var row = Row(Held(), Imported());
        row.News.ShouldBeEmpty();

        row = After(row, 2, (20, Sample.Reported()), (21, Sample.Refused()), (22, Stopped()));
        row.News.ShouldBe([new LineStanding(2, 21, LineOutcome.Refused)]);

        row = MeetingSummary.Apply(row, Id, 3, 23, Fact(Settled(2, LineOutcome.Refused, 21), Sample.T0));
        row.News.ShouldBeEmpty();
        row.File.Lines[2].IsFeedbackDue.ShouldBeTrue();
    }

    [Fact]
    public void An_event_of_a_case_that_was_seen_changes_nothing()
    {
        var row = After(Row(Held(), Imported()), 2, (20, Sample.Reported()), (21, Sample.Refused()));

        Json.Of(After(row, 2, (20, Sample.Reported()), (21, Sample.Refused()))).ShouldBe(Json.Of(row));
    }

    [Fact]
    public void A_matter_whose_case_goes_into_another_one_is_settled_when_that_one_is()
    {
        const string main = "0199c2f0a0b07c0d8e0f00000000eeee";
        var row = After(Row(Held(), Imported()), 2, (20, Sample.Reported()), (21, new CaseMerged(main)));
        row.News.ShouldBeEmpty();
        row.Cases.ShouldContain(main);

        row = row.AfterCase(main, Sample.Closed(), 30);
        row.News.ShouldBe([new LineStanding(2, 30, LineOutcome.Closed)]);

        row = After(row, 2, (40, new CaseUnmerged(main, Sample.Words("不是一回事"))));
        row.Standings.ShouldContain(new LineStanding(2, 40));
        After(row.AfterCase(main, new CaseReopened(), 41), 2, (42, Sample.Refused())).News.ShouldBe([new LineStanding(2, 42, LineOutcome.Refused)]);
    }

    [Fact]
    public void What_the_other_case_had_been_before_says_nothing()
    {
        const string main = "0199c2f0a0b07c0d8e0f00000000eeee";

        After(Row(Held(), Imported()), 2, (21, new CaseMerged(main))).AfterCase(main, Sample.Closed(), 19).News.ShouldBeEmpty();
    }

    [Fact]
    public void A_matter_that_was_split_is_settled_when_its_last_part_is()
    {
        var row = After(Row(Held(), Imported()), 2, (20, Sample.Reported()), (21, new CaseSplit(["part-1", "part-2"])));

        row = row.AfterCase("part-1", Sample.Closed(), 30);
        row.News.ShouldBeEmpty();
        row.AfterCase("part-2", Sample.Closed(), 31).News.ShouldBe([new LineStanding(2, 31, LineOutcome.Closed)]);
        row.AfterCase("part-2", new CaseTransferred(Town.OtherTown, Sample.Words()), 31).News.ShouldBe([new LineStanding(2, 31, LineOutcome.Transferred)]);
        row.AfterCase("part-2", Sample.Refused(), 31).News.ShouldBe([new LineStanding(2, 31, LineOutcome.Closed)]);
        row.AfterCase("part-2", new CaseMerged("main"), 31).AfterCase("main", new CaseSettledByVillage(Sample.Words(), []), 32).News.ShouldBe([new LineStanding(2, 32, LineOutcome.Closed)]);
    }

    [Fact]
    public void A_matter_that_came_back_to_the_meetings_own_town_is_nobody_elses()
    {
        var away = After(Row(Held(), Imported()), 2, (20, Sample.Reported()), (21, new CaseTransferred(Town.NeighbourGrid, Sample.Words())));
        away.Standings.ShouldContain(new LineStanding(2, 21, LineOutcome.Transferred));

        foreach (var back in (CaseEvent[])[new CaseTransferred(Town.Grid, Sample.Words()), new CaseTransferAccepted(Town.Grid)])
        {
            var here = After(Row(Held(), Imported()), 2, (20, Sample.Reported()), (21, new CaseTransferred(Town.NeighbourGrid, Sample.Words())), (22, back));
            here.Standings.ShouldContain(new LineStanding(2, 22));
            here.News.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Every_end_of_a_case_is_an_outcome_of_its_line()
    {
        (CaseEvent End, LineOutcome Outcome)[] ends =
        [
            (Sample.Closed(), LineOutcome.Closed), (new CaseSettledByVillage(Sample.Words(), []), LineOutcome.Closed), (Sample.Refused(), LineOutcome.Refused),
            (new CaseRedirected(EmergencyService.Fire, Sample.Words()), LineOutcome.Redirected), (new CaseTransferAccepted(Town.OtherTown), LineOutcome.Transferred),
        ];
        foreach (var (end, outcome) in ends)
            After(Row(Held(), Imported()), 2, (20, end)).News.ShouldBe([new LineStanding(2, 20, outcome)]);
        After(Row(Held(), Imported()), 2, (20, Sample.Closed()), (21, new CaseReopened())).Standings.ShouldContain(new LineStanding(2, 21));
        After(Row(Held(), Imported()), 1, (20, new CaseSolvedOnSpot(Sample.Words(), [Photo]))).News.ShouldBeEmpty();
    }

    [Fact]
    public void An_event_of_another_case_is_none_of_the_meetings_business() =>
        Json.Of(Row(Held(), Imported()).AfterCase("0199c2f0a0b07c0d8e0f00000000ffff", Sample.Refused(), 30)).ShouldBe(Json.Of(Row(Held(), Imported())));

    private static MeetingSummary Row(params MeetingEvent[] events)
    {
        MeetingSummary? row = null;
        for (var version = 1; version <= events.Length; version++)
            row = MeetingSummary.Apply(row, Id, version, version, Fact(events[version - 1], Sample.T0));
        return row!;
    }

    private static MeetingSummary After(MeetingSummary row, int line, params (long Position, CaseEvent Event)[] events) =>
        events.Aggregate(row, (after, next) => after.AfterCase(CaseOf(line), next.Event, next.Position));

    private static CaseClockStopped Stopped() => new(Clock.Accept, 1, Sample.T0, false);
}
