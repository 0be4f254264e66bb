using CommandCenter.Domain.Cases;

namespace CommandCenter.Domain.Meetings;

/// <summary>How a meeting's list becomes cases.</summary>
public static class MeetingList
{
    /// <summary>The proof that a line was solved on the spot: its own photos, else those of the minutes.</summary>
    public static IReadOnlyList<string> ProofOf(MeetingLine line, MeetingFile file) => line.Photos.Count > 0 ? line.Photos : file.Minutes?.Photos ?? [];

    /// <summary>
    /// The cases that the lines of a list become, each by the command that a person would give for it: what was solved on the spot is reported as solved, a village's matter is
    /// put before the village first, and what concerns the town or the district goes to the center.
    /// </summary>
    /// <param name="file">The meeting before the list.</param>
    /// <param name="list">As it was decided: it gives the lines their numbers.</param>
    /// <param name="lines">The lines as they came in, in the same order.</param>
    public static IReadOnlyList<(string Case, CaseCommand Command)> CasesOf(string meetingId, MeetingFile file, MeetingListImported list, IReadOnlyList<MeetingLine> lines) =>
        [.. list.Lines.Zip(lines, (listed, line) => (line.Case, CommandOf(Report(meetingId, listed, line), line, file)))];

    private static CaseReported Report(string meetingId, ListedLine listed, MeetingLine line) => new(
        CaseSource.Meeting, line.Text, line.Area, line.Category, line.Urgency, line.Kind == LineKind.OnSpot ? [] : line.Photos, Reporter: line.Reporter,
        Origin: new CaseOrigin($"meeting:{meetingId}", listed.Number), Level: LevelOf(line.Kind), VillageFirst: line.Kind == LineKind.Village ? true : null);

    private static CaseCommand CommandOf(CaseReported report, MeetingLine line, MeetingFile file) =>
        line.Kind == LineKind.OnSpot ? new ReportSolvedCase(report, line.Outcome!, ProofOf(line, file)) : new ReportCase(report);

    private static MatterLevel? LevelOf(LineKind kind) => kind switch
    {
        LineKind.Village => MatterLevel.Village,
        LineKind.Town => MatterLevel.Town,
        LineKind.District => MatterLevel.District,
        _ => null,
    };
}
