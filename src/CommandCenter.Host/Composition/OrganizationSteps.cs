using System.Collections.Immutable;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Composition;

/// <summary>What the log had said of the organization by each of its positions. Read tables ask this one: by what was said later, a rebuild would come to other rows than the first time.</summary>
public sealed class OrganizationSteps
{
    private readonly ImmutableList<(long Position, OrganizationHistory History)> _steps;

    private OrganizationSteps(ImmutableList<(long Position, OrganizationHistory History)> steps) => _steps = steps;

    public static OrganizationSteps None { get; } = new([]);

    /// <summary>With one more event of the organization.</summary>
    /// <param name="position">Of the event.</param>
    /// <param name="history">With the event.</param>
    public OrganizationSteps After(long position, OrganizationHistory history) =>
        // Of the events of an import only the last counts: nothing stands between them that could ask.
        new((_steps.Count > 0 && _steps[^1].Position == position - 1 ? _steps.RemoveAt(_steps.Count - 1) : _steps).Add((position, history)));

    /// <summary>What had been said by a position; before anything was, what was said first, which holds as far back as anything is asked of.</summary>
    public OrganizationHistory AsOf(long position)
    {
        if (_steps.Count == 0)
            return OrganizationHistory.None;
        int low = 0, high = _steps.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _steps[middle].Position <= position ? (middle, high) : (low, middle - 1);
        }

        return _steps[low].History;
    }
}
