using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Statistics;
using CommandCenter.Domain.Tasks;
using CommandCenter.Domain.Whistles;

namespace CommandCenter.Host.Board;

/// <summary>A case as the board holds it.</summary>
public sealed record BoardCase(string Number, CaseSummary Summary, CaseTally Tally, CaseAlarm? Alarm = null);

/// <summary>How many cases a town was reported on a day so far, by which they are numbered.</summary>
public sealed record DayOrdinal(AreaCode Town, DateOnly Day, int Last);

/// <summary>
/// All that a <see cref="BoardFold"/> holds, as a snapshot stores it. Every list is ordered, so that two nodes that folded the same events store the same.
/// </summary>
/// <param name="Day">The local day of the last event; null before the first.</param>
/// <param name="Ended">Cases that ended before yesterday, kept in case something still happens to them.</param>
/// <param name="Broken">Streams left out since one of their events could not be folded.</param>
public sealed record BoardState(
    DateOnly? Day,
    IReadOnlyList<BoardCase> Cases,
    IReadOnlyList<BoardCase> Ended,
    IReadOnlyList<CountedFact> Facts,
    IReadOnlyList<CountedRun> Runs,
    IReadOnlyList<DayOrdinal> Ordinals,
    IReadOnlyList<TaskSummary> Tasks,
    IReadOnlyList<TaskListSummary> Lists,
    IReadOnlyList<WhistleSummary> Whistles,
    IReadOnlyList<AgendaSummary> Agendas,
    IReadOnlyList<ListingSummary> Listings,
    IReadOnlyList<FeedItem> Feed,
    IReadOnlyList<string> Broken);
