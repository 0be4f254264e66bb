using CommandCenter.EventStore;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Composition;

/// <summary>How far each read table is, so that a query can wait for what its caller has just written.</summary>
public sealed class ReadPositions(IReadOnlyDictionary<string, ProjectionRunner> runners)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The runners by the name of their read table.</summary>
    public IReadOnlyDictionary<string, ProjectionRunner> Runners => runners;

    /// <summary>How far all of the tables are, which is as far as the last of them: a query that joins tables answers as of this.</summary>
    public LogPosition Of(params IEnumerable<string> tables) => tables.Select(table => runners[table].Position).Aggregate((last, other) => last.HasReached(other) ? other : last);

    /// <summary>Returns once every one of the tables has the position; at once when none is asked for. A query names all tables that it reads.</summary>
    /// <exception cref="ProblemException">They did not get there in five seconds.</exception>
    public async Task WaitAsync(LogPosition? position, CancellationToken cancellation, params string[] tables)
    {
        if (position is not { } wanted)
            return;
        try
        {
            await Task.WhenAll(tables.Select(table => runners[table].WaitForAsync(wanted, Patience, cancellation)));
        }
        catch (TimeoutException)
        {
            throw Problems.PositionNotReached();
        }
    }
}
