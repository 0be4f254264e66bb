namespace CommandCenter.Domain.Organization;

/// <summary>What a pair of degrees came to: a WGS-84 point or a refusal.</summary>
public abstract record GeoPointReading
{
    private GeoPointReading()
    {
    }

    public sealed record Read(GeoPoint Point) : GeoPointReading;

    /// <param name="Code"><c>not_a_number</c> or <c>out_of_range</c>.</param>
    public sealed record Refused(string Code, string MessageZh, string MessageEn) : GeoPointReading;
}

/// <summary>
/// Conversion between WGS-84 and the systems of Chinese phones and map services: GCJ-02 (300–700 m off) and, on top of it, BD-09.
/// All values in degrees. Outside the rectangle that the services take for China nothing is moved.
/// </summary>
public static class Coordinates
{
    // The ellipsoid of Krasovsky 1940: semi-major axis in metres, square of the eccentricity.
    private const double Axis = 6378245.0;
    private const double Eccentricity2 = 0.00669342162296594323;
    private const double BaiduAngle = Math.PI * 3000.0 / 180.0;
    private const double Precision = 1e-11;
    private const int MaxSteps = 60;

    /// <summary>A point as a device gave it, converted to WGS-84 and rounded to 10⁻⁷ degrees.</summary>
    /// <param name="latitude">Degrees north, −90 to 90.</param>
    /// <param name="longitude">Degrees east, −180 to 180.</param>
    public static GeoPointReading FromDegrees(double latitude, double longitude, CoordinateSystem system)
    {
        if (!double.IsFinite(latitude) || !double.IsFinite(longitude))
            return new GeoPointReading.Refused("not_a_number", "经纬度不是数字", "The coordinates are not numbers.");
        if (latitude is < -90 or > 90 || longitude is < -180 or > 180)
            return new GeoPointReading.Refused("out_of_range", "经纬度超出范围", "The coordinates are out of range: latitude −90 to 90, longitude −180 to 180.");

        var (lat, lon) = ToWgs84(latitude, longitude, system);
        return new GeoPointReading.Read(new GeoPoint((int)Math.Round(lat * 1e7), (int)Math.Round(lon * 1e7)));
    }

    /// <summary>A stored point in the coordinates of the given system, as a map service wants it.</summary>
    public static (double Latitude, double Longitude) ToDegrees(GeoPoint point, CoordinateSystem system) =>
        FromWgs84(point.LatitudeE7 / 1e7, point.LongitudeE7 / 1e7, system);

    public static (double Latitude, double Longitude) FromWgs84(double latitude, double longitude, CoordinateSystem system)
    {
        if (!InChina(latitude, longitude))
            return (latitude, longitude);

        return system switch
        {
            CoordinateSystem.Gcj02 => Gcj02(latitude, longitude),
            CoordinateSystem.Bd09 => Bd09(latitude, longitude),
            _ => (latitude, longitude),
        };
    }

    /// <summary>The exact inverse of <see cref="FromWgs84"/>, to well under 10⁻⁷ degrees; the inputs have to be finite.</summary>
    public static (double Latitude, double Longitude) ToWgs84(double latitude, double longitude, CoordinateSystem system)
    {
        if (system == CoordinateSystem.Wgs84 || !NearChina(latitude, longitude))
            return (latitude, longitude);

        // The shift changes slowly with the place, so taking off the error of the last guess converges in a few steps.
        double lat = latitude, lon = longitude;
        for (var step = 0; step < MaxSteps; step++)
        {
            var (thereLat, thereLon) = system == CoordinateSystem.Gcj02 ? Gcj02(lat, lon) : Bd09(lat, lon);
            double errorLat = thereLat - latitude, errorLon = thereLon - longitude;
            lat -= errorLat;
            lon -= errorLon;
            if (Math.Abs(errorLat) < Precision && Math.Abs(errorLon) < Precision)
                break;
        }

        return InChina(lat, lon) ? (lat, lon) : (latitude, longitude);
    }

    /// <summary>Whether a point lies in the rectangle that the services take for China.</summary>
    internal static bool InChina(double latitude, double longitude) =>
        latitude is > 3.86 and < 53.55 && longitude is > 73.66 and < 135.05;

    // A converted point may lie a little outside the rectangle although its origin lies inside.
    private static bool NearChina(double latitude, double longitude) =>
        latitude is > 3.8 and < 53.6 && longitude is > 73.6 and < 135.1;

    private static (double Latitude, double Longitude) Gcj02(double latitude, double longitude)
    {
        double x = longitude - 105.0, y = latitude - 35.0, root = Math.Sqrt(Math.Abs(x));
        var waves = (20.0 * Sin(6.0 * x)) + (20.0 * Sin(2.0 * x));
        var north = -100.0 + (2.0 * x) + (3.0 * y) + (0.2 * y * y) + (0.1 * x * y) + (0.2 * root)
            + ((waves + (20.0 * Sin(y)) + (40.0 * Sin(y / 3.0)) + (160.0 * Sin(y / 12.0)) + (320.0 * Sin(y / 30.0))) * 2.0 / 3.0);
        var east = 300.0 + x + (2.0 * y) + (0.1 * x * x) + (0.1 * x * y) + (0.1 * root)
            + ((waves + (20.0 * Sin(x)) + (40.0 * Sin(x / 3.0)) + (150.0 * Sin(x / 12.0)) + (300.0 * Sin(x / 30.0))) * 2.0 / 3.0);

        // From metres on the ellipsoid to degrees, by the radii of curvature at this latitude.
        var radians = latitude / 180.0 * Math.PI;
        var magic = 1.0 - (Eccentricity2 * Math.Sin(radians) * Math.Sin(radians));
        var metresNorth = Axis * (1.0 - Eccentricity2) / (magic * Math.Sqrt(magic)) * Math.PI / 180.0;
        var metresEast = Axis / Math.Sqrt(magic) * Math.Cos(radians) * Math.PI / 180.0;
        return (latitude + (north / metresNorth), longitude + (east / metresEast));
    }

    private static (double Latitude, double Longitude) Bd09(double latitude, double longitude)
    {
        var (y, x) = Gcj02(latitude, longitude);
        var radius = Math.Sqrt((x * x) + (y * y)) + (0.00002 * Math.Sin(y * BaiduAngle));
        var angle = Math.Atan2(y, x) + (0.000003 * Math.Cos(x * BaiduAngle));
        return ((radius * Math.Sin(angle)) + 0.006, (radius * Math.Cos(angle)) + 0.0065);
    }

    private static double Sin(double halfTurns) => Math.Sin(halfTurns * Math.PI);
}
