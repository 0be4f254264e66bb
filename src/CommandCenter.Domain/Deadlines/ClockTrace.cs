namespace CommandCenter.Domain.Deadlines;

/// <summary>What happened to time in a segment.</summary>
public enum SegmentKind
{
    /// <summary>It counted towards the limit.</summary>
    Counting,

    /// <summary>It did not count.</summary>
    Paused,

    /// <summary>The limit was used up before.</summary>
    Overdue,
}

/// <summary>A stretch of the life of a clock. Segments follow each other without gap or overlap.</summary>
/// <param name="Allowance">For time that counts: which allowance it used, from 0.</param>
/// <param name="Causes">For a pause: all causes that held it.</param>
public sealed record ClockSegment(SegmentKind Kind, DateTimeOffset From, DateTimeOffset To, int? Allowance = null, IReadOnlyList<PauseCause>? Causes = null);

/// <summary>Time that was granted: the limit itself first, then each extension.</summary>
/// <param name="GrantedAt">For an extension; the limit is granted when the clock begins.</param>
/// <param name="Shares">The whole of it, in shares of its unit (<see cref="WorkingTime.SharesOf(Limit)"/>).</param>
/// <param name="Used">The part that has been counted, in the same shares.</param>
/// <param name="ApprovedBy">Who granted an extension.</param>
public sealed record Allowance(Limit Limit, DateTimeOffset GrantedAt, long Shares, long Used, IReadOnlyList<string>? ApprovedBy = null)
{
    public long Left => Shares - Used;
}

