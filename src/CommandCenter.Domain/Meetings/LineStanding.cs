using CommandCenter.Domain.Cases;

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
}

/// <summary>How a line's case stands.</summary>
/// <param name="CaseVersion">
/// The version of the case since which it stands so, 0 for a case that was in hand from the start; a standing of an older version says nothing against one of a newer.
/// </param>
/// <param name="Outcome">Null while somebody still has to act.</param>
public sealed record LineStanding(int Line, long CaseVersion, LineOutcome? Outcome = null)
{
    /// <summary>How the case of a line stands after its events.</summary>
    /// <param name="events">All of the case's events with their versions, in order.</param>
    public static LineStanding Of(int line, IEnumerable<(long Version, CaseEvent Event)> events) =>
        events.Aggregate(new LineStanding(line, 0), (standing, next) => standing.After(next.Event, next.Version));

    /// <summary>The standing after an event of the case.</summary>
    /// <param name="version">The event's version.</param>
    public LineStanding After(CaseEvent happened, long version) => happened switch
    {
        CaseClosed => this with { CaseVersion = version, Outcome = LineOutcome.Closed },
        CaseRefused => this with { CaseVersion = version, Outcome = LineOutcome.Refused },
        // The engine stops the clocks of a case that has ended.
        DeadlineEvent => this,
        _ => Outcome is null ? this : this with { CaseVersion = version, Outcome = null },
    };
}
