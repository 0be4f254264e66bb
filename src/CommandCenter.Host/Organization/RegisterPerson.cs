using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Organization;

/// <summary>Somebody new, or somebody under another name (登记). The names are stored sealed.</summary>
/// <param name="Person">An id that nobody had before; a number, no name.</param>
[Example("""{"person":"grid-worker-99","name":"网格员 99","nameEn":"Grid worker 99"}""")]
public sealed record RegisterPersonRequest(string Person, string Name, string NameEn, DateOnly? On = null, DateTimeOffset? HappenedAt = null) : IOrganizationRequest;

public static class RegisterPersonEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/organization/register", HandleAsync)
        .Command<RegisterPersonRequest>("registerPerson", "Register somebody new, or another name of somebody (登记)", tag: "Organization");

    private static Task<IResult> HandleAsync(HttpContext context, OrganizationEndpoint endpoint) =>
        endpoint.HandleAsync<RegisterPersonRequest>(context, "register", async (request, on, today, token) =>
        {
            var person = new PersonName(OrganizationEndpoint.Id(request.Person, "person"), Texts.Required(request.Name, "name", Texts.Name), Texts.Required(request.NameEn, "nameEn", Texts.Name));
            var (stored, isAnother) = await endpoint.SealAsync(person, on, token);
            return new RegisterPerson(stored, isAnother, on, today);
        });
}
