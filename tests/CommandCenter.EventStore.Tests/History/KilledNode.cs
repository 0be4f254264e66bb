using System.Diagnostics;
using System.Globalization;
using CommandCenter.FaultNode;

namespace CommandCenter.EventStore.Tests.History;

/// <summary>A node in a process of its own. It is killed without a word and started again, to go on where it was cut off.</summary>
internal sealed class KilledNode(string connectionString, int seed, int clients, int operationsEach, TimeSpan patience) : IAsyncDisposable
{
    private const int Killed = 128 + 9;

    private readonly ClientPlan _plan = new("k", seed, clients);
    private Process? _process;
    private Task _reading = Task.CompletedTask;
    private Task<string> _errors = Task.FromResult("");

    public CuttingProxy Line { get; } = new(connectionString);

    /// <summary>What it wrote down, over all its lives.</summary>
    public Facts Facts { get; } = new();

    /// <summary>Lives and is killed so many times, each time just after it asked for something, and then lives until its clients are done.</summary>
    public async Task LiveAsync(Random random, int kills, Action killed)
    {
        for (var life = 0; life < kills; life++)
        {
            await StartAsync(killAfter: random.Next(1, 12));
            if (_process!.ExitCode != Killed)
                throw new InvalidOperationException($"The process ended by itself with {_process.ExitCode}: {await _errors}");
            Facts.Cut();
            killed();
        }

        await StartAsync(killAfter: int.MaxValue);
    }

    /// <summary>Ends it as its owner would; its clients are done.</summary>
    public async Task StopAsync()
    {
        _process!.StandardInput.Close();
        await _reading.WaitAsync(patience);
        await _process.WaitForExitAsync().WaitAsync(patience);
        if (_process.ExitCode != 0)
            throw new InvalidOperationException($"The process ended with {_process.ExitCode}: {await _errors}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            _process.Kill();
        _process?.Dispose();
        await Line.DisposeAsync();
    }

    // Returns when the process was killed or its clients are done.
    private async Task StartAsync(int killAfter)
    {
        _process?.Dispose();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var attempts = Facts.Attempts.ToList();
        string[] arguments =
        [
            "exec", typeof(FaultNodeProgram).Assembly.Location, Line.ConnectionString, "k", Text(seed), Text(operationsEach), Text(Facts.Seen.Count),
            string.Join(',', Enumerable.Range(0, clients).Select(client => Text(_plan.NextOf(client, attempts)))),
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = _process = Process.Start(start)!;
        var paused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _errors = process.StandardError.ReadToEndAsync();
        _reading = Task.Run(() => ReadAsync(process, killAfter, paused));
        await Task.WhenAny(paused.Task, _reading).WaitAsync(patience);
        if (paused.Task.IsCompleted)
            return;
        await _reading;
        await process.WaitForExitAsync().WaitAsync(patience);
        // The pipe is empty: a process that was not killed has no business to be gone.
        if (killAfter == int.MaxValue)
            throw new InvalidOperationException($"The process ended by itself with {process.ExitCode}: {await _errors}");
    }

    private async Task ReadAsync(Process process, int killAfter, TaskCompletionSource done)
    {
        var asked = 0;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            switch (FactLines.Read(line, Facts))
            {
                // SIGKILL: no handler runs, nothing is flushed.
                case "asked" when ++asked == killAfter:
                case "done" when killAfter != int.MaxValue:
                    process.Kill();
                    break;
                case "done":
                    done.SetResult();
                    break;
            }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
