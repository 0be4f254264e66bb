using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests.Organization;

public class GridBorderTests
{
    private static readonly AreaCode Grid = AreaCode.Parse("500153003001001");

    [Fact]
    public void A_square_with_a_hole_holds_its_flesh_and_both_its_borders_but_not_the_hole()
    {
        var border = new GridBorder(Grid, [[Square(0, 0, 100), Square(40, 40, 20)]]);

        border.Holds(new GeoPoint(20, 20)).ShouldBeTrue();
        border.Holds(new GeoPoint(50, 50)).ShouldBeFalse("inside the hole");
        border.Holds(new GeoPoint(40, 50)).ShouldBeTrue("on the hole's border");
        border.Holds(new GeoPoint(40, 40)).ShouldBeTrue("on the hole's corner");
        border.Holds(new GeoPoint(0, 50)).ShouldBeTrue("on an edge");
        border.Holds(new GeoPoint(100, 100)).ShouldBeTrue("on a corner");
        border.Holds(new GeoPoint(50, 101)).ShouldBeFalse();
        border.Holds(new GeoPoint(-1, 50)).ShouldBeFalse();
        border.Holds(new GeoPoint(100, 101)).ShouldBeFalse("on the line of an edge, beyond its end");
    }

    [Fact]
    public void Two_separate_polygons_belong_to_one_grid()
    {
        var border = new GridBorder(Grid, [[Square(0, 0, 10)], [Square(100, 100, 10)]]);

        border.Holds(new GeoPoint(5, 5)).ShouldBeTrue();
        border.Holds(new GeoPoint(105, 105)).ShouldBeTrue();
        border.Holds(new GeoPoint(50, 50)).ShouldBeFalse();
    }

    [Fact]
    public void The_direction_of_a_ring_does_not_matter()
    {
        var border = new GridBorder(Grid, [[Enumerable.Reverse(Square(0, 0, 100)).ToList(), Square(40, 40, 20)]]);

        border.Holds(new GeoPoint(20, 20)).ShouldBeTrue();
        border.Holds(new GeoPoint(50, 50)).ShouldBeFalse();
    }

    [Fact]
    public void A_ray_through_a_corner_is_counted_once()
    {
        IReadOnlyList<GeoPoint> diamond = [new(0, 50), new(50, 100), new(100, 50), new(50, 0), new(0, 50)];
        var border = new GridBorder(Grid, [[diamond]]);

        border.Holds(new GeoPoint(50, 50)).ShouldBeTrue();
        border.Holds(new GeoPoint(50, -10)).ShouldBeFalse();
        border.Holds(new GeoPoint(0, 10)).ShouldBeFalse();
        border.Holds(new GeoPoint(100, 10)).ShouldBeFalse();
    }

    [Fact]
    public void A_border_around_half_the_globe_does_not_overflow()
    {
        IReadOnlyList<GeoPoint> ring = [new(-900_000_000, -1_800_000_000), new(-900_000_000, 1_800_000_000), new(900_000_000, 1_800_000_000), new(-900_000_000, -1_800_000_000)];
        var border = new GridBorder(Grid, [[ring]]);

        border.Holds(new GeoPoint(-899_999_999, 1_799_999_999)).ShouldBeTrue();
        border.Holds(new GeoPoint(0, 0)).ShouldBeTrue("on the diagonal");
        border.Holds(new GeoPoint(1, 0)).ShouldBeFalse("just above the diagonal");
        border.Holds(new GeoPoint(0, 1)).ShouldBeTrue("just below the diagonal, less than one unit from it");
    }

    private static List<GeoPoint> Square(int latitude, int longitude, int side) =>
    [
        new(latitude, longitude),
        new(latitude, longitude + side),
        new(latitude + side, longitude + side),
        new(latitude + side, longitude),
        new(latitude, longitude),
    ];
}
