using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests.Organization;

public class CoordinatesTests
{
    // Published by googollee/eviltransform and wandergis/coordtransform; the first computes with another ellipsoid, so to 10⁻⁶.
    [Theory]
    [InlineData(31.1774276, 121.5272106, 31.17530398364597, 121.531541859215)]
    [InlineData(22.543847, 113.912316, 22.540796131694766, 113.9171764808363)]
    [InlineData(39.911954, 116.377817, 39.91334545536069, 116.38404722455657)]
    [InlineData(39.915, 116.404, 39.91640428150164, 116.41024449916938)]
    public void Wgs84_and_gcj02_agree_with_published_values(double lat, double lon, double gcjLat, double gcjLon)
    {
        Coordinates.FromWgs84(lat, lon, CoordinateSystem.Gcj02).ShouldBeNear(gcjLat, gcjLon, 1e-6);
        Coordinates.ToWgs84(gcjLat, gcjLon, CoordinateSystem.Gcj02).ShouldBeNear(lat, lon, 1e-6);
    }

    // Published by dromara/hutool.
    [Theory]
    [InlineData(39.915, 116.404, 39.922699552216216, 116.41662724378733)]
    [InlineData(44.99804071, 122.99395597, 45.0063690918959, 123.00636516028885)]
    public void Wgs84_and_bd09_agree_with_published_values(double lat, double lon, double bdLat, double bdLon)
    {
        Coordinates.FromWgs84(lat, lon, CoordinateSystem.Bd09).ShouldBeNear(bdLat, bdLon, 1e-9);
        Coordinates.ToWgs84(bdLat, bdLon, CoordinateSystem.Bd09).ShouldBeNear(lat, lon, 1e-9);
    }

    // Published by dromara/hutool, whose inverses are closed forms, good to about a metre.
    [Fact]
    public void The_inverses_come_near_published_values()
    {
        Coordinates.ToWgs84(39.915, 116.404, CoordinateSystem.Gcj02).ShouldBeNear(39.91359571849836, 116.39775550083061, 2e-5);
        Coordinates.ToWgs84(39.915, 116.404, CoordinateSystem.Bd09).ShouldBeNear(39.907253214522164, 116.3913836995125, 2e-5);
    }

    [Theory]
    [InlineData(CoordinateSystem.Gcj02)]
    [InlineData(CoordinateSystem.Bd09)]
    [InlineData(CoordinateSystem.Wgs84)]
    public void There_and_back_is_the_same_place_to_ten_millionths_of_a_degree(CoordinateSystem system)
    {
        var random = new Random(105);
        for (var i = 0; i < 5000; i++)
        {
            // A third of the points near 105° east, where the formula has a root without a slope.
            var lat = 3.9 + (random.NextDouble() * 49.6);
            var lon = i % 3 == 0 ? 105 + ((random.NextDouble() - 0.5) * 1e-4) : 73.7 + (random.NextDouble() * 61.3);
            var (thereLat, thereLon) = Coordinates.FromWgs84(lat, lon, system);

            Coordinates.ToWgs84(thereLat, thereLon, system).ShouldBeNear(lat, lon, 1e-8);
        }
    }

    [Theory]
    [InlineData(51.4778, -0.0015)]
    [InlineData(35.6812, 139.7671)]
    [InlineData(-33.8568, 151.2153)]
    [InlineData(90, 180)]
    [InlineData(-90, -180)]
    [InlineData(0, 0)]
    public void Outside_china_nothing_is_moved(double lat, double lon)
    {
        foreach (var system in Enum.GetValues<CoordinateSystem>())
        {
            Coordinates.FromWgs84(lat, lon, system).ShouldBe((lat, lon));
            Coordinates.ToWgs84(lat, lon, system).ShouldBe((lat, lon));
        }
    }

    [Theory]
    [InlineData(double.NaN, 105.5, "not_a_number")]
    [InlineData(29.3, double.NaN, "not_a_number")]
    [InlineData(double.PositiveInfinity, 105.5, "not_a_number")]
    [InlineData(29.3, double.NegativeInfinity, "not_a_number")]
    [InlineData(90.0000001, 105.5, "out_of_range")]
    [InlineData(105.5, 29.3, "out_of_range")]
    [InlineData(29.3, -180.0000001, "out_of_range")]
    public void What_is_no_place_is_refused(double lat, double lon, string code)
    {
        foreach (var system in Enum.GetValues<CoordinateSystem>())
            Coordinates.FromDegrees(lat, lon, system).ShouldBeOfType<GeoPointReading.Refused>().Code.ShouldBe(code);
    }

    [Fact]
    public void Wgs84_degrees_are_kept_to_the_seventh_digit() =>
        Coordinates.FromDegrees(29.3420851, 105.5024064, CoordinateSystem.Wgs84).ShouldBe(new GeoPointReading.Read(new GeoPoint(293420851, 1055024064)));
}

internal static class DegreesShould
{
    public static void ShouldBeNear(this (double Latitude, double Longitude) actual, double latitude, double longitude, double tolerance)
    {
        actual.Latitude.ShouldBe(latitude, tolerance);
        actual.Longitude.ShouldBe(longitude, tolerance);
    }
}
