using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CommandCenter.Host.LocalPostgres;
using Npgsql;

namespace CommandCenter.Host.Tests.Crash;

/// <summary>The real program in a process of its own, as an operator starts it.</summary>
public sealed partial class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri?> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(Process process) => _process = process;

    public Uri? Address { get; private set; }

    /// <summary>What it has written to both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts it and waits until it says where it listens, or ends.</summary>
    public static async Task<HostProcess> StartAsync(params string[] arguments)
    {
        var host = Start(arguments);
        try
        {
            host.Address = await host._listening.Task.WaitAsync(Patience);
            return host;
        }
        catch (TimeoutException e)
        {
            await host.DisposeAsync();
            throw new InvalidOperationException($"The host did not listen within {Patience}: {host.Output}", e);
        }
    }

    /// <summary>Starts it and waits for nothing.</summary>
    public static HostProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(CommandCenterHost).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var host = new HostProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        host._process.OutputDataReceived += (_, e) => host.Take(e.Data);
        host._process.ErrorDataReceived += (_, e) => host.Take(e.Data);
        host._process.Exited += (_, _) => host._listening.TrySetResult(null);
        host._process.Start();
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        return host;
    }

    /// <summary>Where a host said that it listens.</summary>
    public static async Task<HostProcess> StartListeningAsync(params string[] arguments)
    {
        var host = await StartAsync(arguments);
        host.Address.ShouldNotBeNull(host.Output);
        return host;
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as from an operator.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await TerminateAsync();
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }

        _process.Dispose();
    }

    /// <summary>The number of the private server's first process.</summary>
    public static int PostmasterOf(string dataFolder) => int.Parse(PostmasterLines(dataFolder)[0], CultureInfo.InvariantCulture);

    /// <summary>Opens the database of a host that keeps its own PostgreSQL in a folder.</summary>
    public static string ConnectionStringOf(string dataFolder) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = int.Parse(PostmasterLines(dataFolder)[3], CultureInfo.InvariantCulture),
        Username = "command_center",
        Password = File.ReadAllText(Path.Combine(dataFolder, "postgres-password")).Trim(),
        Database = new PrivatePostgresOptions { DataFolder = dataFolder }.Database,
        Pooling = false,
    }.ConnectionString;

    // Whatever stands around it, the line names the place and the address.
    [GeneratedRegex(@"^Town command center.*?(?<url>http://127\.0\.0\.1:[1-9][0-9]*)")]
    private static partial Regex Announcement();

    private static string[] PostmasterLines(string dataFolder) => File.ReadAllLines(Path.Combine(Directory.GetDirectories(dataFolder, "postgres-*").Single(), "postmaster.pid"));

    private void Take(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.AppendLine(line);
        if (Announcement().Match(line) is { Success: true } announced)
            _listening.TrySetResult(new Uri(announced.Groups["url"].Value));
    }
}
