using CommandCenter.EventStore;
using CommandCenter.Host.Board;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Operations;
using CommandCenter.Host.Tasks;
using CommandCenter.Host.Tests.Towns;
using Microsoft.Extensions.DependencyInjection;

namespace CommandCenter.Host.Tests.OperationsOfTheTown;

/// <summary>An administrator sees what the read tables lack, and mends it without stopping the town.</summary>
public sealed class ProjectionOperationsTests : IAsyncLifetime
{
    private const string Administrator = "administrator-01";
    private Town? _town;

    private Town Town => _town!;

    public async Task InitializeAsync() => _town = await Town.StartAsync();

    public async Task DisposeAsync() => await Town.DisposeAsync();

    [Fact]
    public async Task The_report_names_every_read_table_and_how_far_it_is()
    {
        var which = await Town.ACaseThatWasReported();
        await Town.CaughtUpAsync();

        var report = await ReportAsync();

        report.Head.ShouldBe($"1:{await Town.HeadAsync()}");
        report.Projections.Select(p => p.Name).ShouldBe(
            [CaseTable.TableName, TableNames.Meetings, TaskTable.TableName, TableNames.Whistles, TableNames.Agendas, TableNames.Listings, TableNames.Reviews, InboxTable.TableName, TableNames.Statistics]);
        report.Projections.ShouldAllBe(p => p.Lag == 0 && p.Owned && p.Position == report.Head && p.Parked.Count == 0 && p.Missing.Count == 0 && p.Rebuild == null);
        (await Town.As(People.Operator).GetAsync("/api/operations/projections")).Status.ShouldBe(403);
        (await Town.As(null).GetAsync("/api/operations/projections")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Rows_that_were_lost_raise_an_alarm_on_the_board_and_a_rebuild_ends_it()
    {
        for (var n = 0; n < 3; n++)
            await Town.ACaseThatWasReported();
        await Town.CaughtUpAsync();
        var before = await Town.ColumnAsync($"select t::text from {CaseTable.TableName} t order by id");
        await RunAsync($"delete from {CaseTable.TableName} where ordinal = 2");
        (await Town.Services.GetRequiredService<CoverageAudit>().SweepAsync()).ShouldHaveSingleItem().Projection.ShouldBe(CaseTable.TableName);

        var report = await ReportAsync();
        report.Projections[0].Lag.ShouldBe(0);
        var missing = report.Projections[0].Missing.ShouldHaveSingleItem();
        (missing.Expected, missing.Found).ShouldBe((3, 2));
        (await Town.As(null).GetAsync("/health/ready")).Text.ShouldContain("1 rows are missing from board_cases_v1");
        await Town.UntilAsync(async () => (await Town.As(People.Dispatcher).GetAsync<BoardView>("/api/board")).Parked == 1, "the board says so");

        (await Town.As(Administrator).PostAsync($"/api/operations/projections/{CaseTable.TableName}/rebuild", "")).Status.ShouldBe(202);
        await Town.UntilAsync(async () => (await Town.ColumnAsync($"select t::text from {CaseTable.TableName} t order by id")).SequenceEqual(before), "the rows are back");
        await Town.UntilAsync(async () => (await ReportAsync()).Projections[0] is { Rebuild: null, RebuildFailure: null, Missing.Count: 0 }, "the alarm is over");
        await Town.UntilAsync(async () => (await Town.As(People.Dispatcher).GetAsync<BoardView>("/api/board")).Parked == 0, "the board is whole");
        await Town.ACaseThatWasReported();
        await Town.CaughtUpAsync();
    }

    [Fact]
    public async Task Every_table_is_rebuilt_to_the_same_rows_by_the_verb_beside_a_running_host()
    {
        await new Population(Town, seed: 20261125).LiveAsync(8, TimeSpan.FromDays(2));
        var inbox = await Town.As(People.Operator).GetAsync<InboxPage>("/api/inbox");
        (await Town.As(People.Operator).PostAsync($"/api/inbox/{inbox.Items[0].Id}/read", "")).Status.ShouldBe(200);
        await Town.CaughtUpAsync();
        var before = await RowsAsync();

        var (code, output, messages) = await VerbAsync("rebuild", "--all");

        code.ShouldBe(0);
        output.ShouldContain($"{CaseTable.TableName} was rebuilt and swapped in at 1:");
        messages.ShouldContain($"{InboxTable.TableName}: {await Town.HeadAsync():N0} of {await Town.HeadAsync():N0} events");
        (await RowsAsync()).ShouldBe(before);
        // A slow machine is told how far it is.
        var audit = await VerbAsync("audit");
        (audit.Code, audit.Output).ShouldBe((0, $"Nothing is missing.{Environment.NewLine}"), audit.Messages);
        await Town.ACaseThatWasReported();
        await Town.CaughtUpAsync();
    }

    [Fact]
    public async Task A_stream_that_is_parked_is_listed_with_its_reason_and_comes_back_by_a_replay()
    {
        var which = await Town.ACaseThatWasReported();
        await Town.CaughtUpAsync();
        // Whatever the cause was, it is mended now.
        await RunAsync(
            $"""
            delete from {CaseTable.TableName};
            insert into cc_parked (projection, stream, position, reason, parked_at) values ('{CaseTable.TableName}', '{which.Stream}', {which.Position.Position - 5}, 'JsonException: not now', now())
            """);

        (await ReportAsync()).Projections[0].Parked.ShouldHaveSingleItem().Reason.ShouldBe("JsonException: not now");
        (await VerbAsync("projections")).Code.ShouldBe(1);
        var path = $"/api/operations/projections/{CaseTable.TableName}/parked/{which.Stream}/replay";
        (await Town.As(People.Operator).PostAsync(path, "")).Status.ShouldBe(403);
        (await Town.As(Administrator).PostAsync(path, "")).Status.ShouldBe(200);

        (await Town.AskAsync<long>($"select count(*) from {CaseTable.TableName}")).ShouldBe(1);
        (await ReportAsync()).Projections[0].Parked.ShouldBeEmpty();
        (await Town.As(Administrator).PostAsync(path, "")).Status.ShouldBe(404);
        (await Town.As(Administrator).PostAsync($"/api/operations/projections/none/parked/{which.Stream}/replay", "")).Status.ShouldBe(404);
        (await Town.As(Administrator).PostAsync("/api/operations/projections/none/rebuild", "")).Status.ShouldBe(404);
        (await VerbAsync("replay", CaseTable.TableName, which.Stream)).Output.Trim().ShouldBe($"{which.Stream}: is not parked");
        (await VerbAsync("projections")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task A_verb_that_names_no_read_table_says_which_there_are()
    {
        (await Should.ThrowAsync<StartRefusedException>(() => VerbAsync("rebuild"))).Message.ShouldContain("Usage: commandcenter rebuild NAME");
        (await Should.ThrowAsync<StartRefusedException>(() => VerbAsync("rebuild", "board"))).Message.ShouldContain(CaseTable.TableName);
        (await Should.ThrowAsync<StartRefusedException>(() => VerbAsync("replay", CaseTable.TableName, "nonsense"))).Message.ShouldContain("'nonsense' is no stream");
    }

    private Task<ProjectionsView> ReportAsync() => Town.As(Administrator).GetAsync<ProjectionsView>("/api/operations/projections");

    private async Task<IReadOnlyList<string>> RowsAsync() =>
    [
        .. await Town.ColumnAsync($"select t::text from {CaseTable.TableName} t order by id"),
        .. await Town.ColumnAsync($"select t::text from {InboxTable.TableName} t order by id"),
    ];

    private async Task<(int? Code, string Output, string Messages)> VerbAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var messages = new StringWriter();
        var code = await Verbs.Verbs.RunAsync([.. arguments, $"--ConnectionStrings:CommandCenter={Town.ConnectionString}", $"--CommandCenter:DataFolder={Town.DataFolder}"], TimeProvider.System, output, messages);
        return (code, output.ToString(), messages.ToString());
    }

    private async Task RunAsync(string sql)
    {
        await using var command = Town.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
