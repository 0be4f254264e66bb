using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Meetings;

namespace CommandCenter.Domain.Tests;

public class MeetingFoldTests
{
    [Fact]
    public void An_event_that_no_decision_could_have_made_is_not_folded()
    {
        MeetingEvent[] moves = [Planned(), Cancelled(), Held(), Minutes(), Imported(), FedBack(2), new MeetingLinesReconciled([]), StruckOff(), Settled(2, position: 90), Reopened(2, 90)];
        foreach (var (name, events) in MeetingLives.States)
        {
            var state = Meetings.Fold(events);
            MeetingCommand[] commands = [.. MeetingLives.Commands.Select(way => way.Command), Import("other", Line(1, print: "p")), Follow(Closed(2, 90)), Follow(new LineStanding(2, 90)), StrikeOff(Closed(2), Closed(3))];
            var decidable = commands.Select(command => MeetingDecider.Decide(command, state)).OfType<Decision<MeetingEvent>.Emit>().SelectMany(emit => emit.Events).Select(happened => happened.GetType()).ToHashSet();
            // A line that was never settled is not reopened; its fold would still be right.
            foreach (var move in moves.Where(move => !decidable.Contains(move.GetType()) && move is not MeetingLineReopened))
                Should.Throw<InvalidOperationException>(() => state.Apply(Fact(move, Sample.T0)), $"{move.GetType().Name} in {name}");
        }
    }

    [Fact]
    public void Feedback_on_a_line_that_waits_for_none_is_not_folded()
    {
        Should.Throw<InvalidOperationException>(() => Meetings.Fold(Held(), Imported(), FedBack(2)));
        Should.Throw<InvalidOperationException>(() => Meetings.Fold(Held(), Imported(), Settled(2), FedBack(2), FedBack(2)));
        Should.Throw<InvalidOperationException>(() => Meetings.Fold(Held(), Imported(), FedBack(7)));
        Should.Throw<InvalidOperationException>(() => Meetings.Fold(Held(), Imported(), Settled(2), StruckOff()));
    }

    [Fact]
    public void A_meeting_knows_who_registered_it_when_it_was_and_who_came()
    {
        var file = File(Meetings.Fold(Planned(), Held(), Minutes(Photo)));

        file.RegisteredBy.ShouldBe(Secretary);
        file.StartsAt.ShouldBe(Sample.T0 + 1.Days());
        file.HeldAt.ShouldBe(Sample.T0 + 1.Hours());
        file.Attendance.ShouldBe(new MeetingAttendance(31, 18, 60));
        file.Minutes!.Photos.ShouldBe([Photo]);
    }

    [Fact]
    public void A_line_knows_how_its_yard_was_told_when_and_by_whom()
    {
        var line = File(Meetings.Fold(Held(), Imported(), Settled(2), FedBack(2))).Lines[2];

        line.Feedback.ShouldBe(new LineFeedback(FeedbackWay.NoticeBoard, Secretary, Sample.T0 + 3.Hours()));
        line.SettledAt.ShouldBe(Sample.T0 + 2.Hours());
    }

    private static MeetingFile File(Meeting state) => state.ShouldBeAssignableTo<Meeting.Known>()!.File;
}
