using CommandCenter.Domain.Cases;

namespace CommandCenter.Domain.Listings;

/// <summary>What a listing says in the stream of its case. Pure.</summary>
public static class ListingStory
{
    /// <param name="round">The listing's round before what was decided.</param>
    public static IEnumerable<CaseStoryEvent> Of(int round, IEnumerable<ListingEvent> decided)
    {
        foreach (var happened in decided)
        {
            if (happened is ListingOpened opened)
                yield return new CaseListed(opened.Round, opened.Reason, opened.Grade, opened.DueAt);
            else if (happened is ListingRecounted recounted)
                yield return new CaseListingRecounted(round, recounted.DueAt);
            else if (happened is ListingLifted)
                yield return new CaseDelisted(round);
        }
    }
}
