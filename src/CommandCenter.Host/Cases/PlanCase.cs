using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>How and by when the unit will do it (办理方案, S0-10).</summary>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"plan":"三日内更换破损管网 120 米","until":"2026-11-28T10:00:00Z"}""")]
public sealed record PlanCaseRequest(string Plan, DateTimeOffset? Until = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class PlanCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/plan", HandleAsync)
        .Command<PlanCaseRequest>("planCase", "Publish how it will be done (办理方案)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<PlanCaseRequest>(context, id, "plan", async (request, loaded, token) =>
        {
            var plan = await endpoint.Personal.SealTextAsync(loaded.Stream, "plan", Texts.Required(request.Plan, "plan", Texts.FreeText), token);
            return new Domain.Cases.PlanCase(plan, request.Until);
        });
}
