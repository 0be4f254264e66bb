using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Taking a report on (立案), with category and urgency as the center sees them.</summary>
/// <param name="Level">A village's, the town's or the district's matter; by default what the village or the reporter said, else the town's. To the district's the town's leader raises it.</param>
[Example("""{"category":"river-pollution","urgency":"normal","note":"属实,予以立案"}""")]
public sealed record FileCaseRequest(string Category, Urgency Urgency, string? Note = null, MatterLevel? Level = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class FileCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/file", HandleAsync)
        .Command<FileCaseRequest>("fileCase", "File it (立案)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<FileCaseRequest>(context, id, "file", async (request, loaded, token) =>
        {
            var category = endpoint.Organization.FindCategory(request.Category) ?? throw CaseProblems.CategoryUnknown();
            var note = Texts.Optional(request.Note, "note", Texts.Note);
            return new Domain.Cases.FileCase(category.Code, category.Sector, request.Urgency, await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", note, token),
                request.Level ?? CaseDecider.LevelToFile(((Case.Known)loaded.State).File));
        });
}
