using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using CommandCenter.Host;
using CommandCenter.Host.Verbs;
using CommandCenter.Testing.Postgres;
using Npgsql;

namespace CommandCenter.Benchmarks;

/// <summary>
/// A host on a simulated district-year: how long until it is ready, as after a restart (its read tables and the board's snapshots are there), and what it holds in memory with a hundred walls connected
/// while cases are played live on it. <c>--share</c> and <c>--days</c> say how much of the year there is; the names of the figures say it too.
/// </summary>
internal static class DistrictBenchmark
{
    private const int Walls = 100;
    private const double MostSeconds = 10;
    private const double MostMegabytes = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        var server = await TestPostgres.Server(options.Major, durable: true);
        var connectionString = await server.CreateDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("district-");
        string[] settings = [$"--ConnectionStrings:CommandCenter={connectionString}", $"--CommandCenter:DataFolder={folder.FullName}"];
        try
        {
            var started = Stopwatch.GetTimestamp();
            string[] asked = ["simulate", "--days", Text(options.Days), "--share", Text(options.Share), "--seed", "7"];
            await Verbs.RunAsync([.. asked, .. settings], TimeProvider.System, Console.Out, TextWriter.Null);
            var filled = Stopwatch.GetElapsedTime(started);
            await using var database = NpgsqlDataSource.Create(connectionString);
            var events = await AskAsync(database, "select last_position from cc_log");

            // The first start brings the read tables and the board up to the log; that is no restart yet.
            await using (var first = Host(settings))
            {
                await first.ReadyAsync();
                await UntilAsync(async () => await AskAsync(database, "select count(*) from mt_event_progression where last_seq_id < (select last_position from cc_log)") == 0);
                await first.StopAsync();
            }

            await using var host = Host(settings);
            var ready = await host.ReadyAsync();
            var (megabytes, peak) = await WatchAsync(host, options.Asked ?? TimeSpan.FromMinutes(10), options.Share);
            var of = string.Create(CultureInfo.InvariantCulture, $"{options.Days} days at {options.Share:0.###} of the volume, {events:N0} events");
            return
            [
                new Figure($"district/{of}: simulating", events / filled.TotalSeconds, "events/s"),
                new Figure($"district/{of}: an empty host to ready", ready.TotalSeconds, "s", Wanted: "< 10 s", Holds: ready.TotalSeconds < MostSeconds),
                new Figure($"district/{of}: working set with {Walls} walls", megabytes, "MB", Wanted: "< 500 MB", Holds: megabytes < MostMegabytes),
                new Figure($"district/{of}: the most it was", peak, "MB"),
            ];
        }
        finally
        {
            await server.DropDatabaseAsync(connectionString);
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The working set after a time with walls and live cases, and the most that it was, in MB.</summary>
    private static async Task<(double After, double Most)> WatchAsync(HostChild host, TimeSpan time, double share)
    {
        using var over = new CancellationTokenSource(time);
        var walls = Enumerable.Range(0, Walls).Select(_ => WallAsync(host.Address, over.Token)).ToList();
        var live = LiveAsync(host.Address, share, time);
        await Task.WhenAll(walls);
        await live;
        return (host.WorkingSet / 1e6, host.PeakWorkingSet / 1e6);
    }

    // Sixty times faster than life, for as many days as that makes.
    private static async Task LiveAsync(Uri address, double share, TimeSpan time)
    {
        var days = Math.Max(1, (int)(time.TotalDays * 60));
        var speed = days / time.TotalDays;
        string[] asked = ["simulate", "--live", address.ToString(), "--speed", Text(speed), "--days", Text(days), "--share", Text(share), "--seed", "7"];
        await Verbs.RunAsync(asked, TimeProvider.System, Console.Out, TextWriter.Null);
    }

    /// <summary>A wall of the district, which takes whatever comes; in the hub's own words, as any client would.</summary>
    private static async Task WallAsync(Uri address, CancellationToken over)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/hubs/board", Query = "actor=district-supervisor-01" }.Uri, CancellationToken.None);
        await SayAsync("""{"protocol":"json","version":1}""");
        await SayAsync("""{"type":1,"invocationId":"1","target":"Watch","arguments":["500153"]}""");
        var receiving = ReceiveAsync();
        while (!over.IsCancellationRequested && !receiving.IsCompleted)
        {
            await SayAsync("""{"type":6}""");
            await Task.WhenAny(Task.Delay(KeepAlive, over), receiving);
        }

        if (receiving.IsCompleted)
            throw new InvalidOperationException("A wall was cut off.");
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

        Task SayAsync(string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text + '\u001e'), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

        async Task ReceiveAsync()
        {
            var buffer = new byte[64 * 1024];
            while ((await socket.ReceiveAsync(buffer, CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
    }

    private static HostChild Host(string[] settings)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));
        listener.Stop();
        return new HostChild(address, settings);
    }

    private static async Task<long> AskAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new TimeoutException($"Not so after {Patience}.");
            await Task.Delay(20);
        }
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>The real program in a process of its own.</summary>
    private sealed class HostChild : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly long _startedAt = Stopwatch.GetTimestamp();

        public HostChild(Uri address, string[] settings)
        {
            Address = address;
            var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
            foreach (var argument in (string[])["exec", typeof(CommandCenterHost).Assembly.Location, $"--urls={address.AbsoluteUri.TrimEnd('/')}", .. settings, "--Logging:LogLevel:Default=Warning"])
                start.ArgumentList.Add(argument);
            _process = Process.Start(start)!;
            _process.BeginOutputReadLine();
        }

        public Uri Address { get; }

        public long WorkingSet
        {
            get
            {
                _process.Refresh();
                return _process.WorkingSet64;
            }
        }

        public long PeakWorkingSet
        {
            get
            {
                _process.Refresh();
                return _process.PeakWorkingSet64;
            }
        }

        /// <summary>Waits until it is ready, and returns how long that took from the start of the process.</summary>
        public async Task<TimeSpan> ReadyAsync()
        {
            using var http = new HttpClient { BaseAddress = Address };
            await UntilAsync(async () =>
            {
                if (_process.HasExited)
                    throw new InvalidOperationException($"The host ended with {_process.ExitCode}.");
                try
                {
                    using var answer = await http.GetAsync("/health/ready");
                    return answer.StatusCode == HttpStatusCode.OK;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            });
            return Stopwatch.GetElapsedTime(_startedAt);
        }

        /// <summary>As Ctrl-C does.</summary>
        public async Task StopAsync()
        {
            using (var kill = Process.Start("kill", ["-INT", Text(_process.Id)]))
                await kill.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited)
                await StopAsync();
            _process.Dispose();
        }
    }
}
