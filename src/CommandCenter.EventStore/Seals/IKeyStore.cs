namespace CommandCenter.EventStore;

/// <summary>The data key of one subject.</summary>
/// <param name="Key">32 bytes for AES-256-GCM.</param>
public sealed record SubjectKey(KeyId KeyId, ReadOnlyMemory<byte> Key);

/// <summary>What is known of a key id. A closed type.</summary>
public abstract record KeyLookup
{
    private KeyLookup() { }

    public sealed record Found(ReadOnlyMemory<byte> Key) : KeyLookup;

    /// <summary>The key was destroyed on purpose and never comes back.</summary>
    public sealed record Erased : KeyLookup;

    /// <summary>No such key, now or in the journal of erasures.</summary>
    public sealed record Unknown : KeyLookup;

    /// <summary>The key's file is there but does not open under the master key.</summary>
    public sealed record Damaged : KeyLookup;
}

/// <summary>What became of an erasure. A closed type.</summary>
public abstract record ErasureResult
{
    private ErasureResult() { }

    /// <summary>Journalled, then destroyed.</summary>
    public sealed record Erased(KeyId KeyId) : ErasureResult;

    /// <summary>The subject has no key, or it was erased before.</summary>
    public sealed record NothingToErase : ErasureResult;
}

/// <summary>What a keyed hash is for: each purpose has a key of its own, so that hashes of one say nothing about another's.</summary>
public enum MacPurpose
{
    /// <summary>Finding equal values without storing them.</summary>
    Lookup,

    /// <summary>Recognising the content of a repeated command.</summary>
    Commands,

    /// <summary>Recognising the key store that belongs to a log.</summary>
    Check,

    /// <summary>Sealing what was uploaded and is not whole yet.</summary>
    Uploads,
}

/// <summary>
/// The port to the keys under which personal data is sealed, kept outside the database (ADR 0003). One key per subject, such as
/// <c>case:0199…:reporter</c> or <c>file:9f86…</c>; a subject's name is never personal data itself.
/// </summary>
public interface IKeyStore
{
    /// <summary>The subject's key, durable before it is returned. After an erasure the subject gets a new key.</summary>
    /// <exception cref="KeyStoreException">The subject's key is lost or damaged.</exception>
    Task<SubjectKey> GetOrCreateAsync(string subject, CancellationToken cancellation = default);

    /// <summary>Never answers from a cache: an erasure by another node counts at once.</summary>
    Task<KeyLookup> FindAsync(KeyId keyId, CancellationToken cancellation = default);

    /// <summary>Destroys the subject's key for ever: first the journal, then the key.</summary>
    /// <param name="by">The person's id.</param>
    /// <param name="reason">Kept for ever in the journal, so without personal data.</param>
    Task<ErasureResult> EraseSubjectAsync(string subject, string by, string reason, DateTimeOffset at, CancellationToken cancellation = default);

    /// <summary>Whether a key of the subject was ever destroyed, also where it has a new one since. Never answers from a cache.</summary>
    bool WasErased(string subject);

    /// <summary>The 32-byte key for HMAC-SHA-256: HKDF-SHA-256 of the master key, without salt, with the purpose's name in lower case as info.</summary>
    ReadOnlyMemory<byte> MacKey(MacPurpose purpose);

    /// <summary>Whether it held keys, or erasures of keys, when it was opened; a new store holds none.</summary>
    bool HeldKeys { get; }
}

/// <summary>The key store cannot be used as it stands; the message says what an operator has to do.</summary>
public sealed class KeyStoreException(string message, Exception? inner = null) : Exception(message, inner);
