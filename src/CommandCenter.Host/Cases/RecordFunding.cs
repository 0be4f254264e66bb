using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Money that was found for it (资金记录, S3-11).</summary>
/// <param name="AmountFen">In fen (1/100 yuan).</param>
/// <param name="From">Whose money.</param>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"amountFen":20000000,"from":"镇级财政与村集体自筹"}""")]
public sealed record RecordFundingRequest(long AmountFen, string From, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class RecordFundingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/record-funding", HandleAsync)
        .Command<RecordFundingRequest>("recordFunding", "Record money for it (资金记录)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<RecordFundingRequest>(context, id, "record-funding", async (request, loaded, token) =>
        {
            if (request.AmountFen > 100_000_000_000_000)
                throw Problems.OutOfRange("amountFen", "1–100000000000000");
            var from = await endpoint.Personal.SealTextAsync(loaded.Stream, "from", Texts.Required(request.From, "from", Texts.Note), token);
            return new Domain.Cases.RecordFunding(request.AmountFen, from);
        });
}
