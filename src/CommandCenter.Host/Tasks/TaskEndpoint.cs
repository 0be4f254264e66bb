using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary><see cref="CommandEndpoint"/> for lists of tasks and for tasks.</summary>
public sealed class TaskEndpoint(CommandEndpoint endpoint, TaskStreams streams, NamedFiles named)
{
    public PersonalText Personal => endpoint.Personal;

    public OrganizationDirectory Organization => endpoint.Organization;

    public TaskStreams Streams => streams;

    /// <param name="id">The list; for a draft a new id.</param>
    /// <param name="build">Makes the command from the request, the list as it stands, and the instant at which the host received it.</param>
    /// <param name="beside">What happens to the list's tasks along with it.</param>
    public Task<IResult> ListAsync<TRequest>(
        HttpContext context,
        string id,
        string command,
        Func<TRequest, LoadedTaskList, DateTimeOffset, CancellationToken, Task<TaskListCommand>> build,
        Func<TaskListWork, TaskListWork>? beside = null)
        where TRequest : ICommandRequest =>
        endpoint.HandleAsync(context, streams.Lists, id, command, "/api/task-lists/", build, beside is null ? null : (_, work) => beside(work));

    /// <param name="build">Makes the command from the request, the task as it stands, and the instant at which the host received it.</param>
    /// <param name="beside">What has to stand still while it happens.</param>
    public Task<IResult> TaskAsync<TRequest>(
        HttpContext context,
        string id,
        string command,
        Func<TRequest, LoadedTask, DateTimeOffset, CancellationToken, Task<TaskCommand>> build,
        Func<CancellationToken, Task<IReadOnlyList<Preparation>>>? beside = null)
        where TRequest : ICommandRequest =>
        endpoint.HandleAsync(context, streams.Tasks, id, command, "/api/tasks/", build, beside is null ? null : (_, work) => work with { Beside = (_, _, _, token) => beside(token) });

    /// <exception cref="ProblemException">Too many, malformed, or not uploaded.</exception>
    public Task<IReadOnlyList<string>> PhotosAsync(HttpContext context, LoadedTask loaded, IReadOnlyList<string>? photos, CancellationToken cancellation) =>
        named.CheckAsync(
            Callers.From(context.Request, Organization)[0].Actor, photos, photo => loaded.Facts.Any(fact => TaskPhotos.Of(fact.Fact.Event).Contains(photo, StringComparer.Ordinal)), "photos", cancellation);
}
