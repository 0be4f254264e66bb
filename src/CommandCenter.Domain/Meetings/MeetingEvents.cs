using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Meetings;

/// <summary>How people meet.</summary>
public enum MeetingForm
{
    /// <summary>线下院坝会</summary>
    OnSite,

    /// <summary>线上院坝会: in the group, without a place or a fixed hour.</summary>
    Online,
}

/// <summary>How a list came in.</summary>
public enum ListSource
{
    /// <summary>逐条填写</summary>
    Form,

    /// <summary>表格导入</summary>
    Csv,
}

/// <summary>Where a line of a meeting's list belongs (现场解决 / 实事 / 要事 / 大事).</summary>
public enum LineKind
{
    /// <summary>现场解决: done in the meeting, with proof.</summary>
    OnSpot,

    /// <summary>实事: the village settles it.</summary>
    Village,

    /// <summary>要事: the town settles it.</summary>
    Town,

    /// <summary>大事: the district settles it.</summary>
    District,
}

/// <summary>How a yard was told what became of a matter (结果反馈方式).</summary>
public enum FeedbackWay
{
    /// <summary>当面反馈</summary>
    InPerson,

    /// <summary>公示栏张贴</summary>
    NoticeBoard,

    /// <summary>工作群发布</summary>
    Group,

    /// <summary>下一次院坝会通报</summary>
    NextMeeting,
}

/// <summary>What kind of meeting it is.</summary>
/// <param name="Area">The yard (18 digits), grid (15) or village (12) whose people meet.</param>
/// <param name="HostRole">Who holds it. A role and not a name: the yard is told by whoever holds the seat then.</param>
/// <param name="Agenda">Codes of the policy's agenda (会议内容).</param>
/// <param name="Topics">Codes of the policy's topics (议题).</param>
/// <param name="Venue">Where, or in which group: 白果树下.</param>
public sealed record MeetingSetup(
    MeetingTier Tier, MeetingForm Form, AreaCode Area, Role HostRole, IReadOnlyList<string> Agenda, IReadOnlyList<string> Topics, MarkedText? Venue = null);

/// <summary>Who was there, and who spoke.</summary>
/// <param name="Participants">People, 1 or more.</param>
/// <param name="HouseholdsPresent">Households of which somebody was there, at most as many as people.</param>
/// <param name="VillagersFloorPercent">The villagers' part of the time, 0–100; the rule is more than 50. Null where nobody measured it.</param>
public sealed record MeetingAttendance(int Participants, int HouseholdsPresent, int? VillagersFloorPercent = null);

/// <summary>A line as the meeting keeps it. What was said stands in the case alone, so that erasing a person's data there leaves no copy here.</summary>
/// <param name="Number">Counted from 1 over all lists of the meeting.</param>
/// <param name="Case">The case's id.</param>
/// <param name="Fingerprint">A keyed hash of text and area: the same matter does not come in twice.</param>
public sealed record ListedLine(int Number, LineKind Kind, string Case, AreaCode Area, string Category, string Fingerprint);

/// <summary>Something that happened to a yard meeting. Who, when and where stand in the envelope.</summary>
public abstract record MeetingEvent : Attaching;

/// <summary>会前: a meeting was called.</summary>
/// <param name="Policy">The version of the meeting policy that it is planned under.</param>
public sealed record MeetingPlanned(MeetingSetup Setup, DateTimeOffset StartsAt, string Policy) : MeetingEvent;

/// <summary>取消: it will not take place.</summary>
public sealed record MeetingCancelled(MarkedText Reason) : MeetingEvent;

/// <summary>会中: it took place, planned or not; when is the envelope's happened time.</summary>
public sealed record MeetingHeld(MeetingSetup Setup, MeetingAttendance Attendance, string Policy) : MeetingEvent;

