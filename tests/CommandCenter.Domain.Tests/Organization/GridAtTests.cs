using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests.Organization;

public class GridAtTests
{
    private const int Seed = 500153;

    private readonly OrganizationDirectory _town = DemoTown.Directory;

    [Fact]
    public void Every_grids_interior_point_finds_its_grid()
    {
        foreach (var border in _town.Borders)
            _town.GridAt(Interior(border)).ShouldBe(border.Grid);
    }

    [Fact]
    public void Two_thousand_points_in_the_towns_box_lie_in_exactly_one_grid_or_outside_the_towns()
    {
        var points = _town.Borders.SelectMany(Points).ToList();
        int south = points.Min(p => p.LatitudeE7), north = points.Max(p => p.LatitudeE7);
        int west = points.Min(p => p.LongitudeE7), east = points.Max(p => p.LongitudeE7);
        var outlines = Outlines();
        var random = new Random(Seed);
        var inside = 0;
        for (var i = 0; i < 2000; i++)
        {
            var point = new GeoPoint(random.Next(south, north + 1), random.Next(west, east + 1));
            var holding = _town.Borders.Where(border => border.Holds(point)).Select(border => border.Grid).ToList();

            _town.GridAt(point).ShouldBe(holding.Count > 0 ? holding[0] : null, $"{point}");
            if (!_town.Borders.Any(border => OnBorder(border, point)))
                holding.Count.ShouldBe(outlines.Count(outline => outline.Holds(point)), $"{point}");
            inside += holding.Count > 0 ? 1 : 0;
        }

        inside.ShouldBeInRange(1200, 1950);
    }

    [Fact]
    public void A_point_on_a_shared_border_belongs_to_the_first_grid_by_code()
    {
        var shared = 0;
        foreach (var point in _town.Borders.SelectMany(Points).Distinct())
        {
            var holding = _town.Borders.Where(border => border.Holds(point)).ToList();
            shared += holding.Count > 1 ? 1 : 0;
            _town.GridAt(point).ShouldBe(holding.Select(border => border.Grid).MinBy(grid => grid.Value));
        }

        shared.ShouldBeGreaterThan(300);
    }

    [Fact]
    public void Neighbours_share_their_borders_edge_by_edge()
    {
        var edges = _town.Borders.SelectMany(border => Edges(border).Select(edge => (edge, border.Grid))).ToDictionary(e => e.edge, e => e.Grid);

        var neighbours = edges
            .Where(e => edges.ContainsKey((e.Key.To, e.Key.From)))
            .Select(e => (e.Value, edges[(e.Key.To, e.Key.From)]))
            .ToHashSet();

        foreach (var border in _town.Borders)
            neighbours.Count(pair => pair.Item1 == border.Grid).ShouldBeGreaterThan(1, border.Grid.Value);
        Outlines().Count.ShouldBe(2);
    }

    [Fact]
    public void The_grids_fill_the_towns_outlines_without_gap_or_overlap() =>
        _town.Borders.Aggregate((Int128)0, (sum, border) => sum + TwiceArea(border)).ShouldBe(Outlines().Aggregate((Int128)0, (sum, outline) => sum + TwiceArea(outline)));

    [Fact]
    public void The_grids_of_a_village_hang_together()
    {
        var edges = _town.Borders.SelectMany(border => Edges(border).Select(edge => (edge, border.Grid))).ToDictionary(e => e.edge, e => e.Grid);
        foreach (var village in _town.Borders.GroupBy(border => border.Grid.Parent!.Value))
        {
            var reached = new HashSet<AreaCode> { village.First().Grid };
            var before = 0;
            while (reached.Count > before)
            {
                before = reached.Count;
                reached.UnionWith(edges
                    .Where(e => reached.Contains(e.Value) && edges.TryGetValue((e.Key.To, e.Key.From), out var next) && village.Key.Contains(next))
                    .Select(e => edges[(e.Key.To, e.Key.From)])
                    .ToList());
            }

            reached.Count.ShouldBe(village.Count(), village.Key.Value);
        }
    }

    [Fact]
    public void A_point_far_away_is_in_no_grid() => _town.GridAt(new GeoPoint(399_000_000, 1_164_000_000)).ShouldBeNull();

