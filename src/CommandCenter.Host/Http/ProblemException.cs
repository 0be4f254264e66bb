using CommandCenter.Domain;

namespace CommandCenter.Host.Http;

/// <summary>An answer that is not a success, with a frozen code and words in both languages (RFC 9457, ADR 0004).</summary>
public sealed class ProblemException(int status, string code, Message message, string? field = null, string? detail = null) : Exception(message.En)
{
    public int Status { get; } = status;
    public string Code { get; } = code;
    public Message Words { get; } = message;

    /// <summary>The member or header that is at fault.</summary>
    public string? Field { get; } = field;

    /// <summary>What exactly, in English, for whoever writes a client.</summary>
    public string? Detail { get; } = detail;

    /// <summary>The commands that would be accepted instead.</summary>
    public IReadOnlyList<string>? Possible { get; init; }

    /// <summary>The stream's present version.</summary>
    public long? Current { get; init; }

    /// <summary>After how many seconds a retry makes sense.</summary>
    public int? RetryAfterSeconds { get; init; }
}
