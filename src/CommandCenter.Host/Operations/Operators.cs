using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Operations;

/// <summary>Whoever asks about the system itself.</summary>
internal static class Operators
{
    /// <summary>The administrator who asks.</summary>
    /// <exception cref="ProblemException">Anybody else.</exception>
    public static Caller Require(HttpContext context, OrganizationDirectory organization) =>
        Callers.From(context.Request, organization).FirstOrDefault(OperationsAccess.May) ?? throw Problems.NotAllowed();
}
