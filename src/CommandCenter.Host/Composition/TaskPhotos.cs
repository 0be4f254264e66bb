using CommandCenter.Domain.Tasks;

namespace CommandCenter.Host.Composition;

/// <summary>The photos that an event of a task brings with it.</summary>
public static class TaskPhotos
{
    public static IReadOnlyList<string> Of(TaskEvent happened) => happened switch
    {
        TaskProgressed e => e.Photos,
        TaskCompleted e => e.Photos,
        _ => [],
    };
}
