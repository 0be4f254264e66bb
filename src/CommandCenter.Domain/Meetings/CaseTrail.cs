using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Meetings;

/// <summary>A case that a line follows.</summary>
/// <param name="Seen">The position of its last event that was looked at; what stands at or before it changes nothing.</param>
/// <param name="Since">The position of the event since which it stands as it does.</param>
/// <param name="Into">The cases that go on for it.</param>
public sealed record TrailCase(string Case, long Seen = 0, long Since = 0, LineOutcome? Outcome = null, IReadOnlyList<string>? Into = null);

/// <summary>
/// The way of a line's matter through the cases. What a yard asked for must not get lost where its case goes into another one: then that one's result is the line's.
/// </summary>
/// <param name="Cases">The line's own case first.</param>
/// <param name="Home">The town where the line was written: a case that came back there is not somebody else's.</param>
public sealed record CaseTrail(IReadOnlyList<TrailCase> Cases, AreaCode? Home = null)
{
    /// <param name="place">Where the line was written.</param>
    public static CaseTrail Of(string caseId, AreaCode place) => new([new TrailCase(caseId)], place.At(AreaLevel.Town));

    /// <summary>Whether a case's events are of interest.</summary>
    public bool Follows(string caseId) => Find(caseId) is not null;

    /// <summary>The trail after an event of a case that it follows.</summary>
    /// <param name="position">Where the event stands in the log.</param>
    public CaseTrail After(string caseId, CaseEvent happened, long position)
    {
        if (Find(caseId) is not { } known || position <= known.Seen)
            return this;
        return happened switch
        {
            CaseSolvedOnSpot => Stands(known, LineOutcome.SolvedOnSpot, position),
            CaseClosed or CaseSettledByVillage => Stands(known, LineOutcome.Closed, position),
            CaseRefused => Stands(known, LineOutcome.Refused, position),
            CaseRedirected => Stands(known, LineOutcome.Redirected, position),
            CaseTransferAccepted { Area: var area } => Stands(known, OutcomeIn(area), position),
            CaseTransferred { Area: var area } => Stands(known, OutcomeIn(area), position),
            CaseReopened => Stands(known, null, position),
            CaseMerged e => GoesInto(known, [e.Main], position),
            CaseSplit e => GoesInto(known, e.Children, position),
            CaseUnmerged => With(known with { Seen = position, Since = position, Outcome = null, Into = null }),
            _ => With(known with { Seen = position }),
        };
    }

    /// <summary>How the line stands.</summary>
    public LineStanding Standing(int line) => Standing(line, Cases[0]);

    private LineOutcome? OutcomeIn(AreaCode area) => Home is { } home && home.Contains(area) ? null : LineOutcome.Transferred;

    private CaseTrail Stands(TrailCase known, LineOutcome? outcome, long position) => With(known with { Seen = position, Since = position, Outcome = outcome });

    private CaseTrail GoesInto(TrailCase known, IReadOnlyList<string> others, long position) => With(known with { Seen = position, Since = position, Outcome = null, Into = others }, others);

    private LineStanding Standing(int line, TrailCase known)
    {
        if (known.Into is not { Count: > 0 } into)
            return new LineStanding(line, known.Since, known.Outcome);
        // Several matters in one line: it is settled when the last of them is.
        var parts = into.Select(part => Standing(line, Find(part)!)).ToList();
        return new LineStanding(
            line,
            Math.Max(known.Since, parts.Max(part => part.Position)),
            parts.Any(part => part.Outcome is null) ? null
            : parts.Any(part => part.Outcome is LineOutcome.Transferred) ? LineOutcome.Transferred
            : parts.Select(part => part.Outcome).Distinct().Count() == 1 ? parts[0].Outcome : LineOutcome.Closed);
    }

    private TrailCase? Find(string caseId) => Cases.FirstOrDefault(known => known.Case == caseId);

    private CaseTrail With(TrailCase changed, params IEnumerable<string> added) =>
        this with { Cases = [.. Cases.Select(known => known.Case == changed.Case ? changed : known), .. added.Where(id => !Follows(id)).Select(id => new TrailCase(id, changed.Seen))] };
}
