using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace CommandCenter.Domain.Tests;

/// <summary>
/// Laws over random lives. In the ordinary run the seed is fixed, so that a failure comes again. Under <c>ops/test --all</c> there are more lives, from another seed each time: it is printed, with
/// the smallest life that fails, and <c>CC_TEST_LAW_SEED=seed,gamma</c> takes it again.
/// </summary>
public static class Laws
{
    private static readonly Lazy<(ulong Seed, ulong Gamma)> Fresh = new(() => ((ulong)Random.Shared.NextInt64(), (ulong)Random.Shared.NextInt64() | 1));

    private static bool All => Environment.GetEnvironmentVariable("CC_TEST_ALL") == "1";

    /// <param name="few">So many lives in the ordinary run.</param>
    /// <param name="many">So many under <c>CC_TEST_ALL=1</c>.</param>
    /// <param name="seed">The one of the ordinary run; the second number is odd.</param>
    public static void ForAll<T>(int few, int many, (ulong Seed, ulong Gamma) seed, Arbitrary<T> lives, Action<T> law)
    {
        var (first, gamma) = Given() ?? (All ? Fresh.Value : seed);
        Console.WriteLine($"{(All ? many : few)} lives of {typeof(T).Name} from CC_TEST_LAW_SEED={first},{gamma}");
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(All ? many : few).WithReplay(first, gamma), Prop.ForAll(lives, law));
    }

    private static (ulong Seed, ulong Gamma)? Given() => Environment.GetEnvironmentVariable("CC_TEST_LAW_SEED") is { Length: > 0 } text && text.Split(',') is [var seed, var gamma]
        ? (ulong.Parse(seed, CultureInfo.InvariantCulture), ulong.Parse(gamma, CultureInfo.InvariantCulture))
        : null;
}
