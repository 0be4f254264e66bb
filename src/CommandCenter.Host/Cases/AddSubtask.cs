using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>A part of the work, for somebody of the unit or for whoever claimed the case (子任务).</summary>
[Example("""{"task":"联系管材供应","person":"handler-02"}""")]
public sealed record AddSubtaskRequest(string Task, string? Person = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class AddSubtaskEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/add-subtask", HandleAsync)
        .Command<AddSubtaskRequest>("addSubtask", "Add a part of the work (子任务)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<AddSubtaskRequest>(context, id, "add-subtask", async (request, loaded, token) =>
        {
            if (((Case.Known)loaded.State).File is { Assignment.Unit: var unit } file)
                Units.CheckPerson(request.Person, unit, file, endpoint.Organization);
            var task = await endpoint.Personal.SealTextAsync(loaded.Stream, "task", Texts.Required(request.Task, "task", Texts.Note), token);
            return new Domain.Cases.AddSubtask(task, request.Person);
        });
}
