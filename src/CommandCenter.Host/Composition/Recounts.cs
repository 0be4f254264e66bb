using CommandCenter.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Composition;

/// <summary>Asks a read table whether it holds what a range of the log says.</summary>
public static class Recounts
{
    /// <param name="sql">
    /// Over <c>$1 &lt; seq_id &lt;= $2</c> without the streams in <c>$3</c>: how many rows the range asks for, how many are there, and what names the first that is missing.
    /// </param>
    public static async Task<Recount> AskAsync(NpgsqlConnection connection, string sql, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = afterPosition });
        command.Parameters.Add(new() { Value = toPosition });
        command.Parameters.Add(new() { Value = parked, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new Recount(reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2));
    }
}
