using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Whistles;

/// <summary>Who is told of what happens to whistles: whoever has to do something now, the whistler of every step of an answer that they did not take themselves, and whoever loses a call. Pure.</summary>
public static class WhistleNotices
{
    /// <summary>The engine's identity in the envelope of notices.</summary>
    public static By Engine(AreaCode town) => new("system:whistles", Role.System, town);

    /// <summary>Whose turn it is with a call. Empty only for a call that has ended, as long as the district has a supervisor who did not do the work.</summary>
    public static IReadOnlyList<Recipient> WhoActs(WhistleFile file, WhistleCall call, OrganizationDirectory organization) => call.Stage switch
    {
        CallStage.Called or CallStage.Declined => organization.WhoIsToldFor(Role.CenterOperator, file.Town),
        CallStage.Routed or CallStage.Arrived or CallStage.Advised => OfUnit(file, call.Unit, organization),
        CallStage.Resolved => WhoRates(file, call, organization),
        _ => [],
    };

    /// <summary>Who rates a call's result: who speaks for the whistler and did nothing for the unit in this turn.</summary>
    public static IReadOnlyList<Recipient> WhoRates(WhistleFile file, WhistleCall call, OrganizationDirectory organization) => Whistlers(file, organization, call.ActedBy);

    /// <param name="after">The whistle with what was decided.</param>
    public static IReadOnlyList<Notice> Of(string whistleId, Whistle after, IReadOnlyList<WhistleEvent> decided, OrganizationDirectory organization, NoticePlan plan)
    {
        if (after is not Whistle.Known { File: var file })
            return [];
        return [.. decided.SelectMany(Told).DistinctBy(notice => (notice.Person, notice.Sent.Kind))];

        IEnumerable<Notice> Told(WhistleEvent happened) => happened switch
        {
            WhistleBlown => Tell(NoticeKind.WhistleBlown, who => who == Audience.SectorLeads ? Leads() : who == Audience.WhoseTurn ? ToRoute() : Whistlers(file, organization)),
            WhistleUnitsCalled => Tell(NoticeKind.WhistleBlown, who => who == Audience.WhoseTurn ? ToRoute() : []),
            // Whoever had it must not set out any more.
            WhistleCallRouted e =>
            [
                .. Tell(NoticeKind.WhistleCalled, OfCall(e.Call)), .. Tell(NoticeKind.WhistleDropped, who => who == Audience.FormerUnit ? But(Lost(e.Call), Doer(e.Call)) : []),
                .. Tell(NoticeKind.WhistleMoved, who => WentElsewhere(e.Call) ? OfCall(e.Call)(who) : []),
            ],
            WhistleCallDeclined e =>
                [.. Tell(NoticeKind.WhistleDeclined, OfCall(e.Call)), .. Tell(NoticeKind.WhistleDropped, who => who == Audience.FormerUnit ? But(AtWork(e.Call), Doer(e.Call)) : [])],
            WhistleCallArrived e => Tell(NoticeKind.WhistleArrived, OfCall(e.Call)),
            WhistleCallAdvised e => Tell(NoticeKind.WhistleAdvised, OfCall(e.Call)),
            WhistleCallResolved e => Tell(NoticeKind.WhistleResolved, OfCall(e.Call)),
            // The unit hears that it goes on, and the whistler that somebody rated for them.
            WhistleCallRated { Result: FixResult.NotFixed } e =>
                [.. Tell(NoticeKind.WhistleNotFixed, OfCall(e.Call)), .. Tell(NoticeKind.WhistleRated, who => who == Audience.Whistlers ? OfCall(e.Call)(who) : [])],
            WhistleCallRated e => Tell(NoticeKind.WhistleRated, OfCall(e.Call)),
            WhistleCallDropped e => Tell(NoticeKind.WhistleDropped, who => But(who == Audience.FormerUnit ? Ended(file.Find(e.Call)!) : Whistlers(file, organization), Doer(e.Call))),
            // Those that ended before ended for another reason.
            WhistleWithdrawn => Tell(
                NoticeKind.WhistleDropped,
                who => But(
                    who == Audience.FormerUnit ? [.. file.Calls.Where(call => call.Stage == CallStage.Dropped && call.EndedAt == file.EndedAt).SelectMany(Ended)] : Whistlers(file, organization),
                    file.Withdrawal!.Actor)),
            _ => [],
        };

        // What the center called itself is routed already.
        IReadOnlyList<Recipient> ToRoute() => file.Calls.Any(call => call.Stage == CallStage.Called) ? organization.WhoIsToldFor(Role.CenterOperator, file.Town) : [];

        IReadOnlyList<Recipient> Leads() => [.. file.Sectors.SelectMany(sector => organization.WhoIsToldFor(Role.SectorLead, file.Town, sector))];

        Func<Audience, IReadOnlyList<Recipient>> OfCall(int number)
        {
            var call = file.Find(number)!;
            return who => who switch
            {
                Audience.WhoseTurn => WhoActs(file, call, organization),
                Audience.Unit => But(OfUnit(file, call.Unit, organization), Doer(number)),
                _ => But(Whistlers(file, organization), Doer(number)),
            };
        }

        // Who did it: nobody has to be told of what they did themselves.
        string Doer(int call) => file.Find(call)!.Last!.Actor;

        IReadOnlyList<Recipient> Lost(int call) => file.Find(call)!.Past is [.., { TakenAway: true } last] ? OfUnit(file, last.Unit, organization) : [];

        // Another than was called, or than had it.
        bool WentElsewhere(int number) => file.Find(number) is { } call && call.Unit != (call.Past.LastOrDefault()?.Unit ?? call.Called);

        // Colleagues who are on the spot already.
        IReadOnlyList<Recipient> AtWork(int number) =>
            file.Find(number) is { } call ? [.. OfUnit(file, call.Unit, organization).Where(recipient => call.ActedBy.Contains(recipient.Person))] : [];

        IReadOnlyList<Recipient> Ended(WhistleCall call) => call.Turn switch
        {
            { RoutedAt: not null, Declined: false } turn => OfUnit(file, turn.Unit, organization),
            _ => organization.WhoIsToldFor(Role.CenterOperator, file.Town),
        };

        IEnumerable<Notice> Tell(NoticeKind kind, Func<Audience, IReadOnlyList<Recipient>> named) =>
            plan.Recipients(kind, null, file.Area, null, organization, named)
                .Select(told => new Notice(told.Recipient.Person, told.Sent(kind, $"whistle:{whistleId}")));
    }

