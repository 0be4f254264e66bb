using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Tasks;
using CommandCenter.Domain.Whistles;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;

namespace CommandCenter.Host.Board;

/// <summary>What folding a board needs beside the events.</summary>
public sealed record BoardSources(IEventLog Log, StreamCommands Streams, IOrganization Organization, NpgsqlDataSource Database, ReadPositions Positions);

/// <summary>The log folded up to a position, live or of the past. The fold belongs to whoever applies; the position may be read by anybody.</summary>
public sealed partial class FoldedLog(BoardSources sources, BoardFold fold, LogPosition position, ILogger logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private LogPosition _position = position;

    public BoardFold Fold { get; } = fold;

    /// <summary>Two words, so under a lock of its own.</summary>
    public LogPosition Position
    {
        get
        {
            lock (_lock)
                return _position;
        }

        private set
        {
            lock (_lock)
                _position = value;
        }
    }

    /// <summary>The last event that was taken here; null before the first.</summary>
    public StoredEvent? Last { get; private set; }

    /// <summary>Takes the next event of the log.</summary>
    public async Task ApplyAsync(StoredEvent stored, CancellationToken cancellation)
    {
        var (category, id, version, at) = (stored.Stream.Category, stored.Stream.Id, stored.StreamVersion, stored.Position.Position);
        var stream = stored.Stream.ToString();
        try
        {
            if (!Fold.Broken.Contains(stream))
            {
                if (!Fold.Knows(category, id, version))
                    await RestoreAsync(stored, cancellation);
                Apply(stored, category, id, version, at);
            }
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is not (NpgsqlException or TimeoutException))
        {
            // One stream that cannot be folded is left out and said to be so; the town keeps its board.
            Fold.Leave(stream);
            LogBroken(logger, e, stream, stored.Position.ToString());
        }

        Last = stored;
        Position = stored.Position;
    }

    private void Apply(StoredEvent stored, string category, string id, long version, long at)
    {
        switch (category)
        {
            case "case":
                Fold.Apply(id, version, at, stored.Type, sources.Streams.FactOf<CaseEvent>(stored));
                break;
            case "task":
                Fold.Apply(id, version, at, sources.Streams.FactOf<TaskEvent>(stored));
                break;
            case "task_list":
                Fold.Apply(id, version, at, sources.Streams.FactOf<TaskListEvent>(stored));
                break;
            case "whistle":
                Fold.Apply(id, version, at, sources.Streams.FactOf<WhistleEvent>(stored));
                break;
            case "agenda":
                Fold.Apply(id, version, at, sources.Streams.FactOf<AgendaEvent>(stored));
                break;
            case "listing":
                Fold.Apply(id, version, at, sources.Streams.FactOf<ListingEvent>(stored));
                break;
        }
    }

    // Something happens to what ended long ago: its life is read once more, up to this event.
    private async Task RestoreAsync(StoredEvent next, CancellationToken cancellation)
    {
        var life = (await sources.Log.ReadStreamAsync(next.Stream, 0, cancellation)).TakeWhile(stored => stored.StreamVersion < next.StreamVersion).ToList();
        if (next.Stream.Category == "case")
        {
            Fold.Restore(
                await NumberAsync(next, life[0].Position, cancellation),
                next.Stream.Id,
                [.. life.Select(stored => (stored.StreamVersion, stored.Position.Position, sources.Streams.FactOf<CaseEvent>(stored)))]);
            return;
        }

        foreach (var stored in life)
            Apply(stored, stored.Stream.Category, stored.Stream.Id, stored.StreamVersion, stored.Position.Position);
    }

    private async Task<string> NumberAsync(StoredEvent next, LogPosition reported, CancellationToken cancellation)
    {
        await WaitAsync(reported, cancellation);
        await using var command = sources.Database.CreateCommand($"select number from {TableNames.Cases} where id = $1");
        command.Parameters.AddWithValue(next.Stream.Id);
        return await command.ExecuteScalarAsync(cancellation) as string
            ?? throw new InvalidOperationException($"{next.Stream} is in the log and not in {TableNames.Cases}.");
    }

    // After the first start on an old log the table may be far behind.
    private async Task WaitAsync(LogPosition position, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await sources.Positions.Runners[TableNames.Cases].WaitForAsync(position, Patience, cancellation);
                return;
            }
            catch (TimeoutException)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The board leaves out {Stream}: the event at {Position} cannot be folded")]
    private static partial void LogBroken(ILogger logger, Exception exception, string stream, string position);
}
