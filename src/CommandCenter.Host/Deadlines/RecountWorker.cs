using System.Security.Cryptography;
using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;

namespace CommandCenter.Host.Deadlines;

/// <summary>
/// Counts open cases, and those that are listed for supervision, anew where the calendar or the policy asks for it, page by page. How far it has come stands in the policy's stream, so a crash loses no more than a page, and a case is
/// counted once for each revision, whoever does it. Whatever is decided about a case after the change rests on it, so only cases that were open then are looked for.
/// </summary>
public sealed partial class RecountWorker(
    NpgsqlDataSource database, StreamCommands commands, CaseKind cases, IRecounted listings, PolicyKind kind, LivePolicies policies, ReadPositions positions, IEventLog log, IOrganization organization, TimeProvider clock, Pacing pacing,
    ILogger<RecountWorker> logger) : BackgroundService
{
    /// <summary>So many cases are looked at before it is recorded how far it is.</summary>
    public const int Page = 500;

    private const int AtOnce = 8;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Counts one page, or says that nothing is left; false when nothing is to be done, or another node is at it.</summary>
    public async Task<bool> AdvanceAsync(CancellationToken cancellation)
    {
        if (policies.History.Due is not { } recount)
            return false;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        // One node at a time: two would count everything twice, to the same end.
        await using (var take = new NpgsqlCommand("select pg_try_advisory_lock(hashtextextended('case_recount', 1))", connection))
        {
            if (!(bool)(await take.ExecuteScalarAsync(cancellation))!)
                return false;
        }

        try
        {
            await CountAsync(recount, cancellation);
            return true;
        }
        finally
        {
            // The pool may not reset connections, so the lock is let go of here.
            await using var release = new NpgsqlCommand("select pg_advisory_unlock(hashtextextended('case_recount', 1))", connection);
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await AdvanceAsync(stoppingToken))
                    continue;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogAway(logger, e);
            }

            await Task.Delay(Every, pacing.Clock, stoppingToken);
        }
    }

    private async Task CountAsync(PolicyRecount recount, CancellationToken cancellation)
    {
        // The table has to know of every case that may have been decided before the change.
        await positions.Runners[TableNames.Cases].WaitForAsync((await log.HeadAsync(cancellation)).Last, Patience, cancellation);
        var open = await OpenAsync(recount.AfterPosition, cancellation);
        if (open.Count == 0 && recount.Cause == RecountCause.Calendar)
            await CountListingsAsync(recount, cancellation);
        var recounted = 0;
        await Parallel.ForEachAsync(open, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (row, token) =>
        {
            if (await CountAsync(commands, cases, row.Case, recount, clock.GetUtcNow(), token))
                Interlocked.Increment(ref recounted);
        });

        var (seen, changed) = (recount.Cases + open.Count, recount.Recounted + recounted);
        var at = clock.GetUtcNow();
        var engine = new Caller("system:deadlines", new RoleAt(Role.System, organization.Now.District));
        var outcome = await commands.ExecuteAsync(
            kind,
            new StreamWork<PolicyHistory, PolicyCommand, PolicyEvent>(
                PolicyStream.Key.Id, "advance-recount",
                (_, _) => Task.FromResult<PolicyCommand>(new AdvanceRecount(recount.Revision, open.Count == 0 ? null : open[^1].Position, seen, changed)), [engine], at, at),
            cancellation);
        if (outcome is Outcome.Done done)
            await policies.FollowedAsync(done.Version, cancellation);
        if (open.Count == 0)
            LogFinished(logger, recount.Revision, seen, changed);
        else
            LogAdvanced(logger, recount.Revision, seen, changed);
    }

    // After the cases, and as often as it takes: a case may be listed still when it has ended. Each is counted once, so a crash costs no more than another look.
    private async Task CountListingsAsync(PolicyRecount recount, CancellationToken cancellation)
    {
        await positions.Runners[TableNames.Listings].WaitForAsync((await log.HeadAsync(cancellation)).Last, Patience, cancellation);
        var after = "";
        while (await ListedAsync(after, cancellation) is { Count: > 0 } page)
        {
            await Parallel.ForEachAsync(page, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (id, token) =>
                await listings.CountAsync(id, recount, clock.GetUtcNow(), token));
            after = page[^1];
        }
    }

    /// <summary>Counts one case anew, once for a recount.</summary>
    /// <returns>Whether it was, now or by a node that was killed before it had said how far it was.</returns>
    public static async Task<bool> CountAsync(StreamCommands commands, CaseKind cases, string id, PolicyRecount recount, DateTimeOffset at, CancellationToken cancellation)
    {
        var command = new CommandId("system:deadlines", $"recount-{recount.Revision}-{id}", SHA256.HashData(Encoding.UTF8.GetBytes(id)));
        var before = false;
        var now = await commands.EngineAsync(
            cases, id, command, at,
            state =>
            {
                before = state is Case.Known { File.Clocks: var clocks } && clocks.Values.Any(clock => clock.Facts.Any(fact => fact is ClockRecounted counted && counted.Revision == recount.Revision));
                return cases.Recount(id, state, recount, at);
            },
            $"recount:{recount.Revision}", cancellation);
        return now || before;
    }

    private async Task<List<(long Position, string Case)>> OpenAsync(long after, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select position, id from {TableNames.Cases} where open and position > $1 order by position limit {Page}");
        command.Parameters.AddWithValue(after);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<(long, string)>();
        while (await reader.ReadAsync(cancellation))
            rows.Add((reader.GetInt64(0), reader.GetString(1)));
        return rows;
    }

    private async Task<List<string>> ListedAsync(string after, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select case_id from {TableNames.Listings} where stage = 'listed' and case_id > $1 order by case_id limit {Page}");
        command.Parameters.AddWithValue(after);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<string>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(reader.GetString(0));
        return rows;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Open cases could not be counted anew; it is tried again")]
    private static partial void LogAway(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Recount {Revision}: {Cases} open cases looked at, {Recounted} counted anew")]
    private static partial void LogAdvanced(ILogger logger, long revision, int cases, int recounted);

    [LoggerMessage(Level = LogLevel.Information, Message = "Recount {Revision} is done: {Cases} open cases looked at, {Recounted} counted anew")]
    private static partial void LogFinished(ILogger logger, long revision, int cases, int recounted);
}