/// <summary>会议纪要: what was said and done; a later one corrects it.</summary>
/// <param name="Photos"><c>sha256:…</c> of sealed files: the signed sheet, the people in the yard. They are the proof of what was solved on the spot.</param>
public sealed record MeetingMinutesRecorded(MarkedText Minutes, IReadOnlyList<string> Photos) : MeetingEvent, IBringsAttachments;

/// <summary>会后形成清单: the list came in and each of its lines became a case, in the same append.</summary>
/// <param name="Content">A keyed hash of all that the list says: the same list does not come in twice.</param>
public sealed record MeetingListImported(ListSource Source, string Content, IReadOnlyList<ListedLine> Lines) : MeetingEvent;

/// <summary>反馈: the yard was told what became of these lines. How is here; when and by whom stand in the envelope.</summary>
/// <param name="Lines">Numbers of lines.</param>
/// <param name="Photos">The proof: the board, the screen, the people.</param>
public sealed record MeetingFeedbackGiven(IReadOnlyList<int> Lines, FeedbackWay Way, IReadOnlyList<string> Photos, MarkedText? Note = null) : MeetingEvent, IBringsAttachments;

/// <summary>对账: the list was held against the cases; every line as it was found.</summary>
public sealed record MeetingLinesReconciled(IReadOnlyList<LineStanding> Lines) : MeetingEvent;

/// <summary>销号: every line is settled and the yard knows of each.</summary>
public sealed record MeetingStruckOff : MeetingEvent;

/// <summary>What was found of a line's case: by the engine, which follows them, or by somebody who reconciled before it did.</summary>
public abstract record LineEvent : MeetingEvent;

/// <summary>A line's case came to an end, or left for another town: the yard is owed an answer.</summary>
/// <param name="Position">Where in the log the event of the case stands by which it did.</param>
public sealed record MeetingLineSettled(int Line, long Position, LineOutcome Outcome) : LineEvent;

/// <summary>A line's case goes on after it had been settled.</summary>
/// <param name="Position">Where in the log the event of the case stands from which on it does.</param>
public sealed record MeetingLineReopened(int Line, long Position) : LineEvent;

/// <summary>The frozen names of this slice's events.</summary>
public static class MeetingEventNames
{
    public static IReadOnlyList<EventName> All { get; } =
    [
        new("meeting_planned", 1, typeof(MeetingPlanned), "CommandCenter.Domain.Meetings.MeetingPlanned, CommandCenter.Domain"),
        new("meeting_cancelled", 1, typeof(MeetingCancelled), "CommandCenter.Domain.Meetings.MeetingCancelled, CommandCenter.Domain"),
        new("meeting_held", 1, typeof(MeetingHeld), "CommandCenter.Domain.Meetings.MeetingHeld, CommandCenter.Domain"),
        new("meeting_minutes_recorded", 1, typeof(MeetingMinutesRecorded), "CommandCenter.Domain.Meetings.MeetingMinutesRecorded, CommandCenter.Domain"),
        new("meeting_list_imported", 1, typeof(MeetingListImported), "CommandCenter.Domain.Meetings.MeetingListImported, CommandCenter.Domain"),
        new("meeting_feedback_given", 1, typeof(MeetingFeedbackGiven), "CommandCenter.Domain.Meetings.MeetingFeedbackGiven, CommandCenter.Domain"),
        new("meeting_lines_reconciled", 1, typeof(MeetingLinesReconciled), "CommandCenter.Domain.Meetings.MeetingLinesReconciled, CommandCenter.Domain"),
        new("meeting_struck_off", 1, typeof(MeetingStruckOff), "CommandCenter.Domain.Meetings.MeetingStruckOff, CommandCenter.Domain"),
        new("meeting_line_settled", 1, typeof(MeetingLineSettled), "CommandCenter.Domain.Meetings.MeetingLineSettled, CommandCenter.Domain"),
        new("meeting_line_reopened", 1, typeof(MeetingLineReopened), "CommandCenter.Domain.Meetings.MeetingLineReopened, CommandCenter.Domain"),
    ];
}
