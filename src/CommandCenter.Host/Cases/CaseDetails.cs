using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Cases;

/// <summary>What the village said when it passed the case up.</summary>
/// <param name="CostFen">What it is likely to cost, in fen (1/100 yuan).</param>
public sealed record AssessmentView(string Text, MatterLevel Level, int? Households = null, long? CostFen = null);

/// <summary>What was found by the last look before filing.</summary>
public sealed record CheckView(CheckFinding Finding, string Note);

/// <summary>How and by when the unit will do it.</summary>
public sealed record PlanView(string Text, DateTimeOffset? Until = null);

/// <summary>A part of the work.</summary>
public sealed record SubtaskView(int Number, string Task, bool Finished, string? Person = null);

/// <summary>That a leader has the case watched.</summary>
/// <param name="By">Who ordered it.</param>
public sealed record SupervisionView(SupervisionBy Order, string By, DateTimeOffset At, bool Answered);

/// <summary>More time that is asked for.</summary>
/// <param name="ApprovedBy">Who approved it first; it needs a second of another rank.</param>
public sealed record ExtensionView(Limit By, string AskedBy, string? ApprovedBy = null);

/// <summary>That the case waits, or is asked to.</summary>
/// <param name="ApprovedAt">Missing while it is only asked for.</param>
/// <param name="EndedAt">Missing while it waits.</param>
public sealed record SuspensionView(SuspensionReason For, DateTimeOffset Until, string AskedBy, string? ApprovedBy = null, DateTimeOffset? ApprovedAt = null, DateTimeOffset? EndedAt = null);

/// <summary>An appeal against lateness.</summary>
public sealed record AppealView(AppealStanding Standing, string AskedBy);

/// <summary>A case that belongs to this one.</summary>
public sealed record LinkView(string Case, CaseLink Link);

/// <summary>That a case is an item of a town's committee (末议题).</summary>
/// <param name="StartsAt">When the meeting for which it was collected begins.</param>
/// <param name="Lead">Who leads it, by id; missing while the meeting has not decided.</param>
/// <param name="Until">By when it is to be solved.</param>
public sealed record OnAgendaView(AreaCode Town, int Meeting, int Item, DateTimeOffset StartsAt, string? Lead, DateTimeOffset? Until);

/// <summary>That a case is listed for supervision (挂牌督办).</summary>
/// <param name="DueAt">The listing's limit.</param>
public sealed record ListedView(int Round, ListingReason Reason, ListingGrade Grade, DateTimeOffset DueAt);

/// <summary>That a review looks back on a case (复盘).</summary>
/// <param name="Outcome">Missing while the review is not over.</param>
public sealed record InReviewView(string Review, DateTimeOffset StartsAt, ReviewOutcome? Outcome);

/// <summary>The thing that a case is about (点位).</summary>
/// <param name="Kind">Such as <c>bin</c>.</param>
public sealed record CaseSpotView(string Code, string Name, string NameEn, string Kind);

/// <summary>What came of a case on its way, beyond its stage.</summary>
/// <param name="Level">A village's, the town's or the district's matter; missing until it is filed.</param>
/// <param name="ReturnedBy">The units that sent it back: only a leader sends it there again.</param>
/// <param name="FundingFen">All money recorded for it, in fen.</param>
/// <param name="Absorbed">The cases that were merged into this one.</param>
/// <param name="TransferTo">The town, or its grid, that is asked to take it.</param>
/// <param name="FormerAreas">Where it was before other towns took it, the first one first.</param>
/// <param name="Reference">The hotline's number, the device's or code's id, the meeting's stream key.</param>
/// <param name="Checker">Who is asked to look before filing.</param>
/// <param name="Agendas">On which committees' lists it is.</param>
/// <param name="Listed">Missing where it is not listed for supervision.</param>
/// <param name="Reviews">The reviews that look back on it, those that are over too.</param>
/// <param name="NotRated">That it was closed by rule, because no rating came in time.</param>
/// <param name="Spot">Missing where it is about none.</param>
public sealed record CaseDetails(
    MatterLevel? Level,
    AssessmentView? Assessment,
    string? Checker,
    CheckView? Check,
    PlanView? Plan,
    IReadOnlyList<Unit> ReturnedBy,
    IReadOnlyList<SubtaskView> Subtasks,
    long FundingFen,
    SupervisionView? Supervision,
    IReadOnlyList<LinkView> Links,
    IReadOnlyList<string> Absorbed,
    string? MergedInto,
    IReadOnlyList<string> Children,
    string? Parent,
    AreaCode? TransferTo,
    IReadOnlyList<AreaCode> FormerAreas,
    string? Reference,
    int? Line,
    ExtensionView? Extension,
    SuspensionView? Suspension,
    AppealView? Appeal,
    IReadOnlyList<OnAgendaView> Agendas,
    ListedView? Listed,
    IReadOnlyList<InReviewView> Reviews,
    NotRated? NotRated,
    CaseSpotView? Spot)
{
    /// <param name="open">Whether this reader may see personal data.</param>
    internal static async Task<CaseDetails> OfAsync(LoadedCase loaded, CaseFile file, PersonalText personal, OrganizationHistory organization, bool open, CancellationToken cancellation)
    {
        Task<string> Text(MarkedText text, string field) => personal.ReadAsync(text, loaded.Stream, field, open, cancellation);
        var subtasks = new List<SubtaskView>();
        foreach (var task in file.Subtasks.Values)
            subtasks.Add(new SubtaskView(task.Number, await Text(task.Task, "task"), task.Finished, task.Person));
        return new CaseDetails(
            file.Level,
            file.Assessment is { } a ? new AssessmentView(await Text(a.Assessment, "assessment"), a.Level, a.Households, a.CostFen) : null,
            file.Checker,
            file.Check is { } c ? new CheckView(c.Finding, await Text(c.Note, "note")) : null,
            file.Plan is { } p ? new PlanView(await Text(p.Plan, "plan"), p.Until) : null,
            [.. file.ReturnedBy.OrderBy(unit => unit.ToString(), StringComparer.Ordinal)],
            subtasks,
            file.FundingFen,
            file.Supervision is { } s ? new SupervisionView(s.Order, s.By, s.At, s.Answered) : null,
            [.. file.Links.Select(link => new LinkView(link.Key, link.Value))],
            [.. file.Absorbed.Keys],
            file.MergedInto,
            file.Children,
            file.Report.Origin?.Parent,
            file.TransferTo,
            file.FormerAreas,
            file.Report.Origin?.Reference,
            file.Report.Origin?.Line,
            file.Extension is { } x ? new ExtensionView(x.By, x.AskedBy, x.First?.Actor) : null,
            file.Suspension is { } w ? new SuspensionView(w.For, w.Until, w.AskedBy, w.ApprovedBy, w.ApprovedAt, w.EndedAt) : null,
            file.Appeal is { } appeal ? new AppealView(appeal.Standing, appeal.AskedBy) : null,
            [.. file.Story.Agendas.Select(on => new OnAgendaView(on.Town, on.Meeting, on.Item, on.StartsAt, on.Lead, on.Until))],
            file.Story.Listed is { } listed ? new ListedView(listed.Round, listed.Reason, listed.Grade, listed.DueAt) : null,
            [.. file.Story.Reviews.Select(review => new InReviewView(review.Review, review.StartsAt, review.Outcome))],
            file.NotRated,
            file.Report.Spot is { } code && organization.SpotAt(file.ReportedAt, code) is { } spot ? new CaseSpotView(code, spot.Name, spot.NameEn, spot.Kind) : null);
    }
}
