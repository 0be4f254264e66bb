using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>Lets one saga act on its timers.</summary>
public interface ITimerHandler
{
    /// <summary>The saga's frozen name in the timer table.</summary>
    string Saga { get; }

    /// <summary>Appends what the timer causes, and its deletion with it.</summary>
    Task FireAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation);
}

/// <summary>Brings each timer to its saga.</summary>
public sealed class SagaTimers(IEnumerable<ITimerHandler> handlers)
{
    private readonly Dictionary<string, ITimerHandler> _handlers = handlers.ToDictionary(handler => handler.Saga, StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">No saga of that name is here: the timer was set by a newer program. It stays, and is tried again.</exception>
    public Task FireAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation) =>
        _handlers.TryGetValue(timer.Key.Saga, out var handler)
            ? handler.FireAsync(timer, firedAt, cancellation)
            : throw new InvalidOperationException($"Timer {timer.Key} belongs to a saga that this program does not know.");
}
