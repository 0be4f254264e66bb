using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Composition;

/// <summary>A point as a device gives it, in degrees.</summary>
/// <param name="AccuracyMetres">The radius in which the device believes itself, 0–100,000.</param>
/// <param name="System">The coordinate system; <c>wgs84</c> when left out.</param>
public sealed record PointRequest(double Latitude, double Longitude, int? AccuracyMetres = null, CoordinateSystem System = CoordinateSystem.Wgs84)
{
    /// <summary>The point in WGS-84, and as it is stored with where it came from.</summary>
    /// <param name="field">The request's member that it is.</param>
    /// <exception cref="ProblemException">It is nowhere on earth, or its accuracy is absurd.</exception>
    public (GeoPoint Point, ReportedPoint Reported) Read(string field = "point")
    {
        if (AccuracyMetres is < 0 or > 100_000)
            throw Problems.OutOfRange($"{field}.accuracyMetres", "0–100000");
        if (Coordinates.FromDegrees(Latitude, Longitude, System) is not GeoPointReading.Read { Point: var point })
            throw Problems.OutOfRange(field, "−90…90, −180…180");
        return (point, new ReportedPoint(point.LatitudeE7, point.LongitudeE7, System, AccuracyMetres));
    }
}
