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
        WhistleKind.Counting(file, policies, organization).DueAt(call);
}
