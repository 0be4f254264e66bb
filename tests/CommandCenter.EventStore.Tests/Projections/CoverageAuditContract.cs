using CommandCenter.Testing.Postgres;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>What is missing from read tables, or from the log itself, is found although nothing lags.</summary>
public abstract class CoverageAuditContract(int major) : IAsyncLifetime
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));
    private readonly List<Task> _running = [];
    private PostgresEngine? _engine;
    private ProjectionRunner? _runner;

    private PostgresEngine Engine => _engine!;

    public async Task InitializeAsync()
    {
        _engine = await PostgresEngine.StartAsync(major);
        _runner = new ProjectionRunner(_engine.DataSource, _engine.Log, new Sums(), _engine.Clock, new ProjectionRunnerOptions { WaitClock = TimeProvider.System });
        _running.Add(_runner.RunAsync(_limit.Token));
    }

    public async Task DisposeAsync()
    {
        await _limit.CancelAsync();
        foreach (var running in _running)
            await Should.ThrowAsync<OperationCanceledException>(running);
        await Engine.DisposeAsync();
        _limit.Dispose();
    }

    [PostgresFact]
    public async Task Nothing_is_missing_where_everything_was_applied()
    {
        await FillAsync(25);
        var seen = new List<AuditState>();

        (await Audit().SweepAsync(new Said(seen.Add))).ShouldBeEmpty();

        seen.Select(state => (state.Projection, state.Position)).ShouldBe([("log", 10), ("log", 20), ("log", 25), ("sums_v1", 10), ("sums_v1", 20), ("sums_v1", 25)]);
    }

    [PostgresFact]
    public async Task A_row_that_is_gone_is_named_although_the_checkpoint_stands_at_the_head()
    {
        await FillAsync(25);
        await Engine.ExecuteAsync("delete from sums_v1 where stream = $1", Case(14).ToString());

        var missing = (await Audit().SweepAsync()).ShouldHaveSingleItem();

        (missing.Projection, missing.AfterPosition, missing.ToPosition, missing.Expected, missing.Found, missing.Example).ShouldBe(("sums_v1", 10, 20, 10, 9, Case(14).ToString()));
        missing.FoundAt.ShouldBe(Engine.Clock.GetUtcNow());
        _runner!.Position.ShouldBe((await Engine.Log.HeadAsync()).Last);
        (await ProjectionStates.TroubleAsync(Engine.DataSource)).ShouldBe(1);
    }

    [PostgresFact]
    public async Task A_row_that_is_behind_its_stream_is_named_too()
    {
        await FillAsync(5);
        await Engine.ExecuteAsync("update sums_v1 set position = position - 1 where stream = $1", Case(3).ToString());

        (await Audit().SweepAsync()).ShouldHaveSingleItem().Example.ShouldBe(Case(3).ToString());
    }

    [PostgresFact]
    public async Task After_a_rebuild_the_alarm_is_over()
    {
        await FillAsync(25);
        await Engine.ExecuteAsync("delete from sums_v1 where stream = $1", Case(14).ToString());
        (await Audit().SweepAsync()).ShouldNotBeEmpty();

        await new ProjectionRebuild(Engine.DataSource, Engine.Log, new Sums(), Engine.Clock, TimeProvider.System).RunAsync(cancellation: _limit.Token);

        (await Audit().MissingAsync()).ShouldBeEmpty();
        (await Audit().SweepAsync()).ShouldBeEmpty();
        (await ProjectionStates.TroubleAsync(Engine.DataSource)).ShouldBe(0);
    }

    [PostgresFact]
    public async Task A_recount_that_finds_it_there_again_crosses_it_out()
    {
        await FillAsync(5);
        await Engine.ExecuteAsync("create table kept as select * from sums_v1; delete from sums_v1");
        (await Audit().SweepAsync()).ShouldNotBeEmpty();
        await Engine.ExecuteAsync("insert into sums_v1 select * from kept");

        (await Audit().SweepAsync()).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task An_event_that_is_gone_from_the_log_is_named_by_its_position()
    {
        await FillAsync(25);
        await Engine.ExecuteAsync("delete from mt_events where seq_id = 17");

        var missing = (await Audit().SweepAsync()).First(range => range.Projection == CoverageAudit.Log);

        (missing.AfterPosition, missing.ToPosition, missing.Expected, missing.Found, missing.Example).ShouldBe((10, 20, 10, 9, "position 17"));
    }

    [PostgresFact]
    public async Task What_is_parked_is_reported_as_such_and_not_as_missing()
    {
        await FillAsync(3);
        await Engine.Log.AppendedAsync(Request(To(Case(1), new ExpectedVersion.Any(), Event(data: """{"value":-1}"""))));
        await FillAsync(3, from: 100);

        (await Audit().SweepAsync()).ShouldBeEmpty();
        (await ProjectionStates.TroubleAsync(Engine.DataSource)).ShouldBe(1);
    }

    [PostgresFact]
    public async Task Working_by_itself_it_finds_what_goes_missing_in_old_ranges_and_in_the_newest()
    {
        await FillAsync(25);
        var audit = Audit();
        _running.Add(audit.RunAsync(_limit.Token));
        await UntilAsync(async () => (await audit.StatesAsync()) is { Count: 2 } states && states.All(state => state.SweptAt is not null));
        audit.Heartbeat.LastAt.ShouldNotBeNull();

        await Engine.ExecuteAsync("delete from sums_v1 where stream = $1 or stream = $2", Case(4).ToString(), Case(24).ToString());
        // The newest range is looked at again at once; the old ones when the next sweep is due.
        await UntilAsync(async () => (await audit.MissingAsync()) is [{ AfterPosition: 20 }]);
        Engine.Clock.Advance(TimeSpan.FromHours(1));
        await UntilAsync(async () => (await audit.MissingAsync()).Count == 2);
    }

    [PostgresFact]
    public async Task A_recount_that_breaks_keeps_no_other_from_its_own_and_is_seen_by_the_silence()
    {
        await FillAsync(25);
        await Engine.ExecuteAsync("insert into mt_event_progression (name, last_seq_id) values ('broken_v1:All', 25); insert into cc_projections (name, epoch) values ('broken_v1', 1)");
        await Engine.ExecuteAsync("delete from sums_v1 where stream = $1", Case(14).ToString());
        var audit = Audit(new Sums { Name = "broken_v1", RecountFails = true }, new Sums());
        _running.Add(audit.RunAsync(_limit.Token));

        await UntilAsync(async () => (await audit.MissingAsync()) is [{ Projection: "sums_v1", AfterPosition: 10 }]);
        audit.Heartbeat.LastAt.ShouldBeNull();
    }

    [PostgresFact]
    public async Task A_log_of_a_new_epoch_is_recounted_from_its_beginning()
    {
        await FillAsync(25);
        var audit = Audit();
        _running.Add(audit.RunAsync(_limit.Token));
        await UntilAsync(async () => (await audit.StatesAsync()) is { Count: 2 } states && states.All(state => state.Position == 20 && state.SweptAt is not null));

        await Engine.ExecuteAsync("delete from mt_events where seq_id = 5");
        await Engine.RaiseEpochAsync();

        await UntilAsync(async () => (await audit.MissingAsync()).Any(range => range is { Projection: "log", AfterPosition: 0 }));
    }

    [PostgresFact]
    public async Task What_was_missing_beyond_the_end_of_a_restored_log_is_no_alarm()
    {
        await FillAsync(5);
        await Engine.ExecuteAsync("insert into cc_missing (projection, after_position, to_position, expected, found, example, found_at) values ('log', 40, 50, 10, 9, 'position 41', now())");

        (await Audit().SweepAsync()).ShouldBeEmpty();
    }

    private CoverageAudit Audit(params IProjection[] projections) => new(Engine.DataSource, projections.Length > 0 ? projections : [new Sums()], Engine.Clock, new CoverageAuditOptions
    {
        Range = 10, Every = TimeSpan.FromMilliseconds(1), Share = 1, TailEvery = TimeSpan.FromMilliseconds(1), WaitClock = TimeProvider.System,
    });

    private async Task FillAsync(int count, int from = 0)
    {
        var last = default(LogPosition);
        for (var n = from; n < from + count; n++)
            last = (await Engine.Log.AppendedAsync(Request(To(Case(n), new ExpectedVersion.Any(), Event(data: """{"value":1}"""))))).Last;
        await _runner!.WaitForAsync(last, _limit.Token);
    }

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            _limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class Said(Action<AuditState> say) : IProgress<AuditState>
    {
        public void Report(AuditState value) => say(value);
    }
}

[OnPostgres(15)]
public sealed class AuditsOnPostgres15() : CoverageAuditContract(15);

[OnPostgres(18)]
public sealed class AuditsOnPostgres18() : CoverageAuditContract(18);
