using CommandCenter.Domain.Cases;

namespace CommandCenter.Domain.Deadlines;

/// <summary>Something that somebody wants of the district's deadline policy or working calendar.</summary>
public abstract record PolicyCommand
{
    /// <summary>The command's frozen name in kebab-case.</summary>
    public abstract string Name { get; }
}

/// <summary>A version of the policy shall count from an instant on.</summary>
/// <param name="Policy">Read and found sound.</param>
/// <param name="From">Null: from now on.</param>
/// <param name="Recount">Whether open cases are counted anew under it.</param>
/// <param name="At">When the host received it.</param>
public sealed record AdoptPolicy(DeadlinePolicy Policy, DateTimeOffset? From, bool Recount, DateTimeOffset At) : PolicyCommand
{
    public override string Name => "adopt";
}

/// <summary>Some limits of the policy that counts shall be others: a new version of it.</summary>
/// <param name="Version">Of what comes of it.</param>
/// <param name="Rules">In place of those for the same clock and urgency.</param>
/// <param name="Matters">In place of those of the same code, or new.</param>
/// <param name="Dropped">Codes of matters that fall under the general rules again.</param>
/// <param name="Whistles">Null leaves them as they are.</param>
public sealed record EditPolicy(
    string Version, IReadOnlyList<ClockRule> Rules, IReadOnlyList<PolicyMatter> Matters, IReadOnlyList<string> Dropped, WhistleRules? Whistles, DateTimeOffset? From, bool Recount, DateTimeOffset At) : PolicyCommand
{
    public override string Name => "edit";
}

/// <summary>Years of the calendar, and the hours of the towns.</summary>
/// <param name="Hours">Null leaves them as they are.</param>
public sealed record AdoptCalendar(IReadOnlyList<CalendarYear> Years, HoursPlan? Hours) : PolicyCommand
{
    public override string Name => "adopt-calendar";
}

/// <summary>The engine has counted further cases anew.</summary>
/// <param name="AfterPosition">Where it goes on; null: nothing is left.</param>
/// <param name="Cases">How many cases were looked at by now, in all.</param>
public sealed record AdvanceRecount(long Revision, long? AfterPosition, int Cases, int Recounted) : PolicyCommand
{
    public override string Name => "advance-recount";
}
