using System.Security.Cryptography;
using System.Text;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;

namespace CommandCenter.Host.Cases;

/// <summary>
/// Tells whoever is next as soon as somebody who has a case by name, or whose turn it was by their seat, has left or moved: after every change of the organization, and when a day begins on which
/// one takes effect. Each holder of each round is told of once, and each change once, by whichever node is first.
/// </summary>
public sealed partial class HolderWorker(
    NpgsqlDataSource database, StreamCommands commands, CaseKind cases, LiveOrganization organization, ReadPositions positions, IEventLog log, TimeProvider clock, Pacing pacing, ILogger<HolderWorker> logger) : BackgroundService
{
    private const int AtOnce = 4;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private (long Version, DateOnly Day) _looked;
    private OrganizationDirectory? _before;

    /// <summary>Looks at the cases that are with somebody, unless nobody can have left since it last did.</summary>
    /// <returns>How many holders were found to have left; null where nothing had changed.</returns>
    public async Task<int?> LookAsync(CancellationToken cancellation)
    {
        var now = (organization.Version, organization.History.DayOf(clock.GetUtcNow()));
        if (now == _looked)
            return null;
        var (before, current) = (_before, organization.Now);
        // What was given to somebody before they left has to be in the table.
        await positions.Runners[TableNames.Cases].WaitForAsync((await log.HeadAsync(cancellation)).Last, Patience, cancellation);
        var told = 0;
        await Parallel.ForEachAsync(await OpenAsync(before is null, cancellation), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (id, token) =>
        {
            if (await TellAsync(id, token) || (before is not null && await TellOthersAsync(id, before, now, token)))
                Interlocked.Increment(ref told);
        });
        (_looked, _before) = (now, current);
        if (told > 0)
            LogTold(logger, told);
        return told;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogAway(logger, e);
            }

            await Task.Delay(Every, pacing.Clock, stoppingToken);
        }
    }

    private async Task<bool> TellAsync(string id, CancellationToken cancellation)
    {
        var at = clock.GetUtcNow();
        if ((await commands.LoadAsync(cases, id, cancellation)).State is not Case.Known { File: var file } state || DeadlineSaga.HolderOf(state) is not { } holder || cases.WhenHolderLeft(id, state, at).IsEmpty)
            return false;
        var command = new CommandId("system:deadlines", $"holder-left-{file.Dispatches}-{holder}-{id}", SHA256.HashData(Encoding.UTF8.GetBytes(id)));
        return await commands.EngineAsync(cases, id, command, at, now => DeadlineSaga.HolderOf(now) == holder ? cases.WhenHolderLeft(id, now, at) : new Reaction<CaseEvent>(), $"holder-left:{holder}", cancellation);
    }

    private async Task<bool> TellOthersAsync(string id, OrganizationDirectory before, (long Version, DateOnly Day) now, CancellationToken cancellation)
    {
        var at = clock.GetUtcNow();
        if (cases.WhenOthersActNow(id, (await commands.LoadAsync(cases, id, cancellation)).State, before, at).IsEmpty)
            return false;
        var change = FormattableString.Invariant($"{now.Version}-{now.Day:yyyyMMdd}");
        var command = new CommandId("system:deadlines", $"others-act-{change}-{id}", SHA256.HashData(Encoding.UTF8.GetBytes(id)));
        return await commands.EngineAsync(cases, id, command, at, state => cases.WhenOthersActNow(id, state, before, at), $"organization:{change}", cancellation);
    }

    /// <param name="byName">Only those that somebody has by name: what the organization was before the host started it does not know.</param>
    private async Task<IReadOnlyList<string>> OpenAsync(bool byName, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select id from {TableNames.Cases} where open {(byName ? "and stage in ('dispatched', 'handling', 'checking')" : "")} order by position");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var ids = new List<string>();
        while (await reader.ReadAsync(cancellation))
            ids.Add(reader.GetString(0));
        return ids;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cases of people who left could not be looked for; it is tried again")]
    private static partial void LogAway(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Cases} cases were with people who have left, or others act on them now; whoever is next was told")]
    private static partial void LogTold(ILogger logger, int cases);
}
