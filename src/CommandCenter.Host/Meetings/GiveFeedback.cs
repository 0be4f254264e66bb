using CommandCenter.Domain.Meetings;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Meetings;

/// <summary>The yard was told what became of its matters (结果反馈).</summary>
/// <param name="Lines">Numbers of lines that wait for feedback.</param>
/// <param name="Note">What was said or asked, at most 500 characters.</param>
/// <param name="Photos">Photos uploaded before, <c>sha256:…</c>; required but for <c>in_person</c>.</param>
/// <param name="HappenedAt">When the yard was told; now when left out.</param>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"lines":[2],"way":"in_person","note":"已向三户当面说明修复情况"}""")]
public sealed record GiveFeedbackRequest(
    IReadOnlyList<int> Lines, FeedbackWay Way, string? Note = null, IReadOnlyList<string>? Photos = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class GiveFeedbackEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/meetings/{id}/give-feedback", HandleAsync)
        .Command<GiveFeedbackRequest>("giveFeedback", "Record that the yard was told of results (结果反馈)", tag: "Meetings");

    private static Task<IResult> HandleAsync(HttpContext context, string id, MeetingEndpoint endpoint) =>
        endpoint.HandleAsync<GiveFeedbackRequest>(context, id, "give-feedback", async (request, loaded, token) =>
        {
            if (request.Lines.Count == 0)
                throw Problems.Missing("lines");
            var photos = await endpoint.PhotosAsync(context, loaded, request.Photos, token);
            var note = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", Texts.Optional(request.Note, "note", Texts.Note), token);
            return new Domain.Meetings.GiveFeedback(request.Lines, request.Way, note, photos);
        });
}
