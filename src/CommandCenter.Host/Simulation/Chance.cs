namespace CommandCenter.Host.Simulation;

/// <summary>
/// A seeded source of chance (SplitMix64). Each life and each of its steps has its own, made from the run's seed and their numbers, so that what becomes of one does not hang on when another was
/// asked for.
/// </summary>
public sealed class Chance
{
    private ulong _state;

    private Chance(ulong state) => _state = state;

    /// <param name="of">What it is the chance of: <c>case</c>, <c>whistle</c>.</param>
    /// <param name="number">Which of them.</param>
    /// <param name="step">Which step of its life.</param>
    public static Chance Of(long seed, string of, long number, int step = 0)
    {
        var state = Mixed((ulong)seed + 0x9E3779B97F4A7C15UL);
        foreach (var letter in of)
            state = Mixed(state ^ letter);
        return new Chance(Mixed(Mixed(state ^ (ulong)number) ^ (uint)step));
    }

    /// <summary>From 0 up to, but not, 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From 0 up to, but not, the bound.</summary>
    public int Below(int bound) => (int)(Fraction() * bound);

    /// <summary>From the first up to, but not, the second.</summary>
    public double Between(double from, double to) => from + ((to - from) * Fraction());

    public bool Is(double probability) => Fraction() < probability;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>One of the places of a list, by their weights.</summary>
    public int Weighted(IReadOnlyList<double> weights)
    {
        var left = Fraction() * weights.Sum();
        for (var i = 0; i < weights.Count; i++)
        {
            left -= weights[i];
            if (left < 0)
                return i;
        }

        return weights.Count - 1;
    }

    private ulong Next() => Mixed(_state += 0x9E3779B97F4A7C15UL);

    private static ulong Mixed(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
