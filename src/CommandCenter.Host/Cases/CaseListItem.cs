using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Cases;

/// <summary>A case in a list.</summary>
/// <param name="Number">Day and ordinal in the town, <c>20261121-0007</c>.</param>
/// <param name="Text">With <c>⟦personal⟧</c> in the place of each sealed span.</param>
/// <param name="Clock">The clock of the present stage, else the hard limit.</param>
/// <param name="DueAt">When that clock is due.</param>
/// <param name="Late">Whether any of its clocks is past due now.</param>
/// <param name="Level">How high it has climbed.</param>
/// <param name="Unit">Who has it: <c>post:…</c>, <c>department:…</c>, <c>village:…</c>, <c>grid:…</c>.</param>
/// <param name="Matter">Whether it is a village's, a town's or the district's matter.</param>
/// <param name="Supervised">Whether a leader waits for an answer.</param>
/// <param name="OnAgenda">Whether a party work committee has it on its list.</param>
/// <param name="ListedUntil">The limit under which it is listed for supervision; missing where it is not.</param>
/// <param name="UnderReview">Whether a review meeting that is not over looks back on it.</param>
/// <param name="Spot">The code of the thing that it is about.</param>
/// <param name="Photos">How many photos came with the report.</param>
public sealed record CaseListItem(
    string Id,
    string Number,
    long Version,
    string Text,
    string Category,
    Sector Sector,
    Urgency Urgency,
    CaseStage Stage,
    AreaCode Area,
    Unit? Unit,
    string? ClaimedBy,
    DateTimeOffset ReportedAt,
    DateTimeOffset UpdatedAt,
    Clock? Clock,
    DateTimeOffset? DueAt,
    bool Late,
    EscalationLevel? Level,
    DateTimeOffset? HardLimitAt,
    DateTimeOffset? ClosedAt,
    int Photos,
    MatterLevel? Matter,
    bool Supervised,
    string? MergedInto,
    bool OnAgenda,
    DateTimeOffset? ListedUntil,
    bool UnderReview,
    string? Spot)
{
    public static CaseListItem Of(CaseSummary summary, string number, string text, DateTimeOffset now) => new(
        summary.Id, number, summary.Version, text, summary.Category, summary.Sector, summary.Urgency, summary.Stage, summary.Area, summary.Unit, summary.ClaimedBy,
        summary.ReportedAt, summary.UpdatedAt, summary.DueClock, summary.DueAt, summary.IsLate(now), summary.Level, summary.HardLimitAt, summary.ClosedAt, summary.Photos, summary.Matter, summary.Supervised,
        summary.MergedInto, summary.OnAgenda, summary.ListedUntil, summary.UnderReview, summary.Spot);
}

/// <summary>A page of a list.</summary>
/// <param name="Next">The cursor of the next page; missing on the last one.</param>
public sealed record CaseList(IReadOnlyList<CaseListItem> Items, string? Next = null);
