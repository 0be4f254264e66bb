using System.Diagnostics;
using System.Globalization;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Board;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Testing.Clock;
using CommandCenter.Testing.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CommandCenter.Host.Tests.Towns;

/// <summary>A case that a test speaks of, with the version that it was left at.</summary>
public sealed record TestCase(string Id, long Version, LogPosition Position)
{
    public string Path => $"/api/cases/{Id}";

    public string Stream => $"case:{Id}";

    public string ETag => string.Create(CultureInfo.InvariantCulture, $"\"{Version}\"");
}

/// <summary>
/// A town that runs: the host on a free port, over a database of its own, by a clock that stands still until a test moves it. It can be stopped and started again.
/// </summary>
public sealed class Town : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TestPostgres _server;
    private readonly string[] _settings;
    private CommandCenterHost? _host;
    private HttpClient? _http;

    private Town(TestPostgres server, string connectionString, string folder, VirtualClock clock, string[] settings)
    {
        _server = server;
        ConnectionString = connectionString;
        DataFolder = folder;
        Clock = clock;
        _settings = settings;
        Database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 5 });
    }

    public VirtualClock Clock { get; }

    public string ConnectionString { get; }

    /// <summary>Keys and photos.</summary>
    public string DataFolder { get; }

    /// <summary>The town's database, seen from outside.</summary>
    public NpgsqlDataSource Database { get; }

    public HttpClient Http => _http ?? throw new InvalidOperationException("The town is stopped.");

    public Uri Address => Http.BaseAddress!;

    public IServiceProvider Services => (_host ?? throw new InvalidOperationException("The town is stopped.")).Application.Services;

    /// <param name="settings">More arguments for the host.</param>
    public static async Task<Town> StartAsync(VirtualClock? clock = null, params string[] settings)
    {
        var town = await NewAsync(clock, settings);
        await town.StartAgainAsync();
        return town;
    }

    /// <summary>A town that is stopped: its database has no events yet, and no host was on it.</summary>
    public static async Task<Town> NewAsync(VirtualClock? clock = null, params string[] settings)
    {
        var server = await TestPostgres.Server(TestPostgres.AvailableMajors.Contains(18) ? 18 : TestPostgres.AvailableMajors[^1]);
        var template = await server.TemplateAsync("town", async connectionString =>
        {
            await using var database = NpgsqlDataSource.Create(connectionString);
            await SchemaInstaller.InstallAsync(database);
        });
        return new Town(server, await server.CreateDatabaseAsync(template), Directory.CreateTempSubdirectory("town-").FullName, clock ?? new VirtualClock(), settings);
    }

    /// <summary>Starts the host, again on the same database, folder and clock; returns once it is ready.</summary>
    public async Task StartAgainAsync()
    {
        string[] arguments =
        [
            "--urls=http://127.0.0.1:0", $"--ConnectionStrings:CommandCenter={ConnectionString};Maximum Pool Size=20", $"--CommandCenter:DataFolder={DataFolder}",
            // The general rules alone: what tests reckon with does not follow the catalogue of matters.
            "--Logging:LogLevel:Default=Warning", "--CommandCenter:Policy=default-1", .. _settings,
        ];
        _host = await CommandCenterHost.BuildAsync(arguments, Clock, TimeProvider.System);
        await _host.Application.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_host.Application.Urls.First()), Timeout = TimeSpan.FromSeconds(60) };
        await UntilAsync(async () => (await As(null).GetAsync("/health/ready")).Status == 200, "the town is ready");
    }

    public async Task StopAsync()
    {
        if (_host is null)
            return;
        _http!.Dispose();
        _http = null;
        await _host.Application.StopAsync();
        await _host.DisposeAsync();
        _host = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Database.DisposeAsync();
        await _server.DropDatabaseAsync(ConnectionString);
        Directory.Delete(DataFolder, recursive: true);
    }

    /// <summary>A client in somebody's name; null sends no actor.</summary>
    public TownClient As(string? actor, string? role = null) => new(Http, actor, role);

    /// <summary>Polls something that another process or thread brings about.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new TimeoutException($"Not so after {Patience}: {what}.");
            await Task.Delay(10);
        }
    }

    // What the database says.

    public async Task<long> HeadAsync() => await AskAsync<long>("select last_position from cc_log");

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<IReadOnlyList<string>> ColumnAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
            values.Add(reader.GetValue(0) switch { string text => text, IFormattable f => f.ToString(null, CultureInfo.InvariantCulture), var other => other.ToString()! });
        return values;
    }

    /// <summary>The types of the events in a stream, in order.</summary>
    public Task<IReadOnlyList<string>> EventsOf(TestCase which) => ColumnAsync($"select type from mt_events where stream_id = '{which.Stream}' order by version");

    /// <summary>Returns once lists, inboxes and the board hold everything that is in the log now.</summary>
    public async Task CaughtUpAsync()
    {
        var head = (await Services.GetRequiredService<IEventLog>().HeadAsync()).Last;
        foreach (var table in Services.GetRequiredService<ReadPositions>().Runners.Values)
            await table.WaitForAsync(head, Patience);
        await Services.GetRequiredService<LiveBoard>().ReachedAsync(head, CancellationToken.None);
    }

    /// <summary>Returns once this node knows what was said of the organization so far: who has just been seated may act from then on.</summary>
    public async Task OrganizationFollowedAsync() =>
        await Services.GetRequiredService<IOrganization>().ReachedAsync((await Services.GetRequiredService<IEventLog>().HeadAsync()).Last, CancellationToken.None);

    /// <summary>Returns once the board speaks of now: after a leap of the clock it takes the log for silent until it has asked it again.</summary>
    public Task BoardSpeaksOfNowAsync() => UntilAsync(() => Task.FromResult(Services.GetRequiredService<LiveBoard>().LastReadAt >= Clock.GetUtcNow()), "the board has asked the log again");

    // Time.

    /// <summary>Lets time pass; every deadline that comes due on the way fires at its own instant, one after the other.</summary>
    public async Task PassAsync(TimeSpan span)
    {
        var until = Clock.GetUtcNow() + span;
        // By their due instants: one that the host's own worker has leased is on its way and counts until it has fired.
        while (await NextDueAsync() is var due && due <= until.UtcDateTime)
        {
            if (due > Clock.GetUtcNow().UtcDateTime)
                Clock.AdvanceTo(new DateTimeOffset(due, TimeSpan.Zero));
            await Services.GetRequiredService<TimerWorker>().DrainAsync();
            // The host's own worker may have leased it; then it is that one's to fire.
            await UntilAsync(async () => await AskAsync<long>($"select count(*) from cc_timers where due_at <= '{Clock.GetUtcNow():O}'") == 0, "no timer is due any more");
        }

        Clock.AdvanceTo(until);
        await CaughtUpAsync();

        async Task<DateTime> NextDueAsync() => await AskAsync<DateTime>("select coalesce(min(due_at), 'infinity'::timestamptz) from cc_timers");
    }

    // Cases in a state, each named for it.

    /// <summary>A plain report by the grid's worker.</summary>
    public static ReportCaseRequest AReport(string text = "河道边堆放垃圾,有异味。", string category = "river-pollution", Urgency urgency = Urgency.Normal) => new(
        text, category, urgency, Point: new PointRequest(Places.Latitude, Places.Longitude, 10));

    public async Task<TestCase> ACaseThatWasReported(ReportCaseRequest? report = null, string by = People.GridWorker)
    {
        var receipt = (await As(by).ReportAsync(report ?? AReport())).Receipt;
        return At(receipt);
    }

    public async Task<TestCase> ACaseThatWasFiled(ReportCaseRequest? report = null)
    {
        report ??= AReport();
        var reported = await ACaseThatWasReported(report);
        return await After(reported, "file", new FileCaseRequest(report.Category!, report.Urgency), People.Operator);
    }

    public async Task<TestCase> ACaseThatWasDispatched(ReportCaseRequest? report = null, string post = "village-construction")
    {
        var filed = await ACaseThatWasFiled(report);
        return await After(filed, "dispatch", new DispatchCaseRequest(Unit.OfPost(post)), People.Dispatcher);
    }

    public async Task<TestCase> ACaseThatWasClaimed(ReportCaseRequest? report = null)
    {
        var dispatched = await ACaseThatWasDispatched(report);
        return await After(dispatched, "claim", new ClaimCaseRequest(), People.Handler);
    }

    public async Task<TestCase> ACaseThatWasCompleted(ReportCaseRequest? report = null)
    {
        var claimed = await ACaseThatWasClaimed(report);
        return await After(claimed, "complete", new CompleteCaseRequest("已清运垃圾两车"), People.Handler);
    }

    public async Task<TestCase> ACaseThatWasVerified(ReportCaseRequest? report = null)
    {
        var completed = await ACaseThatWasCompleted(report);
        return await After(completed, "verify", new VerifyCaseRequest(true), People.GridWorker);
    }

    public async Task<TestCase> ACaseThatWasRated(FixResult result = FixResult.Fixed, ReportCaseRequest? report = null)
    {
        var verified = await ACaseThatWasVerified(report);
        return await After(verified, "rate", new RateCaseRequest(5, result, "电话回访：已告知结果"), People.Operator);
    }

    public async Task<TestCase> ACaseThatWasClosed(ReportCaseRequest? report = null)
    {
        var rated = await ACaseThatWasRated(report: report);
        return await After(rated, "close", new CloseCaseRequest("办结"), People.Dispatcher);
    }

    /// <summary>The case after a command that has to succeed.</summary>
    public async Task<TestCase> After(TestCase which, string command, object body, string by)
    {
        var answer = await As(by).CommandAsync(which.Id, command, body);
        answer.Status.ShouldBe(200, $"{command} by {by}: {answer.Text}");
        return At(answer.Receipt);
    }

    public Task<CaseDetail> Read(TestCase which, string by = People.Operator) => As(by).GetAsync<CaseDetail>(which.Path);

    public static AreaCode Area(string code) => AreaCode.Parse(code);

    private static TestCase At(CommandReceipt receipt) =>
        new(receipt.Id, receipt.Version, LogPosition.TryParse(receipt.Position, out var position) ? position : throw new InvalidOperationException(receipt.Position));
}

/// <summary>One town for a class of tests that do not disturb each other.</summary>
public sealed class TownFixture : IAsyncLifetime
{
    private Town? _town;

    public Town Town => _town ?? throw new InvalidOperationException("The town has not been started.");

    public async Task InitializeAsync() => _town = await Town.StartAsync();

    public async Task DisposeAsync()
    {
        if (_town is not null)
            await _town.DisposeAsync();
    }
}
