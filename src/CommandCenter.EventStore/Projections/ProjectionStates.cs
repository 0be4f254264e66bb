using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>Where a projection stands, as any node or verb sees it in the database.</summary>
/// <param name="Position">Of the live tables; null when it never ran.</param>
/// <param name="IsOwned">Whether some node's runner works on it.</param>
/// <param name="Parked">How many streams it leaves alone.</param>
/// <param name="WaitingSince">When the first event was recorded that is not in the tables yet; null when they have all.</param>
public sealed record ProjectionState(string Name, LogPosition? Position, bool IsOwned, int Parked, DateTimeOffset? WaitingSince, RebuildState? Rebuild);

/// <summary>A rebuild under way.</summary>
/// <param name="IsRunning">False: whoever ran it is gone, and the next rebuild drops what it left.</param>
/// <param name="MovedAt">When its last step was committed.</param>
public sealed record RebuildState(long Position, DateTimeOffset StartedAt, DateTimeOffset MovedAt, bool IsRunning);

/// <summary>Reads where projections stand.</summary>
public static class ProjectionStates
{
    // An advisory lock of a bigint key stands in pg_locks by its two halves.
    internal const string SelectState =
        """
        select m.last_seq_id, p.epoch, (select count(*)::int from cc_parked k where k.projection = asked.name),
               r.started_at, rm.last_seq_id, rm.last_updated,
               exists (select from held where key = hashtextextended(asked.name || ':All', 1)),
               exists (select from held where key = hashtextextended(asked.name || ':All', 2)),
               (select e.timestamp from mt_events e where e.seq_id = coalesce(m.last_seq_id, 0) + 1)
        from unnest($1) with ordinality as asked (name, n)
        left join mt_event_progression m on m.name = asked.name || ':All'
        left join cc_projections p on p.name = asked.name
        left join cc_rebuilds r on r.projection = asked.name
        left join mt_event_progression rm on rm.name = asked.name || ':Rebuild'
        order by asked.n
        """;

    internal const string Held =
        """
        with held as materialized (
          select (classid::bigint << 32) | objid::bigint as key from pg_locks
          where locktype = 'advisory' and objsubid = 1 and granted and database = (select oid from pg_database where datname = current_database()))
        """;

    private const string CountTrouble =
        "select (select count(*) from cc_parked where projection not like '%:Rebuild') + (select coalesce(sum(expected - found), 0)::bigint from cc_missing)";

    /// <summary>In the order of the names.</summary>
    public static async Task<IReadOnlyList<ProjectionState>> ReadAsync(NpgsqlDataSource dataSource, IReadOnlyList<string> names, CancellationToken cancellation = default)
    {
        await using var command = dataSource.CreateCommand($"{Held} {SelectState}");
        command.Parameters.Add(PArray([.. names], NpgsqlDbType.Text));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var states = new List<ProjectionState>();
        while (await reader.ReadAsync(cancellation))
            states.Add(new ProjectionState(
                names[states.Count],
                reader.IsDBNull(0) || reader.IsDBNull(1) ? null : new LogPosition(reader.GetInt32(1), reader.GetInt64(0)),
                reader.GetBoolean(6),
                reader.GetInt32(2),
                reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8),
                reader.IsDBNull(3) || reader.IsDBNull(4) ? null
                    : new RebuildState(reader.GetInt64(4), reader.GetFieldValue<DateTimeOffset>(3), reader.GetFieldValue<DateTimeOffset>(5), reader.GetBoolean(7))));
        return states;
    }

    /// <summary>How many streams are left alone by any of the projections, and how many rows an audit found missing: nothing, where all is well.</summary>
    public static async Task<long> TroubleAsync(NpgsqlDataSource dataSource, CancellationToken cancellation = default)
    {
        await using var command = dataSource.CreateCommand(CountTrouble);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
