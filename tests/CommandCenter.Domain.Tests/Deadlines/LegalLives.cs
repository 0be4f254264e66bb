using System.Text;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using FsCheck;
using FsCheck.Fluent;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>One thing done in a life: after how many minutes, which of the possible commands, and whether the engine slept meanwhile.</summary>
public sealed record Move(int Minutes, int Choice, bool Asleep);

/// <summary>A random but legal life of a case: every command is one that the state calls possible.</summary>
public sealed record LegalLife(Urgency Urgency, IReadOnlyList<Move> Moves, IReadOnlyList<Role> Vacant)
{
    public static Arbitrary<LegalLife> Any { get; } = Arb.From(
        from urgency in Gen.Elements(Enum.GetValues<Urgency>())
        from length in Gen.Choose(0, 16)
        from moves in Gen.ArrayOf(
            from minutes in Gen.Elements(0, 1, 5, 15, 40, 180, 1500, 7 * 1440, 11 * 1440, 31 * 1440)
            from choice in Gen.Choose(0, 11)
            from asleep in Gen.Elements(true, false, false)
            select new Move(minutes, choice, asleep), length)
        from vacant in Gen.SubListOf(Role.GridWorker, Role.CenterOperator, Role.Dispatcher, Role.PostHandler, Role.SectorLead, Role.TownLeader)
        select new LegalLife(urgency, moves, [.. vacant]),
        life => Enumerable.Range(0, life.Moves.Count).Select(left => life with { Moves = [.. life.Moves.Where((_, index) => index != left)] })
            .Concat(life.Vacant.Count > 0 ? [life with { Vacant = [] }] : []));

    /// <summary>Lives the life; after every move the world may be looked at.</summary>
    public World Live(Action<World>? afterEachMove = null)
    {
        var world = new World(organization: Town.With(Vacant));
        var now = T0;
        world.Do(Report(Urgency), Town.GridWorker, now);
        afterEachMove?.Invoke(world);
        foreach (var move in Moves)
        {
            now += move.Minutes.Minutes();
            if (move.Asleep)
                world.WakeAt(now);
            else
                world.Until(now);
            var possible = CaseDecider.Possible(world.State);
            if (possible.Count > 0)
            {
                var name = possible[move.Choice % possible.Count];
                world.Do(Command(name, move.Choice), Doer(name), now).ShouldBeOfType<Decision<CaseEvent>.Emit>($"{name} is possible");
            }

            afterEachMove?.Invoke(world);
        }

        return world;
    }

    /// <summary>300 in the ordinary run, 10,000 under <c>ops/test --all</c>.</summary>
    private static int Lives => Environment.GetEnvironmentVariable("CC_TEST_ALL") == "1" ? 10_000 : 300;

    /// <summary>Checks a law over many lives. The seed is fixed, so that a failure comes again; it is printed with the smallest life that fails.</summary>
    public static void ForAll(Action<LegalLife> law) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Lives).WithReplay(20260302, 141), Prop.ForAll(Any, law));

    public override string ToString()
    {
        var text = new StringBuilder($"{Urgency}, vacant: [{string.Join(", ", Vacant)}]");
        foreach (var move in Moves)
            text.Append($"\n  +{move.Minutes} min{(move.Asleep ? " asleep" : "")}, choice {move.Choice}");
        return text.ToString();
    }

    private static CaseCommand Command(string name, int choice) => name switch
    {
        "file" => File((Urgency)(choice % 3)),
        "refuse" => Refuse(),
        "dispatch" => Dispatch(),
        "claim" => Claim(),
        "return" => Return(),
        "recall" => Recall(),
        "complete" => Complete(),
        "verify" => choice % 3 == 0 ? Fail() : Pass(),
        "rate" => Rate((FixResult)(choice % 3)),
        "close" => Close(),
        _ => throw new InvalidOperationException($"{name} has no command in legal lives."),
    };
}
