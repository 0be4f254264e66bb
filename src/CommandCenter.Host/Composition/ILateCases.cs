using CommandCenter.Domain.Organization;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Composition;

/// <summary>How many cases of one matter climbed in a town of late: what the grade of a listing rests on.</summary>
public interface ILateCases
{
    /// <param name="except">The id of a case that is not counted.</param>
    /// <param name="since">Of the last time that a case climbed.</param>
    Task<int> CountAsync(AreaCode town, string category, string except, DateTimeOffset since, CancellationToken cancellation);
}

/// <summary>By the read side, which may be a moment behind.</summary>
public sealed class LateCasesTable(NpgsqlDataSource database) : ILateCases
{
    public async Task<int> CountAsync(AreaCode town, string category, string except, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select count(*) from {TableNames.Cases} where escalated_at >= $1 and area >= $2 and area < $2 || ':' and summary ->> 'category' = $3 and id <> $4");
        command.Parameters.Add(new() { Value = since.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = town.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = category, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = except, NpgsqlDbType = NpgsqlDbType.Text });
        return (int)(long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
