using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Cases;

/// <summary>Undoing a merge: it was another matter after all (撤销并案).</summary>
[Example("""{"reason":"核实为两处不同路段"}""")]
public sealed record UnmergeCaseRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class UnmergeCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/unmerge", HandleAsync)
        .Command<UnmergeCaseRequest>("unmergeCase", "Undo a merge (撤销并案)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint, NpgsqlDataSource database) =>
        endpoint.HandleAsync<UnmergeCaseRequest>(
            context,
            id,
            "unmerge",
            async (request, loaded, token) =>
                new Domain.Cases.UnmergeCase(await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token)),
            (_, work) => work with
            {
                Beside = async (loaded, _, _, token) =>
                    [await OtherCase.PrepareAsync(endpoint.Streams, work, ((Case.Known)loaded.State).File.MergedInto!, "main", new ReleaseCase(id), database, token)],
            });
}
