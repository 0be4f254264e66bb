using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CommandCenter.Testing.Postgres;
using FsCheck;
using FsCheck.Fluent;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>What PostgreSQL gives back has the canonical form, and the leaves and the root of what was written.</summary>
public abstract class StoredFormContract(int major) : IAsyncLifetime
{
    private PostgresEngine? _engine;

    private PostgresEngine Engine => _engine!;

    public async Task InitializeAsync() => _engine = await PostgresEngine.StartAsync(major);

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    [PostgresFact]
    public async Task Leaves_and_root_are_those_formed_anew_from_the_stored_rows()
    {
        var number = 0;
        // FsCheck prints the seed of a run that fails.
        await Task.Run(() => Prop.ForAll(RandomJson.Objects.ArrayOf(2).ToArbitrary(), (JsonObject[] data) =>
        {
            number++;
            var events = data.Select((node, i) => Event(data: node.ToJsonString()) with { CausationId = i == 0 ? null : $"command:\"{number}\"", CorrelationId = number % 2 == 0 ? "案:1" : null });
            Engine.Log.AppendedAsync(Request(New(Case(number), [.. events]))).GetAwaiter().GetResult();
            if (number == 50)
                Engine.PostgresLog.RaiseEpochAsync().GetAwaiter().GetResult();
        }).QuickCheckThrowOnFailure());
        number.ShouldBe(100);

        var naive = await NaiveLeavesAsync();
        var leaves = await Engine.PostgresLog.ReadLeavesAsync(0, 1000);

        leaves.Select(leaf => leaf.Position).ShouldBe(Enumerable.Range(1, 200).Select(n => (long)n));
        leaves.Select(leaf => Encoding.UTF8.GetString(leaf.Form.Span)).ShouldBe(naive);
        leaves.Select(leaf => Convert.ToHexString(LeafHash.Of(leaf.Form.Span))).ShouldBe(leaves.Select(leaf => Convert.ToHexString(leaf.StoredHash.Span)));
        var hashes = naive.Select(form => SHA256.HashData([0, .. Encoding.UTF8.GetBytes(form)])).ToList();
        (await Engine.Log.HeadAsync()).TreeRoot.ToArray().ShouldBe(MerkleTreeTests.NaiveRoot(hashes));
        (await Engine.ScalarAsync<byte[]>("select tree_peaks from cc_log")).Length.ShouldBe(3 * 32);
    }

    [PostgresFact]
    public async Task An_altered_row_no_longer_fits_its_leaf()
    {
        await Engine.Log.AppendedAsync(Request(New(Case(1), Event(), Event())));
        await Engine.ExecuteAsync("""update mt_events set data = '{"text":"改"}' where seq_id = 1""");
        await Engine.ExecuteAsync("delete from cc_leaves where position = 2");

        var leaves = await Engine.PostgresLog.ReadLeavesAsync(0, 10);

        LeafHash.Of(leaves[0].Form.Span).ShouldNotBe(leaves[0].StoredHash.ToArray());
        leaves[1].StoredHash.Length.ShouldBe(0);
    }

    // A second way from the row to the leaf: text from PostgreSQL, sorted by LINQ.
    private async Task<List<string>> NaiveLeavesAsync()
    {
        await using var command = Engine.DataSource.CreateCommand(
            """
            select causation_id, correlation_id, data::text, headers::text, id::text, seq_id, to_char(timestamp at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), stream_id, tenant_id, type, version
            from mt_events order by seq_id
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var forms = new List<string>();
        while (await reader.ReadAsync())
        {
            var leaf = new JsonObject
            {
                ["version"] = reader.GetInt64(10), ["type"] = reader.GetString(9), ["tenant"] = reader.GetString(8), ["stream"] = reader.GetString(7), ["recordedAt"] = reader.GetString(6),
                ["position"] = reader.GetInt64(5), ["id"] = reader.GetString(4), ["headers"] = JsonNode.Parse(reader.GetString(3)), ["data"] = JsonNode.Parse(reader.GetString(2)),
            };
            if (!reader.IsDBNull(1))
                leaf["correlationId"] = reader.GetString(1);
            if (!reader.IsDBNull(0))
                leaf["causationId"] = reader.GetString(0);
            forms.Add(CanonicalJsonTests.Naive(leaf));
        }

        return forms;
    }
}

[OnPostgres(15)]
public sealed class StoredFormOnPostgres15() : StoredFormContract(15);

[OnPostgres(18)]
public sealed class StoredFormOnPostgres18() : StoredFormContract(18);
