using System.Buffers;
using System.Text;

namespace CommandCenter.EventStore;

/// <summary>
/// A request whose data is known to be storable: checked and brought into canonical form before any transaction, so that nothing is held while that is done
/// and one caller's data never fails another's.
/// </summary>
internal sealed class PreparedAppend
{
    /// <summary>The largest data of one event, in bytes of canonical JSON.</summary>
    public const int MaxDataBytes = 1 << 20;

    public const int CommandHashBytes = 32;

    private PreparedAppend(
        AppendRequest request, IReadOnlyList<PreparedStream> streams, IReadOnlyList<TimerChange> timers)
    {
        Command = request.Command;
        Fired = request.Fired;
        Outbox = request.Outbox ?? [];
        Files = request.Files ?? [];
        Streams = streams;
        Timers = timers;
        Bytes = streams.Sum(stream => stream.Events.Sum(e => (long)e.Data.Length)) + Outbox.Sum(message => (long)message.Payload.Length);
    }

    public IReadOnlyList<PreparedStream> Streams { get; }
    public CommandId? Command { get; }
    public DueTimer? Fired { get; }
    public IReadOnlyList<TimerChange> Timers { get; }
    public IReadOnlyList<OutboxMessage> Outbox { get; }
    public IReadOnlyList<string> Files { get; }

    /// <summary>What the request weighs: the data of its events and messages, in bytes.</summary>
    public long Bytes { get; }

    /// <exception cref="EventDataException">Something in the request cannot be stored; the message says what.</exception>
    public static PreparedAppend From(AppendRequest request)
    {
        if (request.Command is { } command)
            Check(command);
        if (request.Fired is { } fired)
            Check(fired.Key);
        foreach (var message in request.Outbox ?? [])
        {
            CheckText("an outbox message's kind", message.Kind, 1, 200);
            CheckText("an outbox message's key", message.Key, 0, 500);
        }

        foreach (var file in request.Files ?? [])
            CheckText("a file's hash", file, 1, 100);

        return new PreparedAppend(request, [.. request.Streams.Select(Prepare)], [.. (request.Timers ?? []).Select(Prepare)]);
    }

    private static PreparedStream Prepare(StreamAppend append)
    {
        if (append.Stream == default)
            throw new EventDataException("An append names no stream.");
        CheckName("a stream's type", append.StreamType, 100);
        if (append.Expected is null or ExpectedVersion.Exactly { Version: < 1 })
            throw new EventDataException($"An append to {append.Stream} says no version that a stream can have.");
        return new PreparedStream(append.Stream, append.Stream.ToString(), append.StreamType, append.Expected, [.. append.Events.Select(Prepare)]);
    }

    private static PreparedEvent Prepare(NewEvent e)
    {
        CheckName("an event's type", e.Type, 200);
        CheckText($"the .NET type of {e.Type}", e.DotnetType, 1, 500);
        CheckText($"the actor of {e.Type}", e.Origin.Actor, 1, 200);
        CheckText($"the role of {e.Type}", e.Origin.Role, 1, 100);
        CheckText($"the place of {e.Type}", e.Origin.Place, 0, 100);
        CheckText($"whom the actor of {e.Type} acted for", e.Origin.For ?? "", 0, 200);
        CheckText($"the correlation of {e.Type}", e.CorrelationId ?? "", 0, 500);
        CheckText($"the causation of {e.Type}", e.CausationId ?? "", 0, 500);
        byte[] data;
        try
        {
            data = CanonicalJson.Canonicalize(e.Data.Span);
        }
        catch (CanonicalJsonException problem)
        {
            throw new EventDataException($"The data of {e.Type} cannot be stored. {problem.Message}", problem);
        }

        if (data[0] != '{')
            throw new EventDataException($"The data of {e.Type} is not an object.");
        if (data.Length > MaxDataBytes)
            throw new EventDataException($"The data of {e.Type} has {data.Length} bytes; at most {MaxDataBytes} are stored.");
        return new PreparedEvent(e, e.Origin with { HappenedAt = Instants.Cut(e.Origin.HappenedAt) }, data);
    }

