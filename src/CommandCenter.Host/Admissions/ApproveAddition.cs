using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Admissions;

/// <summary>Approving an urgent addition (批准).</summary>
/// <param name="Number">Its number among the keeper's.</param>
[Example("""{"number":1}""")]
public sealed record ApproveAdditionRequest(int Number, string? Note = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ApproveAdditionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/admissions/{keeper}/approve", HandleAsync)
        .Command<ApproveAdditionRequest>("approveAddition", "Approve an urgent addition (批准)", tag: "Admissions");

    private static Task<IResult> HandleAsync(HttpContext context, string keeper, AdmissionEndpoint endpoint) =>
        endpoint.HandleAsync<ApproveAdditionRequest>(context, keeper, "approve", async (request, loaded, at, token) =>
        {
            var note = Texts.Optional(request.Note, "note", Texts.Note);
            return new Domain.Admissions.ApproveAddition(request.Number, await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", note, token), at);
        });
}
