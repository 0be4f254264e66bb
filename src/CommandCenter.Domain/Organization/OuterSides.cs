namespace CommandCenter.Domain.Organization;

/// <summary>
/// Takes the lines away that polygons share. Every polygon is walked with its inside on the left, so that a side between two of them is walked once each way, and both ways together are none:
/// what is left is the outline of all of them, also where borders meet only roughly.
/// </summary>
internal static class OuterSides
{
    /// <summary>The closed rings around all the polygons together: counterclockwise ones around them, clockwise ones around their holes.</summary>
    public static IReadOnlyList<IReadOnlyList<GeoPoint>> RingsOf(IEnumerable<IReadOnlyList<IReadOnlyList<GeoPoint>>> polygons)
    {
        var sides = new Dictionary<(GeoPoint From, GeoPoint To), int>();
        foreach (var rings in polygons)
        {
            for (var at = 0; at < rings.Count; at++)
                Walk(rings[at], leftward: at == 0, sides);
        }

        var from = sides.SelectMany(side => Enumerable.Repeat(side.Key, side.Value)).GroupBy(side => side.From)
            .ToDictionary(group => group.Key, group => group.Select(side => side.To).Order(ByPlace.Instance).ToList());
        var found = new List<IReadOnlyList<GeoPoint>>();
        foreach (var start in from.Keys.Order(ByPlace.Instance).ToList())
        {
            while (from[start].Count > 0)
                found.Add(RingFrom(start, from));
        }

        return found;
    }

    private static void Walk(IReadOnlyList<GeoPoint> ring, bool leftward, Dictionary<(GeoPoint From, GeoPoint To), int> sides)
    {
        var isCounterclockwise = AreaOutline.TwiceArea(ring) > 0;
        for (var i = 0; i + 1 < ring.Count; i++)
        {
            var (from, to) = isCounterclockwise == leftward ? (ring[i], ring[i + 1]) : (ring[i + 1], ring[i]);
            if (from == to)
                continue;
            if (sides.TryGetValue((to, from), out var back))
            {
                if (back == 1)
                    sides.Remove((to, from));
                else
                    sides[(to, from)] = back - 1;
            }
            else
            {
                sides[(from, to)] = sides.GetValueOrDefault((from, to)) + 1;
            }
        }
    }

    private static List<GeoPoint> RingFrom(GeoPoint start, Dictionary<GeoPoint, List<GeoPoint>> from)
    {
        var ring = new List<GeoPoint> { start };
        do
        {
            var here = ring[^1];
            var ways = from[here];
            var next = ring.Count == 1 || ways.Count == 1 ? ways[0] : ways.MinBy(way => Turn(here, ring[^2], way));
            ways.Remove(next);
            ring.Add(next);
        }
        while (ring[^1] != start);

        return ring;
    }

    // From the way back clockwise to a way on: the least turn goes on around the same inside, so that rings that touch in a point stay two.
    private static double Turn(GeoPoint here, GeoPoint back, GeoPoint way)
    {
        var turn = Direction(here, back) - Direction(here, way);
        return turn > 0 ? turn : turn + (2 * Math.PI);
    }

    private static double Direction(GeoPoint from, GeoPoint to) => Math.Atan2((double)to.LatitudeE7 - from.LatitudeE7, (double)to.LongitudeE7 - from.LongitudeE7);
}

/// <summary>From south to north, then from west to east.</summary>
internal sealed class ByPlace : IComparer<GeoPoint>
{
    public static ByPlace Instance { get; } = new();

    public int Compare(GeoPoint x, GeoPoint y) => (x.LatitudeE7, x.LongitudeE7).CompareTo((y.LatitudeE7, y.LongitudeE7));
}
