using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.EventStore;

/// <summary>Short forms for commands with typed positional parameters, which is what lets the server keep them prepared.</summary>
internal static class Sql
{
    public static NpgsqlParameter P<T>(T value, NpgsqlDbType type) => new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type };

    /// <summary>A parameter that may be null.</summary>
    public static NpgsqlParameter PNull(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    public static NpgsqlParameter PArray<T>(T[] values, NpgsqlDbType element) => P(values, NpgsqlDbType.Array | element);

    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
        return command;
    }

    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    /// <summary>Whether the error means that the connection or the server went away, so that trying again may help and the data is not to blame.</summary>
    public static bool IsLostConnection(Exception e) => e is NpgsqlException and not PostgresException
        || e is PostgresException { SqlState: [.. var kind, _, _, _] } && kind is "08" or "57" or "53"
        // The server ended a session whose node stood still within its transaction.
        || e is PostgresException { SqlState: "25P03" }
        || e is IOException or System.Net.Sockets.SocketException or TimeoutException;
}
