using CommandCenter.Domain;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Whistles;

/// <summary>Somebody who acted on a whistle.</summary>
/// <param name="Name">Missing for who is no longer in the organization.</param>
/// <param name="For">The absent person for whom they stood in.</param>
public sealed record WhistleActor(string Id, Message? Name, Role Role, AreaCode Place, PersonName? For = null)
{
    internal static WhistleActor Of(By by, OrganizationDirectory organization) =>
        new(by.Actor, organization.KnownPerson(by.Actor) is { } person ? new Message(person.Name, person.NameEn) : null, by.Role, by.Place, StandIns.Of(by, organization.KnownPerson));
}

/// <summary>What the slice's answers have in common.</summary>
internal static class WhistleViews
{
    /// <summary>By when the next step of a call is due, by the policy that counted when it began to wait for it.</summary>
    public static DateTimeOffset? DueAt(WhistleCall call, WhistleFile file, IPolicies policies, OrganizationDirectory organization) =>
        Counting(file, policies, organization).DueAt(call);

    /// <summary>How the calls of a whistle are counted.</summary>
    public static WhistleCounting Counting(WhistleFile file, IPolicies policies, OrganizationDirectory organization) =>
        new(at => policies.History.CountedAt(at).Policy.Whistles!, policies.Now.Calendar.At(file.Town, organization.TimeZone));

    /// <summary>The photos that an event of a whistle brings with it.</summary>
    public static IReadOnlyList<string> PhotosOf(WhistleEvent happened) => happened switch
    {
        WhistleBlown e => e.Photos,
        WhistleCallResolved e => e.Photos,
        _ => [],
    };
}
