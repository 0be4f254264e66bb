using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Inbox;

/// <summary>
/// Who is on duty at a place at an instant, by their ids, first those who answer first. Nobody where no roster says: then the seats of the directory answer.
/// </summary>
public delegate IReadOnlyList<string> DutyRoster(AreaCode place, DateTimeOffset at);

/// <summary>Some people who could take a notice on.</summary>
public sealed record ChainLink(PassOnStep Step, IReadOnlyList<Recipient> People);

/// <summary>
/// The way that an unread notice takes: the others who hold the same seat, whoever acts in it, the seat above, and at the end the center's duty desk, where it stays. Pure.
/// </summary>
public static class NoticeChain
{
    /// <summary>Nobody is on duty anywhere: for a district without a roster.</summary>
    public static IReadOnlyList<string> NoRoster(AreaCode place, DateTimeOffset at) => [];

    /// <summary>Whoever is there in somebody's place: the substitute of who is absent.</summary>
    public static Recipient Present(Recipient recipient, OrganizationDirectory organization) =>
        organization.SubstituteOf(recipient.Person) is { } substitute ? new Recipient(substitute, recipient.Role, RecipientReason.Substitute, recipient.Person) : recipient;

    /// <summary>
    /// The links in their order. One person stands once, where they come first; whoever has it now stands nowhere. Every link but the desk gives it to one person at a time, whoever
    /// is on duty first; at the desk all who are on duty have it together.
    /// </summary>
    /// <param name="person">Who has it now.</param>
    /// <param name="place">For which they were told.</param>
    public static IReadOnlyList<ChainLink> After(string person, NoticeSent sent, AreaCode place, DateTimeOffset at, OrganizationDirectory organization, DutyRoster duty)
    {
        var town = place.At(AreaLevel.Town) ?? place;
        var onDuty = duty(town, at);
        // Whoever stands in for somebody passes on by the way of that one's seats; whoever is on duty by that of the desk's seat.
        var seats = organization.FindPerson(sent.For ?? person)?.Roles.Where(seat => seat.Role == sent.Role && (seat.Place.Contains(place) || place.Contains(seat.Place))).ToList() ?? [];
        if (seats.Count == 0 && sent.Reason == RecipientReason.OnDuty)
            seats.Add(new RoleAt(sent.Role, town));
        var links = new List<ChainLink>();
        var named = new HashSet<string>(StringComparer.Ordinal) { person };
        if (organization.SubstituteOf(person) is { } substitute)
            Add(PassOnStep.Substitute, [new Recipient(substitute, sent.Role, RecipientReason.Substitute, person)], together: false);
        Add(PassOnStep.SameSeat, seats.SelectMany(seat => Holders(seat, acting: false)), together: false);
        Add(PassOnStep.Substitute, seats.SelectMany(seat => Holders(seat, acting: true)), together: false);
        Add(PassOnStep.SeatAbove, seats.SelectMany(Above), together: false);
        Add(PassOnStep.DutyDesk, Desk(), together: true);
        return links;

        void Add(PassOnStep step, IEnumerable<Recipient> people, bool together)
        {
            var fresh = people.Select(recipient => Present(recipient, organization)).Where(recipient => named.Add(recipient.Person)).OrderBy(recipient => onDuty.Contains(recipient.Person) ? 0 : 1).ToList();
            if (together && fresh.Count > 0)
                links.Add(new ChainLink(step, fresh));
            else
                links.AddRange(fresh.Select(recipient => new ChainLink(step, [recipient])));
        }

        IEnumerable<Recipient> Holders(RoleAt seat, bool acting) =>
            from other in organization.People
            where other.Roles.Any(held => held.Acting == acting && held with { Acting = false } == seat with { Acting = false })
            select new Recipient(other.Id, seat.Role, acting ? RecipientReason.Acting : RecipientReason.Holder);

        IEnumerable<Recipient> Above(RoleAt seat) =>
            OrganizationDirectory.SeatAbove(seat.Role) is { } role ? organization.WhoIsToldFor(role, seat.Place.Level > AreaLevel.Town && role is not (Role.YardHead or Role.VillageSecretary) ? town : seat.Place, seat.Sector) : [];

        IEnumerable<Recipient> Desk() =>
            onDuty.Count > 0
                ? onDuty.Select(id => new Recipient(id, organization.FindPerson(id)?.Roles.FirstOrDefault(seat => seat.Place.Contains(town))?.Role ?? Role.CenterOperator, RecipientReason.Holder))
                : organization.WhoIsToldFor(Role.CenterOperator, town);
    }
}
