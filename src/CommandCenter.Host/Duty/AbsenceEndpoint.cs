using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Duty;

/// <summary><see cref="CommandEndpoint"/> for absences.</summary>
public sealed class AbsenceEndpoint(CommandEndpoint endpoint, AbsenceKind kind, IOrganization organization)
{
    /// <param name="which">The person or the absence that the command is for, from the request.</param>
    /// <param name="build">Makes the command from the request, and today in the district's time zone.</param>
    public Task<IResult> HandleAsync<TRequest>(HttpContext context, string command, Func<TRequest, string> which, Func<TRequest, DateOnly, AbsenceCommand> build)
        where TRequest : ICommandRequest =>
        endpoint.HandleAsync<TRequest, OrganizationHistory, AbsenceCommand, OrganizationEvent>(
            context, kind, OrganizationStream.Key.Id, command, "/api/absences/",
            (request, _, at, _) => Task.FromResult(build(request, organization.History.DayOf(at))),
            (request, work) => work with { Name = AbsenceKind.Of(command, which(request)) });
}
