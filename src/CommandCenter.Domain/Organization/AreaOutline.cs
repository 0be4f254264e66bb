namespace CommandCenter.Domain.Organization;

/// <summary>The outline of an area as a map draws it: polygons of an outer ring, counterclockwise, followed by its holes, clockwise (RFC 7946); rings are closed.</summary>
public sealed record AreaOutline(AreaCode Area, IReadOnlyList<IReadOnlyList<IReadOnlyList<GeoPoint>>> Polygons)
{
    /// <summary>A map is drawn at most so many picture elements wide or high: what is smaller than one of them is not worth sending.</summary>
    private const int MapElements = 2000;

    /// <summary>The tier that a map of a scope shows: the towns of a district, else the grids.</summary>
    public static AreaLevel LevelUnder(AreaCode scope) => scope.Level == AreaLevel.District ? AreaLevel.Town : AreaLevel.Grid;

    /// <summary>The outlines for a map of a scope, by code; areas without any border are missing. What neighbours share is simplified once, so that no gap opens between them (ADR 0029).</summary>
    public static IReadOnlyList<AreaOutline> Within(AreaCode scope, IReadOnlyList<GridBorder> borders)
    {
        var inside = borders.Where(border => scope.Contains(border.Grid)).ToList();
        return inside.Count == 0 ? [] : Of(inside, LevelUnder(scope), Tolerance(inside));
    }

    /// <summary>The outlines of the areas of a tier in which the grids lie, by code.</summary>
    /// <param name="tolerance">How far a simplified line may lie from the true one, in 10⁻⁷ degrees of latitude.</param>
    public static IReadOnlyList<AreaOutline> Of(IReadOnlyList<GridBorder> borders, AreaLevel level, double tolerance)
    {
        var drawn = borders.GroupBy(border => border.Grid.At(level)!.Value).OrderBy(group => group.Key.Value, StringComparer.Ordinal)
            .Select(group => (Area: group.Key, Rings: OuterSides.RingsOf(group.SelectMany(border => border.Polygons)))).ToList();
        var shape = new SharedLines(drawn.SelectMany(area => area.Rings), tolerance);
        return [.. drawn.Select(area => new AreaOutline(area.Area, Assembled(area.Rings, shape, tolerance))).Where(outline => outline.Polygons.Count > 0)];
    }

    /// <summary>Twice the area that a ring encloses, in squared units of its points; negative for one that runs clockwise.</summary>
    internal static Int128 TwiceArea(IReadOnlyList<GeoPoint> ring)
    {
        Int128 sum = 0;
        for (var i = 0; i + 1 < ring.Count; i++)
            sum += ((Int128)ring[i].LongitudeE7 * ring[i + 1].LatitudeE7) - ((Int128)ring[i + 1].LongitudeE7 * ring[i].LatitudeE7);
        return sum;
    }

    private static double Tolerance(List<GridBorder> borders)
    {
        var box = GeoBox.Around(borders.SelectMany(border => border.Polygons.SelectMany(rings => rings[0])));
        return Math.Max(((double)box.North - box.South) / MapElements, ((double)box.East - box.West) / MapElements);
    }

    private static List<IReadOnlyList<IReadOnlyList<GeoPoint>>> Assembled(IReadOnlyList<IReadOnlyList<GeoPoint>> rings, SharedLines shape, double tolerance)
    {
        var least = (Int128)(2 * tolerance * tolerance);
        var sized = rings.Select(ring => (Ring: ring, Twice: TwiceArea(ring))).OrderByDescending(ring => Int128.Abs(ring.Twice)).ToList();
        // However small, an area is on the map: of what is less than an element its largest part stays.
        var outer = sized.Where(ring => ring.Twice > 0).Where((ring, index) => index == 0 || ring.Twice > least).ToList();
        var holes = sized.Where(ring => ring.Twice < 0 && -ring.Twice > least).ToList();
        return
        [
            .. outer.Select(ring => (IReadOnlyList<IReadOnlyList<GeoPoint>>)
            [
                shape.Simplified(ring.Ring),
                .. holes.Where(hole => Around(hole.Ring) == ring.Ring).Select(hole => shape.Simplified(hole.Ring)),
            ]),
        ];

        // The smallest ring around a hole is the last of those that hold it, because the larger ones come first.
        IReadOnlyList<GeoPoint>? Around(IReadOnlyList<GeoPoint> hole) =>
            outer.LastOrDefault(ring => hole.All(point => GridBorder.Place(ring.Ring, point) != RingPlace.Outside)).Ring;
    }
}
