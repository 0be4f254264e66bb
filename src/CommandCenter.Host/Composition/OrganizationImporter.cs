using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>What an import would do, or did. A closed type.</summary>
public abstract record ImportOutcome
{
    private ImportOutcome() { }

    /// <summary>The organization is as the files say.</summary>
    public sealed record Same : ImportOutcome;

    /// <summary>The files are of another district than the database.</summary>
    public sealed record OtherDistrict(AreaCode Expected, AreaCode Found) : ImportOutcome;

    /// <summary>People would come under ids that others had before them.</summary>
    public sealed record IdsReused(IReadOnlyList<ReusedId> Ids) : ImportOutcome;

    /// <summary>On this day the district would have no supervisor.</summary>
    public sealed record NoSupervisor(DateOnly Day) : ImportOutcome;

    /// <summary>Open work would be left with nobody.</summary>
    public sealed record Stranded(OrganizationDifference Difference, DateOnly On, IReadOnlyList<Stranding> Strandings) : ImportOutcome;

    /// <param name="LeftBehind">What people who leave have open.</param>
    /// <param name="Receipt">Null for a preview.</param>
    public sealed record Taken(OrganizationDifference Difference, DateOnly On, IReadOnlyList<LeftBehind> LeftBehind, AppendReceipt? Receipt) : ImportOutcome;
}

/// <summary>Takes what was read from files into the log as a difference, all of it or nothing.</summary>
public sealed class OrganizationImporter(OpenWorkList open, OrganizationStream stream, TimeProvider clock)
{
    private const int Attempts = 5;

    /// <param name="effective">The first day on which it is so; today in the district's time zone when null.</param>
    /// <param name="preview">Nothing is appended.</param>
    /// <exception cref="StartRefusedException">The read tables, which know the open work, are behind and nobody works on them; or others kept changing the organization.</exception>
    public async Task<ImportOutcome> ImportAsync(OrganizationContent read, DateOnly? effective, bool preview, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var loaded = await stream.LoadAsync(cancellation);
            if (loaded.History.Described is not { } described)
                throw new StartRefusedException("There is no organization in this database yet: the first start of the command center takes it from CommandCenter__Organization.");
            if (described.District != read.District)
                return new ImportOutcome.OtherDistrict(described.District, read.District);

            var now = clock.GetUtcNow();
            var on = effective ?? loaded.History.DayOf(now);
            var difference = OrganizationImport.Difference(loaded.History, read, on);
            if (difference.IsEmpty)
                return new ImportOutcome.Same();
            if (OrganizationImport.ReusedIds(loaded.History, read, on) is { Count: > 0 } reused)
                return new ImportOutcome.IdsReused(reused);
            var after = loaded.History.With(difference.Events);
            if (OrganizationImport.FirstDayWithoutSupervisor(after, on) is { } without)
                return new ImportOutcome.NoSupervisor(without);
            // What is open is open today: of a day that has gone it is no matter who was there then.
            var day = loaded.History.DayOf(now) is var today && on < today ? today : on;
            var work = await open.ReadAsync(cancellation)
                ?? throw new StartRefusedException("The read tables are behind, so it is not known what open work the change concerns. Start the command center and try again.");
            var strandings = OrganizationImport.Strandings(loaded.History.On(day), after.On(day), work);
            if (strandings.Count > 0)
                return new ImportOutcome.Stranded(difference, on, strandings);
            var left = OrganizationImport.WorkOfWhoLeaves(loaded.History.On(day), after.On(day), work);
            if (preview)
                return new ImportOutcome.Taken(difference, on, left, null);
            if (await stream.AppendAsync(loaded, difference.Events, "system:import", Role.System, read.District, now, cancellation) is AppendResult.Appended appended)
                return new ImportOutcome.Taken(difference, on, left, appended.Receipt);
        }

        throw new StartRefusedException("Others change the organization at this moment. Nothing was imported; try again.");
    }
}
