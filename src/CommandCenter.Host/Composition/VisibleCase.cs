using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.EventStore;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Composition;

/// <summary>A case for a reader: loaded, and refused to whoever may not see it.</summary>
public static class VisibleCase
{
    /// <exception cref="ProblemException">No such case, or not for this caller.</exception>
    public static async Task<(LoadedCase Case, CaseFile File)> LoadAsync(string id, IReadOnlyList<Caller> callers, CaseStreams streams, CancellationToken cancellation)
    {
        if (!StreamKey.IsId(id))
            throw Problems.CaseUnknown();
        var loaded = await streams.LoadAsync(id, cancellation);
        if (loaded.State is not Case.Known { File: var file })
            throw Problems.CaseUnknown();
        return callers.Any(caller => CaseAccess.MaySee(caller, file)) ? (loaded, file) : throw Problems.NotAllowed();
    }
}
