using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tasks;

/// <summary>
/// Whose task it is: the head of a yard, the worker of a grid, the secretary of a village, the dispatcher of a town; where a seat is vacant, the next above. Built once for many targets.
/// </summary>
public sealed class TaskSeats
{
    private static readonly (Role Role, AreaLevel Level)[] Ladder = [(Role.YardHead, AreaLevel.Yard), (Role.GridWorker, AreaLevel.Grid), (Role.VillageSecretary, AreaLevel.Village)];

    private readonly OrganizationDirectory _organization;
    private readonly ILookup<(Role Role, AreaCode Place), (string Person, bool Acting)> _seats;

    public TaskSeats(OrganizationDirectory organization)
    {
        _organization = organization;
        _seats = (from person in organization.People
                  from seat in organization.SeatsOf(person)
                  where Ladder.Any(rung => rung.Role == seat.Role)
                  select (Key: (seat.Role, seat.Place), Held: (person.Id, seat.Acting)))
            .ToLookup(row => row.Key, row => row.Held);
    }

    /// <summary>Who is to do it, and is told. Never empty, as long as the district has one supervisor.</summary>
    public IReadOnlyList<Recipient> Responsible(AreaCode target)
    {
        var own = true;
        foreach (var (role, level) in Ladder)
        {
            if (target.Level < level)
                continue;
            var held = _organization.PlacesAround(target).SelectMany(place => _seats[(role, place)]).DistinctBy(seat => seat.Person).ToList();
            var holders = held.Where(seat => !seat.Acting).ToList();
            var chosen = holders.Count > 0 ? holders : held;
            if (chosen.Count > 0)
                return [.. chosen.Select(seat => new Recipient(seat.Person, role, own ? seat.Acting ? RecipientReason.Acting : RecipientReason.Holder : RecipientReason.VacancyAbove)).Distinct()];
            own = false;
        }

        var center = _organization.WhoIsToldFor(Role.Dispatcher, target.At(AreaLevel.Town)!.Value);
        return own ? center : [.. center.Select(recipient => recipient with { Reason = RecipientReason.VacancyAbove })];
    }

    /// <summary>The areas whose tasks are a person's to do, their own and those of vacant seats below.</summary>
    /// <param name="places">The places of the person's seats.</param>
    public IReadOnlyList<AreaCode> TargetsOf(string person, IReadOnlyCollection<AreaCode> places) =>
    [
        // Tasks that lie at an area which ended are their successors' to do.
        .. _organization.Areas.Select(area => area.Code).Concat(_organization.Former.Areas.Select(gone => gone.Area.Code).Where(gone => _organization.FindArea(gone) is null))
            .Where(code => code.Level != AreaLevel.District && places.Any(place => place.Contains(code)) && Responsible(code).Any(recipient => recipient.Person == person)),
    ];

    /// <summary>The seat from which a person may do a target's work; null when they have none (any more).</summary>
    public Recipient? SeatFor(string person, AreaCode target) =>
        SeatsOf(person).FirstOrDefault(seat => TaskAccess.ActsFor(new Caller(person, seat), target)) is { } held
            ? new Recipient(person, held.Role, held.Acting ? RecipientReason.Acting : RecipientReason.Holder)
            : null;

    /// <summary>Who checks, decides on returns and closes: whoever published, else who sits in that seat, else the town's center, else the district's supervisor.</summary>
    /// <param name="department">The department whose list it is.</param>
    /// <param name="except">Somebody who may not judge this, because it is their own work.</param>
    public IReadOnlyList<Recipient> Desk(By issuer, string? department = null, string? except = null)
    {
        var seat = SeatsOf(issuer.Actor).FirstOrDefault(held => held.Role == issuer.Role && held.Place == issuer.Place);
        if (seat is not null && issuer.Actor != except)
            return [new Recipient(issuer.Actor, issuer.Role, seat.Acting ? RecipientReason.Acting : RecipientReason.Holder)];

        IReadOnlyList<Role> next = [issuer.Role, .. issuer.Place.Level == AreaLevel.District ? (Role[])[] : [Role.Dispatcher, Role.TownLeader], Role.DistrictSupervisor];
        return next.Select(role => (IReadOnlyList<Recipient>)[.. _organization.WhoIsToldFor(role, issuer.Place, department: department).Where(recipient => recipient.Person != except && MayJudge(recipient, issuer, department))])
            .FirstOrDefault(told => told.Count > 0) ?? [];
    }

    private bool MayJudge(Recipient recipient, By issuer, string? department) =>
        SeatsOf(recipient.Person).Any(seat => seat.Role == recipient.Role && TaskAccess.Issues(new Caller(recipient.Person, seat), issuer, department));

    private IReadOnlyList<RoleAt> SeatsOf(string person) => _organization.FindPerson(person) is { } found ? _organization.SeatsOf(found) : [];
}
