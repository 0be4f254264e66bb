using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Correcting the money that was recorded for a case (更正资金), because an amount was mistyped or came to nothing.</summary>
/// <param name="AmountFen">All money for it, as it should read, in fen (1/100 yuan); 0 where there is none after all.</param>
[Example("""{"amountFen":2000000,"reason":"多写了一个零"}""")]
public sealed record CorrectFundingRequest(long AmountFen, string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class CorrectFundingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/correct-funding", HandleAsync)
        .Command<CorrectFundingRequest>("correctFunding", "Correct the money for it (更正资金)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<CorrectFundingRequest>(context, id, "correct-funding", async (request, loaded, token) =>
        {
            if (request.AmountFen is < 0 or > 100_000_000_000_000)
                throw Problems.OutOfRange("amountFen", "0–100000000000000");
            return new Domain.Cases.CorrectFunding(request.AmountFen, await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token));
        });
}
