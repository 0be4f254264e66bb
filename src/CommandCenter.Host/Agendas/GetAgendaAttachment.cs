using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Agendas;

/// <summary><c>GET /api/agendas/{town}/attachments/{file}</c></summary>
public static class GetAgendaAttachment
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/agendas/{town}/attachments/{file}", HandleAsync)
        .FileDownload("getAgendaAttachment", "An attachment of a committee's list, for who keeps it and who leads one of its matters");

    private static async Task<IResult> HandleAsync(HttpContext context, string town, string file, AgendaStreams streams, NamedFiles named, OrganizationDirectory organization)
    {
        var code = AgendaEndpoint.TownOf(town, organization);
        var loaded = await streams.LoadAsync(code, context.RequestAborted);
        return Callers.From(context.Request, organization).Any(caller => AgendaAccess.MaySeePersonalData(caller, code, loaded.State))
            ? await named.DownloadAsync(context, loaded, file)
            : throw Problems.NotAllowed();
    }
}
