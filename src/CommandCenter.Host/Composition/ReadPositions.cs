using CommandCenter.EventStore;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Composition;

/// <summary>How far each read table is, so that a query can wait for what its caller has just written.</summary>
public sealed class ReadPositions(IReadOnlyDictionary<string, ProjectionRunner> runners)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The runners by the name of their read table.</summary>
    public IReadOnlyDictionary<string, ProjectionRunner> Runners => runners;

    /// <summary>Returns once the table has the position; at once when none is asked for.</summary>
    /// <exception cref="ProblemException">It did not get there in five seconds.</exception>
    public async Task WaitAsync(string table, LogPosition? position, CancellationToken cancellation)
    {
        if (position is not { } wanted)
            return;
        try
        {
            await runners[table].WaitForAsync(wanted, Patience, cancellation);
        }
        catch (TimeoutException)
        {
            throw Problems.PositionNotReached();
        }
    }
}
