using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Cases;

/// <summary>Two cases do not belong together after all (取消关联).</summary>
[Example("""{"other":"0199c2f0b1d87c3e9a4b5c6d7e8f9012"}""")]
public sealed record UnlinkCaseRequest(string Other, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class UnlinkCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/unlink", HandleAsync)
        .Command<UnlinkCaseRequest>("unlinkCase", "Undo a link (取消关联)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint, NpgsqlDataSource database) =>
        endpoint.HandleAsync<UnlinkCaseRequest>(
            context,
            id,
            "unlink",
            (request, _, _) => Task.FromResult<CaseCommand>(new Domain.Cases.UnlinkCase(request.Other)),
            (request, work) => work with
            {
                Beside = async (_, _, _, token) => [await OtherCase.PrepareAsync(endpoint.Streams, work, request.Other, "other", new DropLink(id), database, token)],
            });
}
