using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Listings;

/// <summary>Something that somebody wants of a case's listing.</summary>
public abstract record ListingCommand : Attaching
{
    /// <summary>The command's frozen name in kebab-case, as in <c>POST /api/listings/{case}/{name}</c>.</summary>
    public abstract string Name { get; }
}

/// <param name="IsOpen">Whether somebody still has to act on the case, looked up by the caller.</param>
/// <param name="LateCases">As in <see cref="ListingOpened"/>, looked up by the caller.</param>
/// <param name="Grade">Null lets the rule decide.</param>
/// <param name="ListedAt">From when the limit counts.</param>
/// <param name="DueAt">Its end, by the calendar of the town.</param>
/// <param name="Provisional">Whether it rests on a year that is not announced.</param>
/// <param name="Supervisors">Who is told, by the seat of the grade.</param>
public sealed record OpenListing(
    AreaCode Town, string Category, Sector Sector, bool IsOpen, ListingReason Reason, ListingGrade Grade, int LateCases, Limit Limit, DateTimeOffset ListedAt, DateTimeOffset DueAt, string Policy,
    IReadOnlyList<Recipient> Supervisors, MarkedText? Plate = null, bool Provisional = false) : ListingCommand
{
    public override string Name => "open";
}

public sealed record ReportListing(MarkedText Progress) : ListingCommand
{
    public override string Name => "report";
}

/// <param name="IsDone">Whether it was seen on the spot that it is done, or the case has ended, looked up by the caller: that the unit says so is no proof.</param>
public sealed record LiftListing(MarkedText Proof, bool IsDone) : ListingCommand
{
    public override string Name => "lift";
}
