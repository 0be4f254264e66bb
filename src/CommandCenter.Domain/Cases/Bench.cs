using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Cases;

/// <summary>A seat from which somebody could decide.</summary>
public sealed record BenchSeat(string Person, Role Role);

/// <summary>
/// Everybody who could decide what two people have to agree on, by each of their seats. Where the organization has not two of the ranks that it takes, those who are there decide: nothing that was
/// asked for waits for somebody who does not exist.
/// </summary>
public sealed record Bench(IReadOnlyList<BenchSeat> Seats)
{
    /// <summary>The seats of all but some people: who asked, and who has decided already.</summary>
    public IReadOnlyList<BenchSeat> Without(params IReadOnlyList<string?> people) => [.. Seats.Where(seat => !people.Contains(seat.Person))];

    /// <summary>The highest rank of somebody's seats.</summary>
    public int HighestOf(string person) => Seats.Where(seat => seat.Person == person).Select(seat => Rank(seat.Role)).DefaultIfEmpty().Max();

    /// <summary>From the district's supervisor on.</summary>
    public const int District = 3;

    /// <summary>How high a role stands among those who review.</summary>
    public static int Rank(Role role) => role switch
    {
        Role.DistrictSecretary => 5,
        Role.DistrictLeader => 4,
        Role.DistrictSupervisor => District,
        Role.TownLeader => 2,
        _ => 1,
    };
}
