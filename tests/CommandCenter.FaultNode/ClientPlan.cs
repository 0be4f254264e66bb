using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CommandCenter.EventStore;

namespace CommandCenter.FaultNode;

/// <summary>An operation to be asked for.</summary>
/// <param name="Named">Whether it has a command id, so that it may be asked for again until it is answered.</param>
public sealed record Operation(string Name, bool Named, int Events, AppendRequest Request);

/// <summary>
/// What a group of clients does. Each operation is drawn from a source of its own, so that a seed is a plan whatever the order of threads, and a process that was killed asks on for the very
/// operation that it was not answered.
/// </summary>
/// <param name="group">A letter that begins the names of the group's operations.</param>
public sealed class ClientPlan(string group, int seed, int clients)
{
    private const int Streams = 5;

    private enum Kind
    {
        Again,
        StreamOfItsOwn,
        TwoStreams,
        VersionRead,
        SetTimer,
        CancelTimer,
        WithMessage,
    }

    public int Clients => clients;

    /// <summary>The operation that a fired timer is.</summary>
    public static string FiringOf(string timer) => $"fired {timer}";

    /// <summary>The append that consumes a timer.</summary>
    public static Operation Firing(DueTimer timer) => Of(FiringOf(timer.Key.SagaId), named: false, new AppendRequest([Part(Case(2 * Streams), new ExpectedVersion.Any(), FiringOf(timer.Key.SagaId), 0, 1)], Fired: timer));

    /// <summary>Whether a client presses once more here what was carried out long ago.</summary>
    public bool IsAgain(int client, int n) => KindOf(client, n) == Kind.Again;

    /// <summary>A whole number below <paramref name="below"/> for what is not part of an operation.</summary>
    public int Pick(int client, int n, int below) => Source(client, n, 2).Next(below);

    /// <summary>The n-th operation of a client, from 0.</summary>
    /// <param name="versionOf">The version of a stream as the client believes it to be.</param>
    public async Task<Operation> OperationAsync(int client, int n, Func<StreamKey, Task<long>> versionOf, DateTimeOffset now, IFacts facts)
    {
        var random = Source(client, n, 1);
        var name = NameOf(client, n);
        var stream = Case(random.Next(Streams));
        var one = Part(stream, new ExpectedVersion.Any(), name, 0, 1);
        switch (KindOf(client, n))
        {
            case Kind.StreamOfItsOwn:
                return Named(new AppendRequest([Part(StreamKey.Of("case", $"own-{name}"), new ExpectedVersion.NoStream(), name, 0, 2)]));
            case Kind.TwoStreams:
                return Named(new AppendRequest([one, Part(Case(Streams + random.Next(Streams)), new ExpectedVersion.Any(), name, 1, 2)]));
            case Kind.VersionRead:
                // What the client believes may be old by the time it is asked.
                return Named(new AppendRequest([one with { Expected = ExpectedVersion.After(await versionOf(stream)) }]));
            case Kind.SetTimer:
                facts.Sets(TimerOf(name), name);
                return Named(new AppendRequest([one], Timers: [new TimerChange.Set(Key(TimerOf(name)), now.AddMilliseconds(random.Next(400)))]));
            case Kind.CancelTimer when TimerToCancel(client, n) is { } timer:
                facts.Cancels(timer, name);
                return Named(new AppendRequest([one], Timers: [new TimerChange.Cancel(Key(timer))]));
            default:
                return Named(new AppendRequest([Part(stream, new ExpectedVersion.Any(), name, 0, 1, message: true)], Outbox: [new OutboxMessage("webhook", name, Encoding.UTF8.GetBytes(name))]));
        }

        Operation Named(AppendRequest request)
        {
            var named = IsNamed(client, n);
            return Of(name, named, named ? request with { Command = new CommandId($"p-{group}{client}", name, SHA256.HashData(Encoding.UTF8.GetBytes(name))) } : request);
        }
    }

    /// <summary>Where a client goes on that was cut off: with what it was not answered if that has a command id, else after it.</summary>
    public int NextOf(int client, IReadOnlyCollection<Attempt> attempts)
    {
        var prefix = $"{group}{client}-";
        var asked = attempts.Where(attempt => attempt.Operation.StartsWith(prefix, StringComparison.Ordinal)).ToLookup(attempt => int.Parse(attempt.Operation[prefix.Length..], CultureInfo.InvariantCulture));
        if (asked.Count == 0)
            return 0;
        var last = asked.Max(operation => operation.Key);
        return IsNamed(client, last) && asked[last].All(attempt => attempt.Told is Told.Failed or Told.Unknown) ? last : last + 1;
    }

    private static Operation Of(string name, bool named, AppendRequest request) => new(name, named, request.Streams.Sum(stream => stream.Events.Count), request);

    private static StreamKey Case(int number) => StreamKey.Of("case", $"{number:x32}");

    private static TimerKey Key(string timer) => new("history", timer, "due", 1);

    private static string TimerOf(string operation) => $"t-{operation}";

    private static StreamAppend Part(StreamKey stream, ExpectedVersion expected, string operation, int from, int count, bool message = false) => new(stream, "case", expected,
    [
        .. Enumerable.Range(from, count).Select(number => new NewEvent(
            "case_reported", "Tests.case_reported, Tests", Data(operation, number, message),
            new EventOrigin("p-17", "grid_worker", "330106012003001", new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero)))),
    ]);

    // Whoever checks the history must see from the event alone that a message was written beside it.
    private static byte[] Data(string operation, int number, bool message) =>
        JsonSerializer.SerializeToUtf8Bytes(message ? new { message, number, operation } : (object)new { number, operation });

    private string NameOf(int client, int n) => string.Create(CultureInfo.InvariantCulture, $"{group}{client}-{n}");

    private bool IsNamed(int client, int n) => Source(client, n, 3).Next(4) > 0;

    private Kind KindOf(int client, int n)
    {
        var random = Source(client, n, 0);
        return random.Next(8) == 0 ? Kind.Again : (Kind)(1 + random.Next(6));
    }

    // The last timer that the next client sets before this and nobody cancelled yet: set or not by now, fired or not.
    private string? TimerToCancel(int client, int n)
    {
        var other = (client + 1) % clients;
        for (var m = n - 1; m >= 0 && KindOf(client, m) != Kind.CancelTimer; m--)
            if (KindOf(other, m) == Kind.SetTimer)
                return TimerOf(NameOf(other, m));
        return null;
    }

    private Random Source(int client, int n, int what) =>
        new(unchecked((int)((((((uint)seed * 2654435761u) + (uint)client) * 2246822519u) + (uint)n) * 3266489917u) ^ (what * 0x2545F491)));
}
