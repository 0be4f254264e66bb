using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>The answer to a supervision (督办回复).</summary>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"answer":"已完成八成,周五办结"}""")]
public sealed record AnswerSupervisionRequest(string Answer, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class AnswerSupervisionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/answer-supervision", HandleAsync)
        .Command<AnswerSupervisionRequest>("answerSupervision", "Answer the supervision (督办回复)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<AnswerSupervisionRequest>(context, id, "answer-supervision", async (request, loaded, token) =>
        {
            var answer = await endpoint.Personal.SealTextAsync(loaded.Stream, "answer", Texts.Required(request.Answer, "answer", Texts.FreeText), token);
            return new Domain.Cases.AnswerSupervision(answer);
        });
}
