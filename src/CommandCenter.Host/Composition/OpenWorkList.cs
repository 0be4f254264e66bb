using CommandCenter.Domain.Organization;
using Npgsql;

namespace CommandCenter.Host.Composition;

/// <summary>The district's open work, as the read tables have it.</summary>
public sealed class OpenWorkList(NpgsqlDataSource database, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <exception cref="StartRefusedException">The read tables are behind and nobody works on them.</exception>
    public async Task<IReadOnlyList<OpenWork>> ReadAsync(CancellationToken cancellation)
    {
        await CaughtUpAsync(cancellation);
        await using var command = database.CreateCommand(
            $"""
            select 'case:' || id, number, area, unit from {TableNames.Cases} where open
            union all select 'task:' || id, id, target, null from {TableNames.Tasks} where open
            union all select 'whistle:' || whistle, whistle, area, unit from {TableNames.WhistleCalls} where open
            order by 1
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var open = new List<OpenWork>();
        while (await reader.ReadAsync(cancellation))
            open.Add(new OpenWork(reader.GetString(0), reader.GetString(1), AreaCode.Parse(reader.GetString(2)), reader.IsDBNull(3) ? null : Unit.Parse(reader.GetString(3))));
        return open;
    }

    // Events of other streams may be missing: without a host nobody takes in what this import itself appends.
    private async Task CaughtUpAsync(CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            await using var command = database.CreateCommand(
                $"""
                select count(*) from mt_events e
                where (e.stream_id like 'case:%' and e.seq_id > (select coalesce(max(last_seq_id), 0) from mt_event_progression where name = '{TableNames.Cases}:All'))
                   or (e.stream_id like 'whistle:%' and e.seq_id > (select coalesce(max(last_seq_id), 0) from mt_event_progression where name = '{TableNames.Whistles}:All'))
                   or (e.stream_id like 'task:%' and e.seq_id > (select coalesce(max(last_seq_id), 0) from mt_event_progression where name = '{TableNames.Tasks}:All'))
                """);
            if ((long)(await command.ExecuteScalarAsync(cancellation))! is not (> 0 and var behind))
                return;
            if (clock.GetElapsedTime(started) > Patience)
                throw new StartRefusedException($"The read tables are {behind} events behind, so it is not known what open work the change concerns. Start the command center and try again.");
            await Task.Delay(Pause, clock, cancellation);
        }
    }
}
