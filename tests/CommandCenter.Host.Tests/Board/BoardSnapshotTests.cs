using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CommandCenter.EventStore;
using CommandCenter.Host.Board;
using CommandCenter.Host.Tests.Tasks;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Host.Tests.Whistles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CommandCenter.Host.Tests.Board;

/// <summary>The board as it is stored on the way.</summary>
public sealed class BoardSnapshotTests
{
    private const int Every = 40;

    [Fact]
    public async Task A_snapshot_is_what_any_node_folds_and_is_gone_on_from_only_while_the_log_holds_what_it_ends_with()
    {
        await using var town = await Town.StartAsync(null, $"--CommandCenter:BoardSnapshotEvery={Every}");
        await new Population(town, 20261130).LiveAsync(12, TimeSpan.FromDays(2));
        await town.AWhistleThatWasBlown();
        await town.AListThatWasPublished();
        await town.CaughtUpAsync();
        var (sources, snapshots) = (town.Services.GetRequiredService<BoardSources>(), town.Services.GetRequiredService<BoardSnapshots>());
        var stored = await town.ColumnAsync("select position || ' ' || encode(sha256(body), 'hex') from board_snapshots_v1 order by position");
        var folded = new FoldedLog(sources, new BoardFold(sources.Organization), new LogPosition(1, 0), NullLogger.Instance);
        var found = new List<string>();
        await using (var reader = await town.Database.CreateCommand("select body from board_snapshots_v1").ExecuteReaderAsync())
            while (await reader.ReadAsync())
            {
                using var body = new MemoryStream(reader.GetFieldValue<byte[]>(0));
                BoardSnapshots.Pack(new BoardFold(sources.Organization, BoardSnapshots.Unpack(body)).State()).ShouldBe(body.ToArray());
            }

        foreach (var next in await sources.Log.ReadLogAsync(0, int.MaxValue))
        {
            await folded.ApplyAsync(next, CancellationToken.None);
            if (snapshots.IsDue(folded))
                found.Add($"{next.Position.Position} {Convert.ToHexStringLower(SHA256.HashData(BoardSnapshots.Pack(folded.Fold.State())))}");
        }

        found.ShouldBe(stored);

        // One that cannot be read, or that ends with an event which the log does not hold, is passed over.
        var head = (await sources.Log.HeadAsync()).Last;
        var last = long.Parse(stored[^1].Split(' ')[0], CultureInfo.InvariantCulture);
        (await snapshots.UpToAsync(head, CancellationToken.None)).Position.Position.ShouldBe(last);
        await town.AskAsync<long>($"with spoilt as (update board_snapshots_v1 set event = gen_random_uuid() where position = {last} returning 1) select count(*) from spoilt");
        (await snapshots.UpToAsync(head, CancellationToken.None)).Position.Position.ShouldBe(last - Every);
        await town.AskAsync<long>($"with spoilt as (update board_snapshots_v1 set body = substr(body, 2) where position = {last - Every} returning 1) select count(*) from spoilt");
        (await snapshots.UpToAsync(head, CancellationToken.None)).Position.Position.ShouldBe(0);
        foreach (var (name, spoilt) in (await SpoiltAsync(town, last - (2 * Every))).Prepend(("nothing in it", "{}")))
        {
            await PutAsync(town, last - Every, spoilt);
            (await snapshots.UpToAsync(head, CancellationToken.None)).Position.Position.ShouldBe(0, name);
        }

        await town.AskAsync<long>($"with gone as (delete from board_snapshots_v1 where position = {last - Every} returning 1) select count(*) from gone");
        // Whoever folds past it puts a whole one there again.
        await snapshots.SaveAsync(await RefoldAsync(sources, last), CancellationToken.None);
        (await snapshots.UpToAsync(head, CancellationToken.None)).Position.Position.ShouldBe(last);
    }

    [Theory]
    [InlineData(0, 10_000)]
    [InlineData(19_999, 10_000)]
    [InlineData(20_000, 20_000)]
    [InlineData(50_000, 80_000)]
    [InlineData(1_000_000, 1_280_000)]
    public void The_more_is_held_the_further_snapshots_are_apart(int held, long events) => BoardSnapshots.Distance(10_000, held).ShouldBe(events);

    // A sound snapshot, without one of its lists, and with a list that holds the same twice.
    private static async Task<IReadOnlyList<(string Name, string Body)>> SpoiltAsync(Town town, long position)
    {
        await using var command = town.Database.CreateCommand($"select body from board_snapshots_v1 where position = {position}");
        using var body = new MemoryStream((byte[])(await command.ExecuteScalarAsync())!);
        await using var brotli = new BrotliStream(body, CompressionMode.Decompress);
        var sound = (await JsonNode.ParseAsync(brotli))!.AsObject();
        var lists = sound.Where(member => member.Value is JsonArray).Select(member => member.Key).ToList();
        return
        [
            .. lists.Select(list =>
            {
                var without = sound.DeepClone().AsObject();
                without.Remove(list);
                return ($"without {list}", without.ToJsonString());
            }),
            ("a day twice", Twice()),
        ];

        string Twice()
        {
            var twice = sound.DeepClone().AsObject();
            var ordinals = twice["ordinals"]!.AsArray();
            ordinals.Add(ordinals[0]!.DeepClone());
            return twice.ToJsonString();
        }
    }

    private static async Task PutAsync(Town town, long position, string body)
    {
        using var packed = new MemoryStream();
        await using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await brotli.WriteAsync(Encoding.UTF8.GetBytes(body));
        await using var command = town.Database.CreateCommand("update board_snapshots_v1 set body = $1 where position = $2");
        command.Parameters.AddWithValue(packed.ToArray());
        command.Parameters.AddWithValue(position);
        (await command.ExecuteNonQueryAsync()).ShouldBe(1);
    }

    private static async Task<FoldedLog> RefoldAsync(BoardSources sources, long last)
    {
        var folded = new FoldedLog(sources, new BoardFold(sources.Organization), new LogPosition(1, 0), NullLogger.Instance);
        foreach (var next in await sources.Log.ReadLogAsync(0, (int)last))
            await folded.ApplyAsync(next, CancellationToken.None);
        return folded;
    }
}
