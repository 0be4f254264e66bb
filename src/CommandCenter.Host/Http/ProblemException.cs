using CommandCenter.Domain;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Http;

/// <summary>What another person did last.</summary>
/// <param name="Actor">The person's id, or <c>resident</c>.</param>
/// <param name="Name">Null for residents and for who is no longer in the organization.</param>
/// <param name="Event">The event's alias, as in the case's history.</param>
public sealed record LastChangeView(string Actor, Message? Name, Role Role, DateTimeOffset At, string Event);

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

    /// <summary>What another person did last, for whoever came second.</summary>
    public LastChangeView? Last { get; init; }

    /// <summary>Which lines of the request, or of what it is about, are at fault, and why each.</summary>
    public IReadOnlyList<RefusalLine>? Lines { get; init; }

    /// <summary>After how many seconds a retry makes sense.</summary>
    public int? RetryAfterSeconds { get; init; }
}
