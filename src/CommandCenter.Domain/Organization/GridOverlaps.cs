namespace CommandCenter.Domain.Organization;

/// <summary>Finds grids that claim the same ground. A point belongs to one grid only (一张网), so what two borders share is a mistake of the map, however small.</summary>
internal static class GridOverlaps
{
    /// <summary>Each pair once, the grid with the lower code first: the one that <see cref="OrganizationDirectory.GridAt"/> gives a shared point to. Borders that only touch do not overlap.</summary>
    public static IEnumerable<(GridBorderAt First, GridBorderAt Second)> Of(IReadOnlyList<GridBorderAt> borders)
    {
        var drawn = borders.OrderBy(at => at.Border.Grid.Value, StringComparer.Ordinal).Select((at, place) => (At: at, Place: place, Box: GeoBox.Around(Outer(at.Border)))).OrderBy(one => one.Box.West).ToList();
        var pairs = new List<(int First, int Second)>();
        // From west to east: only what has begun and not yet ended can meet what begins.
        var open = new List<int>();
        for (var i = 0; i < drawn.Count; i++)
        {
            open.RemoveAll(other => drawn[other].Box.East < drawn[i].Box.West);
            pairs.AddRange(from other in open
                           where drawn[other].Box.Meets(drawn[i].Box) && Overlap(drawn[other].At.Border, drawn[i].At.Border)
                           select drawn[other].Place < drawn[i].Place ? (other, i) : (i, other));
            open.Add(i);
        }

        return pairs.OrderBy(pair => drawn[pair.First].Place).ThenBy(pair => drawn[pair.Second].Place).Select(pair => (drawn[pair.First].At, drawn[pair.Second].At));
    }

    private static bool Overlap(GridBorder one, GridBorder other)
    {
        GeoBox a = GeoBox.Around(Outer(one)), b = GeoBox.Around(Outer(other));
        var common = new GeoBox(Math.Max(a.South, b.South), Math.Max(a.West, b.West), Math.Min(a.North, b.North), Math.Min(a.East, b.East));
        List<GeoSegment> near = [.. Segments(other).Where(segment => segment.Box.Meets(common))];
        return Segments(one).Where(segment => segment.Box.Meets(common)).Any(segment => near.Exists(segment.Crosses))
            || ReachesInto(one, other, common) || ReachesInto(other, one, common);
    }

    // Without a crossing of sides the one has a corner within the other, or all its corners are on the other's border; then the middle of some three in a row lies within both.
    private static bool ReachesInto(GridBorder one, GridBorder other, GeoBox common)
    {
        foreach (var ring in one.Polygons.Select(rings => rings[0]))
        {
            for (var i = 0; i + 1 < ring.Count; i++)
            {
                GeoPoint a = ring[i], b = ring[i + 1], c = ring[i + 2 < ring.Count ? i + 2 : 1];
                GeoPoint middle = new(Mean(a.LatitudeE7, b.LatitudeE7, c.LatitudeE7), Mean(a.LongitudeE7, b.LongitudeE7, c.LongitudeE7));
                if ((common.Holds(a) && other.HoldsWithin(a)) || (common.Holds(middle) && other.HoldsWithin(middle) && one.HoldsWithin(middle)))
                    return true;
            }
        }

        return false;
    }

    private static int Mean(long one, long two, long three) => (int)((one + two + three) / 3);

    private static IEnumerable<GeoPoint> Outer(GridBorder border) => border.Polygons.SelectMany(rings => rings[0]);

    private static List<GeoSegment> Segments(GridBorder border) => [.. border.Polygons.SelectMany(rings => rings).SelectMany(GeoSegment.Of)];
}
