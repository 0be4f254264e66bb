using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>Where one fill of read tables stands: the live one, or a rebuild beside it.</summary>
/// <param name="Row">The name in <c>mt_event_progression</c>.</param>
/// <param name="Key">The name in <c>cc_projections</c> and <c>cc_parked</c>.</param>
internal sealed record ProjectionCheckpoint(string Row, string Key)
{
    internal const string Move = "update mt_event_progression set last_seq_id = $3, last_updated = transaction_timestamp() where name = $1 and last_seq_id = $2";

    internal const string Select = "select m.last_seq_id, p.epoch from mt_event_progression m join cc_projections p on p.name = $2 where m.name = $1";

    internal const string SelectParked = "select stream from cc_parked where projection = $1";

    private const string SelectEpoch = "select epoch from cc_projections where name = $1";

    public static ProjectionCheckpoint Live(string projection) => new($"{projection}:All", projection);

    public static ProjectionCheckpoint Rebuild(string projection) => new($"{projection}:Rebuild", $"{projection}:Rebuild");

    /// <summary>Holds the checkpoint until the transaction ends, and makes it if there is none. The epoch is read in a statement of its own, after the row is held, so that it is the one that belongs to the row.</summary>
    public async Task<LogPosition> LockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("insert into mt_event_progression (name, last_seq_id) values ($1, 0) on conflict (name) do nothing", P(Row, NpgsqlDbType.Text));
        batch.Add("insert into cc_projections (name, epoch) values ($1, 0) on conflict (name) do nothing", P(Key, NpgsqlDbType.Text));
        batch.Add("select last_seq_id from mt_event_progression where name = $1 for update", P(Row, NpgsqlDbType.Text));
        batch.Add(SelectEpoch, P(Key, NpgsqlDbType.Text));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var position = reader.GetInt64(0);
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new LogPosition(reader.GetInt32(0), position);
    }

    /// <summary>Null when the projection never ran.</summary>
    public async Task<LogPosition?> FindAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var look = connection.Command(Select, P(Row, NpgsqlDbType.Text), P(Key, NpgsqlDbType.Text));
        await using var reader = await look.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new LogPosition(reader.GetInt32(1), reader.GetInt64(0)) : null;
    }

    /// <summary>
    /// Comes first in a transaction: whoever holds the row is alone with the tables. Returns the streams that are left alone; null when somebody else moved the checkpoint or
    /// it is in another epoch, so that nothing may be applied.
    /// </summary>
    public async Task<HashSet<string>?> MoveAsync(NpgsqlConnection connection, LogPosition at, long to, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        var move = batch.Add(Move, P(Row, NpgsqlDbType.Text), P(at.Position, NpgsqlDbType.Bigint), P(to, NpgsqlDbType.Bigint));
        batch.Add(SelectEpoch, P(Key, NpgsqlDbType.Text));
        batch.Add(SelectParked, P(Key, NpgsqlDbType.Text));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var epoch = await reader.ReadAsync(cancellation) ? reader.GetInt32(0) : 0;
        await reader.NextResultAsync(cancellation);
        var parked = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
            parked.Add(reader.GetString(0));
        return move.RecordsAffected == 1 && epoch == at.Epoch ? parked : null;
    }

    /// <summary>Puts the checkpoint to a place, whatever it was, inside a transaction that holds it.</summary>
    public async Task PutAsync(NpgsqlConnection connection, LogPosition at, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("update cc_projections set epoch = $2 where name = $1", P(Key, NpgsqlDbType.Text), P(at.Epoch, NpgsqlDbType.Integer));
        batch.Add("update mt_event_progression set last_seq_id = $2, last_updated = transaction_timestamp() where name = $1", P(Row, NpgsqlDbType.Text), P(at.Position, NpgsqlDbType.Bigint));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Forgets which streams are left alone and what an audit found missing: the tables are filled anew.</summary>
    public async Task ForgetAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("delete from cc_parked where projection = $1", P(Key, NpgsqlDbType.Text));
        batch.Add("delete from cc_missing where projection = $1", P(Key, NpgsqlDbType.Text));
        batch.Add("delete from cc_audits where projection = $1", P(Key, NpgsqlDbType.Text));
        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
