using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CommandCenter.EventStore;

/// <summary>
/// The keys in a folder outside the database, laid out as ADR 0003 says. Several stores, also of several processes, may share the folder: what two
/// of them must not both do is decided by exclusive creation of one file, and nothing about a key is cached.
/// </summary>
public sealed class FolderKeyStore : IKeyStore, IDisposable
{
    private const int LongestName = 200;
    private const int LongestReason = 500;
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(10);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly string _folder;
    private readonly TimeProvider _clock;
    private readonly byte[] _master;
    private readonly byte[] _lookup;
    private readonly byte[] _commands;
    private readonly byte[] _check;
    private readonly byte[] _uploads;
    private readonly ErasureJournal _journal;
    private readonly SemaphoreSlim _erasing = new(1);

    /// <summary>Opens the folder, or begins a new one, and deletes again every key that the journal says was erased.</summary>
    /// <exception cref="KeyStoreException">The folder cannot be used as it stands: the master key is missing, readable by others or not the one of these keys, or the journal is damaged.</exception>
    public FolderKeyStore(string folder, TimeProvider clock)
    {
        _folder = Path.GetFullPath(folder);
        _clock = clock;
        BeginFolder();
        _journal = new ErasureJournal(In("erasures.jsonl"));
        HeldKeys = AnyKeyFiles().Any() || !_journal.IsEmpty;
        _master = ReadOrCreateMaster();
        _lookup = Derive("lookup");
        _commands = Derive("commands");
        _check = Derive("check");
        _uploads = Derive("uploads");
        foreach (var keyId in _journal.Erased()) DurableFiles.Delete(KeyPath(keyId));
        RefuseForeignMaster();
    }

    /// <inheritdoc />
    public bool HeldKeys { get; }

    /// <inheritdoc />
    public ReadOnlyMemory<byte> MacKey(MacPurpose purpose) => purpose switch
    {
        MacPurpose.Lookup => _lookup,
        MacPurpose.Commands => _commands,
        MacPurpose.Check => _check,
        MacPurpose.Uploads => _uploads,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };

    /// <inheritdoc />
    public async Task<SubjectKey> GetOrCreateAsync(string subject, CancellationToken cancellation = default)
    {
        RequireName(subject, nameof(subject));
        while (true)
        {
            // Another process may create or erase the subject's key meanwhile; then the next round meets what it left.
            var namePath = NamePath(subject);
            var key = await ReadNameAsync(namePath, cancellation) is { } keyId
                ? await ReadOwnAsync(subject, namePath, keyId, cancellation)
                : TryCreate(subject, namePath);
            if (key is not null) return key;

            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc />
    public async Task<KeyLookup> FindAsync(KeyId keyId, CancellationToken cancellation = default)
    {
        // The journal is asked after the file, so that a key erased meanwhile is not given out, and it outranks a file put back.
        var content = await DurableFiles.ReadAsync(KeyPath(keyId), cancellation);
        if (_journal.Contains(keyId)) return new KeyLookup.Erased();
        if (content is null) return new KeyLookup.Unknown();

        return Unwrap(keyId, content) is { } opened ? new KeyLookup.Found(opened.Key) : new KeyLookup.Damaged();
    }

    /// <inheritdoc />
    public bool WasErased(string subject) => _journal.GenerationOf(subject) > 0;

    /// <inheritdoc />
    public async Task<ErasureResult> EraseSubjectAsync(string subject, string by, string reason, DateTimeOffset at, CancellationToken cancellation = default)
    {
        RequireName(subject, nameof(subject));
        RequireName(by, nameof(by));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reason.Length, LongestReason);

        await _erasing.WaitAsync(cancellation);
        try
        {
            await using var held = await LockFolderAsync(cancellation);
            if (await ReadNameAsync(NamePath(subject), cancellation) is not { } keyId) return new ErasureResult.NothingToErase();

            _journal.Append(keyId, subject, by, reason, at);
            DurableFiles.Delete(KeyPath(keyId));
            return new ErasureResult.Erased(keyId);
        }
        finally
        {
            _erasing.Release();
        }
    }

    /// <summary>Forgets the master key.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_master);
        CryptographicOperations.ZeroMemory(_lookup);
        CryptographicOperations.ZeroMemory(_commands);
        CryptographicOperations.ZeroMemory(_check);
        CryptographicOperations.ZeroMemory(_uploads);
        _erasing.Dispose();
    }

