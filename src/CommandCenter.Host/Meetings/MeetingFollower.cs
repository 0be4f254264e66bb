using CommandCenter.Domain.Access;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;

namespace CommandCenter.Host.Meetings;

/// <summary>
/// Tells meetings what became of their cases, and with that the yards. What the read table finds to differ is what is left to do, so nothing is lost in a crash and nothing is
/// told twice: the meeting itself decides whether it is news, and of several nodes one comes first.
/// </summary>
public sealed partial class MeetingFollower(NpgsqlDataSource database, MeetingStreams streams, TimeProvider clock, Pacing pacing, ILogger<MeetingFollower> logger) : BackgroundService, IReadinessCheck
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(30);

    private readonly Heartbeat _heartbeat = new(pacing.Clock);

    public HealthCheck Check() => _heartbeat.IsSilent(Silent) ? new HealthCheck("meetings", "degraded", "Meetings have not been told of their cases of late.") : new HealthCheck("meetings", "ok");

    /// <summary>Tells every meeting of which the read table has news; one that fails does not keep the others from it.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        var after = 0L;
        while (await WithNewsAsync(after, cancellation) is [.., var last] page)
        {
            after = last.Position;
            foreach (var (_, meeting) in page)
                await TellAsync(meeting, cancellation);
        }
    }

    private async Task TellAsync(MeetingSummary meeting, CancellationToken cancellation)
    {
        try
        {
            var engine = new Caller(FeedbackNotices.Engine(meeting.File).Actor, new RoleAt(Role.System, meeting.File.Setup.Area));
            var now = clock.GetUtcNow();
            var outcome = await streams.ExecuteAsync(new MeetingWork(meeting.Id, "follow-cases", (_, _) => Task.FromResult<MeetingCommand>(new FollowCases(meeting.News)), [engine], now, now), cancellation);
            if (outcome is not (Outcome.Done or Outcome.Unchanged))
                LogNotTold(logger, meeting.Id, outcome);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            LogFailed(logger, e, meeting.Id);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
                _heartbeat.Beat();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogAway(logger, e);
            }

            await Task.Delay(Every, pacing.Clock, stoppingToken);
        }
    }

    private async Task<IReadOnlyList<(long Position, MeetingSummary Meeting)>> WithNewsAsync(long after, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select position, summary from board_meetings_v1 where has_news and position > $1 order by position limit 100");
        command.Parameters.AddWithValue(after);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<(long, MeetingSummary)>();
        while (await reader.ReadAsync(cancellation))
            rows.Add((reader.GetInt64(0), MeetingTable.Parse(reader.GetString(1))));
        return rows;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Meeting {Meeting} could not be told of its cases; it is tried again")]
    private static partial void LogFailed(ILogger logger, Exception exception, string meeting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Meeting {Meeting} was not told of its cases, it is tried again: {Outcome}")]
    private static partial void LogNotTold(ILogger logger, string meeting, Outcome outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Meetings could not be told of their cases; it is tried again")]
    private static partial void LogAway(ILogger logger, Exception exception);
}
