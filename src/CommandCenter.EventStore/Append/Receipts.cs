using System.Buffers;
using System.Text.Json;

namespace CommandCenter.EventStore;

/// <summary>The stored form of a receipt: <c>{"last":"1:57","recordedAt":"…","streams":[{"stream":"case:…","version":3}]}</c>.</summary>
internal static class Receipts
{
    public static byte[] Write(AppendReceipt receipt)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("last"u8, receipt.Last.ToString());
        json.WriteString("recordedAt"u8, Instants.Format(receipt.RecordedAt));
        json.WriteStartArray("streams"u8);
        foreach (var stream in receipt.Streams)
        {
            json.WriteStartObject();
            json.WriteString("stream"u8, stream.Stream.ToString());
            json.WriteNumber("version"u8, stream.Version);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    public static AppendReceipt Read(ReadOnlyMemory<byte> stored)
    {
        using var json = JsonDocument.Parse(stored);
        var root = json.RootElement;
        if (!LogPosition.TryParse(root.GetProperty("last").GetString(), out var last))
            throw new FormatException("A stored receipt names no position.");
        return new AppendReceipt(
            last,
            Instants.Parse(root.GetProperty("recordedAt").GetString()!),
            [.. root.GetProperty("streams").EnumerateArray().Select(stream =>
                new StreamReceipt(StreamKey.Parse(stream.GetProperty("stream").GetString()!), stream.GetProperty("version").GetInt64()))]);
    }
}
