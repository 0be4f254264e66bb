using CommandCenter.Host.Composition;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Http;

/// <summary>
/// Who is asking, from <c>X-Actor</c> and optionally <c>X-Role</c>: every seat that the person may be speaking from. Until sign-in exists these
/// headers are believed, and the host listens on loopback only.
/// </summary>
public static class Callers
{
    public const string Resident = "resident";

    /// <exception cref="ProblemException">No actor, an unknown one, or a role that the actor does not hold.</exception>
    public static IReadOnlyList<Caller> From(HttpRequest request, OrganizationDirectory organization)
    {
        var actor = request.Headers["X-Actor"].ToString();
        return From(actor, request.Headers["X-Role"].ToString(), organization);
    }

    /// <exception cref="ProblemException">No actor, an unknown one, or a role that the actor does not hold.</exception>
    public static IReadOnlyList<Caller> From(string actor, string role, OrganizationDirectory organization)
    {
        if (actor.Length == 0)
            throw Problems.ActorMissing();
        if (actor == Resident)
            return [new Caller(Resident, new RoleAt(Role.Resident, organization.District))];

        var person = organization.FindPerson(actor) ?? throw Problems.ActorUnknown();
        var seats = organization.SeatsOf(person).Where(seat => role.Length == 0 || Names.Of(seat.Role) == role).ToList();
        return seats.Count > 0 ? [.. seats.Select(seat => new Caller(actor, seat))] : throw Problems.RoleNotHeld();
    }
}
