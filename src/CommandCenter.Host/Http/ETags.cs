using System.Globalization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Http;

/// <summary>Stream versions and log positions as headers (ADR 0004).</summary>
public static class ETags
{
    public const string PositionHeader = "X-Position";

    /// <summary>A version whose answer depends on more than the stream: the digest tells such answers apart, and <c>If-Match</c> does not mind it.</summary>
    public static string Of(long version, string digest) => string.Create(CultureInfo.InvariantCulture, $"\"{version}.{digest}\"");

    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>The version in <c>If-Match</c>; null when the header is absent or <c>*</c>.</summary>
    /// <exception cref="ProblemException">The header is not one quoted version.</exception>
    public static long? IfMatch(HttpRequest request)
    {
        var text = request.Headers.IfMatch.ToString();
        if (text is "" or "*")
            return null;
        if (text.Length > 2 && text[0] == '"' && text[^1] == '"')
        {
            var tag = text.AsSpan(1, text.Length - 2);
            var digest = tag.IndexOf('.');
            if (long.TryParse(digest < 0 ? tag : tag[..digest], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
                return version;
        }

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
