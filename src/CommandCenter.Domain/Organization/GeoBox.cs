namespace CommandCenter.Domain.Organization;

/// <summary>The smallest rectangle of degrees around some points, its sides included: asked before the exact and slower questions.</summary>
internal readonly record struct GeoBox(int South, int West, int North, int East)
{
    public static GeoBox Around(IEnumerable<GeoPoint> points)
    {
        var box = new GeoBox(int.MaxValue, int.MaxValue, int.MinValue, int.MinValue);
        foreach (var (latitude, longitude) in points)
            box = new(Math.Min(box.South, latitude), Math.Min(box.West, longitude), Math.Max(box.North, latitude), Math.Max(box.East, longitude));
        return box;
    }

    public bool Holds(GeoPoint point) =>
        point.LatitudeE7 >= South && point.LatitudeE7 <= North && point.LongitudeE7 >= West && point.LongitudeE7 <= East;

    public bool Meets(GeoBox other) => South <= other.North && other.South <= North && West <= other.East && other.West <= East;
}
