using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Whistles;

/// <summary>How long something took, over many calls of which some still wait or went elsewhere before it happened.</summary>
/// <param name="Answered">In how many it happened.</param>
/// <param name="Waiting">In how many it is still waited for.</param>
/// <param name="MedianSeconds">After so long half of the calls have their answer; missing where fewer have.</param>
/// <param name="P90Seconds">After so long nine in ten have it; missing where fewer have.</param>
public sealed record ResponseTime(int Answered, int Waiting, int? MedianSeconds = null, int? P90Seconds = null)
{
    /// <summary>
    /// By the product-limit estimator (Kaplan and Meier, 1958): a call that still waits, or was taken away unanswered, counts for as long as it was waited for. So a unit that never comes does not look as if it had
    /// never been called, and one that was called a minute ago does not look late. Where every call was answered it is the nearest-rank percentile.
    /// </summary>
    /// <param name="times">How long, and whether the answer came then.</param>
    /// <param name="waiting">How many of those without an answer still wait.</param>
    public static ResponseTime Of(IReadOnlyCollection<(TimeSpan After, bool Answered)> times, int waiting)
    {
        // Far below the step of the largest sample that anybody will ever have.
        const double tolerance = 1e-9;
        int? median = null, p90 = null;
        var (unanswered, atRisk) = (1.0, times.Count);
        foreach (var same in times.GroupBy(time => time.After).OrderBy(group => group.Key))
        {
            var answered = same.Count(time => time.Answered);
            unanswered *= 1.0 - ((double)answered / atRisk);
            atRisk -= same.Count();
            var seconds = (int)Math.Min(int.MaxValue, Math.Round(same.Key.TotalSeconds));
            if (answered > 0 && unanswered <= 0.5 + tolerance)
                median ??= seconds;
            if (answered > 0 && unanswered <= 0.1 + tolerance)
                p90 ??= seconds;
        }

        return new ResponseTime(times.Count(time => time.Answered), waiting, median, p90);
    }
}

/// <summary>One unit's turn at a call of one town, with what the whistler said of it.</summary>
/// <param name="Town">The town whose post it is; missing for a department.</param>
/// <param name="Satisfaction">Of the last rating, 1–5.</param>
public sealed record RatedTurn(CallTurn Turn, AreaCode? Town = null, int? Satisfaction = null);

/// <summary>How a unit answers whistles.</summary>
/// <param name="Town">The town whose post it is; missing for a department.</param>
/// <param name="Calls">How many calls it had or was to have.</param>
/// <param name="Declined">How many of them it sent back.</param>
/// <param name="Routed">From the call to the center's bringing it to the unit.</param>
/// <param name="Arrived">From there to reporting in on the spot.</param>
/// <param name="Opinion">From there to the first opinion.</param>
/// <param name="Rated">How many were rated.</param>
/// <param name="SatisfactionTenths">The mean of the ratings in tenths, 10–50.</param>
/// <param name="Rank">1 for the quickest, the same for the same; missing below the smallest sample.</param>
public sealed record UnitResponse(
    Unit Unit, AreaCode? Town, int Calls, int Declined, ResponseTime Routed, ResponseTime Arrived, ResponseTime Opinion, int Rated, int? SatisfactionTenths = null, int? Rank = null)
{
    /// <summary>
    /// Ranks units by how soon they report in: by the median, then the 90th percentile, then the median to the first opinion; who has not come in half of the calls comes last.
    /// </summary>
    /// <param name="minimum">The smallest number of calls, not sent back, that a unit is ranked by.</param>
    /// <param name="at">Now: what waits has waited until here.</param>
    public static IReadOnlyList<UnitResponse> Ranked(IEnumerable<RatedTurn> turns, int minimum, DateTimeOffset at)
    {
        List<UnitResponse> all = [.. turns.GroupBy(turn => (turn.Turn.Unit, turn.Town)).Select(group => Of(group.Key.Unit, group.Key.Town, [.. group], at))];
        var ranked = all.Where(unit => unit.Calls - unit.Declined >= minimum).OrderBy(Key).ThenBy(Name, StringComparer.Ordinal).ToList();
        var result = new List<UnitResponse>();
        for (var i = 0; i < ranked.Count; i++)
            result.Add(ranked[i] with { Rank = i > 0 && Key(ranked[i]) == Key(ranked[i - 1]) ? result[i - 1].Rank : i + 1 });
        return [.. result, .. all.Where(unit => unit.Calls - unit.Declined < minimum).OrderBy(Name, StringComparer.Ordinal)];

        static (int, int, int) Key(UnitResponse unit) =>
            (unit.Arrived.MedianSeconds ?? int.MaxValue, unit.Arrived.P90Seconds ?? int.MaxValue, unit.Opinion.MedianSeconds ?? int.MaxValue);

        static string Name(UnitResponse unit) => $"{unit.Unit} {unit.Town}";
    }

    private static UnitResponse Of(Unit unit, AreaCode? town, List<RatedTurn> turns, DateTimeOffset at)
    {
        List<int> ratings = [.. turns.Select(turn => turn.Satisfaction).OfType<int>()];
        return new UnitResponse(
            unit, town, turns.Count, turns.Count(turn => turn.Turn.Declined),
            Time(turn => turn.AskedAt, turn => turn.RoutedAt), Time(turn => turn.RoutedAt, turn => turn.ArrivedAt), Time(turn => turn.RoutedAt, turn => turn.OpinionAt),
            ratings.Count, ratings.Count == 0 ? null : ((20 * ratings.Sum()) + ratings.Count) / (2 * ratings.Count));

        ResponseTime Time(Func<CallTurn, DateTimeOffset?> from, Func<CallTurn, DateTimeOffset?> to)
        {
            List<CallTurn> begun = [.. turns.Select(turn => turn.Turn).Where(turn => from(turn) is not null)];
            return ResponseTime.Of(
                [.. begun.Select(turn => ((to(turn) ?? turn.LeftAt ?? (at > from(turn) ? at : from(turn)!.Value)) - from(turn)!.Value, to(turn) is not null))],
                begun.Count(turn => to(turn) is null && turn.LeftAt is null));
        }
    }
}
