using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Meetings;

/// <summary>The minutes of a meeting (会议纪要); recorded again they correct the first.</summary>
/// <param name="Minutes">At most 2,000 characters. Phone and identity numbers in it are sealed.</param>
/// <param name="Photos">Photos uploaded before, <c>sha256:…</c>: they are the proof of what was solved on the spot.</param>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"minutes":"到场18户31人，宣讲惠民政策，群众提出问题三个，现场解决一个。"}""")]
public sealed record RecordMinutesRequest(string Minutes, IReadOnlyList<string>? Photos = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class RecordMinutesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/meetings/{id}/record-minutes", HandleAsync)
        .Command<RecordMinutesRequest>("recordMinutes", "Record its minutes (会议纪要)", tag: "Meetings");

    private static Task<IResult> HandleAsync(HttpContext context, string id, MeetingEndpoint endpoint) =>
        endpoint.HandleAsync<RecordMinutesRequest>(context, id, "record-minutes", async (request, loaded, token) =>
        {
            var minutes = Texts.Required(request.Minutes, "minutes", Texts.FreeText);
            var photos = await endpoint.PhotosAsync(context, loaded, request.Photos, token);
            return new Domain.Meetings.RecordMinutes(await endpoint.Personal.SealTextAsync(loaded.Stream, "minutes", minutes, token), photos);
        });
}
