using System.Text.Json;
using CommandCenter.EventStore;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Tests.Towns;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CommandCenter.Host.Tests.ReadSide;

/// <summary>Read tables are nothing but the log read again.</summary>
public sealed class ReadTablesTests : IAsyncLifetime
{
    private static readonly string[] Tables = [CaseTable.TableName, InboxTable.TableName];

    private Town? _town;

    private Town Town => _town!;

    public async Task InitializeAsync()
    {
        _town = await Town.StartAsync();
        await new Population(Town, seed: 20261121).LiveAsync(12, TimeSpan.FromDays(2));
        var inbox = await Town.As(People.Operator).GetAsync<InboxPage>("/api/inbox");
        (await Town.As(People.Operator).PostAsync($"/api/inbox/{inbox.Items[0].Id}/read", "")).Status.ShouldBe(200);
        await Town.CaughtUpAsync();
    }

    public async Task DisposeAsync() => await Town.DisposeAsync();

    [Fact]
    public async Task Emptied_tables_are_filled_from_the_log_with_the_same_rows()
    {
        var before = await RowsAsync();
        before.Count.ShouldBeGreaterThan(20);
        await Town.StopAsync();
        foreach (var table in Tables)
            await RunAsync($"truncate {table}; update mt_event_progression set last_seq_id = 0 where name = '{table}:All'");

        await Town.StartAgainAsync();
        await Town.CaughtUpAsync();

        (await RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Dropped_tables_are_made_and_filled_again_once_their_checkpoint_is_gone()
    {
        var before = await RowsAsync();
        await Town.StopAsync();
        foreach (var table in Tables)
            await RunAsync($"drop table {table}; delete from mt_event_progression where name = '{table}:All'");

        await Town.StartAgainAsync();
        await Town.CaughtUpAsync();

        (await RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Events_that_are_applied_twice_change_nothing()
    {
        var before = await RowsAsync();
        await Town.StopAsync();
        foreach (var table in Tables)
            await RunAsync($"update mt_event_progression set last_seq_id = 0 where name = '{table}:All'");

        await Town.StartAgainAsync();
        await Town.CaughtUpAsync();

        (await RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_log_in_another_epoch_fills_the_tables_anew()
    {
        var before = await RowsAsync();
        await Town.Services.GetRequiredService<PostgresEventLog>().RaiseEpochAsync();

        await Town.CaughtUpAsync();

        (await RowsAsync()).ShouldBe(before);
        (await Town.As(People.Dispatcher).GetAsync<Host.Board.BoardView>("/api/board")).Position.ShouldStartWith("2:");
        var which = await Town.ACaseThatWasReported();
        which.Position.Epoch.ShouldBe(2);
        // What was promised in the old epoch is behind us.
        (await Town.As(People.Operator).GetAsync("/api/cases?minPosition=1:99999")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Numbers_count_up_within_the_day_of_a_town()
    {
        var numbers = await Town.ColumnAsync($"select number from {CaseTable.TableName} order by position");

        foreach (var day in numbers.GroupBy(number => number[..8]))
            day.ShouldBe(Enumerable.Range(1, day.Count()).Select(n => $"{day.Key}-{n:0000}"));
    }

    [Fact]
    public async Task An_inbox_read_at_a_position_waits_for_the_cases_that_its_notices_name()
    {
        var cases = Town.Services.GetRequiredService<ReadPositions>().Runners[CaseTable.TableName];
        var held = await Town.Database.OpenConnectionAsync();
        await using var transaction = await held.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand($"select from mt_event_progression where name = '{CaseTable.TableName}:All' for update", held, transaction))
            await hold.ExecuteNonQueryAsync();
        var which = await Town.ACaseThatWasReported();

        var asked = Town.As(People.Operator).GetAsync<InboxPage>($"/api/inbox?minPosition={which.Position}");
        while (cases.Waiting == 0 && !asked.IsCompleted)
            await Task.Yield();
        await transaction.RollbackAsync();
        await held.DisposeAsync();

        (await asked).Items.Single(item => item.CaseId == which.Id).Category.ShouldBe("river-pollution");
    }

    [Fact]
    public async Task A_table_whose_owner_on_another_node_does_nothing_is_reported()
    {
        await Town.StopAsync();
        await using var owner = await Town.Database.OpenConnectionAsync();
        await using (var take = new NpgsqlCommand($"select pg_advisory_lock(hashtextextended('{CaseTable.TableName}:All', 1))", owner))
            await take.ExecuteNonQueryAsync();
        await Town.StartAgainAsync();
        await Town.ACaseThatWasReported();
        (await CaseTableHealthAsync()).ShouldContain("\"ok\"");

        Town.Clock.Advance(TimeSpan.FromSeconds(31));

        await Town.UntilAsync(async () => (await CaseTableHealthAsync()).Contains("events behind, the first for 31 s", StringComparison.Ordinal), "the table is reported");
        (await CaseTableHealthAsync()).ShouldContain("\"degraded\"");
    }

    private async Task<string> CaseTableHealthAsync() =>
        JsonDocument.Parse((await Town.As(null).GetAsync("/health/ready")).Text).RootElement.GetProperty("checks").EnumerateArray()
            .Single(check => check.GetProperty("name").GetString() == CaseTable.TableName).GetRawText();

    private async Task<IReadOnlyList<string>> RowsAsync()
    {
        var rows = new List<string>();
        foreach (var table in Tables)
            rows.AddRange(await Town.ColumnAsync($"select t::text from {table} t order by id::text"));
        return rows;
    }

    private async Task RunAsync(string sql)
    {
        await using var command = Town.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
