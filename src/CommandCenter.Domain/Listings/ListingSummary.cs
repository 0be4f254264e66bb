namespace CommandCenter.Domain.Listings;

/// <summary>A listing as lists show it: a fold of its events that needs nothing but the row before, one row a round.</summary>
/// <param name="Version">Of the stream; an event at or below it changes nothing.</param>
/// <param name="DueAt">Its limit as it is counted now.</param>
/// <param name="LastProgress">With <c>⟦n⟧</c> for sealed spans.</param>
public sealed record ListingSummary(
    string Case, long Version, ListingOpened Opened, DateTimeOffset OpenedAt, DateTimeOffset DueAt, ListingGrade Grade, ListingStage Stage, int Reports = 0, string? LastProgress = null, DateTimeOffset? LastReportAt = null,
    int Steps = 0, DateTimeOffset? LiftedAt = null, bool Provisional = false, bool WasLate = false)
{
    /// <summary>Whether its limit has passed, or had before it was counted anew, while it was listed.</summary>
    public bool IsLateAt(DateTimeOffset now) => WasLate || DueAt <= (LiftedAt ?? now);

    /// <summary>The row after an event; an opening begins a new one.</summary>
    /// <exception cref="InvalidOperationException">The listing's opening, or an event before this one, is missing.</exception>
    public static ListingSummary Apply(ListingSummary? before, string caseId, long version, Fact<ListingEvent> fact)
    {
        if (before is not null && version <= before.Version)
            return before;
        if (version != (before?.Version ?? 0) + 1)
            throw new InvalidOperationException($"The listing of {caseId} is at version {before?.Version ?? 0} and goes on with {version}: what lies between is missing.");
        if (fact.Event is ListingOpened opened)
            return new ListingSummary(caseId, version, opened, opened.ListedAt, opened.DueAt, opened.Grade, ListingStage.Listed, Provisional: opened.Provisional == true);
        var row = before ?? throw new InvalidOperationException($"The listing of {caseId} begins with {fact.Event.GetType().Name}.");
        return (fact.Event switch
        {
            ListingProgressed e => row with { Reports = row.Reports + 1, LastProgress = e.Progress.Text, LastReportAt = fact.RecordedAt },
            ListingStepTaken e => row with { Steps = row.Steps + 1, Grade = e.Raised == true ? ListingGrade.Concentrated : row.Grade },
            ListingRecounted e => row with { DueAt = e.DueAt, Provisional = e.Provisional == true, WasLate = row.WasLate || e.Late == true },
            ListingLifted => row with { Stage = ListingStage.Lifted, LiftedAt = fact.RecordedAt },
            _ => row,
        }) with { Version = version };
    }
}
