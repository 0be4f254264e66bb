using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Asking that the case waits (申请挂账): once, for a year at most; then it goes on by itself.</summary>
/// <param name="Until">When it goes on.</param>
[Example("""{"for":"funding","until":"2027-04-01T01:00:00Z","reason":"等待资金落实"}""")]
public sealed record AskSuspensionRequest(SuspensionReason For, DateTimeOffset Until, string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class AskSuspensionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/ask-suspension", HandleAsync)
        .Command<AskSuspensionRequest>("askSuspension", "Ask for a suspension (申请挂账)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<AskSuspensionRequest>(context, id, "ask-suspension", async (request, loaded, at, token) =>
        {
            var reason = await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token);
            return new Domain.Cases.AskSuspension(request.For, request.Until, reason, at, CaseAccess.BenchFor("approve-suspension", loaded.State, endpoint.Organization));
        });
}
