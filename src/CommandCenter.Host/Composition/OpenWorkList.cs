using CommandCenter.Domain.Organization;
using Npgsql;

namespace CommandCenter.Host.Composition;

/// <summary>The district's open work, as the read tables have it.</summary>
public sealed class OpenWorkList(NpgsqlDataSource database, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Null where the read tables stay behind the log, because nobody works on them: then it is not known.</summary>
    public async Task<IReadOnlyList<OpenWork>?> ReadAsync(CancellationToken cancellation)
    {
        if (!await CaughtUpAsync(cancellation))
            return null;
        await using var command = database.CreateCommand(
            $"""
            select 'case:' || id, number, area, unit, summary ->> 'claimedBy' from {TableNames.Cases} where open
            union all select 'task:' || id, id, target, null, null from {TableNames.Tasks} where open
            union all select 'whistle:' || whistle, whistle, area, unit, null from {TableNames.WhistleCalls} where open
            union all select 'agenda:' || town, item::text, town, null, lead from {TableNames.AgendaItems} where open and lead is not null
            union all select 'review:' || id, measure -> 'measure' ->> 'number', scope, null, measure -> 'measure' ->> 'owner'
              from {TableNames.Reviews}, jsonb_array_elements(summary -> 'state' -> 'measures') measure where stage = 'concluded' and not measure ? 'doneAt'
            union all select 'guidance:' || id, id, place, null, person from {TableNames.Guidances}, jsonb_array_elements_text(summary -> 'state' -> 'people') person where stage in ('planned', 'begun')
            order by 1, 2
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var open = new List<OpenWork>();
        while (await reader.ReadAsync(cancellation))
            open.Add(new OpenWork(reader.GetString(0), reader.GetString(1), AreaCode.Parse(reader.GetString(2)), reader.IsDBNull(3) ? null : Unit.Parse(reader.GetString(3)), reader.IsDBNull(4) ? null : reader.GetString(4)));
        return open;
    }

    // Events of other streams may be missing: without a host nobody takes in what this import itself appends.
    private async Task<bool> CaughtUpAsync(CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            await using var command = database.CreateCommand(
                $"""
                select count(*) from mt_events e
                where (e.stream_id like 'case:%' and e.seq_id > (select coalesce(max(last_seq_id), 0) from mt_event_progression where name = '{TableNames.Cases}:All'))
                   or (e.stream_id like 'whistle:%' and e.seq_id > (select coalesce(max(last_seq_id), 0) from mt_event_progression where name = '{TableNames.Whistles}:All'))
                   or (e.stream_id like 'agenda:%' and e.seq_id > (select coalesce(max(last_seq_id), 0) from mt_event_progression where name = '{TableNames.Agendas}:All'))
                   or ((e.stream_id like 'review:%' or e.stream_id like 'guidance:%') and e.seq_id > (select coalesce(max(last_seq_id), 0) from mt_event_progression where name = '{TableNames.Reviews}:All'))
                   or (e.stream_id like 'task:%' and e.seq_id > (select coalesce(max(last_seq_id), 0) from mt_event_progression where name = '{TableNames.Tasks}:All'))
                """);
            if ((long)(await command.ExecuteScalarAsync(cancellation))! == 0)
                return true;
            if (clock.GetElapsedTime(started) > Patience)
                return false;
            await Task.Delay(Pause, clock, cancellation);
        }
    }
}
