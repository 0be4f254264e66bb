using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using Npgsql;

namespace CommandCenter.Host.Composition;

/// <summary>What an import would do, or did. A closed type.</summary>
public abstract record ImportOutcome
{
    private ImportOutcome() { }

    /// <summary>The organization is as the files say.</summary>
    public sealed record Same : ImportOutcome;

    /// <summary>The files are of another district than the database.</summary>
    public sealed record OtherDistrict(AreaCode Expected, AreaCode Found) : ImportOutcome;

    /// <summary>On this day the district would have no supervisor.</summary>
    public sealed record NoSupervisor(DateOnly Day) : ImportOutcome;

    /// <summary>Open work would be left with nobody.</summary>
    public sealed record Stranded(OrganizationDifference Difference, DateOnly On, IReadOnlyList<Stranding> Strandings) : ImportOutcome;

    /// <param name="Receipt">Null for a preview.</param>
    public sealed record Taken(OrganizationDifference Difference, DateOnly On, AppendReceipt? Receipt) : ImportOutcome;
}

/// <summary>Takes what was read from files into the log as a difference, all of it or nothing.</summary>
public sealed class OrganizationImporter(NpgsqlDataSource database, IEventLog log, EventCatalogue catalogue, TimeProvider clock)
{
    private const int Attempts = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="effective">The first day on which it is so; today in the district's time zone when null.</param>
    /// <param name="preview">Nothing is appended.</param>
    /// <exception cref="StartRefusedException">The read tables, which know the open work, are behind and nobody works on them; or others kept changing the organization.</exception>
    public async Task<ImportOutcome> ImportAsync(OrganizationContent read, DateOnly? effective, bool preview, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var loaded = await OrganizationStream.LoadAsync(log, catalogue, cancellation);
            if (loaded.History.Described is not { } described)
                throw new StartRefusedException("There is no organization in this database yet: the first start of the command center takes it from CommandCenter__Organization.");
            if (described.District != read.District)
                return new ImportOutcome.OtherDistrict(described.District, read.District);

            var now = clock.GetUtcNow();
            var on = effective ?? loaded.History.DayOf(now);
            var difference = OrganizationImport.Difference(loaded.History, read, on);
            if (difference.IsEmpty)
                return new ImportOutcome.Same();
            var after = loaded.History.With(difference.Events);
            if (OrganizationImport.FirstDayWithoutSupervisor(after, on) is { } day)
                return new ImportOutcome.NoSupervisor(day);
            var strandings = OrganizationImport.Strandings(loaded.History.On(on), after.On(on), await OpenWorkAsync(cancellation));
            if (strandings.Count > 0)
                return new ImportOutcome.Stranded(difference, on, strandings);
            if (preview)
                return new ImportOutcome.Taken(difference, on, null);
            if (await log.AppendAsync(OrganizationStream.Append(catalogue, loaded, difference.Events, "system:import", Role.System, read.District, now), cancellation) is AppendResult.Appended appended)
                return new ImportOutcome.Taken(difference, on, appended.Receipt);
        }

        throw new StartRefusedException("Others change the organization at this moment. Nothing was imported; try again.");
    }

    private async Task<IReadOnlyList<OpenWork>> OpenWorkAsync(CancellationToken cancellation)
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
