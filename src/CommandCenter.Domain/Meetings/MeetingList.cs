namespace CommandCenter.Domain.Meetings;

/// <summary>How a meeting's list becomes cases.</summary>
public static class MeetingList
{
    /// <summary>The proof that a line was solved on the spot: its own photos, else those of the minutes.</summary>
    public static IReadOnlyList<string> ProofOf(MeetingLine line, MeetingFile file) => line.Photos.Count > 0 ? line.Photos : file.Minutes?.Photos ?? [];
}