    [Fact]
    public void A_gcj02_point_taken_for_wgs84_would_land_hundreds_of_metres_off()
    {
        var point = Interior(_town.Borders[0]);
        var (latitude, longitude) = Coordinates.ToDegrees(point, CoordinateSystem.Gcj02);

        Coordinates.FromDegrees(latitude, longitude, CoordinateSystem.Gcj02).ShouldBe(new GeoPointReading.Read(point));
        var metresNorth = Math.Abs((latitude * 1e7) - point.LatitudeE7) * 0.0111;
        var metresEast = Math.Abs((longitude * 1e7) - point.LongitudeE7) * 0.0097;
        Math.Sqrt((metresNorth * metresNorth) + (metresEast * metresEast)).ShouldBeInRange(100, 700);
    }

    // The middle of the widest stretch that the grid has on the line halfway up.
    private static GeoPoint Interior(GridBorder border)
    {
        var ring = border.Polygons[0][0];
        var latitude = (ring.Min(p => (long)p.LatitudeE7) + ring.Max(p => (long)p.LatitudeE7)) / 2;
        var crossings = ring.Zip(ring.Skip(1))
            .Where(e => (e.First.LatitudeE7 > latitude) != (e.Second.LatitudeE7 > latitude))
            .Select(e => e.First.LongitudeE7 + ((latitude - e.First.LatitudeE7) * ((long)e.Second.LongitudeE7 - e.First.LongitudeE7) / (e.Second.LatitudeE7 - e.First.LatitudeE7)))
            .Order().ToList();
        var (west, east) = crossings.Chunk(2).Select(pair => (pair[0], pair[1])).MaxBy(pair => pair.Item2 - pair.Item1);
        return new GeoPoint((int)latitude, (int)((west + east) / 2));
    }

    // The edges that no neighbour has the other way round, strung together.
    private IReadOnlyList<GridBorder> Outlines() => [.. _town.Borders.GroupBy(border => border.Grid.At(AreaLevel.Town)).Select(town => Outline([.. town]))];

    private static GridBorder Outline(IReadOnlyList<GridBorder> borders)
    {
        var edges = borders.SelectMany(Edges).ToHashSet();
        var next = edges.Where(edge => !edges.Contains((edge.To, edge.From))).ToDictionary(edge => edge.From, edge => edge.To);
        var ring = new List<GeoPoint> { next.Keys.First() };
        do
        {
            ring.Add(next[ring[^1]]);
        }
        while (ring[^1] != ring[0]);

        ring.Count.ShouldBe(next.Count + 1, "the town's outline is one ring");
        return new GridBorder(borders[0].Grid, [[ring]]);
    }

    private static IEnumerable<GeoPoint> Points(GridBorder border) => border.Polygons.SelectMany(polygon => polygon.SelectMany(ring => ring));

    private static IEnumerable<(GeoPoint From, GeoPoint To)> Edges(GridBorder border) =>
        border.Polygons.SelectMany(polygon => polygon.SelectMany(ring => ring.Zip(ring.Skip(1))));

    private static Int128 TwiceArea(GridBorder border) =>
        Edges(border).Aggregate((Int128)0, (sum, e) => sum + ((Int128)e.From.LongitudeE7 * e.To.LatitudeE7) - ((Int128)e.To.LongitudeE7 * e.From.LatitudeE7));

    private static bool OnBorder(GridBorder border, GeoPoint p) => Edges(border).Any(e =>
        (Int128)(e.To.LongitudeE7 - e.From.LongitudeE7) * (p.LatitudeE7 - e.From.LatitudeE7) == (Int128)(e.To.LatitudeE7 - e.From.LatitudeE7) * (p.LongitudeE7 - e.From.LongitudeE7)
        && p.LatitudeE7 >= Math.Min(e.From.LatitudeE7, e.To.LatitudeE7) && p.LatitudeE7 <= Math.Max(e.From.LatitudeE7, e.To.LatitudeE7)
        && p.LongitudeE7 >= Math.Min(e.From.LongitudeE7, e.To.LongitudeE7) && p.LongitudeE7 <= Math.Max(e.From.LongitudeE7, e.To.LongitudeE7));
}
