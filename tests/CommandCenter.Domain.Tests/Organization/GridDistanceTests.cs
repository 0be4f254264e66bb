using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests.Organization;

public class GridDistanceTests
{
    private const int Metre = 90; // 1 m northwards is 89.93 units of 10⁻⁷ degrees.

    // A square of 0.01 degrees with a hole in it.
    private static readonly GridBorder Border = new(Town.Grid, [[Ring(295000000, 1060000000, 100000), Ring(295040000, 1060040000, 20000)]]);

    [Fact]
    public void Inside_and_on_the_border_it_is_nothing()
    {
        Metres(Town.Grid, 295010000, 1060010000).ShouldBe(0);
        Metres(Town.Grid, 295000000, 1060050000).ShouldBe(0);
        Metres(Town.Yard, 295010000, 1060010000).ShouldBe(0, "a yard has its grid's border");
        Metres(Town.Village, 295010000, 1060010000).ShouldBe(0, "a village has those of its grids");
    }

    [Fact]
    public void Outside_it_is_the_way_to_the_nearest_edge_or_corner()
    {
        Metres(Town.Grid, 295000000 - (100 * Metre), 1060050000).ShouldNotBeNull().ShouldBeInRange(99, 102);
        // Eastwards a degree is shorter by the cosine of the latitude: 0.001° are 96.8 m.
        Metres(Town.Grid, 295050000, 1060110000).ShouldNotBeNull().ShouldBeInRange(96, 98);
        Metres(Town.Grid, 295100000 + (300 * Metre), 1060100000 + (int)(400 * Metre / 0.8704)).ShouldNotBeNull().ShouldBeInRange(498, 503);
        Metres(Town.Grid, 295050000, 1060050000).ShouldNotBeNull().ShouldBeInRange(96, 112, "in the hole");
    }

    [Fact]
    public void Where_no_border_is_known_nothing_is_measured() => Metres(Town.OtherVillage, 295010000, 1060010000).ShouldBeNull();

    private static int? Metres(AreaCode area, int latitudeE7, int longitudeE7) => GridDistance.Metres([Border], area, new GeoPoint(latitudeE7, longitudeE7));

    private static IReadOnlyList<GeoPoint> Ring(int latitude, int longitude, int side) =>
        [new(latitude, longitude), new(latitude, longitude + side), new(latitude + side, longitude + side), new(latitude + side, longitude), new(latitude, longitude)];
}
