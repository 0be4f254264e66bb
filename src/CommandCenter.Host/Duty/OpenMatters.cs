using System.Text.Json;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;

namespace CommandCenter.Host.Duty;

/// <summary>The urgent matters that are open at a place: what the next on duty has to know. Urgent and emergency cases, and whatever is past a limit.</summary>
public sealed class OpenMatters(NpgsqlDataSource database, IEventLog log, ReadPositions positions, TimeProvider clock)
{
    /// <summary>The most that are handed over in one list; a center with more has other worries than this list.</summary>
    private const int Most = 200;

    public async Task<IReadOnlyList<OpenMatter>> OfAsync(AreaCode place, CancellationToken cancellation)
    {
        // As it stands: what was reported a moment ago belongs to it.
        await positions.WaitAsync((await log.HeadAsync(cancellation)).Last, cancellation, TableNames.Cases);
        await using var command = database.CreateCommand(
            $"""
            select summary, number from {TableNames.Cases}
            where open and area >= $1 and area < $2 and (urgency in ('urgent', 'emergency') or late_at <= $3)
            order by case urgency when 'emergency' then 0 when 'urgent' then 1 else 2 end, late_at, position limit {Most}
            """);
        command.Parameters.Add(new() { Value = place.Value });
        command.Parameters.Add(new() { Value = place.Value + ":" });
        command.Parameters.Add(new() { Value = clock.GetUtcNow().UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var matters = new List<OpenMatter>();
        while (await reader.ReadAsync(cancellation))
        {
            var row = JsonSerializer.Deserialize<CaseSummary>(reader.GetString(0), DomainJson.Options)!;
            matters.Add(new OpenMatter(row.Id, row.Stage, row.Urgency, row.Category, row.Area, reader.GetString(1), row.DueAt));
        }

        return matters;
    }
}
