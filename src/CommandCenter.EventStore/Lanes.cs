namespace CommandCenter.EventStore;

/// <summary>The handlers of a worker that are under way: of one lane one at a time, in the order they came, and so many in all.</summary>
internal sealed class Lanes(int parallel) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string, string), Task> _last = [];
    private readonly SemaphoreSlim _room = new(parallel);
    private int _count;
    private int _handled;

    /// <summary>Pulses when a handler ends.</summary>
    public Pulse Finished { get; } = new();

    /// <summary>How many were started and have not ended, those that wait for their turn among them.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many handlers said that they did their work.</summary>
    public int Handled => Volatile.Read(ref _handled);

    public void Dispose() => _room.Dispose();

    public void Start((string, string) name, Func<Task<bool>> handler)
    {
        Interlocked.Increment(ref _count);
        lock (_gate)
        {
            var before = _last.GetValueOrDefault(name, Task.CompletedTask);
            var lane = RunAsync(before, handler);
            _last[name] = lane;
            _ = lane.ContinueWith(_ => Forget(name, lane), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Returns when the next handler ends, or at once when none is under way.</summary>
    public async Task FinishOneAsync(CancellationToken cancellation)
    {
        var finished = Finished.Next;
        if (Count > 0)
            await finished.WaitAsync(cancellation);
    }

    private async Task RunAsync(Task before, Func<Task<bool>> handler)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        await _room.WaitAsync();
        try
        {
            if (await handler())
                Interlocked.Increment(ref _handled);
        }
        finally
        {
            _room.Release();
        }
    }

    private void Forget((string, string) name, Task lane)
    {
        lock (_gate)
            if (_last.GetValueOrDefault(name) == lane)
                _last.Remove(name);
        Interlocked.Decrement(ref _count);
        Finished.Send();
    }
}
