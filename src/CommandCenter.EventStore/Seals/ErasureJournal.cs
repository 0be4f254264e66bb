using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CommandCenter.EventStore;

/// <summary>One line of the journal.</summary>
internal sealed record Erasure(string KeyId, string Subject, string ErasedAt, string By, string Reason);

/// <summary>
/// <c>erasures.jsonl</c>: which keys were destroyed, by whom and why. Append-only, shared by processes; what another process appended is seen at the next look.
/// </summary>
internal sealed class ErasureJournal
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    // Subject, actor and reason are limited, so that a line is never longer, even with every character escaped.
    private const int LongestLine = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly HashSet<KeyId> _erased = [];
    private readonly Dictionary<string, int> _generations = new(StringComparer.Ordinal);
    private long _readTo;

    public ErasureJournal(string path)
    {
        _path = path;
        Refresh();
    }

    /// <summary>Every erased key.</summary>
    public IReadOnlyCollection<KeyId> Erased()
    {
        lock (_gate)
        {
            return [.. _erased];
        }
    }

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _erased.Count == 0;
            }
        }
    }

    public bool Contains(KeyId keyId)
    {
        lock (_gate)
        {
            Refresh();
            return _erased.Contains(keyId);
        }
    }

    /// <summary>How many keys of this subject were erased: its present key is the one of this generation.</summary>
    public int GenerationOf(string subject)
    {
        lock (_gate)
        {
            Refresh();
            return _generations.GetValueOrDefault(subject);
        }
    }

    /// <summary>Appends a line and waits until the disk has it. The caller holds the store's lock.</summary>
    public void Append(KeyId keyId, string subject, string by, string reason, DateTimeOffset at)
    {
        var erasure = new Erasure(keyId.Hex, subject, InstantText(at), by, reason);
        lock (_gate)
        {
            using (var file = new FileStream(_path, DurableFiles.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite)))
            {
                EndAtLineEnd(file);
                file.Write([.. JsonSerializer.SerializeToUtf8Bytes(erasure, Json), (byte)'\n']);
                file.Flush(flushToDisk: true);
            }

            DurableFiles.SyncFolder(Path.GetDirectoryName(_path)!);
            Refresh();
        }
    }

    internal static string InstantText(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    // A crash may leave half a line. Its key was not deleted yet, so the half line is cut; a whole line only lacks its end.
    private static void EndAtLineEnd(FileStream file)
    {
        var tail = new byte[Math.Min(file.Length, LongestLine)];
        file.Seek(-tail.Length, SeekOrigin.End);
        file.ReadExactly(tail);
        var halfLine = tail.AsSpan(Array.LastIndexOf(tail, (byte)'\n') + 1);
        if (halfLine.IsEmpty) return;

        if (Parse(halfLine) is null)
        {
            file.SetLength(file.Length - halfLine.Length);
            file.Seek(0, SeekOrigin.End);
        }
        else
        {
            file.WriteByte((byte)'\n');
        }
    }

    private void Refresh()
    {
        var info = new FileInfo(_path);
        var length = info.Exists ? info.Length : 0;
        if (length == _readTo) return;

        // A shorter journal was put back from a backup: what it lacks stays erased here, what it has is read again.
        if (length < _readTo) _readTo = 0;
        if (length == 0) return;

        using var file = new FileStream(_path, DurableFiles.Options(FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        file.Seek(_readTo, SeekOrigin.Begin);
        var tail = new byte[length - _readTo];
        var got = file.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false);
        Take(tail.AsSpan(0, got));
    }

    private void Take(ReadOnlySpan<byte> tail)
    {
        while (!tail.IsEmpty)
        {
            var end = tail.IndexOf((byte)'\n');
            var line = end < 0 ? tail : tail[..end];
            var erasure = Parse(line);
            if (erasure is not null)
            {
                if (KeyId.TryParse(erasure.KeyId, out var keyId) && _erased.Add(keyId))
                    _generations[erasure.Subject] = _generations.GetValueOrDefault(erasure.Subject) + 1;
            }
            else if (end >= 0 && !line.Trim(" \r\t"u8).IsEmpty)
            {
                throw new KeyStoreException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The erasure journal '{_path}' has a line that cannot be read, at byte {_readTo}. Restore it from its backup: without it erased keys could come back."));
            }

            // A line without an end may still be growing, so it is read again next time.
            if (end < 0) return;
            tail = tail[(end + 1)..];
            _readTo += end + 1;
        }
    }

    private static Erasure? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<Erasure>(line, Json) is { } erasure && KeyId.TryParse(erasure.KeyId, out _) ? erasure : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
