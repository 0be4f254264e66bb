using System.Text;
using System.Text.Json;

namespace CommandCenter.Domain.Organization;

/// <summary>A border with the line on which its feature's code stands.</summary>
internal sealed record GridBorderAt(int Line, GridBorder Border);

/// <summary>Reads grid borders from a GeoJSON FeatureCollection (RFC 7946) of Polygon and MultiPolygon features.</summary>
internal static class GridBordersJson
{
    private const int MaxDepth = 32;

    public static List<GridBorderAt> Read(string file, string text, List<OrganizationError> errors)
    {
        var borders = new List<GridBorderAt>();
        Node root;
        try
        {
            root = Parse(text.StartsWith('\uFEFF') ? text[1..] : text);
        }
        catch (JsonException e)
        {
            errors.Add(new(file, (int)(e.LineNumber ?? 0) + 1, "", "broken_json", "不是有效的JSON", $"Not valid JSON: {e.Message}"));
            return borders;
        }

        var reading = new Reading(file, errors);
        if (root.Member("type")?.Text != "FeatureCollection" || root.Member("features") is not { Items: { } features })
        {
            reading.Fault(root, "type", "broken_geojson", "应为带features数组的FeatureCollection", "A FeatureCollection with an array of features is expected.");
            return borders;
        }

        foreach (var feature in features)
        {
            if (reading.Border(feature) is { } border)
                borders.Add(border);
        }

        return borders;
    }

    private sealed class Reading(string file, List<OrganizationError> errors)
    {
        public void Fault(Node at, string column, string code, string zh, string en) => errors.Add(new(file, at.Line, column, code, zh, en));

        public GridBorderAt? Border(Node feature)
        {
            var code = feature.Member("properties")?.Member("code");
            if (!AreaCode.TryParse(code?.Text, out var grid) || grid.Level != AreaLevel.Grid)
            {
                Fault(code ?? feature, "code", "code_level", "properties.code应为15位网格代码", "properties.code has to be a grid's code of 15 digits.");
                return null;
            }

            var geometry = feature.Member("geometry");
            var coordinates = geometry?.Member("coordinates");
            IReadOnlyList<Node>? polygons = (geometry?.Member("type")?.Text, coordinates) switch
            {
                ("Polygon", { Items: not null }) => [coordinates],
                ("MultiPolygon", { Items: { Count: > 0 } items }) => items,
                _ => null,
            };
            if (feature.Member("type")?.Text != "Feature" || polygons is null)
            {
                Fault(geometry ?? feature, "geometry", "broken_geojson", $"网格{grid}的几何应为Polygon或MultiPolygon", $"The geometry of grid {grid} has to be a Polygon or MultiPolygon.");
                return null;
            }

            var before = errors.Count;
            var read = polygons.Select(polygon => Rings(grid, polygon)).ToList();
            return errors.Count > before ? null : new(code!.Line, new GridBorder(grid, read));
        }

        private List<IReadOnlyList<GeoPoint>> Rings(AreaCode grid, Node polygon)
        {
            if (polygon.Items is not { Count: > 0 } rings)
            {
                Fault(polygon, "coordinates", "broken_geojson", $"网格{grid}的多边形没有环", $"A polygon of grid {grid} has no ring.");
                return [];
            }

            return [.. rings.Select(ring => Ring(grid, ring))];
        }

        private List<GeoPoint> Ring(AreaCode grid, Node ring)
        {
            var before = errors.Count;
            var points = (ring.Items ?? []).Select(point => Point(grid, point)).ToList();
            if (errors.Count > before)
                return points;

            if (points.Count == 0 || points[0] != points[^1])
                Fault(ring, "coordinates", "ring_not_closed", $"网格{grid}的环没有闭合：首尾点应相同", $"A ring of grid {grid} is not closed: its first and last point have to be the same.");
            else if (points.Count < 4 || TwiceArea(points) == 0)
                Fault(ring, "coordinates", "ring_empty", $"网格{grid}的环没有面积", $"A ring of grid {grid} encloses no area.");
            return points;
        }

        private GeoPoint Point(AreaCode grid, Node point)
        {
            if (point.Items is not { Count: 2 or 3 } numbers || numbers.Any(number => number.Number is null))
            {
                Fault(point, "coordinates", "broken_geojson", $"网格{grid}的点应为[经度, 纬度]", $"A point of grid {grid} has to be [longitude, latitude].");
                return default;
            }

            switch (Coordinates.FromDegrees(numbers[1].Number!.Value, numbers[0].Number!.Value, CoordinateSystem.Wgs84))
            {
                case GeoPointReading.Read read:
                    return read.Point;
                default:
                    Fault(point, "coordinates", "point_out_of_range", $"网格{grid}的点超出经纬度范围", $"A point of grid {grid} is outside the range of degrees.");
                    return default;
            }
        }

        private static Int128 TwiceArea(List<GeoPoint> ring)
        {
            Int128 sum = 0;
            for (var i = 0; i + 1 < ring.Count; i++)
            {
                sum += ((Int128)ring[i].LongitudeE7 * ring[i + 1].LatitudeE7) - ((Int128)ring[i + 1].LongitudeE7 * ring[i].LatitudeE7);
            }

            return sum;
        }
    }

    // JsonDocument keeps no positions, and an error without its line is of little use in a file of thousands of points.
    private static Node Parse(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var lines = new LineCounter(bytes);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        var root = Value(ref reader, lines);
        reader.Read();
        return root;
    }

    private static Node Value(ref Utf8JsonReader reader, LineCounter lines)
    {
        var line = lines.At(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                var items = new List<Node>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Value(ref reader, lines));
                return new(line) { Items = items };
            case JsonTokenType.StartObject:
                var members = new Dictionary<string, Node>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var (name, nameLine) = (Text(ref reader, lines), lines.At(reader.TokenStartIndex));
                    reader.Read();
                    if (!members.TryAdd(name, Value(ref reader, lines)))
                        throw new JsonException($"Member '{name}' occurs twice.", null, nameLine - 1, null);
                }

                return new(line) { Members = members };
            case JsonTokenType.String:
                return new(line) { Text = Text(ref reader, lines) };
            case JsonTokenType.Number:
                return new(line) { Number = reader.TryGetDouble(out var number) ? number : double.NaN };
            default:
                return new(line);
        }
    }

    private static string Text(ref Utf8JsonReader reader, LineCounter lines)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            // A lone surrogate written as \uD800 is well-formed JSON but no text.
            throw new JsonException(e.Message, null, lines.At(reader.TokenStartIndex) - 1, null, e);
        }
    }

    /// <summary>A JSON value with the line on which it begins; exactly one of the members is set, none for null, true and false.</summary>
    private sealed class Node(int line)
    {
        public int Line { get; } = line;

        public Dictionary<string, Node>? Members { get; init; }

        public List<Node>? Items { get; init; }

        public string? Text { get; init; }

        public double? Number { get; init; }

        public Node? Member(string name) => Members?.GetValueOrDefault(name);
    }

    /// <summary>Line numbers for positions that only grow.</summary>
    private sealed class LineCounter(byte[] bytes)
    {
        private long _position;
        private int _line = 1;

        public int At(long position)
        {
            for (; _position < position; _position++)
                _line += bytes[_position] == (byte)'\n' ? 1 : 0;
            return _line;
        }
    }
}
