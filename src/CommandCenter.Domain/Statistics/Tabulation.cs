namespace CommandCenter.Domain.Statistics;

/// <summary>How long something took, over all times that it happened.</summary>
/// <param name="Count">How often it was measured.</param>
/// <param name="Mean">Seconds.</param>
/// <param name="NinetiethPercentile">Seconds.</param>
public sealed record Taken(long Count, decimal? Mean, decimal? NinetiethPercentile);

/// <summary>What a store counted of a group in a period.</summary>
/// <param name="Counts">Of every count that is of facts or of what is open, by its code; a missing one is 0.</param>
/// <param name="Times">By the kind of fact that took it.</param>
public sealed record Tabulated(IReadOnlyDictionary<string, long> Counts, IReadOnlyDictionary<FactKind, Taken> Times)
{
    public static Tabulated Nothing { get; } = new(new Dictionary<string, long>(), new Dictionary<FactKind, Taken>());
}

/// <summary>A figure's value.</summary>
/// <param name="Value">A count, a share of 0 to 1 (four places), or seconds; missing where it would be over nothing.</param>
/// <param name="Of">Of a share its denominator, of a time how often it was measured: what it rests on.</param>
public sealed record FigureValue(decimal? Value, long? Of = null);

/// <summary>Works figures out of what was counted.</summary>
public static class Tabulation
{
    public static FigureValue ValueOf(Figure figure, Tabulated counted) => figure.Kind switch
    {
        FigureKind.Count => new FigureValue(Count(figure, counted)),
        FigureKind.Share when figure.Over is var (numerator, denominator) => Share(Count(Figures.Get(numerator), counted), Count(Figures.Get(denominator), counted)),
        FigureKind.Mean => Time(figure, counted, taken => taken.Mean),
        FigureKind.NinetiethPercentile => Time(figure, counted, taken => taken.NinetiethPercentile),
        _ => throw new InvalidOperationException($"{figure.Code} has no formula."),
    };

    private static long Count(Figure figure, Tabulated counted) =>
        figure.Sum is { } parts ? parts.Sum(part => Count(Figures.Get(part), counted)) : counted.Counts.GetValueOrDefault(figure.Code);

    // A share of nothing is not 0: nothing was due.
    private static FigureValue Share(long numerator, long denominator) =>
        new(denominator == 0 ? null : Math.Round((decimal)numerator / denominator, 4, MidpointRounding.AwayFromZero), denominator);

    private static FigureValue Time(Figure figure, Tabulated counted, Func<Taken, decimal?> value) =>
        counted.Times.GetValueOrDefault(figure.Facts![0].Kind) is { } taken ? new FigureValue(value(taken) is { } seconds ? Math.Round(seconds, MidpointRounding.AwayFromZero) : null, taken.Count) : new FigureValue(null, 0);
}
