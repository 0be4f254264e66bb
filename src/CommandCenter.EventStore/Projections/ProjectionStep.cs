using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>Applies events to read tables in the transaction that moves their checkpoint. A poison event parks its stream and nothing else.</summary>
/// <param name="clock">Stamps what is parked.</param>
/// <param name="schema">Where the tables stand, when that is not where the search path leads: a rebuild's.</param>
internal sealed partial class ProjectionStep(IProjection projection, ProjectionCheckpoint checkpoint, TimeProvider clock, ILogger logger, string? schema = null)
{
    /// <summary>False when somebody else moved the checkpoint, so that it must be read again; then nothing was applied.</summary>
    /// <param name="oneByOne">Whether each event is applied by itself, so that the one to blame is found.</param>
    /// <exception cref="InvalidOperationException">The events do not follow the checkpoint: moving it would pass over some that were never read.</exception>
    public async Task<bool> ApplyAsync(NpgsqlConnection connection, LogPosition at, IReadOnlyList<StoredEvent> events, bool oneByOne, CancellationToken cancellation)
    {
        RequireNoGap(at, events);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await EnterAsync(connection, cancellation);
        // Until they are swapped in, tables beside the live ones are nobody's: a crash that takes their last steps takes the checkpoint with them.
        if (schema is not null)
        {
            await using var lazily = connection.Command("set local synchronous_commit = off");
            await lazily.ExecuteNonQueryAsync(cancellation);
        }

        if (await checkpoint.MoveAsync(connection, at, events[^1].Position.Position, cancellation) is not { } parked)
        {
            await transaction.RollbackAsync(cancellation);
            return false;
        }

        await ApplyAsync(transaction, events, parked, oneByOne, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Applies events inside a transaction that holds the checkpoint, one by one.</summary>
    /// <param name="parked">The streams that are left alone; those parked now are added.</param>
    public async Task ApplyOneByOneAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, HashSet<string> parked, CancellationToken cancellation)
    {
        foreach (var e in events)
        {
            var stream = e.Stream.ToString();
            if (!parked.Contains(stream) && await TryApplyAsync(transaction, e, cancellation) is { } problem)
            {
                parked.Add(stream);
                await ParkAsync(transaction, e, problem, cancellation);
            }
        }
    }

    /// <summary>Makes the transaction see the tables in their schema first.</summary>
    public async Task EnterAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (schema is null)
            return;
        await using var enter = connection.Command("select set_config('search_path', $1 || ', ' || current_setting('search_path'), true)", P(schema, NpgsqlDbType.Text));
        await enter.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Null when it was applied; else why it could not be, and nothing of it was.</summary>
    public async Task<Exception?> TryApplyAsync(NpgsqlTransaction transaction, StoredEvent e, CancellationToken cancellation)
    {
        const string before = "before_event";
        await transaction.SaveAsync(before, cancellation);
        try
        {
            await projection.ApplyAsync(transaction, [e], cancellation);
            await transaction.ReleaseAsync(before, cancellation);
            return null;
        }
        catch (Exception problem) when (IsTheEventsFault(problem))
        {
            await transaction.RollbackAsync(before, cancellation);
            return problem;
        }
    }

    public async Task ParkAsync(NpgsqlTransaction transaction, StoredEvent e, Exception problem, CancellationToken cancellation)
    {
        LogParked(logger, problem, checkpoint.Key, e.Stream, e.Position);
        await using var park = transaction.Connection!.Command(
            """
            insert into cc_parked (projection, stream, position, reason, parked_at) values ($1, $2, $3, $4, $5)
            on conflict (projection, stream) do update set position = excluded.position, reason = excluded.reason
            """,
            P(checkpoint.Key, NpgsqlDbType.Text), P(e.Stream.ToString(), NpgsqlDbType.Text), P(e.Position.Position, NpgsqlDbType.Bigint),
            P($"{problem.GetType().Name}: {problem.Message}".Replace('\0', ' '), NpgsqlDbType.Text), P(Instants.Cut(clock.GetUtcNow()), NpgsqlDbType.TimestampTz));
        await park.ExecuteNonQueryAsync(cancellation);
    }

    private async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, HashSet<string> parked, bool oneByOne, CancellationToken cancellation)
    {
        if (oneByOne)
        {
            await ApplyOneByOneAsync(transaction, events, parked, cancellation);
            return;
        }

        IReadOnlyList<StoredEvent> wanted = parked.Count == 0 ? events : [.. events.Where(e => !parked.Contains(e.Stream.ToString()))];
        if (wanted.Count > 0)
            await projection.ApplyAsync(transaction, wanted, cancellation);
    }

    private void RequireNoGap(LogPosition at, IReadOnlyList<StoredEvent> events)
    {
        var next = at.Position + 1;
        foreach (var e in events)
            if (e.Position.Position != next++)
                throw new InvalidOperationException($"The events for {checkpoint.Key} do not follow its checkpoint {at}: position {next - 1} is missing before {e.Position}.");
    }

    // Of the server's errors only those about data are an event's fault; a missing table or right would park every stream there is.
    private static bool IsTheEventsFault(Exception problem) => problem switch
    {
        OperationCanceledException => false,
        // A newer program wrote it: a node of that version takes the table over, and parking the stream would outlive the upgrade.
        UnknownEventException => false,
        PostgresException e => e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal) || e.SqlState.StartsWith("P0", StringComparison.Ordinal),
        _ => !IsLostConnection(problem),
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "Projection {Projection} leaves stream {Stream} alone from {Position} on: the event could not be applied.")]
    private static partial void LogParked(ILogger logger, Exception e, string projection, StreamKey stream, LogPosition position);
}
