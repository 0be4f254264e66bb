using CommandCenter.Testing.Postgres;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>Proofs from the stored tree of a log.</summary>
public abstract class TreeReaderContract(int major) : IAsyncLifetime
{
    private const int Events = 700;
    private PostgresEngine? _engine;

    private PostgresEngine Engine => _engine!;
    private TreeReader Reader => new(Engine.DataSource);

    public async Task InitializeAsync()
    {
        _engine = await PostgresEngine.StartAsync(major);
        await Task.WhenAll(Enumerable.Range(1, Events).Select(n => Engine.Log.AppendedAsync(Request(New(Case(n))))));
    }

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    [PostgresFact]
    public async Task Every_event_is_proved_to_stand_in_the_log()
    {
        var head = await Reader.HeadAsync();
        head.Last.ShouldBe(new LogPosition(1, Events));
        head.Root.ToArray().ShouldBe((await Engine.Log.HeadAsync()).TreeRoot.ToArray());
        (await Engine.ScalarAsync<long>("select count(*) from cc_nodes")).ShouldBe(2);

        foreach (var (position, size) in new[] { (1, Events), (256, Events), (257, Events), (Events, Events), (300, 301), (1, 1) })
        {
            var proof = await Reader.InclusionAsync(position, size);
            var leaf = (await Engine.PostgresLog.ReadLeavesAsync(position - 1, 1)).Single();
            MerkleProofs.VerifyInclusion(LeafHash.Of(leaf.Form.Span), position - 1, size, proof.Hashes, proof.Root.Span).ShouldBeTrue();
        }

        (await Reader.InclusionAsync(17, Events)).Root.ToArray().ShouldBe(head.Root.ToArray());
    }

    [PostgresFact]
    public async Task An_earlier_head_is_proved_to_begin_the_log()
    {
        foreach (var (first, second) in new[] { (1, Events), (255, 256), (256, Events), (513, Events), (Events, Events) })
        {
            var proof = await Reader.ConsistencyAsync(first, second);
            MerkleProofs.VerifyConsistency(first, proof.FirstHash.Span, second, proof.Root.Span, proof.Hashes).ShouldBeTrue();
        }
    }

    [PostgresFact]
    public async Task A_log_older_than_the_kept_nodes_is_proved_from_its_leaves()
    {
        var before = await Reader.InclusionAsync(600, Events);
        await Engine.ExecuteAsync("delete from cc_nodes");

        (await Reader.InclusionAsync(600, Events)).Hashes.ShouldBe(before.Hashes);
    }

    [PostgresFact]
    public async Task A_tree_that_was_altered_proves_nothing()
    {
        await Engine.ExecuteAsync("update cc_nodes set hash = sha256('x') where index = 0");
        await Should.ThrowAsync<BrokenTreeException>(() => Reader.InclusionAsync(600, Events));
        await Engine.ExecuteAsync("delete from cc_nodes");
        await Engine.ExecuteAsync("delete from cc_leaves where position = 77");
        await Should.ThrowAsync<BrokenTreeException>(() => Reader.ConsistencyAsync(600, Events));
    }

    [PostgresFact]
    public async Task What_the_log_does_not_have_is_refused()
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Reader.InclusionAsync(1, Events + 1));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Reader.InclusionAsync(0, Events));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Reader.InclusionAsync(12, 11));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Reader.ConsistencyAsync(0, Events));
    }
}

[OnPostgres(15)]
public sealed class TreeReaderOnPostgres15() : TreeReaderContract(15);

[OnPostgres(18)]
public sealed class TreeReaderOnPostgres18() : TreeReaderContract(18);