/// <summary>
/// One run of a clock as a fold of what happened to it, as of an instant: everything that explains its deadline. The same facts give the same trace in whatever order they arrived.
/// </summary>
/// <param name="DueAt">When the limit is used up, or was; null while it is paused and nobody knows until when.</param>
/// <param name="AsOf">Up to when time is counted here: the end of the clock where it has ended.</param>
/// <param name="Provisional">Whether the deadline rests on a year whose holidays are not announced.</param>
/// <param name="EndedLate">What was recorded at its end; missing: as it is counted.</param>
public sealed record ClockTrace(
    DateTimeOffset StartedAt,
    string Policy,
    IReadOnlyList<Allowance> Allowances,
    IReadOnlyList<ClockSegment> Segments,
    IReadOnlyList<ClockPauses> Pauses,
    IReadOnlyList<ClockRecounted> Recounts,
    DateTimeOffset? DueAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset AsOf,
    bool IsPaused,
    bool Provisional,
    bool? EndedLate = null)
{
    /// <summary>Whether it reached its deadline: from that instant on it is overdue, though it was counted anew to a later one since.</summary>
    public bool IsLate => EndedLate ?? (WasLate || (DueAt is { } due && AsOf >= due));

    /// <summary>Whether a deadline had passed before it was counted anew.</summary>
    public bool WasLate => Recounts.Any(recount => recount.Late);

    /// <param name="facts">Of one run, in any order; one of them begins it.</param>
    /// <param name="asOf">Facts after it are left out.</param>
    /// <exception cref="ArgumentException">Nothing, or more than one thing, begins the clock.</exception>
    public static ClockTrace Of(IEnumerable<ClockFact> facts, WorkingTime time, DateTimeOffset asOf)
    {
        var ordered = facts.Where(fact => fact.At <= asOf).OrderBy(fact => fact.At).ThenBy(fact => fact.Sequence).ToList();
        if (ordered.OfType<ClockBegins>().ToList() is not [var begins])
            throw new ArgumentException("A run of a clock begins once.", nameof(facts));

        var ends = ordered.OfType<ClockEnds>().FirstOrDefault(end => end.At >= begins.At);
        var ended = ends?.At;
        var end = ended ?? (asOf > begins.At ? asOf : begins.At);
        var (stretches, isHeld, countsFrom) = Stretches(ordered, begins.At, end);
        var recounts = ordered.OfType<ClockRecounted>().Where(recount => recount.At <= end).ToList();
        var limit = recounts.Count > 0 ? recounts[^1].Limit : begins.Limit;
        List<Allowance> granted =
        [
            new Allowance(limit, begins.At, time.SharesOf(limit), 0),
            .. ordered.OfType<ClockExtended>().Where(more => more.At >= begins.At && more.At <= end).Select(more => new Allowance(more.By, more.At, time.SharesOf(more.By), 0, more.ApprovedBy)),
        ];

        var (segments, allowances, due) = Spend(stretches, granted, countsFrom, time);
        var last = due ?? end;
        return new ClockTrace(
            begins.At, recounts.Count > 0 ? recounts[^1].Policy : begins.Policy, allowances, segments,
            [.. ordered.OfType<ClockPauses>().Where(pause => pause.At >= begins.At && pause.At <= end)], recounts, due, ended, end,
            ended is null && isHeld,
            allowances.Any(allowance => time.IsProvisional(begins.At, last, allowance.Limit.Unit)), ends?.Late);
    }

    private sealed record Stretch(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<PauseCause> Causes);

    /// <summary>The life of the clock cut where pauses begin and end, and from when it would count after it; null where nobody knows.</summary>
    private static (List<Stretch> Stretches, bool IsHeld, DateTimeOffset? CountsFrom) Stretches(IReadOnlyList<ClockFact> ordered, DateTimeOffset begin, DateTimeOffset end)
    {
        var stretches = new List<Stretch>();
        var held = new SortedDictionary<PauseCause, DateTimeOffset?>();
        var from = begin;

        void CutAt(DateTimeOffset at)
        {
            if (at > from)
                stretches.Add(new Stretch(from, at, [.. held.Keys]));
            from = at > from ? at : from;
        }

        // A pause with an end goes on by itself, whether or not anybody recorded it.
        void LetGoUntil(DateTimeOffset at)
        {
            while (held.Where(hold => hold.Value is { } until && until <= at).OrderBy(hold => hold.Value).ThenBy(hold => hold.Key).ToList() is [var first, ..])
            {
                CutAt(first.Value!.Value);
                held.Remove(first.Key);
            }
        }

        foreach (var fact in ordered.Where(fact => fact.At >= begin && fact.At <= end))
        {
            LetGoUntil(fact.At);
            if (fact is ClockPauses pause && (pause.Until is not { } until || until > fact.At))
            {
                CutAt(fact.At);
                held[pause.Cause] = pause.Until;
            }
            else if (fact is ClockResumes resumed && held.ContainsKey(resumed.Cause))
            {
                CutAt(fact.At);
                held.Remove(resumed.Cause);
            }
        }

        LetGoUntil(end);
        CutAt(end);
        return (stretches, held.Count > 0, held.Count == 0 ? end : held.Values.All(until => until is not null) ? held.Values.Max() : null);
    }

    /// <summary>Uses up what was granted, in order, by the time that counts.</summary>
    private static (List<ClockSegment> Segments, List<Allowance> Allowances, DateTimeOffset? DueAt) Spend(
        IReadOnlyList<Stretch> stretches, List<Allowance> granted, DateTimeOffset? countsFrom, WorkingTime time)
    {
        var segments = new List<ClockSegment>();
        var current = 0;
        DateTimeOffset? due = null;
        foreach (var stretch in stretches)
        {
            if (stretch.Causes.Count > 0)
            {
                segments.Add(new ClockSegment(SegmentKind.Paused, stretch.From, stretch.To, null, stretch.Causes));
                continue;
            }

            var at = stretch.From;
            while (at < stretch.To && current < granted.Count)
            {
                var allowance = granted[current];
                // What is granted after the limit ran out counts from then; until then the matter was late.
                if (allowance.GrantedAt >= stretch.To)
                    break;
                if (allowance.GrantedAt > at)
                {
                    segments.Add(new ClockSegment(SegmentKind.Overdue, at, allowance.GrantedAt));
                    at = allowance.GrantedAt;
                }

                var here = time.Count(at, stretch.To, allowance.Limit.Unit);
                if (here < allowance.Left)
                {
                    granted[current] = allowance with { Used = allowance.Used + here };
                    segments.Add(new ClockSegment(SegmentKind.Counting, at, stretch.To, current));
                    at = stretch.To;
                }
                else
                {
                    var reached = time.After(at, allowance.Left, allowance.Limit.Unit);
                    granted[current] = allowance with { Used = allowance.Shares };
                    if (reached > at)
                        segments.Add(new ClockSegment(SegmentKind.Counting, at, reached, current));
                    at = reached;
                    current++;
                    due = reached;
                }
            }

            if (at < stretch.To)
                segments.Add(new ClockSegment(SegmentKind.Overdue, at, stretch.To));
        }

        // What is left would be used up from here on, if nothing more happened.
        if (current < granted.Count)
        {
            due = countsFrom;
            foreach (var allowance in granted.Skip(current))
            {
                if (due is { } from)
                    due = time.After(allowance.GrantedAt > from ? allowance.GrantedAt : from, allowance.Left, allowance.Limit.Unit);
            }
        }

        return (segments, granted, due);
    }
}
