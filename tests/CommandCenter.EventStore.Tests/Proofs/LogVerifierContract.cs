using CommandCenter.Testing.Postgres;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>A log that was altered behind the back of the event log is found out, and the first event that does not fit is named.</summary>
public abstract class LogVerifierContract(int major) : IAsyncLifetime
{
    private const int Events = 300;
    private PostgresEngine? _engine;

    private PostgresEngine Engine => _engine!;

    public async Task InitializeAsync()
    {
        _engine = await PostgresEngine.StartAsync(major);
        for (var n = 1; n <= Events / 3; n++)
            await Engine.Log.AppendedAsync(Request(To(Case(n % 40), new ExpectedVersion.Any(), Event(), Event("case_filed", """{"category":"street_light","z":1,"a":[1,{"c":true,"b":"é"}]}"""), Event("case_closed", "{}"))));
    }

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    [PostgresFact]
    public async Task A_log_as_it_was_appended_fits_and_so_do_the_heads_that_were_kept_of_it()
    {
        var early = await new TreeReader(Engine.DataSource).HeadAsync();
        await Engine.Log.AppendedAsync(Request(To(Case(1), new ExpectedVersion.Any())));
        var seen = new List<VerifyProgress>();

        var report = await new LogVerifier(Engine.DataSource).VerifyAsync([early], new Progress(seen));

        report.First.ShouldBeNull();
        report.Checked.ShouldBe(Events + 1);
        report.Head.Last.ShouldBe(new LogPosition(1, Events + 1));
        seen[^1].ShouldBe(new VerifyProgress(Events + 1, Events + 1));
    }

    [PostgresFact]
    public async Task What_is_appended_while_it_walks_raises_no_alarm()
    {
        var appended = 0;
        var report = await new LogVerifier(Engine.DataSource).VerifyAsync(progress: new Doing(() =>
        {
            Engine.Log.AppendedAsync(Request(To(Case(900 + appended), new ExpectedVersion.NoStream()), To(Case(1), new ExpectedVersion.Any()))).GetAwaiter().GetResult();
            appended++;
        }));

        appended.ShouldBeGreaterThan(0);
        report.First.ShouldBeNull();
        report.Checked.ShouldBe(Events);
    }

    [PostgresFact]
    public async Task An_empty_log_fits()
    {
        await using var empty = await PostgresEngine.StartAsync(major);
        (await new LogVerifier(empty.DataSource).VerifyAsync()).ShouldSatisfyAllConditions(report => report.First.ShouldBeNull(), report => report.Checked.ShouldBe(0));
    }

    [PostgresFact]
    public Task A_changed_body_is_found() => FoundAsync("event.content", 77, "update mt_events set data = data || '{\"text\":\"other\"}' where seq_id = 77");

    [PostgresFact]
    public Task A_body_that_no_writer_could_have_stored_is_found() => FoundAsync("event.content", 77, "update mt_events set data = '{\"a\":1.5}' where seq_id = 77");

    [PostgresFact]
    public Task A_changed_doer_is_found() => FoundAsync("event.content", 78, "update mt_events set headers = headers || '{\"actor\":\"p-99\"}' where seq_id = 78");

    [PostgresFact]
    public Task A_changed_cause_is_found() => FoundAsync("event.content", 79, "update mt_events set causation_id = 'command:other' where seq_id = 79");

    [PostgresFact]
    public Task A_changed_tenant_is_found() => FoundAsync("event.content", 80, "update mt_events set tenant_id = 'other' where seq_id = 80");

    [PostgresFact]
    public Task A_changed_time_is_found() => FoundAsync("event.time", 81, "update mt_events set timestamp = timestamp - interval '1 hour' where seq_id = 81");

    [PostgresFact]
    public Task A_time_that_is_no_instant_is_found() => FoundAsync("event.time", 82, "update mt_events set timestamp = '-infinity' where seq_id = 82");

    [PostgresFact]
    public Task A_changed_order_is_found() => FoundAsync("event.order", 90,
        "update mt_events set seq_id = -90 where seq_id = 90", "update mt_events set seq_id = 90 where seq_id = 93", "update mt_events set seq_id = 93 where seq_id = -90");

    [PostgresFact]
    public Task A_deleted_event_is_found() => FoundAsync("event.missing", 100, "delete from mt_events where seq_id = 100");

    [PostgresFact]
    public Task A_deleted_event_is_found_although_its_leaf_is_gone_too() =>
        FoundAsync("event.missing", 100, "delete from mt_events where seq_id = 100", "delete from cc_leaves where position = 100");

    [PostgresFact]
    public Task A_deleted_leaf_is_found() => FoundAsync("leaf.missing", 101, "delete from cc_leaves where position = 101");

    [PostgresFact]
    public Task An_event_put_in_the_place_of_another_is_found() => FoundAsync("event.content", 110,
        "delete from mt_events where seq_id = 110",
        "insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, headers) select 110, gen_random_uuid(), stream_id, 999, data, type, timestamp, headers from mt_events where seq_id = 111");

