using System.Text.Json;
using Npgsql;

namespace CommandCenter.EventStore;

/// <summary>Reads rows of <c>mt_events</c>.</summary>
internal static class EventRows
{
    /// <summary>The columns that <see cref="Read"/> takes, of a row named <c>e</c>.</summary>
    public const string Columns = "e.seq_id, e.id, e.stream_id, e.version, e.type, e.timestamp, e.headers, e.data, e.correlation_id, e.causation_id";

    /// <param name="from">The index of the first of <see cref="Columns"/>.</param>
    /// <param name="epoch">The log's epoch now: a position is a place in the log as it is, whatever epoch the event was written in.</param>
    public static StoredEvent Read(NpgsqlDataReader row, int from, int epoch) => new(
        new LogPosition(epoch, row.GetInt64(from)),
        row.GetGuid(from + 1),
        StreamKey.Parse(row.GetString(from + 2)),
        row.GetInt64(from + 3),
        row.GetString(from + 4),
        row.GetFieldValue<DateTimeOffset>(from + 5),
        Origin(row.GetFieldValue<byte[]>(from + 6)),
        // jsonb orders names by length first and puts spaces in: back to the form that was written.
        CanonicalJson.Canonicalize(row.GetFieldValue<byte[]>(from + 7)),
        row.IsDBNull(from + 8) ? null : row.GetString(from + 8),
        row.IsDBNull(from + 9) ? null : row.GetString(from + 9));

    /// <summary>The leaf's fields of the same row, with the headers as they were written.</summary>
    public static LeafFields Leaf(NpgsqlDataReader row, int from) => new(
        row.GetInt64(from),
        row.GetGuid(from + 1),
        row.GetString(from + 2),
        row.GetInt64(from + 3),
        row.GetString(from + 4),
        row.GetFieldValue<DateTimeOffset>(from + 5),
        CanonicalJson.Canonicalize(row.GetFieldValue<byte[]>(from + 7)),
        CanonicalJson.Canonicalize(row.GetFieldValue<byte[]>(from + 6)),
        row.IsDBNull(from + 8) ? null : row.GetString(from + 8),
        row.IsDBNull(from + 9) ? null : row.GetString(from + 9));

    private static EventOrigin Origin(ReadOnlySpan<byte> headers)
    {
        string? actor = null, role = null, place = null, absent = null;
        DateTimeOffset? happenedAt = null;
        var reader = new Utf8JsonReader(headers);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            if (reader.ValueTextEquals("actor"u8))
                actor = Next(ref reader);
            else if (reader.ValueTextEquals("role"u8))
                role = Next(ref reader);
            else if (reader.ValueTextEquals("place"u8))
                place = Next(ref reader);
            else if (reader.ValueTextEquals("for"u8))
                absent = Next(ref reader);
            else if (reader.ValueTextEquals("happenedAt"u8))
                happenedAt = reader.Read() && !reader.ValueIsEscaped ? Instants.Parse(reader.ValueSpan) : null;
        }

        return actor is not null && role is not null && place is not null && happenedAt is { } at
            ? new EventOrigin(actor, role, place, at, absent)
            : throw new FormatException("The headers of a stored event lack actor, role, place or happenedAt (ADR 0001).");
    }

    private static string? Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.ValueIsEscaped || reader.TokenType != JsonTokenType.String ? reader.GetString() : FewTexts.Get(reader.ValueSpan);
    }

    /// <summary>Few people, roles and places stand in millions of events: their texts are kept, one for each of a bounded number of slots.</summary>
    private static class FewTexts
    {
        private static readonly Entry?[] Kept = new Entry?[4096];

        public static string Get(ReadOnlySpan<byte> utf8)
        {
            var hash = new HashCode();
            hash.AddBytes(utf8);
            ref var slot = ref Kept[(uint)hash.ToHashCode() % (uint)Kept.Length];
            if (Volatile.Read(ref slot) is { } kept && utf8.SequenceEqual(kept.Bytes))
                return kept.Text;
            var text = System.Text.Encoding.UTF8.GetString(utf8);
            Volatile.Write(ref slot, new Entry(utf8.ToArray(), text));
            return text;
        }

        private sealed record Entry(byte[] Bytes, string Text);
    }
}
