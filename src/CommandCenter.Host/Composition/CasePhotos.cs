using CommandCenter.Domain.Cases;

namespace CommandCenter.Host.Composition;

/// <summary>The photos that an event of a case brings with it.</summary>
public static class CasePhotos
{
    public static IReadOnlyList<string> Of(CaseEvent happened) => happened switch
    {
        CaseReported e => e.Photos,
        CaseCompleted e => e.Photos,
        CaseVerified e => e.Photos,
        CaseReworkOrdered e => e.Photos,
        _ => [],
    };
}
