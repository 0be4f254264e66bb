using System.Globalization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Http;

/// <summary>Stream versions and log positions as headers (ADR 0004).</summary>
public static class ETags
{
    public const string PositionHeader = "X-Position";

    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>The version in <c>If-Match</c>; null when the header is absent or <c>*</c>.</summary>
    /// <exception cref="ProblemException">The header is not one quoted version.</exception>
    public static long? IfMatch(HttpRequest request)
    {
        var text = request.Headers.IfMatch.ToString();
        if (text is "" or "*")
            return null;
        if (text.Length > 2 && text[0] == '"' && text[^1] == '"' && long.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return version;
        throw Problems.Malformed("If-Match is one quoted version, such as \"7\".", "If-Match");
    }

    /// <summary>The position that <c>?minPosition=</c> asks for; null when it is absent.</summary>
    /// <exception cref="ProblemException">It is not <c>epoch:position</c>.</exception>
    public static LogPosition? MinPosition(HttpRequest request)
    {
        var text = request.Query["minPosition"].ToString();
        if (text.Length == 0)
            return null;
        return LogPosition.TryParse(text, out var position) ? position : throw Problems.Malformed("minPosition is epoch:position, such as 1:42.", "minPosition");
    }
}
