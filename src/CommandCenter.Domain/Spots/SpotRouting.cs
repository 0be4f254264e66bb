using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Spots;

/// <summary>Who gets the report of a spot.</summary>
/// <param name="Person">Null where none is named, or whoever is has left the unit: then anybody of it takes it.</param>
public sealed record SpotRoute(Unit Unit, string? Person);

/// <summary>What a second report of a spot comes to.</summary>
/// <param name="Own">In the case of the second report.</param>
/// <param name="Main">In the case that is in hand.</param>
public sealed record SpotJoin(IReadOnlyList<CaseEvent> Own, IReadOnlyList<CaseEvent> Main);

/// <summary>
/// What follows by itself from the report of a spot (扫码自动派单, S3-21): it is filed and dispatched to whoever looks after the thing, or, while it is in hand already, merged into the case that is.
/// Pure. The rules are those of people who file, dispatch and merge; what these refuse stays an ordinary report, with which the center begins.
/// </summary>
public static class SpotRouting
{
    /// <summary>The engine's identity in the envelope.</summary>
    public static By Engine(AreaCode town) => new("system:spots", Role.System, town);

    /// <summary>The report of a spot, which says place, matter and reference.</summary>
    public static CaseReported Report(Spot spot, CaseSource source, MarkedText text, Urgency urgency, IReadOnlyList<string> photos) => new(
        source, text, spot.Area, spot.Category, urgency, photos, spot.Point is { } point ? new ReportedPoint(point.LatitudeE7, point.LongitudeE7, CoordinateSystem.Wgs84) : null,
        Origin: new CaseOrigin(spot.Code), Spot: spot.Code);

    /// <summary>Who gets it as the organization stands: the spot's unit, else whoever goes on with that one's work. Null where nobody does.</summary>
    public static SpotRoute? RouteOf(Spot spot, OrganizationDirectory organization)
    {
        var town = spot.Town();
        Unit? unit = organization.NameOf(spot.Unit, town) is not null ? spot.Unit : organization.SuccessorOf(spot.Unit, town);
        // A village or grid goes to its own only.
        if (unit is not { } there || organization.NameOf(there, town) is null || (there.Area is { } around && !around.Contains(spot.Area)))
            return null;
        var holds = spot.Person is { } named && organization.FindPerson(named) is { } person && organization.HeldSeatsOf(person).Any(seat => there.IsSeat(seat, town));
        return new SpotRoute(there, holds ? spot.Person : null);
    }

    /// <summary>Whether somebody is still to come for it: who scans it now need not have another sent. Once the work is done, what is wrong again is another case.</summary>
    public static bool IsInHand(Case state) => state is Case.Known { IsOpen: true } known && (known.IsToDispatch || known is not (Case.Completed or Case.Verified or Case.Rated));

    /// <summary>The cases that go on with one that ended: into which it was merged or split; none for others.</summary>
    public static IReadOnlyList<string> Onward(Case state) => state switch
    {
        Case.Merged { File.MergedInto: { } main } => [main],
        Case.Split { File.Children: var parts } => parts,
        _ => [],
    };

    /// <summary>Files and dispatches what was just reported; nothing where one of the two may not be.</summary>
    /// <param name="reported">The case with its report.</param>
    /// <param name="book">What may be pushed to whom.</param>
    public static IReadOnlyList<CaseEvent> Send(
        Case.Known reported, Spot spot, OrganizationDirectory organization, AdmissionBook book, PolicyBook policies, DateTimeOffset at, SpotRule rule)
    {
        var by = Engine(reported.File.Town);
        if (RouteOf(spot, organization) is not { } route || organization.FindCategory(reported.File.Category) is not { } category
            || One<CaseFiled>(new FileCase(category.Code, category.Sector, reported.File.Urgency, null, CaseDecider.LevelToFile(reported.File)), reported, by) is not { } decided)
            return [];

        var filed = decided with { Rule = rule };
        var state = (Case.Known)reported.Apply(new Fact<CaseEvent>(filed, by, at, at));
        var sector = route.Unit.Post is { } post ? organization.FindPost(state.File.Town, post)!.Sector : category.Sector;
        var dispatch = book.Judge(route.Unit, state.File, at, policies, organization).Dispatch(sector, route.Unit, null, route.Person);
        return One<CaseDispatched>(dispatch, state, by) is { } dispatched ? [filed, dispatched with { Rule = rule }] : [];
    }

    /// <summary>Merges what was just reported into the case that is in hand; null where that is not possible, or where it presses more than what is in hand: an emergency is nobody's second report.</summary>
    /// <param name="caseId">The id of the case just reported.</param>
    /// <param name="mainId">The id of the one in hand.</param>
    public static SpotJoin? Join(string caseId, Case.Known reported, string mainId, Case main, SpotRule rule)
    {
        var (by, reporter) = (Engine(reported.File.Town), reported.File.ReportedBy);
        return main is Case.Known { File.Urgency: var urgency } && urgency >= reported.File.Urgency
            && One<CaseMerged>(new MergeCase(mainId, null), reported, by) is { } merged && One<CaseAbsorbed>(new AbsorbCase(caseId, reporter.Actor, reporter.Role), main, by) is { } absorbed
            ? new SpotJoin([merged with { Rule = rule }], [absorbed])
            : null;
    }

    private static TEvent? One<TEvent>(CaseCommand command, Case state, By by)
        where TEvent : CaseEvent => CaseDecider.Decide(command, state, by) is Decision<CaseEvent>.Emit { Events: [TEvent happened] } ? happened : null;
}
