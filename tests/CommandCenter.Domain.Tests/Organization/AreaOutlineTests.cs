using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests.Organization;

public class AreaOutlineTests
{
    private static readonly AreaCode Village = AreaCode.Parse("500153003001");

    [Fact]
    public void Neighbours_become_one_area_without_the_line_between_them()
    {
        var outline = Outline(Square(0, 0, 10), Square(0, 10, 10)).ShouldHaveSingleItem();

        outline.Area.ShouldBe(Village);
        Corners(outline.Polygons.ShouldHaveSingleItem().ShouldHaveSingleItem()).ShouldBe([(0, 0), (0, 20), (10, 0), (10, 20)]);
    }

    [Fact]
    public void Grids_around_a_place_that_is_nobodys_leave_a_hole()
    {
        var rings = Outline([.. from south in Enumerable.Range(0, 3) from west in Enumerable.Range(0, 3) where (south, west) != (1, 1) select Square(south * 10, west * 10, 10)])
            .ShouldHaveSingleItem().Polygons.ShouldHaveSingleItem();

        rings.Count.ShouldBe(2);
        Twice(rings[0]).ShouldBe(2 * 900, "counterclockwise");
        Twice(rings[1]).ShouldBe(-2 * 100, "clockwise");
        Corners(rings[1]).ShouldBe([(10, 10), (10, 20), (20, 10), (20, 20)]);
    }

    [Fact]
    public void Grids_that_touch_in_a_corner_or_lie_apart_are_polygons_of_their_own()
    {
        Outline(Square(0, 0, 10), Square(10, 10, 10), Square(40, 40, 10)).ShouldHaveSingleItem().Polygons.Select(rings => Twice(rings.ShouldHaveSingleItem())).ShouldBe([200, 200, 200]);
    }

    [Fact]
    public void Where_borders_meet_only_roughly_the_area_is_covered_all_the_same()
    {
        IReadOnlyList<GeoPoint> dented = [new(0, 10), new(0, 20), new(10, 20), new(10, 10), new(5, 10), new(0, 10)];

        Covered(Outline(Square(0, 0, 10), dented).ShouldHaveSingleItem()).ShouldBe(400);
    }

    [Fact]
    public void An_area_with_less_than_the_tolerance_is_on_the_map_all_the_same()
    {
        Outline(50, Square(0, 0, 10), Square(1000, 1000, 9)).ShouldHaveSingleItem().Polygons.ShouldHaveSingleItem().ShouldHaveSingleItem().Count.ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public void A_map_of_nothing_is_empty_and_a_yard_has_none() =>
        (AreaOutline.Within(AreaCode.Parse("500153009"), DemoTown.Directory.Borders).Count, AreaOutline.Within(AreaCode.Parse("500153003001001001"), DemoTown.Directory.Borders).Count).ShouldBe((0, 0));

    [Fact]
    public void The_map_of_a_district_is_of_its_towns_and_that_of_a_town_or_village_of_grids()
    {
        AreaOutline.Within(DemoTown.District, DemoTown.Directory.Borders).Select(outline => outline.Area.Value).ShouldBe(["500153003", "500153004"]);
        AreaOutline.Within(DemoTown.Town, DemoTown.Directory.Borders).Count.ShouldBe(18);
        AreaOutline.Within(Village, DemoTown.Directory.Borders).Select(outline => outline.Area.Value).ShouldBe([.. Enumerable.Range(1, 4).Select(grid => $"{Village.Value}00{grid}")]);
    }

    [Fact]
    public void A_town_covers_what_its_grids_cover()
    {
        var town = AreaOutline.Of(DemoTown.Directory.Borders, AreaLevel.Town, 0).Single(outline => outline.Area == DemoTown.Town);

        Covered(town).ShouldBe(DemoTown.Directory.Borders.Where(border => DemoTown.Town.Contains(border.Grid)).Aggregate((Int128)0, (sum, border) => sum + Int128.Abs(Twice(border.Polygons[0][0]))));
        town.Polygons.ShouldHaveSingleItem().ShouldHaveSingleItem();
    }

    [Fact]
    public void Simplified_neighbours_leave_no_gap_and_no_overlap()
    {
        var grids = DemoTown.Directory.Borders.Where(border => DemoTown.Town.Contains(border.Grid)).ToList();
        // Coarse enough that most points go.
        var simple = AreaOutline.Of(grids, AreaLevel.Grid, 5_000);
        var joined = AreaOutline.Of([.. simple.Select(outline => new GridBorder(outline.Area, outline.Polygons))], AreaLevel.Town, 0);

        simple.Sum(outline => outline.Polygons.Sum(rings => rings.Sum(ring => ring.Count))).ShouldBeLessThan(grids.Sum(grid => grid.Polygons[0][0].Count) / 3);
        joined.ShouldHaveSingleItem().Polygons.ShouldHaveSingleItem().ShouldHaveSingleItem();
        Covered(joined[0]).ShouldBe(simple.Aggregate((Int128)0, (sum, outline) => sum + Covered(outline)));
    }

    [Fact]
    public void The_same_borders_in_another_order_and_walked_the_other_way_are_the_same_map()
    {
        var borders = DemoTown.Directory.Borders;
        var turned = borders.Reverse().Select(border => border with { Polygons = [.. border.Polygons.Select(rings => (IReadOnlyList<IReadOnlyList<GeoPoint>>)[.. rings.Select(ring => (IReadOnlyList<GeoPoint>)[.. ring.Reverse()])])] }).ToList();

        Text(AreaOutline.Within(DemoTown.District, turned)).ShouldBe(Text(AreaOutline.Within(DemoTown.District, borders)));
    }

    private static string Text(IReadOnlyList<AreaOutline> outlines) => string.Join('\n', outlines.Select(outline => $"{outline.Area} {string.Join(" | ", outline.Polygons.SelectMany(rings => rings).Select(ring => string.Join(' ', ring)))}"));

    private static Int128 Covered(AreaOutline outline) => outline.Polygons.SelectMany(rings => rings).Aggregate((Int128)0, (sum, ring) => sum + Twice(ring));

    // Negative for a ring that runs clockwise.
    private static Int128 Twice(IReadOnlyList<GeoPoint> ring) =>
        ring.Zip(ring.Skip(1)).Aggregate((Int128)0, (sum, side) => sum + ((Int128)side.First.LongitudeE7 * side.Second.LatitudeE7) - ((Int128)side.Second.LongitudeE7 * side.First.LatitudeE7));

    private static List<(int, int)> Corners(IReadOnlyList<GeoPoint> ring)
    {
        ring[0].ShouldBe(ring[^1]);
        return [.. ring.Skip(1).Select(point => (point.LatitudeE7, point.LongitudeE7)).Order()];
    }

    private static IReadOnlyList<AreaOutline> Outline(params IReadOnlyList<GeoPoint>[] squares) => Outline(0, squares);

    private static IReadOnlyList<AreaOutline> Outline(double tolerance, params IReadOnlyList<GeoPoint>[] squares) =>
        AreaOutline.Of([.. squares.Select((square, i) => new GridBorder(AreaCode.Parse($"{Village.Value}{i + 1:000}"), [[square]]))], AreaLevel.Village, tolerance);

    private static IReadOnlyList<GeoPoint> Square(int south, int west, int side) =>
        [new(south, west), new(south, west + side), new(south + side, west + side), new(south + side, west), new(south, west)];
}
