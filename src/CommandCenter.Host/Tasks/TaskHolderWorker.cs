using System.Security.Cryptography;
using System.Text;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;

namespace CommandCenter.Host.Tasks;

/// <summary>
/// Tells the desk that sent a task out as soon as whoever claimed it has left or moved: after every change of the organization, and when a day begins on which one takes effect. Each claimer of each
/// round is told of once, by whichever node is first.
/// </summary>
public sealed partial class TaskHolderWorker(
    NpgsqlDataSource database, StreamCommands commands, TaskKind tasks, LiveOrganization organization, ReadPositions positions, IEventLog log, TimeProvider clock, Pacing pacing, ILogger<TaskHolderWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private (long Version, DateOnly Day) _looked;

    /// <summary>Looks at the tasks that somebody claimed, unless nobody can have left since it last did.</summary>
    /// <returns>How many claimers were found to have left; null where nothing had changed.</returns>
    public async Task<int?> LookAsync(CancellationToken cancellation)
    {
        var now = (organization.Version, organization.History.DayOf(clock.GetUtcNow()));
        if (now == _looked)
            return null;
        // What was claimed before somebody left has to be in the table.
        await positions.Runners[TableNames.Tasks].WaitForAsync((await log.HeadAsync(cancellation)).Last, Patience, cancellation);
        var seats = new TaskSeats(organization.Now);
        var told = 0;
        foreach (var (id, claimer, target) in await ClaimedAsync(cancellation))
        {
            if (seats.SeatFor(claimer, target) is null && await TellAsync(id, cancellation))
                told++;
        }

        _looked = now;
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
        if ((await commands.LoadAsync(tasks, id, cancellation)).State is not GridTask.Claimed { File: { ClaimedBy: { } holder, Round: var round } })
            return false;
        var command = new CommandId("system:tasks", $"claimer-left-{round}-{holder}-{id}", SHA256.HashData(Encoding.UTF8.GetBytes(id)));
        return await commands.EngineAsync(
            tasks, id, command, at, now => now is GridTask.Claimed { File.ClaimedBy: var still } && still == holder ? tasks.WhenClaimerLeft(id, now, at) : new Reaction<TaskEvent>(), $"claimer-left:{holder}", cancellation);
    }

    private async Task<IReadOnlyList<(string Id, string Claimer, AreaCode Target)>> ClaimedAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select id, claimed_by, target from {TableNames.Tasks} where open and stage = 'claimed' and claimed_by is not null order by position");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<(string, string, AreaCode)>();
        while (await reader.ReadAsync(cancellation))
            rows.Add((reader.GetString(0), reader.GetString(1), AreaCode.Parse(reader.GetString(2))));
        return rows;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tasks of people who left could not be looked for; it is tried again")]
    private static partial void LogAway(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Tasks} tasks were with people who have left; the desks were told")]
    private static partial void LogTold(ILogger logger, int tasks);
}
