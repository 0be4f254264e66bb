namespace CommandCenter.Domain.Organization;

/// <summary>One side of a ring.</summary>
internal readonly record struct GeoSegment(GeoPoint From, GeoPoint To)
{
    public GeoBox Box { get; } = GeoBox.Around([From, To]);

    public static IEnumerable<GeoSegment> Of(IReadOnlyList<GeoPoint> ring) => Enumerable.Range(0, ring.Count - 1).Select(i => new GeoSegment(ring[i], ring[i + 1]));

    /// <summary>Whether the two cross at a point that is an end of neither; in whole numbers, so exact.</summary>
    public bool Crosses(GeoSegment other) =>
        Box.Meets(other.Box) && Side(other.From) * Side(other.To) < 0 && other.Side(From) * other.Side(To) < 0;

    /// <summary>Whether some two sides of a ring cross.</summary>
    public static bool AnyCross(IReadOnlyList<GeoPoint> ring)
    {
        List<GeoSegment> sides = [.. Of(ring).OrderBy(side => side.Box.West)];
        var open = new List<GeoSegment>();
        foreach (var side in sides)
        {
            open.RemoveAll(other => other.Box.East < side.Box.West);
            if (open.Exists(side.Crosses))
                return true;
            open.Add(side);
        }

        return false;
    }

    // 1 left, -1 right, 0 on the line.
    private int Side(GeoPoint point) => Int128.Sign(
        ((Int128)(To.LongitudeE7 - (long)From.LongitudeE7) * (point.LatitudeE7 - (long)From.LatitudeE7))
        - ((Int128)(To.LatitudeE7 - (long)From.LatitudeE7) * (point.LongitudeE7 - (long)From.LongitudeE7)));
}
