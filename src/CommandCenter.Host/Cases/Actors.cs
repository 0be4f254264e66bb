using CommandCenter.Domain;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Cases;

/// <summary>Actors with the names that the organization gives them.</summary>
internal static class Actors
{
    public static ActorView View(By by, OrganizationDirectory organization) => View(by, organization.KnownPerson);

    /// <summary>Under the name that they had when they acted.</summary>
    public static ActorView View(By by, OrganizationHistory organization, DateTimeOffset at) => View(by, id => organization.PersonAt(at, id));

    private static ActorView View(By by, Func<string, PersonName?> named)
    {
        var person = named(by.Actor);
        var (name, nameEn) = person is not null ? (person.Name, person.NameEn)
            : by.Role == Role.Resident ? ("群众", "Resident")
            : by.Role == Role.System ? ("系统", "System")
            : (by.Actor, by.Actor);
        return new ActorView(by.Actor, name, nameEn, by.Role, by.Place, StandIns.Of(by, named));
    }
}
