using System.Collections.Immutable;
using CommandCenter.Domain.Cases;

namespace CommandCenter.Domain.Meetings;

/// <summary>
/// A meeting as lists show it: a fold of its events, and of its cases', that needs nothing but the row before, so that a read table can keep it. What it has seen changes nothing.
/// </summary>
/// <param name="Version">Of the meeting's stream.</param>
/// <param name="Position">Of its first event in the log: the order of lists.</param>
/// <param name="UpdatedAt">When its own stream last grew.</param>
/// <param name="Trails">Each line's way through the cases, by the line's number.</param>
public sealed record MeetingSummary(
    string Id, long Version, long Position, DateTimeOffset UpdatedAt, MeetingStage Stage, MeetingFile File, ImmutableSortedDictionary<int, CaseTrail> Trails)
{
    /// <summary>Lines whose case stands otherwise than the meeting knows.</summary>
    public IReadOnlyList<LineStanding> News => [.. Standings.Where(standing => File.Lines[standing.Line].IsNews(standing))];

    /// <summary>How each line's case stands.</summary>
    public IEnumerable<LineStanding> Standings => Trails.Select(trail => trail.Value.Standing(trail.Key));

    /// <summary>Every case that the lines follow.</summary>
    public IEnumerable<string> Cases => Trails.Values.SelectMany(trail => trail.Cases).Select(known => known.Case).Distinct(StringComparer.Ordinal);

    /// <summary>The summary after an event of the meeting.</summary>
    /// <exception cref="InvalidOperationException">The first event of the meeting, or one before this, is missing.</exception>
    public static MeetingSummary Apply(MeetingSummary? before, string id, long version, long position, Fact<MeetingEvent> fact)
    {
        if (before is not null && version <= before.Version)
            return before;
        if (version != (before?.Version ?? 0) + 1)
            throw new InvalidOperationException($"Meeting {id} is at version {before?.Version ?? 0} and goes on with {version}: what lies between is missing.");

        var state = before is null ? Meeting.None : Meeting.Of(before.Stage, before.File);
        var after = (Meeting.Known)state.Apply(fact);
        var trails = before?.Trails ?? ImmutableSortedDictionary<int, CaseTrail>.Empty;
        foreach (var line in after.File.Lines.Values.Where(line => !trails.ContainsKey(line.Number)))
            trails = trails.Add(line.Number, CaseTrail.Of(line.Listed.Case, after.File.Setup.Area));
        return new MeetingSummary(id, version, before?.Position ?? position, fact.RecordedAt, after.Stage!.Value, after.File, trails);
    }

    /// <summary>The summary after an event of a case.</summary>
    /// <param name="position">Where it stands in the log.</param>
    public MeetingSummary AfterCase(string caseId, CaseEvent happened, long position) => this with
    {
        Trails = Trails.Where(trail => trail.Value.Follows(caseId)).Aggregate(Trails, (trails, trail) => trails.SetItem(trail.Key, trail.Value.After(caseId, happened, position))),
    };
}