    [PostgresFact]
    public Task An_event_put_behind_the_end_is_found() => FoundAsync("event.beyond_head", Events + 5,
        $"insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, headers) select {Events + 5}, gen_random_uuid(), stream_id, 999, data, type, timestamp, headers from mt_events where seq_id = 111");

    [PostgresFact]
    public Task A_stream_whose_row_says_less_than_it_holds_is_found() => FoundAsync("stream.version", 1, $"update mt_streams set version = 1 where id = '{Case(1)}'");

    [PostgresFact]
    public async Task A_leaf_made_to_fit_a_changed_body_is_found_by_the_kept_nodes_and_without_them_by_the_root()
    {
        await AlterAsync(["update mt_events set data = '{\"text\":\"other\"}' where seq_id = 120"]);
        var leaf = (await Engine.PostgresLog.ReadLeavesAsync(119, 1)).Single();
        await Engine.ExecuteAsync("update cc_leaves set hash = $1 where position = 120", LeafHash.Of(leaf.Form.Span));

        var byNode = (await new LogVerifier(Engine.DataSource).VerifyAsync()).First.ShouldNotBeNull();
        (byNode.Code, byNode.Position, byNode.To).ShouldBe(("tree.node", 1, 256));

        await Engine.ExecuteAsync("delete from cc_nodes");
        var byRoot = (await new LogVerifier(Engine.DataSource).VerifyAsync()).First.ShouldNotBeNull();
        (byRoot.Code, byRoot.Position, byRoot.To).ShouldBe(("tree.root", 1, 256));
    }

    [PostgresFact]
    public Task A_tail_that_was_cut_is_found() => FoundAsync("event.missing", 251, "delete from mt_events where seq_id > 250", "delete from cc_leaves where position > 250");

    [PostgresFact]
    public async Task A_tail_that_was_cut_with_all_its_traces_is_found_by_an_earlier_head()
    {
        var head = await new TreeReader(Engine.DataSource).HeadAsync();
        await RebuildAsync(upTo: 250);

        (await new LogVerifier(Engine.DataSource).VerifyAsync()).First.ShouldBeNull();
        (await new LogVerifier(Engine.DataSource).VerifyAsync([head])).First.ShouldNotBeNull().Code.ShouldBe("head.log_shorter");
    }

    [PostgresFact]
    public async Task A_tree_that_was_built_anew_over_changed_events_is_found_by_an_earlier_head()
    {
        var head = await new TreeReader(Engine.DataSource).HeadAsync();
        await Engine.Log.AppendedAsync(Request(To(Case(1), new ExpectedVersion.Any())));
        await AlterAsync(["update mt_events set data = '{\"text\":\"other\"}' where seq_id = 17"]);
        await RebuildAsync(upTo: Events + 1);

        (await new LogVerifier(Engine.DataSource).VerifyAsync()).First.ShouldBeNull();
        var found = (await new LogVerifier(Engine.DataSource).VerifyAsync([head])).First.ShouldNotBeNull();
        (found.Code, found.To).ShouldBe(("head.differs", Events));
    }

    private async Task FoundAsync(string code, long position, params string[] alterations)
    {
        await AlterAsync(alterations);
        var found = (await new LogVerifier(Engine.DataSource).VerifyAsync()).First.ShouldNotBeNull();
        (found.Code, found.Position).ShouldBe((code, position), found.Words);
    }

    // As somebody with the database's password would: with every guard off.
    private async Task AlterAsync(IEnumerable<string> alterations)
    {
        foreach (var alteration in alterations)
            await Engine.ExecuteAsync($"do $do$ begin set local session_replication_role = replica; {alteration}; end $do$");
    }

    // A forger who knows the format: events beyond are gone, and leaves, nodes, streams and the head are those of what is left.
    private async Task RebuildAsync(long upTo)
    {
        await AlterAsync([$"delete from mt_events where seq_id > {upTo}", "delete from cc_leaves", "delete from cc_nodes"]);
        await AlterAsync(["update mt_streams s set version = (select max(version) from mt_events e where e.stream_id = s.id)"]);
        var tree = new MerkleTree();
        foreach (var leaf in await Engine.PostgresLog.ReadLeavesAsync(0, 1000))
        {
            var hash = LeafHash.Of(leaf.Form.Span);
            tree.Append(hash);
            await Engine.ExecuteAsync("insert into cc_leaves (position, hash) values ($1, $2)", leaf.Position, hash);
        }

        await Engine.ExecuteAsync("update cc_log set last_position = $1, tree_peaks = $2, last_recorded_at = (select max(timestamp) from mt_events)", tree.Size, tree.Peaks());
    }

    private sealed class Progress(List<VerifyProgress> seen) : IProgress<VerifyProgress>
    {
        public void Report(VerifyProgress value) => seen.Add(value);
    }

    private sealed class Doing(Action action) : IProgress<VerifyProgress>
    {
        public void Report(VerifyProgress value) => action();
    }
}

[OnPostgres(15)]
public sealed class LogVerifierOnPostgres15() : LogVerifierContract(15);

[OnPostgres(18)]
public sealed class LogVerifierOnPostgres18() : LogVerifierContract(18);
