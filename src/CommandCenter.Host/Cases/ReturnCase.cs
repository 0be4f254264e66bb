using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Sending a case back to the center (退回); the reason is required.</summary>
[Example("""{"reason":"该路段由区级管养,不属本岗"}""")]
public sealed record ReturnCaseRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ReturnCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/return", HandleAsync)
        .Command<ReturnCaseRequest>("returnCase", "Return it to the center with a reason (退回)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<ReturnCaseRequest>(context, id, "return", async (request, loaded, token) =>
        {
            var reason = Texts.Required(request.Reason, "reason", Texts.Note);
            return new Domain.Cases.ReturnCase(await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", reason, token));
        });
}
