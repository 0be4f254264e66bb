using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests.Organization;

public class DemoTownTests
{
    private readonly OrganizationDirectory _town = DemoTown.Directory;

    [Fact]
    public void The_bundled_towns_read_without_errors_and_is_complete()
    {
        _town.TimeZone.Id.ShouldBe("Asia/Shanghai");
        _town.Areas.CountBy(area => area.Code.Level).ToDictionary().ShouldBe(
            new Dictionary<AreaLevel, int>
            {
                [AreaLevel.District] = 1,
                [AreaLevel.Town] = 2,
                [AreaLevel.Village] = 8,
                [AreaLevel.Grid] = 21,
                [AreaLevel.Yard] = 54,
            },
            ignoreOrder: true);
        _town.Posts.Count.ShouldBe(30);
        _town.People.Count.ShouldBe(294);
        _town.People.Sum(person => person.Roles.Count).ShouldBe(302);
        _town.Categories.Count.ShouldBe(30);
        _town.Borders.Count.ShouldBe(21);
    }

    [Fact]
    public void Every_yard_of_the_towns_has_its_head_and_its_three_staff()
    {
        OrganizationReader.Read(DemoTown.Files()).ShouldBeOfType<OrganizationReading.Complete>().Warnings.ShouldBeEmpty();
        foreach (var yard in _town.Areas.Where(area => area.Code.Level == AreaLevel.Yard))
        {
            yard.Households.ShouldNotBeNull().ShouldBeInRange(10, 30);
            var seats = _town.People.SelectMany(person => person.Roles.Where(seat => seat.Place == yard.Code)).ToList();
            seats.Where(seat => seat.Role == Role.YardHead).ShouldHaveSingleItem(yard.Name);
            seats.Where(seat => seat.Role == Role.YardStaff).Select(seat => seat.Post).ShouldBe(YardStaff.Posts, ignoreOrder: true, yard.Name);
        }
    }

    [Fact]
    public void Sixty_six_bins_of_one_village_are_looked_after_by_the_one_driver()
    {
        _town.Spots.Count.ShouldBe(66);
        _town.Spots.ShouldAllBe(spot => spot.Kind == "bin" && spot.Unit == Unit.OfPost("ecology") && spot.Person == "post-handler-07" && spot.Area.At(AreaLevel.Village) == AreaCode.Parse("500153003201"));
        _town.Spots.Select(spot => _town.GridAt(spot.Point!.Value)).ShouldBe(_town.Spots.Select(spot => spot.Area.At(AreaLevel.Grid)));
        _town.FindSpot("bin-17")!.Text().ShouldBe("17号垃圾箱：已满，请清运");
    }

    [Fact]
    public void Each_town_has_one_post_that_enforces_the_law() =>
        _town.Posts.Where(post => post.Enforcement).Select(post => (post.Town.Value, post.Code)).ShouldBe([("500153003", "law-enforcement"), ("500153004", "law-enforcement")]);

    [Fact]
    public void Every_sector_has_posts_and_categories()
    {
        foreach (var sector in Enum.GetValues<Sector>())
        {
            _town.Posts.ShouldContain(post => post.Sector == sector);
            _town.Categories.ShouldContain(category => category.Sector == sector);
        }
    }

    [Fact]
    public void River_pollution_goes_to_the_village_construction_post_of_the_economy_sector()
    {
        var category = _town.FindCategory("river-pollution").ShouldNotBeNull();
        category.Sector.ShouldBe(Sector.Economy);
        _town.FindPost(DemoTown.Town, category.DefaultPost).ShouldNotBeNull().Name.ShouldBe("村镇建设岗");
    }

    [Fact]
    public void Everything_has_a_name_in_both_languages()
    {
        foreach (var (zh, en) in _town.Areas.Select(a => (a.Name, a.NameEn))
                     .Concat(_town.Posts.Select(p => (p.Name, p.NameEn)))
                     .Concat(_town.People.Select(p => (p.Name, p.NameEn)))
                     .Concat(_town.Categories.Select(c => (c.Name, c.NameEn))))
        {
            zh.ShouldContain(c => c >= 0x4E00 && c <= 0x9FFF);
            en.ShouldAllBe(c => char.IsAscii(c));
        }
    }

    [Fact]
    public void Every_seat_of_the_towns_has_somebody_to_tell()
    {
        foreach (var post in _town.Posts)
            _town.WhoIsToldFor(Role.PostHandler, post.Town, post.Sector, post.Code).ShouldNotBeEmpty(post.Code);
        foreach (var town in _town.Areas.Select(area => area.Code).Where(code => code.Level == AreaLevel.Town))
        {
            foreach (var sector in Enum.GetValues<Sector>())
                _town.WhoIsToldFor(Role.SectorLead, town, sector).ShouldAllBe(told => told.Role == Role.SectorLead, $"{town} {sector}");
        }

        foreach (var grid in _town.Areas.Where(area => area.Code.Level == AreaLevel.Grid))
            _town.WhoIsToldFor(Role.GridWorker, grid.Code).ShouldNotBeEmpty(grid.Name);
    }
}
