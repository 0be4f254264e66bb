using CommandCenter.Domain.Meetings;

namespace CommandCenter.Host.Composition;

/// <summary>The photos that an event of a meeting brings with it.</summary>
public static class MeetingPhotos
{
    public static IReadOnlyList<string> Of(MeetingEvent happened) => happened switch
    {
        MeetingMinutesRecorded e => e.Photos,
        MeetingFeedbackGiven e => e.Photos,
        _ => [],
    };
}
