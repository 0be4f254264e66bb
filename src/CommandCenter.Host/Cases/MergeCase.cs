using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Cases;

/// <summary>Merging a case into another, which goes on for both (并案).</summary>
/// <param name="Main">The id of the case that goes on.</param>
[Example("""{"main":"0199c2f0b1d87c3e9a4b5c6d7e8f9012","note":"同一处塌陷"}""")]
public sealed record MergeCaseRequest(string Main, string? Note = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class MergeCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/merge", HandleAsync)
        .Command<MergeCaseRequest>("mergeCase", "Merge it into another case (并案)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint, NpgsqlDataSource database) =>
        endpoint.HandleAsync<MergeCaseRequest>(
            context,
            id,
            "merge",
            async (request, loaded, token) =>
            {
                var note = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", Texts.Optional(request.Note, "note", Texts.Note), token);
                return new Domain.Cases.MergeCase(request.Main, note);
            },
            (request, work) => work with
            {
                Beside = async (loaded, _, _, token) =>
                {
                    var reporter = ((Case.Known)loaded.State).File.ReportedBy;
                    return [await OtherCase.PrepareAsync(endpoint.Streams, work, request.Main, "main", new AbsorbCase(id, reporter.Actor, reporter.Role), database, token)];
                },
            });
}
