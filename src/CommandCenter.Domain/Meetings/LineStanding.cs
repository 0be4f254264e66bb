namespace CommandCenter.Domain.Meetings;

/// <summary>What became of a line.</summary>
public enum LineOutcome
{
    /// <summary>现场解决: in the meeting itself.</summary>
    SolvedOnSpot,

    /// <summary>已办结</summary>
    Closed,

    /// <summary>不予立案, with a reason that the yard is owed.</summary>
    Refused,

    /// <summary>转紧急服务: given to 110, 119, 120 or 122.</summary>
    Redirected,

    /// <summary>移送他镇街: the yard is told where it went, and once more when it is settled there.</summary>
    Transferred,
}

/// <summary>How a line's case stands.</summary>
/// <param name="Position">
/// Where in the log the event stands since which it is so, 0 for a case that was in hand from the start; an older standing says nothing against a newer one.
/// </param>
/// <param name="Outcome">Null while somebody still has to act.</param>
public sealed record LineStanding(int Line, long Position, LineOutcome? Outcome = null);