    private SubjectKey? TryCreate(string subject, string namePath)
    {
        var keyId = KeyId.Create();
        var key = RandomNumberGenerator.GetBytes(SealBox.KeySize);
        var path = KeyPath(keyId);
        DurableFiles.CreateFolder(Path.GetDirectoryName(path)!);
        DurableFiles.Write(path, Wrap(keyId, subject, key));

        // The key stands before its name does: a crash in between leaves a key that nothing was ever sealed with.
        DurableFiles.CreateFolder(Path.GetDirectoryName(namePath)!);
        if (DurableFiles.TryWriteFirst(namePath, Encoding.ASCII.GetBytes($"{keyId}\n"))) return new SubjectKey(keyId, key);

        DurableFiles.Delete(path);
        return null;
    }

    private async Task<SubjectKey?> ReadOwnAsync(string subject, string namePath, KeyId keyId, CancellationToken cancellation)
    {
        var content = await DurableFiles.ReadAsync(KeyPath(keyId), cancellation);
        if (_journal.Contains(keyId))
        {
            return NamePath(subject) != namePath
                ? null
                : throw new KeyStoreException($"The name '{namePath}' holds the key id of an erased key of another subject: restore the keys from their backup.");
        }

        if (content is null)
            throw new KeyStoreException($"The key {keyId} of '{subject}' is lost: restore the keys from their backup, or erase the subject to give it a new key.");

        var opened = Unwrap(keyId, content);
        return opened?.Subject == subject
            ? new SubjectKey(keyId, opened.Value.Key)
            : throw new KeyStoreException($"The key {keyId} of '{subject}' is damaged: restore the keys from their backup, or erase the subject to give it a new key.");
    }

    private static async Task<KeyId?> ReadNameAsync(string path, CancellationToken cancellation)
    {
        if (await DurableFiles.ReadAsync(path, cancellation) is not { } content) return null;

        return KeyId.TryParse(Encoding.ASCII.GetString(content).TrimEnd('\n'), out var keyId)
            ? keyId
            : throw new KeyStoreException($"'{path}' does not hold a key id: restore the keys from their backup.");
    }

    private byte[] Wrap(KeyId keyId, string subject, ReadOnlySpan<byte> key)
    {
        var wrapped = new byte[key.Length + SealBox.Overhead];
        SealBox.Seal(_master, key, Encoding.UTF8.GetBytes($"{keyId}|{subject}"), wrapped);
        var file = new KeyFile(keyId.Hex, subject, StrictBase64Url.Encode(wrapped), ErasureJournal.InstantText(_clock.GetUtcNow()));
        return [.. JsonSerializer.SerializeToUtf8Bytes(file, Json), (byte)'\n'];
    }

    private (string Subject, byte[] Key)? Unwrap(KeyId keyId, byte[] content)
    {
        KeyFile? file;
        try
        {
            file = JsonSerializer.Deserialize<KeyFile>(content, Json);
        }
        catch (JsonException)
        {
            return null;
        }

        if (file is null || StrictBase64Url.Decode(file.Wrapped) is not { } wrapped) return null;

        var key = SealBox.Open(_master, wrapped, Encoding.UTF8.GetBytes($"{keyId}|{file.Subject}"));
        return key is { Length: SealBox.KeySize } ? (file.Subject, key) : null;
    }

    private void BeginFolder()
    {
        DurableFiles.CreateFolder(_folder);
        DurableFiles.CreateFolder(In("subjects"));
        DurableFiles.CreateFolder(In("names"));
        if (OperatingSystem.IsWindows()) return;

        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if ((File.GetUnixFileMode(_folder) & ~ownerOnly) != 0) File.SetUnixFileMode(_folder, ownerOnly);
    }

