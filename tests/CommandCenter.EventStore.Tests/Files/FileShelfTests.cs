using CommandCenter.Testing.Postgres;
using static CommandCenter.EventStore.Tests.Files.FilesFixture;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests.Files;

/// <summary>A file that an event names is there for good; one that no event names goes; and never both.</summary>
public sealed class FileShelfTests : IAsyncLifetime
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);
    private FilesFixture? _given;

    private FilesFixture Given => _given!;

    private DateTimeOffset Now => Given.Engine.Clock.GetUtcNow();

    public async Task InitializeAsync() => _given = await StartAsync();

    public async Task DisposeAsync() => await Given.DisposeAsync();

    [PostgresFact]
    public async Task A_file_that_nobody_named_in_time_is_collected_with_who_brought_it_and_one_that_was_named_stays()
    {
        var named = await Given.PutAsync(Content(1, 500), Now);
        var unnamed = await Given.PutAsync(Content(2, 500), Now);
        var later = await Given.PutAsync(Content(3, 500), Now.AddDays(1));
        await Given.Engine.Log.AppendedAsync(Request(New(Case(1))) with { Files = [named] });

        (await Given.Shelf.CollectAsync(Now)).ShouldBe(0, "what is just as old as the limit is kept");
        (await Given.Shelf.CollectAsync(Now.AddMicroseconds(1))).ShouldBe(1);
        (await Given.Shelf.CollectAsync(Now.AddMicroseconds(1))).ShouldBe(0);

        (await Given.IsThereAsync(named)).ShouldBeTrue();
        (await Given.IsThereAsync(later)).ShouldBeTrue();
        (await Given.IsThereAsync(unnamed)).ShouldBeFalse();
        (await Given.Shelf.FindAsync(unnamed)).ShouldBeNull();
        (await Given.Shelf.WasBroughtByAsync("p-17", unnamed)).ShouldBeFalse();
        (await Given.Shelf.WasBroughtByAsync("p-17", named)).ShouldBeTrue();
        (await Given.Shelf.WasBroughtByAsync("p-18", named)).ShouldBeFalse();
        (await Given.Shelf.FindAsync(named)).ShouldBe(new ShelvedFile(named, "application/pdf", 500, Now));
    }

    [PostgresFact]
    public async Task What_somebody_sent_counts_until_an_event_names_it_or_it_is_collected()
    {
        var named = await Given.PutAsync(Content(1, 500), Now);
        await Given.PutAsync(Content(2, 700), Now);
        (await Given.Shelf.UnnamedBytesAsync("p-17")).ShouldBe(1_200);
        await Given.Engine.Log.AppendedAsync(Request(New(Case(1))) with { Files = [named] });
        (await Given.Shelf.UnnamedBytesAsync("p-17")).ShouldBe(700);
        (await Given.Shelf.UnnamedBytesAsync("p-18")).ShouldBe(0);

        await Given.Shelf.CollectAsync(Now.AddMicroseconds(1));

        (await Given.Shelf.UnnamedBytesAsync("p-17")).ShouldBe(0);
    }

    [PostgresFact]
    public async Task An_append_that_names_a_file_that_is_not_there_appends_nothing_and_hinders_nobody()
    {
        var there = await Given.PutAsync(Content(1, 500), Now);
        var nowhere = HashOf(Content(2, 500));

        var results = await Task.WhenAll(
            Given.Engine.Log.AppendAsync(Request(New(Case(1))) with { Files = [there] }),
            Given.Engine.Log.AppendAsync(Request(New(Case(2))) with { Files = [there, nowhere], Command = Command() }),
            Given.Engine.Log.AppendAsync(Request(New(Case(3)))));

        results[0].ShouldBeOfType<AppendResult.Appended>();
        results[1].ShouldBe(new AppendResult.FileGone(nowhere));
        results[2].ShouldBeOfType<AppendResult.Appended>();
        (await Given.Engine.Log.HeadAsync()).Last.Position.ShouldBe(2);
        (await Given.Engine.Log.FindCommandAsync("p-17", "k1")).ShouldBeNull("a refusal uses no command id up");
    }

    [PostgresFact]
    public async Task A_log_in_memory_holds_appends_to_the_files_that_it_was_told_of()
    {
        var log = new InMemoryEventLog(Given.Engine.Clock);
        (await log.AppendAsync(Request(New(Case(1))) with { Files = ["sha256:a"] })).ShouldBe(new AppendResult.FileGone("sha256:a"));
        log.AddFile("sha256:a");
        (await log.AppendAsync(Request(New(Case(1))) with { Files = ["sha256:a"] })).ShouldBeOfType<AppendResult.Appended>();
    }

    [PostgresFact]
    public async Task Who_collects_waits_for_an_append_that_names_the_file_and_then_leaves_it()
    {
        var hash = await Given.PutAsync(Content(1, 500), Now);
        // As far as an append is between its two round trips.
        await using var append = await Given.Engine.DataSource.OpenConnectionAsync();
        await using var transaction = await append.BeginTransactionAsync();
        await using (var find = append.CreateCommand())
        {
            find.CommandText = AppendExecutor.SelectFiles;
            find.Parameters.AddWithValue(new[] { hash });
            (await find.ExecuteScalarAsync()).ShouldBe(hash);
        }

        var collect = Given.Shelf.CollectAsync(Now + Month);
        await UntilSomebodyWaitsAsync();
        collect.IsCompleted.ShouldBeFalse();
        await using (var name = append.CreateCommand())
        {
            name.CommandText = "update cc_files set named = true";
            await name.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        (await collect).ShouldBe(0);
        (await Given.IsThereAsync(hash)).ShouldBeTrue();
    }

    [PostgresFact]
    public async Task From_its_mark_on_a_file_cannot_be_named_and_a_collection_cut_off_is_ended_by_the_next()
    {
        var content = Content(1, 500);
        var hash = await Given.PutAsync(content, Now);
        // Killed after its first step; whether the file was removed before the kill or not.
        await Given.Engine.ExecuteAsync("update cc_files set collecting = true");

        (await Given.Engine.Log.AppendAsync(Request(New(Case(1))) with { Files = [hash] })).ShouldBe(new AppendResult.FileGone(hash));
        (await Given.Shelf.FindAsync(hash)).ShouldBeNull();

        // It comes again meanwhile: then it is there, and may be named.
        await Given.PutAsync(content, Now.AddHours(1));
        await Given.Engine.Log.AppendedAsync(Request(New(Case(1))) with { Files = [hash] });
        (await Given.Shelf.CollectAsync(Now + Month)).ShouldBe(0);
        (await Given.ReadAsync(hash)).ShouldBe(content);

        var other = await Given.PutAsync(Content(2, 500), Now);
        await Given.Engine.ExecuteAsync("update cc_files set collecting = true where not named");
        Given.Files.Delete(other);
        (await Given.Shelf.CollectAsync(Now + Month)).ShouldBe(1);
        (await Given.Engine.ScalarAsync<long>("select count(*) from cc_files")).ShouldBe(1);
    }

    [PostgresFact]
    public async Task Appending_collecting_and_putting_at_once_never_leave_an_event_without_its_file()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var (appended, gone) = (0, 0);
        for (var round = 1; round <= 60; round++)
        {
            var content = Content(round, random.Next(1, 100_000));
            var hash = await Given.PutAsync(content, Now);
            Func<Task>[] all =
            [
                () => Given.Shelf.CollectAsync(Now.AddSeconds(1)),
                () => Given.Shelf.CollectAsync(Now.AddSeconds(1)),
                async () =>
                {
                    var result = await Given.Engine.Log.AppendAsync(Request(New(Case(round))) with { Files = [hash] });
                    var known = await Given.Engine.Log.ReadStreamAsync(Case(round));
                    if (result is AppendResult.Appended)
                    {
                        appended++;
                        known.Count.ShouldBe(1);
                    }
                    else
                    {
                        gone++;
                        result.ShouldBe(new AppendResult.FileGone(hash));
                        known.ShouldBeEmpty();
                    }
                },
            ];
            // Half of the time the same content comes again at the same moment.
            if (random.Next(2) == 0)
                all = [.. all, () => Given.PutAsync(content, Now)];
            random.Shuffle(all);
            await Task.WhenAll(all.Select(one => Task.Run(one)));
            await Given.Shelf.CollectAsync(Now.AddSeconds(1));

            var wasNamed = (await Given.Engine.Log.ReadStreamAsync(Case(round))).Count == 1;
            (await Given.IsThereAsync(hash)).ShouldBe(wasNamed, $"seed {seed}, round {round}");
            (await Given.Shelf.FindAsync(hash) is not null).ShouldBe(wasNamed, $"seed {seed}, round {round}");
        }

        (appended + gone).ShouldBe(60, $"seed {seed}");
        appended.ShouldBeGreaterThan(0, $"seed {seed}: nothing was named in any round");
    }

    private Task UntilSomebodyWaitsAsync() => UntilAsync(async () => await Given.Engine.ScalarAsync<long>(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") > 0);

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(5, limit.Token);
    }
}
