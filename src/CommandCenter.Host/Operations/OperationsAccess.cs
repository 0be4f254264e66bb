using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Operations;

/// <summary>Who keeps the system itself going: administrators.</summary>
internal static class OperationsAccess
{
    /// <summary>The administrator who asks.</summary>
    /// <exception cref="ProblemException">Anybody else.</exception>
    public static Caller Require(HttpContext context, OrganizationDirectory organization) =>
        Callers.From(context.Request, organization).FirstOrDefault(caller => caller.Seat.Role == Role.Administrator) ?? throw Problems.NotAllowed();
}
