namespace CommandCenter.Domain.Organization;

/// <summary>The border of a grid: polygons of WGS-84 points, each an outer ring followed by its holes; rings are closed (first point = last point).</summary>
public sealed record GridBorder(AreaCode Grid, IReadOnlyList<IReadOnlyList<IReadOnlyList<GeoPoint>>> Polygons)
{
    /// <summary>Whether the point lies inside, the border itself included; a hole's border belongs to the grid.</summary>
    public bool Holds(GeoPoint point) => Polygons.Any(rings => HoldsRings(rings, point));

    /// <summary>Whether the point lies inside and on no border.</summary>
    internal bool HoldsWithin(GeoPoint point) =>
        Holds(point) && !Polygons.Any(rings => rings.Any(ring => Place(ring, point) == RingPlace.OnBorder));

    private static bool HoldsRings(IReadOnlyList<IReadOnlyList<GeoPoint>> rings, GeoPoint point)
    {
        var inside = false;
        foreach (var ring in rings)
        {
            switch (Place(ring, point))
            {
                case RingPlace.OnBorder:
                    return true;
                case RingPlace.Inside:
                    inside = !inside;
                    break;
            }
        }

        return inside;
    }

    // Crossing number in whole numbers: exact, so that a point on a shared border belongs to both neighbours.
    internal static RingPlace Place(IReadOnlyList<GeoPoint> ring, GeoPoint p)
    {
        var inside = false;
        for (var i = 0; i + 1 < ring.Count; i++)
        {
            GeoPoint a = ring[i], b = ring[i + 1];
            // Most sides lie wholly north or south of the point, and are passed over before anything is multiplied.
            if ((p.LatitudeE7 < a.LatitudeE7 && p.LatitudeE7 < b.LatitudeE7) || (p.LatitudeE7 > a.LatitudeE7 && p.LatitudeE7 > b.LatitudeE7))
                continue;

            var cross = ((Int128)(b.LongitudeE7 - (long)a.LongitudeE7) * (p.LatitudeE7 - (long)a.LatitudeE7))
                      - ((Int128)(b.LatitudeE7 - (long)a.LatitudeE7) * (p.LongitudeE7 - (long)a.LongitudeE7));
            if (cross == 0
                && p.LatitudeE7 >= Math.Min(a.LatitudeE7, b.LatitudeE7) && p.LatitudeE7 <= Math.Max(a.LatitudeE7, b.LatitudeE7)
                && p.LongitudeE7 >= Math.Min(a.LongitudeE7, b.LongitudeE7) && p.LongitudeE7 <= Math.Max(a.LongitudeE7, b.LongitudeE7))
                return RingPlace.OnBorder;

            if ((a.LatitudeE7 > p.LatitudeE7) != (b.LatitudeE7 > p.LatitudeE7) && (cross > 0) == (b.LatitudeE7 > a.LatitudeE7))
                inside = !inside;
        }

        return inside ? RingPlace.Inside : RingPlace.Outside;
    }
}

/// <summary>Where a point lies to a ring.</summary>
internal enum RingPlace
{
    Outside,
    Inside,
    OnBorder,
}
