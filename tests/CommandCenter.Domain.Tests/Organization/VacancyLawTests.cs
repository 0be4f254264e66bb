using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using FsCheck;
using FsCheck.Fluent;

namespace CommandCenter.Domain.Tests.Organization;

/// <summary>What must hold for seats that nobody holds or whose holder is absent, over random vacancies of the demonstration's towns.</summary>
public class VacancyLawTests
{
    private static readonly OrganizationDirectory Whole = DemoTown.Directory;

    /// <param name="Vacant">Roles that nobody holds anywhere.</param>
    /// <param name="Gone">People who hold nothing any more.</param>
    /// <param name="Absent">People, each with the one who stands in.</param>
    public sealed record Gaps(IReadOnlyList<Role> Vacant, IReadOnlyList<int> Gone, IReadOnlyList<(int Absent, int Substitute)> Absent)
    {
        public OrganizationDirectory Organization { get; } = new(
            Whole.TimeZone, Whole.Areas, Whole.Posts,
            Whole.People.Select((person, index) => person with { Roles = [.. person.Roles.Where(seat => seat.Role == Role.DistrictSupervisor || (!Vacant.Contains(seat.Role) && !Gone.Contains(index)))] }),
            Whole.Categories, Whole.Borders, Whole.Departments, Whole.OneMatters,
            substitutes: Absent.Where(pair => pair.Absent != pair.Substitute && Absent.All(other => other.Absent != pair.Substitute)).DistinctBy(pair => pair.Absent)
                .ToDictionary(pair => Whole.People[pair.Absent].Id, pair => Whole.People[pair.Substitute].Id));

        public override string ToString() => $"vacant [{string.Join(", ", Vacant)}], gone [{string.Join(", ", Gone.Select(index => Whole.People[index].Id))}], absent [{string.Join(", ", Absent.Select(pair => $"{Whole.People[pair.Absent].Id} for {Whole.People[pair.Substitute].Id}"))}]";
    }

    private static Arbitrary<Gaps> Any { get; } = Arb.From(
        from vacant in Gen.SubListOf(Role.GridWorker, Role.YardHead, Role.VillageSecretary, Role.CenterOperator, Role.Dispatcher, Role.PostHandler, Role.Department, Role.SectorLead, Role.TownLeader)
        from gone in Gen.ListOf(Gen.Choose(0, Whole.People.Count - 1))
        from absent in Gen.ListOf(from one in Gen.Choose(0, Whole.People.Count - 1) from other in Gen.Choose(0, Whole.People.Count - 1) select (one, other))
        select new Gaps([.. vacant], [.. gone.Take(40)], [.. absent.Take(10)]));

    /// <summary>Every seat that work can be for.</summary>
    private static IReadOnlyList<RoleAt> Seats { get; } =
    [
        .. Whole.Posts.Select(post => new RoleAt(Role.PostHandler, post.Town, post.Sector, post.Code)),
        .. Whole.Departments.Select(department => new RoleAt(Role.Department, DemoTown.District, Department: department.Code)),
        .. from area in Whole.Areas
           from role in (Role[])(area.Code.Level switch
           {
               AreaLevel.Town => [Role.CenterOperator, Role.Dispatcher, Role.TownLeader],
               AreaLevel.Village => [Role.VillageSecretary],
               AreaLevel.Grid => [Role.GridWorker],
               AreaLevel.Yard => [Role.YardHead, Role.GridWorker],
               _ => [],
           })
           select new RoleAt(role, area.Code),
        .. from area in Whole.Areas where area.Code.Level == AreaLevel.Town from sector in Enum.GetValues<Sector>() select new RoleAt(Role.SectorLead, area.Code, sector),
    ];

    [Fact]
    public void Whoever_is_told_for_a_seat_may_speak_from_it() => ForAll(gaps =>
    {
        foreach (var seat in Seats)
        {
            foreach (var told in Told(gaps.Organization, seat))
            {
                Spoken(gaps.Organization, told.Person)
                    .ShouldContain(own => own.Role == seat.Role && own.Place.Contains(seat.Place) && own.Post == seat.Post && own.Department == seat.Department && (seat.Role != Role.SectorLead || own.Sector == seat.Sector), $"{told} for {seat}");
            }
        }
    });

    [Fact]
    public void Whoever_stands_in_for_the_told_may_speak_from_it_too_and_says_for_whom() => ForAll(gaps =>
    {
        foreach (var seat in Seats)
        {
            foreach (var told in Told(gaps.Organization, seat))
            {
                if (gaps.Organization.SubstituteOf(told.Person) is { } substitute)
                    Spoken(gaps.Organization, substitute).ShouldContain(own => own.Role == seat.Role && own.Place.Contains(seat.Place) && own.Post == seat.Post && own.Department == seat.Department && own.For == told.Person, $"{substitute} for {told} for {seat}");
            }
        }
    });

    [Fact]
    public void Nobody_speaks_from_a_seat_that_another_holds_but_in_that_ones_name() => ForAll(gaps =>
    {
        foreach (var person in gaps.Organization.People)
        {
            foreach (var seat in gaps.Organization.SeatsOf(person).Except(person.Roles))
            {
                seat.Acting.ShouldBeTrue($"{person.Id} {seat}");
                if (seat.For is null)
                    gaps.Organization.WhoIsToldFor(seat.Role, seat.Place, seat.Sector, seat.Post, seat.Department).ShouldContain(told => told.Person == person.Id && told.Reason == RecipientReason.VacancyAbove, $"{person.Id} {seat}");
                else
                    gaps.Organization.SubstituteOf(seat.For).ShouldBe(person.Id);
            }
        }
    });

    [Fact]
    public void Whoever_is_told_of_a_task_may_do_it_and_whoever_checks_it_may_check_it() => ForAll(gaps =>
    {
        var seats = new TaskSeats(gaps.Organization);
        foreach (var target in Whole.Areas.Select(area => area.Code).Where(code => code.Level != AreaLevel.District))
        {
            foreach (var told in seats.Responsible(target))
                gaps.Organization.Callers(told.Person).ShouldContain(caller => TaskAccess.ActsFor(caller, target), $"{told} at {target}");
        }

        foreach (var issuer in (By[])[new("dispatcher-01", Role.Dispatcher, DemoTown.Town), new("town-leader-01", Role.TownLeader, DemoTown.Town), new("district-supervisor-01", Role.DistrictSupervisor, DemoTown.District)])
        {
            foreach (var told in seats.Desk(issuer))
                gaps.Organization.Callers(told.Person).ShouldContain(caller => TaskAccess.Issues(caller, issuer, null), $"{told} for {issuer}");
        }
    });

    private static IReadOnlyList<Recipient> Told(OrganizationDirectory organization, RoleAt seat) => organization.WhoIsToldFor(seat.Role, seat.Place, seat.Sector, seat.Post, seat.Department);

    private static IReadOnlyList<RoleAt> Spoken(OrganizationDirectory organization, string person) => organization.SeatsOf(organization.FindPerson(person)!);

    private static void ForAll(Action<Gaps> law) => Laws.ForAll(25, 300, (20261130, 417), Any, law);
}
