using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>The village assessed it and passes it up, because it is beyond the village (研判上报, S3-07).</summary>
/// <param name="Households">How many households it concerns, 1–100,000.</param>
/// <param name="CostFen">What it is likely to cost, in fen (1/100 yuan).</param>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"assessment":"涉及 39 户,需重建化粪池,超出村级能力","level":"town","households":39,"costFen":10000000}""")]
public sealed record PassCaseUpRequest(string Assessment, MatterLevel Level = MatterLevel.Town, int? Households = null, long? CostFen = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class PassCaseUpEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/pass-up", HandleAsync)
        .Command<PassCaseUpRequest>("passCaseUp", "Pass it up after assessment (研判上报)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<PassCaseUpRequest>(context, id, "pass-up", async (request, loaded, token) =>
        {
            if (request.Households is < 1 or > 100_000)
                throw Problems.OutOfRange("households", "1–100000");
            if (request.CostFen is < 0 or > 100_000_000_000_000)
                throw Problems.OutOfRange("costFen", "0–100000000000000");
            var assessment = await endpoint.Personal.SealTextAsync(loaded.Stream, "assessment", Texts.Required(request.Assessment, "assessment", Texts.FreeText), token);
            return new Domain.Cases.PassCaseUp(assessment, request.Level, request.Households, request.CostFen);
        });
}
