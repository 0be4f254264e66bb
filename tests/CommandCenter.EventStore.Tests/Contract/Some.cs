using System.Text;

namespace CommandCenter.EventStore.Tests;

/// <summary>Requests for tests, with everything left out that a test does not talk about.</summary>
internal static class Some
{
    public static readonly DateTimeOffset T0 = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    public static readonly EventOrigin Origin = new("p-17", "grid_worker", "330106012003001", T0.AddMicroseconds(1));

    public static StreamKey Case(int number) => StreamKey.Of("case", $"{number:x32}");

    public static NewEvent Event(string type = "case_reported", string data = """{"text":"路灯不亮"}""") =>
        new(type, $"Tests.{type}, Tests", Encoding.UTF8.GetBytes(data), Origin);

    public static StreamAppend To(StreamKey stream, ExpectedVersion expected, params NewEvent[] events) => new(stream, "case", expected, events.Length == 0 ? [Event()] : events);

    public static StreamAppend New(StreamKey stream, params NewEvent[] events) => To(stream, new ExpectedVersion.NoStream(), events);

    public static AppendRequest Request(params StreamAppend[] streams) => new(streams);

    public static CommandId Command(string id = "k1", string actor = "p-17", byte content = 1) => new(actor, id, Enumerable.Repeat(content, 32).ToArray());

    public static TimerKey Timer(string name = "accept/due", int attempt = 1) => new("case_deadlines", "c1", name, attempt);

    public static OutboxMessage Message(string text = "hello", string kind = "sms", string key = "c1") => new(kind, key, Encoding.UTF8.GetBytes(text));

    public static string Text(this OutboxRow row) => Encoding.UTF8.GetString(row.Message.Payload.Span);

    public static string Text(this StoredEvent e) => Encoding.UTF8.GetString(e.Data.Span);

    public static async Task<AppendReceipt> AppendedAsync(this IEventLog log, AppendRequest request) =>
        (await log.AppendAsync(request)).ShouldBeOfType<AppendResult.Appended>().Receipt;

    /// <summary>Reads on until so many events have come.</summary>
    public static async Task<List<StoredEvent>> TakeAsync(this IAsyncEnumerable<IReadOnlyList<StoredEvent>> batches, int count)
    {
        var events = new List<StoredEvent>();
        await foreach (var batch in batches)
        {
            batch.ShouldNotBeEmpty();
            events.AddRange(batch);
            if (events.Count >= count)
                break;
        }

        return events;
    }
}
