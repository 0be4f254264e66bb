using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>A report of what was put right on the spot (自处置): the case is closed with it.</summary>
/// <param name="Report">As in <c>POST /api/cases</c>; its time is this request's.</param>
/// <param name="Photos">Of the result: at least one, the proof.</param>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"report":{"text":"楼道堆放杂物","category":"fire-hazard","area":"500153003001001"},"outcome":"当场清理完毕","photos":["sha256:…"]}""")]
public sealed record ReportSolvedCaseRequest(ReportCaseRequest Report, string Outcome, IReadOnlyList<string>? Photos = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class ReportSolvedCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/solved", HandleAsync)
        .Command<ReportSolvedCaseRequest>("reportSolvedCase", "Report what was solved on the spot (自处置)", created: true);

    private static Task<IResult> HandleAsync(HttpContext context, CaseCommandEndpoint endpoint, Identifiers identifiers) =>
        endpoint.HandleAsync<ReportSolvedCaseRequest>(context, identifiers.New(), "report-solved", async (request, loaded, token) =>
        {
            if (request.Report.Attachments is not null)
                throw Problems.Malformed("What comes with it stands beside the report, not in it.", "report.attachments");
            var report = await ReportCaseEndpoint.ReportAsync(request.Report, loaded, endpoint, context.Request, token);
            var outcome = await endpoint.Personal.SealTextAsync(loaded.Stream, "outcome", Texts.Required(request.Outcome, "outcome", Texts.FreeText), token);
            var photos = await endpoint.PhotosAsync(context, loaded, request.Photos, token);
            return new Domain.Cases.ReportSolvedCase(report with { VillageFirst = null }, outcome, photos);
        });
}
