namespace CommandCenter.Domain.Organization;

/// <summary>
/// Simplifies rings (Douglas–Peucker) line by line, a line being what lies between two places where more than two borders meet: the same line comes out the same for both areas beside it.
/// </summary>
internal sealed class SharedLines
{
    private readonly HashSet<GeoPoint> _meetings;
    private readonly double _tolerance;
    private readonly double _narrowing;

    /// <param name="rings">All rings of the map.</param>
    /// <param name="tolerance">In 10⁻⁷ degrees of latitude.</param>
    public SharedLines(IEnumerable<IReadOnlyList<GeoPoint>> rings, double tolerance)
    {
        _tolerance = tolerance;
        var neighbours = new Dictionary<GeoPoint, HashSet<GeoPoint>>();
        foreach (var ring in rings)
        {
            for (var i = 0; i + 1 < ring.Count; i++)
            {
                Of(ring[i]).Add(ring[i + 1]);
                Of(ring[i + 1]).Add(ring[i]);
            }
        }

        _meetings = [.. neighbours.Where(point => point.Value.Count != 2).Select(point => point.Key)];
        // A degree of longitude is so much shorter than one of latitude.
        _narrowing = neighbours.Count == 0 ? 1 : Math.Cos(neighbours.Keys.Average(point => (double)point.LatitudeE7) * 1e-7 * Math.PI / 180);

        HashSet<GeoPoint> Of(GeoPoint point)
        {
            if (!neighbours.TryGetValue(point, out var beside))
                neighbours.Add(point, beside = []);
            return beside;
        }
    }

    /// <summary>The ring with fewer points; as it is where too little of it would be left.</summary>
    public IReadOnlyList<GeoPoint> Simplified(IReadOnlyList<GeoPoint> ring)
    {
        var open = ring.Take(ring.Count - 1).ToList();
        var first = open.FindIndex(_meetings.Contains);
        // A ring that meets no other is cut where every walk around it would cut it.
        var cuts = first >= 0
            ? [.. Enumerable.Range(first, open.Count - first).Where(i => _meetings.Contains(open[i]))]
            : new List<int> { open.IndexOf(open.Min(ByPlace.Instance)), open.IndexOf(open.Max(ByPlace.Instance)) }.Order().ToList();
        var points = new List<GeoPoint>();
        for (var cut = 0; cut < cuts.Count; cut++)
        {
            var (begin, end) = (cuts[cut], cut + 1 < cuts.Count ? cuts[cut + 1] : cuts[0] + open.Count);
            var line = Enumerable.Range(begin, end - begin + 1).Select(i => open[i % open.Count]).ToList();
            points.AddRange(Line(line).SkipLast(1));
        }

        points.Add(points[0]);
        return points.Count >= 4 && AreaOutline.TwiceArea(points) != 0 && AreaOutline.TwiceArea(points) > 0 == AreaOutline.TwiceArea(ring) > 0 ? points : ring;
    }

    // Walked from its southern end, whichever way a ring walks it, and a loop (whose ends are one) by way of its southern neighbour.
    private List<GeoPoint> Line(List<GeoPoint> line)
    {
        var (one, other) = line[0] == line[^1] ? (line[1], line[^2]) : (line[0], line[^1]);
        var turned = ByPlace.Instance.Compare(one, other) > 0;
        if (turned)
            line.Reverse();
        var keep = new bool[line.Count];
        (keep[0], keep[^1]) = (true, true);
        var open = new Stack<(int From, int To)>([(0, line.Count - 1)]);
        while (open.TryPop(out var part))
        {
            var (farthest, distance) = (-1, _tolerance);
            for (var i = part.From + 1; i < part.To; i++)
            {
                if (Distance(line[i], line[part.From], line[part.To]) is var away && away > distance)
                    (farthest, distance) = (i, away);
            }

            if (farthest < 0)
                continue;
            keep[farthest] = true;
            open.Push((part.From, farthest));
            open.Push((farthest, part.To));
        }

        var kept = line.Where((_, i) => keep[i]).ToList();
        if (turned)
            kept.Reverse();
        return kept;
    }

    private double Distance(GeoPoint point, GeoPoint a, GeoPoint b)
    {
        var (px, py) = ((point.LongitudeE7 - (double)a.LongitudeE7) * _narrowing, point.LatitudeE7 - (double)a.LatitudeE7);
        var (bx, by) = ((b.LongitudeE7 - (double)a.LongitudeE7) * _narrowing, b.LatitudeE7 - (double)a.LatitudeE7);
        var length = (bx * bx) + (by * by);
        var along = length == 0 ? 0 : Math.Clamp(((px * bx) + (py * by)) / length, 0, 1);
        return Math.Sqrt(Math.Pow(px - (along * bx), 2) + Math.Pow(py - (along * by), 2));
    }
}
