using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Taking a case back from a post that cannot go on (收回): the post is vacant, or who claimed it has gone.</summary>
[Example("""{"reason":"岗位空缺，改派其他岗位"}""")]
public sealed record RecallCaseRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class RecallCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/recall", HandleAsync)
        .Command<RecallCaseRequest>("recallCase", "Take it back from its post with a reason (收回)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<RecallCaseRequest>(context, id, "recall", async (request, loaded, token) =>
        {
            var reason = Texts.Required(request.Reason, "reason", Texts.Note);
            return new Domain.Cases.RecallCase(await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", reason, token));
        });
}
