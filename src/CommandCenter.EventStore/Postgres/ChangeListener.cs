using Microsoft.Extensions.Logging;
using Npgsql;

namespace CommandCenter.EventStore;

/// <summary>
/// One connection of the process that listens for the hints of appends and passes them on as pulses. When it is lost it comes back by itself; until then the
/// polls of those who wait carry on alone.
/// </summary>
internal sealed partial class ChangeListener(NpgsqlDataSource dataSource, TimeProvider waitClock, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task? _run;
    private bool _disposed;

    /// <summary>Something was committed.</summary>
    public Pulse Changed { get; } = new();

    /// <summary>A timer was set, moved or deleted.</summary>
    public Pulse TimersChanged { get; } = new();

    /// <summary>A message came to the outbox, or a dead letter is due again.</summary>
    public Pulse OutboxChanged { get; } = new();

    /// <summary>Starts to listen, once.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (!_disposed)
                _run ??= Task.Run(RunAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task? run;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            run = _run;
        }

        await _stop.CancelAsync();
        if (run is not null)
            await run;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(() => failures = 0);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                failures++;
                LogLost(logger, e, failures);
                await Task.WhenAny(Task.Delay(PostgresEventLogOptions.Backoff(failures), waitClock, _stop.Token));
            }
        }
    }

    private async Task ListenAsync(Action connected)
    {
        await using var connection = await dataSource.OpenConnectionAsync(_stop.Token);
        connection.Notification += Pass;
        try
        {
            await using (var listen = connection.Command($"listen {Hint.Channel}"))
                await listen.ExecuteNonQueryAsync(_stop.Token);
            connected();
            // Whatever was committed while nobody listened.
            Changed.Send();
            TimersChanged.Send();
            OutboxChanged.Send();
            while (true)
                await connection.WaitAsync(_stop.Token);
        }
        finally
        {
            connection.Notification -= Pass;
            // A pool without reset on close would hand a listening connection to the next user.
            if (connection.FullState == System.Data.ConnectionState.Open)
            {
                await using var unlisten = connection.Command("unlisten *");
                await unlisten.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }

    private void Pass(object sender, NpgsqlNotificationEventArgs hint)
    {
        Changed.Send();
        if (Hint.TellsOfTimers(hint.Payload))
            TimersChanged.Send();
        if (Hint.TellsOfOutbox(hint.Payload))
            OutboxChanged.Send();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection that listens for changes was lost (failure {Failures} in a row); polling goes on, listening is tried again.")]
    private static partial void LogLost(ILogger logger, Exception e, int failures);
}
