using System.Globalization;
using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>Somebody who acted on a list or a task.</summary>
/// <param name="Name">Missing for who is no longer in the organization.</param>
/// <param name="For">The absent person for whom they stood in.</param>
public sealed record TaskActor(string Id, Message? Name, Role Role, AreaCode Place, PersonName? For = null);

/// <summary>What the slice's answers have in common.</summary>
internal static class TaskViews
{
    private const int MostUnits = 1_000_000;

    public static TaskActor Actor(By by, OrganizationDirectory organization) =>
        new(by.Actor, organization.KnownPerson(by.Actor) is { } person ? new Message(person.Name, person.NameEn) : null, by.Role, by.Place, StandIns.Of(by, organization.KnownPerson));

    /// <summary>Under which name the title of an item is sealed.</summary>
    public static string TitleField(int item) => string.Create(CultureInfo.InvariantCulture, $"items/{item}/title");

    /// <summary>Under which name the text of an item is sealed.</summary>
    public static string TextField(int item) => string.Create(CultureInfo.InvariantCulture, $"items/{item}/text");

    /// <exception cref="ProblemException">It is negative or absurd.</exception>
    public static int? Number(int? number) => number is < 0 or > MostUnits ? throw Problems.OutOfRange("number", $"0–{MostUnits}") : number;

    /// <summary>A list for a reader: loaded, and refused to whoever may not see it.</summary>
    /// <exception cref="ProblemException">No such list, or not for this caller.</exception>
    public static async Task<(LoadedTaskList List, TaskList.Known State)> VisibleListAsync(string id, IReadOnlyList<Caller> callers, TaskStreams streams, CancellationToken cancellation)
    {
        if (!StreamKey.IsId(id) || await streams.LoadListAsync(id, cancellation) is not { State: TaskList.Known state } loaded)
            throw Problems.Unknown(streams.Lists.Category, streams.Lists.Noun);
        return callers.Any(caller => TaskAccess.MaySee(caller, state)) ? (loaded, state) : throw Problems.NotAllowed();
    }

    /// <summary>A task for a reader: loaded, and refused to whoever may not see it.</summary>
    /// <exception cref="ProblemException">No such task, or not for this caller.</exception>
    public static async Task<(LoadedTask Task, GridTask.Known State)> VisibleTaskAsync(string id, IReadOnlyList<Caller> callers, TaskStreams streams, CancellationToken cancellation)
    {
        if (!StreamKey.IsId(id) || await streams.LoadTaskAsync(id, cancellation) is not { State: GridTask.Known state } loaded)
            throw Problems.Unknown(streams.Tasks.Category, streams.Tasks.Noun);
        return callers.Any(caller => TaskAccess.MaySee(caller, state.File)) ? (loaded, state) : throw Problems.NotAllowed();
    }
}
