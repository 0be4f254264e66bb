using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests.Organization;

public class WhoIsToldForTests
{
    private readonly OrganizationDirectory _town = DemoTown.Directory;

    [Fact]
    public void The_holders_of_a_seat_are_told_all_of_them() =>
        _town.WhoIsToldFor(Role.PostHandler, DemoTown.Town, Sector.Economy, "village-construction").ShouldBe(
        [
            new("post-handler-05", Role.PostHandler, RecipientReason.Holder),
            new("post-handler-06", Role.PostHandler, RecipientReason.Holder),
        ]);

    [Fact]
    public void Who_stands_in_is_told_for_a_vacant_seat() =>
        _town.WhoIsToldFor(Role.SectorLead, DemoTown.Town, Sector.SafetyAndLaw).ShouldBe([new("post-handler-11", Role.SectorLead, RecipientReason.Acting)]);

    [Fact]
    public void Who_stands_in_is_not_told_when_the_seat_has_a_holder()
    {
        var town = With("post-handler-05", new RoleAt(Role.SectorLead, DemoTown.Town, Sector.Economy, Acting: true));

        town.WhoIsToldFor(Role.SectorLead, DemoTown.Town, Sector.Economy).ShouldBe([new("sector-lead-02", Role.SectorLead, RecipientReason.Holder)]);
    }

    [Fact]
    public void The_sector_lead_is_told_for_a_vacant_post() =>
        _town.WhoIsToldFor(Role.PostHandler, DemoTown.Town, Sector.Livelihood, "education-health-culture")
            .ShouldBe([new("sector-lead-03", Role.SectorLead, RecipientReason.VacancyAbove)]);

    [Fact]
    public void The_sector_of_a_vacant_post_is_known_from_the_post() =>
        _town.WhoIsToldFor(Role.PostHandler, DemoTown.Town, post: "education-health-culture")
            .ShouldBe([new("sector-lead-03", Role.SectorLead, RecipientReason.VacancyAbove)]);

    [Fact]
    public void The_town_leader_is_told_when_post_and_sector_lead_are_vacant()
    {
        var town = Without(role => role.Role == Role.SectorLead);

        town.WhoIsToldFor(Role.PostHandler, DemoTown.Town, Sector.Livelihood, "education-health-culture").ShouldBe(
        [
            new("town-leader-01", Role.TownLeader, RecipientReason.VacancyAbove),
            new("town-leader-02", Role.TownLeader, RecipientReason.VacancyAbove),
        ]);
    }

    [Fact]
    public void The_district_supervisor_is_told_when_the_whole_town_is_vacant()
    {
        var town = Without(role => role.Role != Role.DistrictSupervisor);

        foreach (var role in (Role[])[Role.CenterOperator, Role.Dispatcher, Role.PostHandler, Role.SectorLead, Role.TownLeader])
        {
            town.WhoIsToldFor(role, DemoTown.Town, Sector.Economy, "ecology")
                .ShouldBe([new("district-supervisor-01", Role.DistrictSupervisor, RecipientReason.VacancyAbove)], $"{role}");
        }
    }

    [Fact]
    public void A_vacant_duty_desk_falls_to_the_dispatchers() =>
        Without(role => role.Role == Role.CenterOperator).WhoIsToldFor(Role.CenterOperator, DemoTown.Town).ShouldBe(
        [
            new("dispatcher-01", Role.Dispatcher, RecipientReason.VacancyAbove),
            new("dispatcher-02", Role.Dispatcher, RecipientReason.VacancyAbove),
        ]);

    [Fact]
    public void One_person_with_several_roles_is_told_in_the_role_that_makes_it_their_business()
    {
        _town.WhoIsToldFor(Role.CenterOperator, DemoTown.Town).ShouldContain(new Recipient("dispatcher-02", Role.CenterOperator, RecipientReason.Holder));
        _town.WhoIsToldFor(Role.Dispatcher, DemoTown.Town).ShouldContain(new Recipient("dispatcher-02", Role.Dispatcher, RecipientReason.Holder));
        _town.WhoIsToldFor(Role.PostHandler, DemoTown.Town, Sector.Livelihood, "veterans").ShouldBe([new("post-handler-09", Role.PostHandler, RecipientReason.Holder)]);
    }

    [Fact]
    public void The_workers_of_a_grid_are_told_and_not_those_of_its_neighbour()
    {
        _town.WhoIsToldFor(Role.GridWorker, AreaCode.Parse("500153003001001")).Select(recipient => recipient.Person).ShouldBe(["grid-worker-01", "grid-worker-18"]);
        _town.WhoIsToldFor(Role.GridWorker, AreaCode.Parse("500153003203002")).Select(recipient => recipient.Person).ShouldBe(["grid-worker-17"]);
    }

    [Fact]
    public void A_vacant_seat_outside_the_ladder_gives_nobody() =>
        Without(role => role.Role == Role.Office).WhoIsToldFor(Role.Office, AreaCode.Parse("500153003")).ShouldBeEmpty();

    [Fact]
    public void A_yard_without_a_head_is_the_village_secretarys_business() =>
        Without(role => role.Role == Role.YardHead).WhoIsToldFor(Role.YardHead, AreaCode.Parse("500153003001001001"))
            .ShouldAllBe(recipient => recipient.Role == Role.VillageSecretary && recipient.Reason == RecipientReason.VacancyAbove);

    [Fact]
    public void A_seat_of_another_town_is_nobodys_business_here() =>
        _town.WhoIsToldFor(Role.TownLeader, AreaCode.Parse("500153009")).ShouldBe([new("district-supervisor-01", Role.DistrictSupervisor, RecipientReason.VacancyAbove)]);

    private OrganizationDirectory With(string person, RoleAt seat) =>
        Rebuild(p => p.Id == person ? p with { Roles = [.. p.Roles, seat] } : p);

    private OrganizationDirectory Without(Func<RoleAt, bool> seats) =>
        Rebuild(p => p with { Roles = [.. p.Roles.Where(seat => !seats(seat))] });

    private OrganizationDirectory Rebuild(Func<Person, Person> change) =>
        new(_town.TimeZone, _town.Areas, _town.Posts, _town.People.Select(change), _town.Categories, _town.Borders);
}
