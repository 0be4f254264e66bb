namespace CommandCenter.Domain.Organization;

/// <summary>The coordinate system in which a device or map service gave a point.</summary>
public enum CoordinateSystem
{
    Wgs84,
    Gcj02,
    Bd09,
}

/// <summary>A WGS-84 point in units of 10⁻⁷ degrees.</summary>
public readonly record struct GeoPoint(int LatitudeE7, int LongitudeE7);
