using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Meetings;
using static CommandCenter.Domain.Tests.Meetings;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Domain.Tests;

/// <summary>Each line of a list is a case by the command that a person would give for it.</summary>
public class MeetingListTests
{
    [Fact]
    public void What_was_solved_on_the_spot_is_a_closed_case_with_its_proof()
    {
        var (id, command) = Made(Line(1, LineKind.OnSpot))[0];

        id.ShouldBe(CaseOf(1));
        var solved = command.ShouldBeOfType<ReportSolvedCase>();
        solved.Photos.ShouldBe([Photo]);
        solved.Outcome.Text.ShouldBe("当场调解");
        Decided(command).Stage.ShouldBe(CaseStage.Closed);
    }

    [Fact]
    public void Without_a_photo_of_its_own_the_minutes_photos_are_its_proof() =>
        Made([Minutes(Photo)], Line(1, LineKind.OnSpot, photos: []))[0].Command.ShouldBeOfType<ReportSolvedCase>().Photos.ShouldBe([Photo]);

    [Fact]
    public void A_villages_matter_is_put_before_the_village_and_the_others_before_the_center()
    {
        Decided(Made(Line(1))[0].Command).Stage.ShouldBe(CaseStage.Assessing);
        Decided(Made(Line(1, LineKind.Town))[0].Command).Stage.ShouldBe(CaseStage.Reported);
        Decided(Made(Line(1, LineKind.District))[0].Command).Stage.ShouldBe(CaseStage.Reported);
    }

    [Theory]
    [InlineData(LineKind.Village)]
    [InlineData(LineKind.Town)]
    [InlineData(LineKind.District)]
    public void What_was_not_solved_there_takes_its_photos_into_its_case(LineKind kind) => Report(Made(Line(1, kind, photos: [Photo]))[0].Command).Photos.ShouldBe([Photo]);

    [Theory]
    [InlineData(LineKind.Village, MatterLevel.Village)]
    [InlineData(LineKind.Town, MatterLevel.Town)]
    [InlineData(LineKind.District, MatterLevel.District)]
    public void A_case_has_the_level_that_the_meeting_gave_it(LineKind kind, MatterLevel level) => Report(Made(Line(1, kind))[0].Command).Level.ShouldBe(level);

    [Fact]
    public void Every_case_knows_its_meeting_and_its_line_also_in_a_later_list()
    {
        var reports = Made([Imported()], Line(1, print: "print-4"), Line(2, print: "print-5")).Select(made => Report(made.Command)).ToList();

        reports.ShouldAllBe(report => report.Source == CaseSource.Meeting);
        reports.Select(report => report.Origin).ShouldBe([new CaseOrigin($"meeting:{Id}", 4), new CaseOrigin($"meeting:{Id}", 5)]);
    }

    private static IReadOnlyList<(string Case, CaseCommand Command)> Made(params MeetingLine[] lines) => Made([], lines);

    private static IReadOnlyList<(string Case, CaseCommand Command)> Made(MeetingEvent[] before, params MeetingLine[] lines)
    {
        var state = (Meeting.Known)Meetings.Fold([Held(), .. before]);
        var decided = MeetingDecider.Decide(Import("content-9", lines), state).ShouldBeOfType<Decision<MeetingEvent>.Emit>();
        return MeetingList.CasesOf(Id, state.File, (MeetingListImported)decided.Events[0], lines);
    }

    private static Case Decided(CaseCommand command) =>
        CaseDecider.Decide(command, Case.None, Secretary).ShouldBeOfType<Decision<CaseEvent>.Emit>().Events.Aggregate(Case.None, (state, happened) => state.Apply(new Fact<CaseEvent>(happened, Secretary, Sample.T0, Sample.T0)));

    private static CaseReported Report(CaseCommand command) => command is ReportCase report ? report.Report : ((ReportSolvedCase)command).Report;
}
