using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Meetings;

/// <summary>Something that somebody wants of a meeting.</summary>
public abstract record MeetingCommand : Attaching
{
    /// <summary>The command's frozen name in kebab-case, as in <c>POST /api/meetings/{id}/{name}</c>.</summary>
    public abstract string Name { get; }
}

/// <param name="Policy">The policy of today.</param>
public sealed record PlanMeeting(MeetingSetup Setup, DateTimeOffset StartsAt, MeetingPolicy Policy) : MeetingCommand
{
    public override string Name => "plan";
}

/// <summary>A meeting that took place without having been planned: a yard meeting needs no form (六不).</summary>
/// <param name="Policy">The policy of today.</param>
public sealed record RegisterMeeting(MeetingSetup Setup, MeetingAttendance Attendance, MeetingPolicy Policy) : MeetingCommand
{
    public override string Name => "register";
}

/// <summary>A meeting that was planned took place.</summary>
/// <param name="Setup">As it came; tier and area are those of the plan.</param>
/// <param name="Policy">That of the plan.</param>
public sealed record HoldMeeting(MeetingSetup Setup, MeetingAttendance Attendance, MeetingPolicy Policy) : MeetingCommand
{
    public override string Name => "hold";
}

public sealed record CancelMeeting(MarkedText Reason) : MeetingCommand
{
    public override string Name => "cancel";
}

public sealed record RecordMinutes(MarkedText Minutes, IReadOnlyList<string> Photos) : MeetingCommand
{
    public override string Name => "record-minutes";
}

/// <summary>A line on its way in, its texts sealed for the case that it becomes.</summary>
/// <param name="Number">Where it stands in the list, from 1.</param>
/// <param name="Case">The id of the case that it becomes.</param>
/// <param name="Fingerprint">A keyed hash of text and area.</param>
/// <param name="Photos">How it looks; of a line solved on the spot the proof, and without any the photos of the minutes are.</param>
/// <param name="Outcome">Of a line solved on the spot: how.</param>
public sealed record MeetingLine(
    int Number,
    LineKind Kind,
    string Case,
    MarkedText Text,
    AreaCode Area,
    string Category,
    Urgency Urgency,
    string Fingerprint,
    IReadOnlyList<string> Photos,
    MarkedText? Outcome = null,
    SealedReporter? Reporter = null);

/// <param name="Content">A keyed hash of all that the list says.</param>
/// <param name="Lines">At least one.</param>
public sealed record ImportList(ListSource Source, string Content, IReadOnlyList<MeetingLine> Lines) : MeetingCommand
{
    public override string Name => "import-list";
}

/// <param name="Lines">Numbers of lines, each once, at least one.</param>
public sealed record GiveFeedback(IReadOnlyList<int> Lines, FeedbackWay Way, MarkedText? Note, IReadOnlyList<string> Photos) : MeetingCommand
{
    public override string Name => "give-feedback";
}

/// <param name="Standings">How the case of every line stands, looked up by the caller.</param>
public sealed record ReconcileLines(IReadOnlyList<LineStanding> Standings) : MeetingCommand
{
    public override string Name => "reconcile";
}

/// <param name="Standings">How the case of every line stands, looked up by the caller.</param>
public sealed record StrikeOffMeeting(IReadOnlyList<LineStanding> Standings) : MeetingCommand
{
    public override string Name => "strike-off";
}

/// <summary>The engine's: what it sees of the cases.</summary>
/// <param name="Standings">Of lines whose case stands otherwise than the meeting knows.</param>
public sealed record FollowCases(IReadOnlyList<LineStanding> Standings) : MeetingCommand
{
    public override string Name => "follow-cases";
}