    private static TimerChange Prepare(TimerChange change)
    {
        Check(change.Key);
        return change is TimerChange.Set set ? set with { DueAt = Instants.RoundUp(set.DueAt) } : change;
    }

    private static void Check(CommandId command)
    {
        CheckText("a command's actor", command.Actor, 1, 200);
        if (command.Id.Length is 0 or > 200 || command.Id.Any(c => c is < '!' or > '~'))
            throw new EventDataException("A command id is 1 to 200 printable ASCII characters without spaces.");
        if (command.RequestHash.Length != CommandHashBytes)
            throw new EventDataException($"A command's request hash has {CommandHashBytes} bytes, not {command.RequestHash.Length}.");
    }

    private static void Check(TimerKey key)
    {
        CheckName("a timer's saga", key.Saga, 100);
        if (!StreamKey.IsId(key.SagaId))
            throw new EventDataException($"A timer's saga id is the id of a stream, not '{key.SagaId}'.");
        if (key.Name.Length is 0 or > 200 || key.Name.Any(c => c is < '!' or > '~'))
            throw new EventDataException("A timer's name is 1 to 200 printable ASCII characters without spaces.");
        if (key.Attempt < 0)
            throw new EventDataException($"A timer's attempt counts from 0, not {key.Attempt}.");
    }

    private static void CheckName(string what, string name, int longest)
    {
        if (name.Length is 0 || name.Length > longest || !char.IsAsciiLetterLower(name[0]) || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
            throw new EventDataException($"The name of {what} is 1 to {longest} characters in snake_case; '{Printable(name)}' is not.");
    }

    private static void CheckText(string what, string text, int shortest, int longest)
    {
        if (text.Length < shortest || text.Length > longest)
            throw new EventDataException($"The length of {what} is {text.Length}, not {shortest} to {longest}.");
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
                throw new EventDataException($"There is a control character in {what}.");
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                throw new EventDataException($"There is a lone surrogate in {what}.");
        }
    }

    private static string Printable(string text) => string.Concat(text.Take(60).Select(c => c is < ' ' or > '~' ? '?' : c));
}

/// <summary>One stream's part of a prepared request; the same stream may have several, taken one after the other.</summary>
internal sealed record PreparedStream(StreamKey Stream, string Key, string Type, ExpectedVersion Expected, IReadOnlyList<PreparedEvent> Events);

/// <summary>An event in canonical form. Only what is assigned under the store lock is missing: position, version, time, epoch.</summary>
internal sealed class PreparedEvent
{
    private readonly byte[] _headersBeforeEpoch;
    private readonly byte[] _headersAfterEpoch;

    public PreparedEvent(NewEvent source, EventOrigin origin, byte[] data)
    {
        Source = source;
        Origin = origin;
        Data = data;
        var before = new ArrayBufferWriter<byte>(64);
        before.Write("{\"actor\":"u8);
        CanonicalJson.WriteString(before, origin.Actor);
        before.Write(",\"epoch\":"u8);
        _headersBeforeEpoch = before.WrittenSpan.ToArray();
        var after = new ArrayBufferWriter<byte>(128);
        if (origin.For is { } absent)
        {
            after.Write(",\"for\":"u8);
            CanonicalJson.WriteString(after, absent);
        }

        after.Write(",\"happenedAt\":"u8);
        CanonicalJson.WriteString(after, Instants.Format(origin.HappenedAt));
        after.Write(",\"place\":"u8);
        CanonicalJson.WriteString(after, origin.Place);
        after.Write(",\"role\":"u8);
        CanonicalJson.WriteString(after, origin.Role);
        after.Write("}"u8);
        _headersAfterEpoch = after.WrittenSpan.ToArray();
    }

    public NewEvent Source { get; }
    public EventOrigin Origin { get; }
    public byte[] Data { get; }

    /// <summary>The canonical headers of ADR 0001, names in order: actor, epoch, for where there is one, happenedAt, place, role.</summary>
    public byte[] Headers(int epoch) =>
        [.. _headersBeforeEpoch, .. Encoding.ASCII.GetBytes(epoch.ToString(System.Globalization.CultureInfo.InvariantCulture)), .. _headersAfterEpoch];
}
