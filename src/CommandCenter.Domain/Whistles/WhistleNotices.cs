using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Whistles;

/// <summary>Who is told of what happens to whistles: whoever has to do something now, the whistler of every step of an answer, and whoever loses a call. Pure.</summary>
public static class WhistleNotices
{
    /// <summary>The engine's identity in the envelope of notices.</summary>
    public static By Engine(AreaCode town) => new("system:whistles", Role.System, town);

    /// <summary>Whose turn it is with a call. Empty only for a call that has ended, as long as the district has one supervisor.</summary>
    public static IReadOnlyList<Recipient> WhoActs(WhistleFile file, WhistleCall call, OrganizationDirectory organization) => call.Stage switch
    {
        CallStage.Called or CallStage.Declined => organization.WhoIsToldFor(Role.CenterOperator, file.Town),
        CallStage.Routed or CallStage.Arrived or CallStage.Advised => OfUnit(file, call.Unit, organization),
        CallStage.Resolved => Whistlers(file, organization, call.ResolvedBy),
        _ => [],
    };

    /// <param name="after">The whistle with what was decided.</param>
    public static IReadOnlyList<Notice> Of(string whistleId, Whistle after, IReadOnlyList<WhistleEvent> decided, OrganizationDirectory organization)
    {
        if (after is not Whistle.Known { File: var file })
            return [];
        return [.. decided.SelectMany(Told).DistinctBy(notice => (notice.Person, notice.Sent.Kind))];

        IEnumerable<Notice> Told(WhistleEvent happened) => happened switch
        {
            WhistleBlown => [.. ToRoute(), .. Tell(NoticeKind.WhistleBlown, file.Sectors.SelectMany(sector => organization.WhoIsToldFor(Role.SectorLead, file.Town, sector)))],
            WhistleUnitsCalled => ToRoute(),
            WhistleCallRouted e => [.. Tell(NoticeKind.WhistleCalled, Turn(e.Call)), .. Lost(e.Call)],
            WhistleCallDeclined e => [.. Tell(NoticeKind.WhistleDeclined, Turn(e.Call)), .. Tell(NoticeKind.WhistleDeclined, Whistlers(file, organization))],
            WhistleCallArrived => Tell(NoticeKind.WhistleArrived, Whistlers(file, organization)),
            WhistleCallAdvised => Tell(NoticeKind.WhistleAdvised, Whistlers(file, organization)),
            WhistleCallResolved e => Tell(NoticeKind.WhistleResolved, Turn(e.Call)),
            WhistleCallRated { Result: FixResult.NotFixed } e => Tell(NoticeKind.WhistleNotFixed, Turn(e.Call)),
            WhistleCallRated e => Tell(NoticeKind.WhistleRated, OfUnit(file, e.Unit, organization)),
            WhistleCallDropped e => [.. Ended(file.Find(e.Call)!), .. Tell(NoticeKind.WhistleDropped, Whistlers(file, organization))],
            // Those that ended before ended for another reason.
            WhistleWithdrawn => file.Calls.Where(call => call.Stage == CallStage.Dropped && call.EndedAt == file.EndedAt).SelectMany(Ended),
            _ => [],
        };

        // What the center called itself is routed already.
        IEnumerable<Notice> ToRoute() => file.Calls.Any(call => call.Stage == CallStage.Called) ? Tell(NoticeKind.WhistleBlown, organization.WhoIsToldFor(Role.CenterOperator, file.Town)) : [];

        IReadOnlyList<Recipient> Turn(int call) => WhoActs(file, file.Find(call)!, organization);

        // Whoever had it must not set out any more.
        IEnumerable<Notice> Lost(int call) => file.Find(call)!.Past is [.., { Declined: false } last] ? Tell(NoticeKind.WhistleDropped, OfUnit(file, last.Unit, organization)) : [];

        IEnumerable<Notice> Ended(WhistleCall call) => call.Turn switch
        {
            { RoutedAt: not null, Declined: false } turn => Tell(NoticeKind.WhistleDropped, OfUnit(file, turn.Unit, organization)),
            _ => Tell(NoticeKind.WhistleDropped, organization.WhoIsToldFor(Role.CenterOperator, file.Town)),
        };

        IEnumerable<Notice> Tell(NoticeKind kind, IEnumerable<Recipient> told) =>
            told.Select(recipient => new Notice(recipient.Person, new NoticeSent(kind, $"whistle:{whistleId}", recipient.Role, recipient.Reason)));
    }

    private static IReadOnlyList<Recipient> OfUnit(WhistleFile file, Unit unit, OrganizationDirectory organization) => unit.Kind == UnitKind.Post
        ? organization.WhoIsToldFor(Role.PostHandler, file.Town, post: unit.Code)
        : organization.WhoIsToldFor(Role.Department, organization.District, department: unit.Code);

    /// <summary>Who speaks for the whistler: who blew it, else who sits in that seat, else the next above; never whoever's work is to be judged.</summary>
    private static IReadOnlyList<Recipient> Whistlers(WhistleFile file, OrganizationDirectory organization, string? except = null)
    {
        var blown = file.BlownBy;
        var seat = organization.FindPerson(blown.Actor)?.Roles.FirstOrDefault(held => held.Role == blown.Role && held.Place == blown.Place);
        if (seat is not null && blown.Actor != except)
            return [new Recipient(blown.Actor, blown.Role, seat.Acting ? RecipientReason.Acting : RecipientReason.Holder)];

        return ((Role[])[Role.VillageSecretary, Role.CenterOperator, Role.Dispatcher, Role.TownLeader, Role.DistrictSupervisor])
            .Select(role => (Role: role, Told: organization.WhoIsToldFor(role, role == Role.VillageSecretary ? file.Area : file.Town)))
            .Prepend((Role: blown.Role, Told: organization.WhoIsToldFor(blown.Role, blown.Place)))
            .Select(rung => (IReadOnlyList<Recipient>)[.. rung.Told.Where(recipient => recipient.Role == rung.Role && recipient.Person != except)])
            .FirstOrDefault(told => told.Count > 0) ?? [];
    }
}
