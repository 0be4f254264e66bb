using System.Globalization;
using System.Security.Cryptography;
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
            if (snapshots.IsDue(next))
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
        await town.AskAsync<long>($"with gone as (delete from board_snapshots_v1 where position = {last - Every} returning 1) select count(*) from gone");
        // Whoever folds past it puts a whole one there again.
        await snapshots.SaveAsync(await RefoldAsync(sources, last), CancellationToken.None);
        (await snapshots.UpToAsync(head, CancellationToken.None)).Position.Position.ShouldBe(last);
    }

    private static async Task<FoldedLog> RefoldAsync(BoardSources sources, long last)
    {
        var folded = new FoldedLog(sources, new BoardFold(sources.Organization), new LogPosition(1, 0), NullLogger.Instance);
        foreach (var next in await sources.Log.ReadLogAsync(0, (int)last))
            await folded.ApplyAsync(next, CancellationToken.None);
        return folded;
    }
}
