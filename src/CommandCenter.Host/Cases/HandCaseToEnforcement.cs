using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Handing a case to the town's law-enforcement post (移交执法, S4-07).</summary>
/// <param name="Post">The code of a post of the case's town that enforces the law.</param>
/// <param name="Reason">At most 500 characters.</param>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"post":"law-enforcement","reason":"涉嫌违法排污"}""")]
public sealed record HandCaseToEnforcementRequest(string Post, string Reason, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class HandCaseToEnforcementEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/hand-to-enforcement", HandleAsync)
        .Command<HandCaseToEnforcementRequest>("handCaseToEnforcement", "Hand it to law enforcement (移交执法)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<HandCaseToEnforcementRequest>(context, id, "hand-to-enforcement", async (request, loaded, token) =>
        {
            var town = ((Case.Known)loaded.State).File.Town;
            var post = endpoint.Organization.FindPost(town, request.Post);
            if (post is not { Enforcement: true })
                throw CaseProblems.NoEnforcementPost([.. endpoint.Organization.Posts.Where(other => other.Town == town && other.Enforcement)]);
            var reason = await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token);
            return new Domain.Cases.HandCaseToEnforcement(post.Sector, Unit.OfPost(post.Code), reason);
        });
}
