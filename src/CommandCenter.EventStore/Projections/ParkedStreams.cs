using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>A stream that a projection leaves alone, because one of its events could not be applied.</summary>
/// <param name="Position">Of the event that could not be applied; it and all later ones of the stream are missing from the read tables.</param>
public sealed record ParkedStream(StreamKey Stream, long Position, string Reason, DateTimeOffset ParkedAt);

/// <summary>What became of replaying a parked stream. A closed type.</summary>
public abstract record ReplayResult
{
    private ReplayResult() { }

    /// <summary>The read tables hold the stream again.</summary>
    public sealed record Replayed(int Events) : ReplayResult;

    /// <summary>An event could still not be applied, and the stream stays parked there.</summary>
    public sealed record StillParked(ParkedStream Parked) : ReplayResult;

    public sealed record NotParked : ReplayResult;
}

/// <summary>The streams that a projection leaves alone, and their way back. Works beside the projection's runner, on whichever node.</summary>
/// <param name="clock">Stamps what stays parked.</param>
public sealed class ParkedStreams(NpgsqlDataSource dataSource, IEventLog log, IProjection projection, TimeProvider clock, ILogger<ParkedStreams>? logger = null)
{
    private readonly ProjectionCheckpoint _checkpoint = ProjectionCheckpoint.Live(projection.Name);
    private readonly ProjectionStep _step = new(projection, ProjectionCheckpoint.Live(projection.Name), clock, logger ?? NullLogger<ParkedStreams>.Instance);

    /// <summary>By position.</summary>
    public async Task<IReadOnlyList<ParkedStream>> ListAsync(CancellationToken cancellation = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var command = connection.Command(
            "select stream, position, reason, parked_at from cc_parked where projection = $1 order by position", P(projection.Name, NpgsqlDbType.Text));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var parked = new List<ParkedStream>();
        while (await reader.ReadAsync(cancellation))
            parked.Add(new ParkedStream(StreamKey.Parse(reader.GetString(0)), reader.GetInt64(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3)));
        return parked;
    }

    /// <summary>
    /// Applies what was left out of a stream, up to the projection's checkpoint and in one transaction with it, so that the runner goes on from there without a gap. It stays
    /// parked at the first event that still cannot be applied.
    /// </summary>
    public async Task<ReplayResult> ReplayAsync(StreamKey stream, CancellationToken cancellation = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // The runner waits at its checkpoint until this is done.
        var at = await _checkpoint.LockAsync(connection, cancellation);
        if ((await ListAsync(cancellation)).FirstOrDefault(known => known.Stream == stream) is not { } parked)
            return new ReplayResult.NotParked();

        var missing = (await log.ReadStreamAsync(stream, 0, cancellation)).Where(e => e.Position.Position >= parked.Position && e.Position.Position <= at.Position).ToList();
        foreach (var e in missing)
        {
            if (await _step.TryApplyAsync(transaction, e, cancellation) is not { } problem)
                continue;
            await _step.ParkAsync(transaction, e, problem, cancellation);
            await transaction.CommitAsync(cancellation);
            return new ReplayResult.StillParked((await ListAsync(cancellation)).First(known => known.Stream == stream));
        }

        await using (var unpark = connection.Command("delete from cc_parked where projection = $1 and stream = $2", P(projection.Name, NpgsqlDbType.Text), P(stream.ToString(), NpgsqlDbType.Text)))
            await unpark.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return new ReplayResult.Replayed(missing.Count);
    }
}
