using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Sending a case to a post of its town (派遣).</summary>
[Example("""{"post":"village-construction","instructions":"请牵头制定修复方案"}""")]
public sealed record DispatchCaseRequest(string Post, string? Instructions = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class DispatchCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/dispatch", HandleAsync)
        .Command<DispatchCaseRequest>("dispatchCase", "Dispatch it to a post (派遣)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<DispatchCaseRequest>(context, id, "dispatch", async (request, loaded, token) =>
        {
            var town = ((Case.Known)loaded.State).File.Town;
            var post = endpoint.Organization.FindPost(town, request.Post) ?? throw CaseProblems.PostUnknown();
            var instructions = Texts.Optional(request.Instructions, "instructions", Texts.Note);
            return new Domain.Cases.DispatchCase(post.Sector, post.Code, await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "instructions", instructions, token));
        });
}
