using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Whistles;

/// <summary>How long something took, over many calls of which some still wait, and some went elsewhere before it happened.</summary>
/// <param name="Answered">In how many it happened.</param>
/// <param name="Waiting">In how many it is still waited for.</param>
/// <param name="MedianSeconds">After so long half of the calls have their answer; missing where fewer have.</param>
/// <param name="P90Seconds">After so long nine in ten have it; missing where fewer have.</param>
public sealed record ResponseTime(int Answered, int Waiting, int? MedianSeconds = null, int? P90Seconds = null)
{
    /// <summary>
    /// By the cumulative incidence (Aalen and Johansen, 1978): a call that still waits, or is not needed any more, counts for as long as it was waited for; one that was given to another unit because this one did not come
    /// is never answered. Without the latter it is the product-limit estimator (Kaplan and Meier, 1958), and where every call was answered the nearest-rank percentile. A share that fewer calls were answered in than it
    /// names is not told: else one answer at the end of many waits would stand for all.
    /// </summary>
    /// <param name="times">How long, and whether the answer came then (true), never comes (false), or was only waited for until then (null).</param>
    /// <param name="waiting">How many of those without an answer still wait.</param>
    public static ResponseTime Of(IReadOnlyCollection<(TimeSpan After, bool? Answered)> times, int waiting)
    {
        // Far below the step of the largest sample that anybody will ever have.
        const double tolerance = 1e-9;
        int? median = null, p90 = null;
        var answers = times.Count(time => time.Answered == true);
        var (answered, open, atRisk) = (0.0, 1.0, times.Count);
        foreach (var same in times.GroupBy(time => time.After).OrderBy(group => group.Key))
        {
            var (came, never) = (same.Count(time => time.Answered == true), same.Count(time => time.Answered == false));
            answered += open * came / atRisk;
            open *= 1.0 - ((double)(came + never) / atRisk);
            atRisk -= same.Count();
            var seconds = (int)Math.Min(int.MaxValue, Math.Round(same.Key.TotalSeconds));
            if (came > 0 && answered >= 0.5 - tolerance && 2 * answers >= times.Count)
                median ??= seconds;
            if (came > 0 && answered >= 0.9 - tolerance && 10 * answers >= 9 * times.Count)
                p90 ??= seconds;
        }

        return new ResponseTime(answers, waiting, median, p90);
    }
}

/// <summary>One unit's turn at a call of one town.</summary>
/// <param name="Dues">By when its steps were due.</param>
/// <param name="Town">The town whose post it is; missing for a department.</param>
public sealed record UnitTurn(CallTurn Turn, TurnDues Dues, AreaCode? Town = null);

