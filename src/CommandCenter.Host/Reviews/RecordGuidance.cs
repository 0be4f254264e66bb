using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Reviews;

/// <summary>Recording a stay on the spot (蹲点指导): who, when, where, what was found, and what was agreed.</summary>
/// <param name="Place">The town, village, grid or yard.</param>
/// <param name="People">Who stayed there, by id; left out, the caller.</param>
/// <param name="Found">At most 2,000 characters.</param>
/// <param name="Agreed">At most 2,000 characters.</param>
/// <param name="CaseId">The case that it was about; left out where it was about the place.</param>
/// <param name="By">By when what was agreed is to be done.</param>
/// <param name="Attachments">Files uploaded before that come with it.</param>
[Example("""{"place":"500153003003001","from":"2026-11-20T01:00:00Z","to":"2026-11-20T09:00:00Z","found":"三处坑洞未设围挡。","agreed":"三日内设围挡并安排修补。","by":"2026-11-27T10:00:00Z"}""")]
public sealed record RecordGuidanceRequest(
    AreaCode Place, DateTimeOffset From, DateTimeOffset To, string Found, string Agreed, IReadOnlyList<string>? People = null, string? CaseId = null, DateTimeOffset? By = null,
    IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class RecordGuidanceEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/guidances", HandleAsync)
        .Command<RecordGuidanceRequest>("recordGuidance", "Record a stay on the spot (蹲点指导)", created: true, tag: "Reviews");

    private static Task<IResult> HandleAsync(HttpContext context, ReviewEndpoint endpoint, Identifiers identifiers) =>
        endpoint.GuidanceAsync<RecordGuidanceRequest>(
            context, identifiers.New(), "record",
            async (request, loaded, at, token) =>
            {
                var people = await endpoint.StayAsync(context, request.Place, request.CaseId, request.People, token);
                return new Domain.Reviews.RecordGuidance(
                    new GuidanceRecorded(
                        request.Place, request.From, request.To, people, await endpoint.TextAsync(loaded.Stream, "found", request.Found, Texts.FreeText, token),
                        await endpoint.TextAsync(loaded.Stream, "agreed", request.Agreed, Texts.FreeText, token), request.CaseId, request.By),
                    at);
            },
            (request, work) => work.Of(caller => ReviewAccess.MayRecord(caller, request.Place)));
}
