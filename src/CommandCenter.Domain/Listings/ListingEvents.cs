using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Listings;

/// <summary>How weighty a listing is, and so who supervises it.</summary>
public enum ListingGrade
{
    /// <summary>一般问题: the district leader in charge (分管区领导).</summary>
    General,

    /// <summary>集中突出问题: the district's main leader (区委主要领导).</summary>
    Concentrated,
}

/// <summary>Why a case was listed.</summary>
public enum ListingReason
{
    /// <summary>硬时限到期: by itself, when the hard limit ran out.</summary>
    HardLimit,

    /// <summary>区级指定: the district listed it.</summary>
    ByHand,
}

/// <summary>Something that happened to the listing of a case for supervision, stream <c>listing:{case}</c>. Who, when and where stand in the envelope.</summary>
public abstract record ListingEvent : Attaching
{
    /// <summary>The events with their frozen names.</summary>
    public static IReadOnlyList<EventName> Names { get; } =
    [
        new("listing_opened", 1, typeof(ListingOpened), "CommandCenter.Domain.Listings.ListingOpened, CommandCenter.Domain"),
        new("listing_progressed", 1, typeof(ListingProgressed), "CommandCenter.Domain.Listings.ListingProgressed, CommandCenter.Domain"),
        new("listing_step_taken", 1, typeof(ListingStepTaken), "CommandCenter.Domain.Listings.ListingStepTaken, CommandCenter.Domain"),
        new("listing_recounted", 1, typeof(ListingRecounted), "CommandCenter.Domain.Listings.ListingRecounted, CommandCenter.Domain"),
        new("listing_lifted", 1, typeof(ListingLifted), "CommandCenter.Domain.Listings.ListingLifted, CommandCenter.Domain"),
    ];
}

/// <summary>挂牌: a case was listed for supervision. The plate's number is drawn by the read side, in the order of the log.</summary>
/// <param name="Round">1 for the first listing of the case.</param>
/// <param name="LateCases">Cases of the same matter in the same town that were late within the days of the rule, this one included if it was.</param>
/// <param name="Limit">From <paramref name="ListedAt"/> on, in the town's hours.</param>
/// <param name="Policy">The version of the policy that grade, limit and steps were taken from.</param>
/// <param name="Plate">What stands on the plate (牌); missing where it says no more than the matter.</param>
/// <param name="Supervisors">Who was told.</param>
/// <param name="Provisional">True where the limit rests on a year that is not announced.</param>
public sealed record ListingOpened(
    int Round, AreaCode Town, string Category, Sector Sector, ListingReason Reason, ListingGrade Grade, int LateCases, Limit Limit, DateTimeOffset ListedAt, DateTimeOffset DueAt, string Policy,
    IReadOnlyList<Recipient> Supervisors, MarkedText? Plate = null, bool? Provisional = null) : ListingEvent;

/// <summary>重新计算: a year of the calendar was announced or corrected, or other hours hold, and the limit was counted anew.</summary>
/// <param name="Revision">Of the policy's stream, which asked for it: for one of them a listing is counted anew once.</param>
/// <param name="NextStep">How many steps of its ladder are taken, or overtaken.</param>
/// <param name="Provisional">True while it still rests on a year that is not announced.</param>
/// <param name="Late">True where its limit had passed before: it stays late, whatever the new one is.</param>
public sealed record ListingRecounted(DateTimeOffset RecountedAt, DateTimeOffset DueAt, long Revision, int NextStep, bool? Provisional = null, bool? Late = null) : ListingEvent;

/// <summary>督办进展: the town says how far it is.</summary>
public sealed record ListingProgressed(MarkedText Progress) : ListingEvent, IBringsAttachments;

/// <summary>督办预警或升级: a step of the listing's own ladder.</summary>
/// <param name="StepDueAt">When the step was due, which after downtime is before <paramref name="FiredAt"/>.</param>
/// <param name="Raised">True where the district's main leader supervises it from here on; missing else.</param>
public sealed record ListingStepTaken(
    string Step, DateTimeOffset DueAt, DateTimeOffset StepDueAt, DateTimeOffset FiredAt, IReadOnlyList<Recipient> Told, bool? Raised = null) : ListingEvent;

/// <summary>摘牌: the supervisor took the plate down, on proof.</summary>
public sealed record ListingLifted(MarkedText Proof) : ListingEvent, IBringsAttachments;
