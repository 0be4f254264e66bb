using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Composition;

/// <summary>The area that a board, or the map under it, is asked for.</summary>
public static class BoardScope
{
    /// <summary>The query's <c>scope</c>, by default the caller's place.</summary>
    /// <exception cref="ProblemException">It is no area code, or none of the callers may list its cases.</exception>
    public static AreaCode Of(HttpRequest request, IReadOnlyList<Caller> callers)
    {
        var scope = request.Query["scope"].ToString() switch
        {
            "" => callers[0].Seat.Place,
            var text when AreaCode.TryParse(text, out var code) => code,
            _ => throw Problems.Malformed("scope is an area code.", "scope"),
        };
        return callers.Any(caller => CaseAccess.MayList(caller, scope)) ? scope : throw Problems.NotAllowed();
    }
}
