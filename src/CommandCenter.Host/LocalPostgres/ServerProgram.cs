using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace CommandCenter.Host.LocalPostgres;

internal sealed record ProgramResult(int ExitCode, string Output);

/// <summary>Runs a program to its end, as the server's user when there is one.</summary>
internal static class ServerProgram
{
    public static async Task<ProgramResult> RunAsync(
        ServerUser? user, string program, IEnumerable<string> arguments, string workingFolder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo
        {
            FileName = user is null ? program : "setpriv",
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        if (user is not null)
            foreach (var argument in (string[])[$"--reuid={user.Uid}", $"--regid={user.Gid}", "--clear-groups", program])
                start.ArgumentList.Add(argument);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        CleanEnvironment(start);

        using var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => exited.TrySetResult();
        var output = new OutputCollector();
        process.OutputDataReceived += (_, line) => output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => output.Add(line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            throw new LocalPostgresException(
                user is null
                    ? $"{program} cannot be started: {error.Message}."
                    : $"setpriv cannot be started ({error.Message}). As root the host needs it to run PostgreSQL as {user.Name}: " +
                      "install the package util-linux, or start the host as an ordinary user.",
                error);
        }
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        try
        {
            await exited.Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // With its helpers: initdb's own would go on writing into a folder that is about to be deleted.
            process.Kill(entireProcessTree: true);
            throw;
        }
        // Not Process.WaitForExitAsync: it waits for the end of the pipes, which a started server may keep open.
        await Task.WhenAny(output.Ended, Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None));
        return new ProgramResult(process.ExitCode, output.ToString());
    }

    /// <summary>Secrets of the host do not belong in the server, and PG* variables would change what it does.</summary>
    private static void CleanEnvironment(ProcessStartInfo start)
    {
        string[] kept = ["PATH", "LD_LIBRARY_PATH", "SystemRoot", "TEMP", "TMP"];
        var values = kept.Select(name => (name, value: Environment.GetEnvironmentVariable(name))).ToList();
        start.Environment.Clear();
        foreach (var (name, value) in values)
            if (value is not null)
                start.Environment[name] = value;
        start.Environment["LC_ALL"] = "C";
    }

    private sealed class OutputCollector
    {
        private readonly StringBuilder _text = new();
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _open = 2;

        public Task Ended => _ended.Task;

        public void Add(string? line)
        {
            lock (_text)
            {
                if (line is not null)
                    _text.Append(line).Append('\n');
                else if (--_open == 0)
                    _ended.TrySetResult();
            }
        }

        public override string ToString()
        {
            lock (_text)
                return _text.ToString();
        }
    }
}
