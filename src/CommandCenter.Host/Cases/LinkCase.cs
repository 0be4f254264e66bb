using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Cases;

/// <summary>Saying that two cases belong together (关联); it stands in both.</summary>
[Example("""{"other":"0199c2f0b1d87c3e9a4b5c6d7e8f9012","link":"caused_by"}""")]
public sealed record LinkCaseRequest(string Other, CaseLink Link = CaseLink.Related, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class LinkCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/link", HandleAsync)
        .Command<LinkCaseRequest>("linkCase", "Link it with another case (关联)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint, NpgsqlDataSource database) =>
        endpoint.HandleAsync<LinkCaseRequest>(
            context,
            id,
            "link",
            (request, _, _) => Task.FromResult<CaseCommand>(new Domain.Cases.LinkCase(request.Other, request.Link)),
            (request, work) => work with
            {
                Beside = async (_, _, _, token) => [await OtherCase.PrepareAsync(endpoint.Streams, work, request.Other, "other", new Domain.Cases.LinkCase(id, Reverse(request.Link)), database, token)],
            });

    private static CaseLink Reverse(CaseLink link) => link switch
    {
        CaseLink.CausedBy => CaseLink.Causes,
        CaseLink.Causes => CaseLink.CausedBy,
        _ => CaseLink.Related,
    };
}