/// <summary>How a unit answers whistles.</summary>
/// <param name="Town">The town whose post it is; missing for a department.</param>
/// <param name="Calls">How many calls it had or was to have.</param>
/// <param name="Declined">How many of them it sent back.</param>
/// <param name="Sample">How many the center brought to it and it did not send back: what it is ranked by.</param>
/// <param name="TakenAway">How many of the sample were given to another unit.</param>
/// <param name="Routed">From the call to the center's bringing it to the unit.</param>
/// <param name="Arrived">Of the sample: from there to reporting in on the spot.</param>
/// <param name="Opinion">Of the sample: from there to the first opinion.</param>
/// <param name="RoutedLate">How many the center brought to it after the policy's limit, or has not brought to it by then.</param>
/// <param name="ArrivedLate">In how many of the sample it was not on the spot within the limit.</param>
/// <param name="OpinionLate">In how many of the sample it had not said within the limit what is to be done.</param>
/// <param name="Rated">How many were rated.</param>
/// <param name="NotFixed">How many results were rated as not fixed.</param>
/// <param name="SatisfactionTenths">The mean of the last ratings of each turn in tenths, 10–50.</param>
/// <param name="Rank">1 for the quickest, the same for the same; missing below the smallest sample, and where too few answers are there to tell.</param>
public sealed record UnitResponse(
    Unit Unit,
    AreaCode? Town,
    int Calls,
    int Declined,
    int Sample,
    int TakenAway,
    ResponseTime Routed,
    ResponseTime Arrived,
    ResponseTime Opinion,
    int RoutedLate,
    int ArrivedLate,
    int OpinionLate,
    int Rated,
    int NotFixed,
    int? SatisfactionTenths = null,
    int? Rank = null)
{
    /// <summary>
    /// Ranks units by how soon they report in: by the median, then the 90th percentile, then the median to the first opinion. Without a median a unit comes last where at least half of its sample was taken away from it or
    /// waited for beyond the policy's limit for arriving, and has no rank otherwise.
    /// </summary>
    /// <param name="minimum">The smallest sample that a unit is ranked by.</param>
    /// <param name="at">Now: what waits has waited until here.</param>
    public static IReadOnlyList<UnitResponse> Ranked(IEnumerable<UnitTurn> turns, int minimum, DateTimeOffset at)
    {
        var all = turns.GroupBy(turn => (turn.Turn.Unit, turn.Town)).Select(group => Of(group.Key.Unit, group.Key.Town, [.. group], at)).ToLookup(
            unit => unit.Response.Sample >= minimum && (unit.Response.Arrived.MedianSeconds is not null || 2 * unit.Late >= unit.Response.Sample), unit => unit.Response);
        var ranked = all[true].OrderBy(Key).ThenBy(Name, StringComparer.Ordinal).ToList();
        var result = new List<UnitResponse>();
        for (var i = 0; i < ranked.Count; i++)
            result.Add(ranked[i] with { Rank = i > 0 && Key(ranked[i]) == Key(ranked[i - 1]) ? result[i - 1].Rank : i + 1 });
        return [.. result, .. all[false].OrderBy(Name, StringComparer.Ordinal)];

        static (int, int, int) Key(UnitResponse unit) =>
            (unit.Arrived.MedianSeconds ?? int.MaxValue, unit.Arrived.P90Seconds ?? int.MaxValue, unit.Opinion.MedianSeconds ?? int.MaxValue);

        static string Name(UnitResponse unit) => $"{unit.Unit} {unit.Town}";
    }

    private static (UnitResponse Response, int Late) Of(Unit unit, AreaCode? town, List<UnitTurn> all, DateTimeOffset at)
    {
        List<CallTurn> turns = [.. all.Select(turn => turn.Turn)];
        List<int> ratings = [.. turns.Select(turn => turn.Satisfaction).OfType<int>()];
        // What never came to the unit says something of the center only, and what is not its matter nothing of how soon it comes.
        List<UnitTurn> brought = [.. all.Where(turn => turn.Turn is { RoutedAt: not null, Declined: false })];
        List<CallTurn> sample = [.. brought.Select(turn => turn.Turn)];
        var response = new UnitResponse(
            unit, town, turns.Count, turns.Count(turn => turn.Declined), sample.Count, sample.Count(turn => turn.TakenAway),
            Time(turns, turn => turn.AskedAt, turn => turn.RoutedAt), Time(sample, turn => turn.RoutedAt!.Value, turn => turn.ArrivedAt), Time(sample, turn => turn.RoutedAt!.Value, turn => turn.OpinionAt),
            all.Count(turn => IsLate(turn.Turn.RoutedAt, turn, turn.Dues.RouteBy)), brought.Count(turn => IsLate(turn.Turn.ArrivedAt, turn, turn.Dues.ArriveBy!.Value)),
            brought.Count(turn => IsLate(turn.Turn.OpinionAt, turn, turn.Dues.AdviseBy!.Value)), ratings.Count, turns.Sum(turn => turn.SentBacks), ratings.Count == 0 ? null : ((20 * ratings.Sum()) + ratings.Count) / (2 * ratings.Count));
        return (response, brought.Count(turn => turn.Turn.ArrivedAt is null && (turn.Turn.TakenAway || IsLate(null, turn, turn.Dues.ArriveBy!.Value))));

        // From its due instant on it is late, as every clock is.
        bool IsLate(DateTimeOffset? answered, UnitTurn turn, DateTimeOffset due) => (answered ?? turn.Turn.LeftAt ?? at) >= due;

        ResponseTime Time(List<CallTurn> of, Func<CallTurn, DateTimeOffset> from, Func<CallTurn, DateTimeOffset?> to) => ResponseTime.Of(
            [.. of.Select(turn => ((to(turn) ?? turn.LeftAt ?? (at > from(turn) ? at : from(turn))) - from(turn), to(turn) is not null ? true : turn.TakenAway ? false : (bool?)null))],
            of.Count(turn => to(turn) is null && turn.LeftAt is null));
    }
}
