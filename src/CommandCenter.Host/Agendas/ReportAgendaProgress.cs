using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Agendas;

/// <summary>The lead's report (汇报进展), for the prepared meeting or the next.</summary>
/// <param name="Item">The item's number.</param>
/// <param name="Report">At most 2,000 characters.</param>
/// <param name="Attachments">Files uploaded before that come with it.</param>
[Example("""{"item":1,"report":"已现场查勘，长750米，需修补坑洞约60处，测算资金20万元，正向区级部门争取。"}""")]
public sealed record ReportAgendaProgressRequest(int Item, string Report, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class ReportAgendaProgressEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/agendas/{town}/report", HandleAsync)
        .Command<ReportAgendaProgressRequest>("reportAgendaProgress", "Report on a matter that one leads (汇报进展)", tag: "Agendas");

    private static Task<IResult> HandleAsync(HttpContext context, string town, AgendaEndpoint endpoint) =>
        endpoint.HandleAsync<ReportAgendaProgressRequest>(context, town, "report", async (request, loaded, _, token) =>
            new Domain.Agendas.ReportAgendaProgress(request.Item, await endpoint.TextAsync(loaded, "report", request.Report, Texts.FreeText, token)));
}
