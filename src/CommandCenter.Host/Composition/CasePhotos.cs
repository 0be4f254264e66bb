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
        CaseSolvedOnSpot e => e.Photos,
        CaseSettledByVillage e => e.Photos,
        CaseChecked e => e.Photos,
        CaseProgressed e => [.. e.Before, .. e.After],
        CaseSubtaskFinished e => e.Photos,
        CaseFeedbackGiven e => e.Photos,
        _ => [],
    };
}
