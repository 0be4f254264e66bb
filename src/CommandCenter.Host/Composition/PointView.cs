using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Composition;

/// <summary>A point in degrees, WGS-84.</summary>
/// <param name="System">The system in which the device gave it.</param>
public sealed record PointView(double Latitude, double Longitude, CoordinateSystem System, int? AccuracyMetres = null)
{
    internal static PointView? Of(ReportedPoint? point) => point is null ? null : new PointView(point.LatitudeE7 / 1e7, point.LongitudeE7 / 1e7, point.System, point.AccuracyMetres);
}