    private byte[] ReadOrCreateMaster()
    {
        var path = In("master.key");

        // Keys were looked for first: a neighbour that begins the same folder writes the master key before any other.
        if (!File.Exists(path))
        {
            if (HeldKeys)
                throw new KeyStoreException($"'{path}' is missing, but keys wrapped with it are there. Restore it from its backup; a new one would open nothing.");

            DurableFiles.TryWriteFirst(path, RandomNumberGenerator.GetBytes(SealBox.KeySize));
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
            throw new KeyStoreException($"'{path}' may be read by others than its owner. Set its mode to 0600, and ask who has read it.");

        var master = File.ReadAllBytes(path);
        if (master.Length != SealBox.KeySize)
            throw new KeyStoreException($"'{path}' is not a master key of {SealBox.KeySize} bytes. Restore it from its backup.");

        foreach (var leftover in Directory.EnumerateFiles(_folder, "master.key.*.tmp")) DeleteIfCopy(leftover, master);
        return master;
    }

    // Left by a crash between publishing the master key and removing its temporary name. Another process may remove its own meanwhile.
    private static void DeleteIfCopy(string path, byte[] master)
    {
        try
        {
            if (File.ReadAllBytes(path).AsSpan().SequenceEqual(master)) File.Delete(path);
        }
        catch (FileNotFoundException)
        {
            return;
        }
    }

    // One damaged key must not stop the town; a master key that opens none of several is another folder's.
    private void RefuseForeignMaster()
    {
        var sample = AnyKeyFiles().Take(8).ToList();
        if (sample.Count > 0 && sample.TrueForAll(file => !Opens(file)))
            throw new KeyStoreException($"'{In("master.key")}' opens none of the keys in this folder: it belongs to other keys. Restore the one of these keys from its backup.");
    }

    private bool Opens(string path)
    {
        try
        {
            return KeyId.TryParse(Path.GetFileNameWithoutExtension(path), out var keyId) && Unwrap(keyId, File.ReadAllBytes(path)) is not null;
        }
        catch (FileNotFoundException)
        {
            // Erased by another process since it was listed, so it was a good key a moment ago.
            return true;
        }
    }

    private IEnumerable<string> AnyKeyFiles() => Directory.EnumerateFiles(In("subjects"), "*.json", SearchOption.AllDirectories);

    // The lock ends with its process, so a crash blocks nobody. Other processes run on real time, so the wait does too.
    private async Task<FileStream> LockFolderAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(In("erasing.lock"), DurableFiles.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException failure) when (IsHeldByAnother(failure))
            {
                await Task.Delay(LockPoll, cancellation);
            }
        }
    }

    // EWOULDBLOCK of Linux and of the BSDs, and the sharing violation of Windows.
    private static bool IsHeldByAnother(IOException failure) => failure.HResult is 11 or 35 or unchecked((int)0x80070020);

    private byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _master, SealBox.KeySize, salt: [], info: Encoding.ASCII.GetBytes(purpose));

    private string In(string name) => Path.Combine(_folder, name);

    private string KeyPath(KeyId keyId) => Path.Combine(_folder, "subjects", keyId.Hex[..2], $"{keyId}.json");

    // The generation counts the subject's erased keys: a name is written once and neither changed nor deleted, so no two writers disagree about it.
    private string NamePath(string subject)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{_journal.GenerationOf(subject)}|{subject}")));
        return Path.Combine(_folder, "names", name[..2], name);
    }

    private static void RequireName(string name, string parameter)
    {
        if (name.Length is 0 or > LongestName || name.Any(c => c is <= ' ' or > '~'))
            throw new ArgumentException($"A subject's or person's name has 1 to {LongestName} printable ASCII characters.", parameter);
    }

    private sealed record KeyFile(string KeyId, string Subject, string Wrapped, string CreatedAt);
}
