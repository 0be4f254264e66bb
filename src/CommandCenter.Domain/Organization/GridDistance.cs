namespace CommandCenter.Domain.Organization;

/// <summary>How far a point is from an area, by the borders of its grids. Over the distances within a district the earth is flat enough: the error stays below one percent.</summary>
public static class GridDistance
{
    /// <summary>The mean radius of the earth in metres (IUGG).</summary>
    private const double Radius = 6_371_008.8;

    /// <summary>Whole metres from the nearest border of an area's grids, 0 inside; of a yard, which has no border, from its grid's. Null where no border is known.</summary>
    public static int? Metres(IReadOnlyList<GridBorder> borders, AreaCode area, GeoPoint point)
    {
        List<GridBorder> own = [.. borders.Where(border => area.Level == AreaLevel.Yard ? border.Grid.Contains(area) : area.Contains(border.Grid))];
        if (own.Count == 0)
            return null;
        if (own.Exists(border => border.Holds(point)))
            return 0;
        var nearest = own.SelectMany(border => border.Polygons).SelectMany(rings => rings)
            .Min(ring => Enumerable.Range(0, ring.Count - 1).Min(i => ToSegment(point, ring[i], ring[i + 1])));
        return (int)Math.Ceiling(nearest);
    }

    // On a plane that touches the earth at the point, with the point as its origin.
    private static double ToSegment(GeoPoint point, GeoPoint from, GeoPoint to)
    {
        var ((ax, ay), (bx, by)) = (Plane(point, from), Plane(point, to));
        double dx = bx - ax, dy = by - ay, length2 = (dx * dx) + (dy * dy);
        var along = length2 == 0 ? 0 : Math.Clamp(-((ax * dx) + (ay * dy)) / length2, 0, 1);
        return Math.Sqrt(Math.Pow(ax + (along * dx), 2) + Math.Pow(ay + (along * dy), 2));
    }

    private static (double East, double North) Plane(GeoPoint origin, GeoPoint point)
    {
        const double radians = Math.PI / 180 / 1e7;
        return (
            Radius * radians * ((long)point.LongitudeE7 - origin.LongitudeE7) * Math.Cos(origin.LatitudeE7 * radians),
            Radius * radians * ((long)point.LatitudeE7 - origin.LatitudeE7));
    }
}
