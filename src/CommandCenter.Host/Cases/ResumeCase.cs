using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Going on before the day of the suspension has come (恢复办理).</summary>
[Example("""{"note":"资金已到位"}""")]
public sealed record ResumeCaseRequest(string? Note = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ResumeCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/resume", HandleAsync)
        .Command<ResumeCaseRequest>("resumeCase", "Go on before its day (恢复办理)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<ResumeCaseRequest>(context, id, "resume", async (request, loaded, token) =>
        {
            var note = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", Texts.Optional(request.Note, "note", Texts.Note), token);
            return new Domain.Cases.ResumeCase(note);
        });
}
