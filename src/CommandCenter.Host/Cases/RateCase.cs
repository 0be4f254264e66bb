using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>What the reporter says (评价): satisfaction from 1 (very dissatisfied) to 5, and whether it is fixed.</summary>
[Example("""{"satisfaction":5,"result":"fixed","comment":"河水变清了"}""")]
public sealed record RateCaseRequest(int Satisfaction, FixResult Result, string? Comment = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class RateCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/rate", HandleAsync)
        .Command<RateCaseRequest>("rateCase", "Rate it (评价)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<RateCaseRequest>(context, id, "rate", async (request, loaded, at, token) =>
        {
            var comment = Texts.Optional(request.Comment, "comment", Texts.Note);
            return new Domain.Cases.RateCase(request.Satisfaction, request.Result, await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "comment", comment, token), at);
        });
}
