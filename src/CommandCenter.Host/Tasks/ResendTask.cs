using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>Sending a task again (重新下派): after a return, or elsewhere before anybody has taken it.</summary>
/// <param name="Target">Where; by default where it was.</param>
/// <param name="DueAt">The limit; by default the old one.</param>
[Example("""{"target":"500153003001002","dueAt":"2026-12-08T10:00:00Z","note":"请第二网格办理"}""")]
public sealed record ResendTaskRequest(AreaCode? Target = null, DateTimeOffset? DueAt = null, string? Note = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ResendTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/tasks/{id}/resend", HandleAsync)
        .Command<ResendTaskRequest>("resendTask", "Send a task again, here or elsewhere (重新下派)", tag: "Tasks");

    private static Task<IResult> HandleAsync(HttpContext context, string id, TaskEndpoint endpoint, AdmissionStreams admissions)
    {
        AdmissionBasis? basis = null;
        return endpoint.TaskAsync<ResendTaskRequest>(
            context,
            id,
            "resend",
            async (request, loaded, at, token) =>
            {
                var note = Texts.Optional(request.Note, "note", Texts.Note);
                if (request.Target is { } named && endpoint.Organization.FindArea(named) is null)
                    throw TaskProblems.TargetUnknown();
                var task = ((GridTask.Known)loaded.State).File;
                var target = request.Target ?? task.Target;
                basis = await admissions.BasisAsync([target], token);
                return new Domain.Tasks.ResendTask(
                    target, request.DueAt ?? task.DueAt, await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", note, token), basis.Book, at);
            },
            async token => [await admissions.HoldAsync(basis!, token)]);
    }
}
