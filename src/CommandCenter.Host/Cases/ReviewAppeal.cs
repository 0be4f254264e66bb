using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Reviewing an appeal (申诉审核): two reviews, the second by somebody of higher rank.</summary>
[Example("""{"upheld":true,"reason":"气象记录属实"}""")]
public sealed record ReviewAppealRequest(bool Upheld, string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ReviewAppealEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/review-appeal", HandleAsync)
        .Command<ReviewAppealRequest>("reviewAppeal", "Review an appeal (申诉审核)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<ReviewAppealRequest>(context, id, "review-appeal", async (request, loaded, token) =>
        {
            var reason = await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token);
            return new Domain.Cases.ReviewAppeal(request.Upheld, reason, CaseAccess.BenchFor("review-appeal", loaded.State, endpoint.Organization));
        });
}