    private static IReadOnlyList<Recipient> But(IReadOnlyList<Recipient> told, string actor) => [.. told.Where(recipient => recipient.Person != actor)];

    private static IReadOnlyList<Recipient> OfUnit(WhistleFile file, Unit unit, OrganizationDirectory organization) => unit.Kind == UnitKind.Post
        ? organization.WhoIsToldFor(Role.PostHandler, file.Town, post: unit.Code)
        : organization.WhoIsToldFor(Role.Department, organization.District, department: unit.Code);

    /// <summary>Who speaks for the whistler: who blew it, else who sits in that seat, else the next above; never whoever's work is to be judged.</summary>
    private static IReadOnlyList<Recipient> Whistlers(WhistleFile file, OrganizationDirectory organization, IReadOnlyCollection<string>? except = null)
    {
        except ??= [];
        var blown = file.BlownBy;
        var seat = organization.FindPerson(blown.Actor)?.Roles.FirstOrDefault(held => held.Role == blown.Role && held.Place == blown.Place);
        if (seat is not null && !except.Contains(blown.Actor))
            return [new Recipient(blown.Actor, blown.Role, seat.Acting ? RecipientReason.Acting : RecipientReason.Holder)];

        return ((Role[])[Role.VillageSecretary, Role.CenterOperator, Role.Dispatcher, Role.TownLeader, Role.DistrictSupervisor])
            .Select(role => (Role: role, Told: organization.WhoIsToldFor(role, role == Role.VillageSecretary ? file.Area : file.Town)))
            .Prepend((Role: blown.Role, Told: organization.WhoIsToldFor(blown.Role, blown.Place)))
            .Select(rung => (IReadOnlyList<Recipient>)[.. rung.Told.Where(recipient => recipient.Role == rung.Role && !except.Contains(recipient.Person))])
            .FirstOrDefault(told => told.Count > 0) ?? [];
    }
}
