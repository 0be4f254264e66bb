using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Admissions;

/// <summary>Whether a matter may be given to an area. A closed type.</summary>
public abstract record Ruling
{
    private Ruling() { }

    /// <param name="Addition">The urgent addition that it rests on, <c>{town}/{number}</c>; null when the list itself holds it, or nothing was adopted.</param>
    public sealed record Admitted(string? Addition = null) : Ruling;

    /// <summary>The list does not hold the matter, and no urgent addition does.</summary>
    public sealed record NotAdmitted : Ruling;

    /// <summary>Only an urgent addition holds it, and that ends before the work would be due.</summary>
    public sealed record EndsBefore(DateTimeOffset Until) : Ruling;
}

/// <summary>One of the three tiers of a matter (三级事项清单: 镇街、村社、网格, S3-19).</summary>
/// <param name="Level">town, village or grid.</param>
/// <param name="Admitted">Whether the matter may be given to that tier at the place.</param>
/// <param name="Listed">Whether a list speaks of the tier there; where none does, everything may be given.</param>
/// <param name="Until">Until when, where an urgent addition alone admits it.</param>
public sealed record MatterTier(AreaLevel Level, bool Admitted, bool Listed, DateTimeOffset? Until = null);

/// <summary>
/// The admission lists that decide for some areas: what an area's list does not hold may not be pushed to it. The nearest list counts, from the area itself up to the district, among those
/// that speak of its level; a yard without a list of yards is judged as a grid, whose worker stands in for it. Where nothing was adopted everything is admitted.
/// </summary>
public sealed class AdmissionBook(IReadOnlyDictionary<AreaCode, Admission> admissions)
{
    /// <summary>The tiers that lists of matters are kept for, the town first.</summary>
    public static IReadOnlyList<AreaLevel> Tiers { get; } = [AreaLevel.Town, AreaLevel.Village, AreaLevel.Grid];

    /// <summary>Nothing was ever adopted.</summary>
    public static AdmissionBook Open { get; } = new(new Dictionary<AreaCode, Admission>());

    /// <summary>The streams that have a say about an area: its town's and the district's.</summary>
    public static IEnumerable<AreaCode> KeepersOf(AreaCode area)
    {
        yield return Admission.KeeperOf(area);
        if (area.Level != AreaLevel.District)
            yield return area.At(AreaLevel.District)!.Value;
    }

    /// <param name="dueAt">When the work is due.</param>
    /// <param name="at">When it would be given.</param>
    public Ruling Judge(AreaCode area, string matter, DateTimeOffset dueAt, DateTimeOffset at)
    {
        if (ListOf(area) is not { } list || list.Matters.Contains(matter))
            return new Ruling.Admitted();

        return AdditionFor(area, matter, at) switch
        {
            null => new Ruling.NotAdmitted(),
            { } held when held.Until < dueAt => new Ruling.EndsBefore(held.Until),
            { } held => new Ruling.Admitted(held.Reference),
        };
    }

    /// <summary>To which tiers a matter may be given at a place: its town, village and grid, or, for a place above one of them, what holds for all of those inside.</summary>
    public IReadOnlyList<MatterTier> TiersOf(AreaCode area, string matter, DateTimeOffset at) => [.. Tiers.Select(level =>
    {
        var place = area.At(level) ?? area;
        return ListFor(place, level) is not { } list ? new MatterTier(level, true, false)
            : list.Matters.Contains(matter) ? new MatterTier(level, true, true)
            : AdditionFor(place, matter, at) is { } held ? new MatterTier(level, true, true, held.Until)
            : new MatterTier(level, false, true);
    })];

    // Of several additions the one that holds longest.
    private (string Reference, DateTimeOffset Until)? AdditionFor(AreaCode area, string matter, DateTimeOffset at)
    {
        (string Reference, DateTimeOffset Until)? best = null;
        foreach (var keeper in KeepersOf(area))
        {
            foreach (var addition in (admissions.GetValueOrDefault(keeper) ?? Admission.None).Additions)
            {
                if (addition.Matter == matter && addition.Area.Contains(area) && addition.Holds(at) && (best is null || addition.Until > best.Value.Until))
                    best = (Reference(keeper, addition.Number), addition.Until);
            }
        }

        return best;
    }

    /// <summary>The list that an area is judged by; null when it is open to everything.</summary>
    public AdmissionList? ListOf(AreaCode area) =>
        ListFor(area, area.Level) ?? (area.Level == AreaLevel.Yard ? ListFor(area, AreaLevel.Grid) : null);

    /// <summary>How an addition is named outside of its stream.</summary>
    public static string Reference(AreaCode keeper, int number) => $"{keeper}/{number}";

    private AdmissionList? ListFor(AreaCode area, AreaLevel level) => KeepersOf(area)
        .SelectMany(keeper => (admissions.GetValueOrDefault(keeper) ?? Admission.None).Lists)
        .Where(list => list.Level == level && list.Area.Contains(area))
        .MaxBy(list => list.Area.Value.Length);
}
