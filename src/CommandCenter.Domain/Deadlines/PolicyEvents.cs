namespace CommandCenter.Domain.Deadlines;

/// <summary>
/// Something in the stream <c>policy:district</c>: by which limits and on which days the district's time is counted, and how far the counting anew of open cases has come (ADR 0025).
/// </summary>
public abstract record PolicyEvent
{
    /// <summary>The events with their frozen names.</summary>
    public static IReadOnlyList<EventName> Names { get; } =
    [
        Name<DeadlinePolicyAdopted>("deadline_policy_adopted"),
        Name<WorkingCalendarAdopted>("working_calendar_adopted"),
        Name<RecountAdvanced>("recount_advanced"),
        Name<RecountFinished>("recount_finished"),
    ];

    private static EventName Name<T>(string alias) => new(alias, 1, typeof(T), $"CommandCenter.Domain.Deadlines.{typeof(T).Name}, CommandCenter.Domain");
}

/// <summary>时限规则启用: a version of the policy, whole, so that whatever a policy says is said again by it.</summary>
/// <param name="From">From when on new clocks start under it; missing: as soon as it is known, and for the first one as far back as anything is asked of.</param>
/// <param name="Recount">Whether open cases are counted anew under it; else they keep the version that they began under.</param>
public sealed record DeadlinePolicyAdopted(DeadlinePolicy Policy, DateTimeOffset? From = null, bool? Recount = null) : PolicyEvent;

/// <summary>工作日历公布: years that were announced, derived or corrected, and the hours of the towns. What is not named stays.</summary>
public sealed record WorkingCalendarAdopted(IReadOnlyList<CalendarYear> Years, HoursPlan? Hours = null) : PolicyEvent;

/// <summary>重新计算进度: so far open cases have been counted anew.</summary>
/// <param name="Revision">Of the event in this stream for which they are.</param>
/// <param name="AfterPosition">Of the report of the last case that was looked at: it goes on after it.</param>
/// <param name="Cases">How many cases have been looked at.</param>
/// <param name="Recounted">How many of them had a clock that was counted anew.</param>
public sealed record RecountAdvanced(long Revision, long AfterPosition, int Cases, int Recounted) : PolicyEvent;

/// <summary>重新计算完成</summary>
public sealed record RecountFinished(long Revision, int Cases, int Recounted) : PolicyEvent;
