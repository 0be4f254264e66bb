using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Cases;

/// <summary>That a person answered an alarm.</summary>
/// <param name="At">When the log took it.</param>
/// <param name="Wall">The scope of the wall at which it was done; null where it was done elsewhere.</param>
public sealed record Acknowledgement(By By, DateTimeOffset At, AreaCode? Wall = null);

/// <summary>That a case is an emergency: it rings on every wall above it until somebody acknowledges it, or the case ends (ADR 0030).</summary>
/// <param name="Since">When it became one here: reported, filed, taken from another town or reopened as one.</param>
public sealed record CaseAlarm(DateTimeOffset Since, Acknowledgement? Acknowledged = null)
{
    /// <summary>The alarm after an event of its case; null for a case that is no emergency.</summary>
    public static CaseAlarm? After(CaseAlarm? before, Fact<CaseEvent> fact) => fact.Event switch
    {
        CaseReported { Urgency: Urgency.Emergency } => new CaseAlarm(fact.RecordedAt),
        CaseFiled { Urgency: Urgency.Emergency } => before ?? new CaseAlarm(fact.RecordedAt),
        CaseFiled => null,
        CaseAlarmAcknowledged e => before! with { Acknowledged = new Acknowledgement(fact.By, fact.RecordedAt, e.Wall) },
        // Another town's people, or those who thought it was over, have not heard it.
        CaseTransferAccepted or CaseTransferred or CaseReopened when before is not null => new CaseAlarm(fact.RecordedAt),
        _ => before,
    };
}
