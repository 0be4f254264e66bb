using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Organization;

/// <summary>A request to change the organization from a day on.</summary>
public interface IOrganizationRequest : ICommandRequest
{
    /// <summary>The first day on which it is so, in the district's time zone; today when left out.</summary>
    DateOnly? On { get; }
}

/// <summary><see cref="CommandEndpoint"/> for the organization.</summary>
public sealed class OrganizationEndpoint(CommandEndpoint endpoint, OrganizationKind kind, OrganizationNames names, OpenWorkList open, IOrganization organization)
{
    /// <param name="build">Makes the command from the request, its first day and today.</param>
    public Task<IResult> HandleAsync<TRequest>(HttpContext context, string command, Func<TRequest, DateOnly, DateOnly, CancellationToken, Task<OrganizationCommand>> build)
        where TRequest : IOrganizationRequest =>
        endpoint.HandleAsync<TRequest, OrganizationHistory, OrganizationCommand, OrganizationEvent>(
            context, kind, OrganizationStream.Key.Id, command, "/api/organization/",
            (request, loaded, now, token) => build(request, request.On ?? loaded.State.DayOf(now), loaded.State.DayOf(now), token));

    /// <summary>A person with the names sealed, and whether they are other than those that the id had last.</summary>
    public async Task<(PersonName Sealed, bool IsAnother)> SealAsync(PersonName person, DateOnly on, CancellationToken cancellation)
    {
        var known = organization.History.PersonOn(on, person.Id);
        var changed = (PeopleChanged)await names.SealAsync(new PeopleChanged([person], []), cancellation);
        return (changed.Set[0], known != person);
    }

    /// <exception cref="ProblemException">The read tables are behind, so it is not known.</exception>
    public async Task<IReadOnlyList<OpenWork>> OpenWorkAsync(CancellationToken cancellation) => await open.ReadAsync(cancellation) ?? throw Problems.Busy();

    /// <exception cref="ProblemException">Not a code such as <c>grid-worker-19</c>.</exception>
    public static string Id(string? text, string field) =>
        text is { Length: > 0 and <= Texts.Name } && char.IsAsciiLetterLower(text[0]) && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            ? text
            : throw Problems.Malformed("A code of lower-case letters, digits and dashes that begins with a letter.", field);
}
