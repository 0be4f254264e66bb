using System.Text;
using System.Text.Json;

namespace CommandCenter.Domain.Organization;

/// <summary>A border with the line on which its feature's code stands.</summary>
internal sealed record GridBorderAt(int Line, GridBorder Border);

/// <summary>Reads grid borders from a GeoJSON FeatureCollection (RFC 7946) of Polygon and MultiPolygon features.</summary>
internal static class GridBordersJson
{
    private const int MaxDepth = 32;

    /// <summary>The most points of one grid's border, so that it has room in an event.</summary>
    public const int MostPoints = 10_000;

    // WGS-84 in the words of older GeoJSON, and CGCS2000 (2000国家大地坐标系), which is the same to some centimetres.
    private static readonly string[] SameAsWgs84 = ["CRS84", ":4326", ":4490"];

    /// <summary>The borders in the order of the file. What is wrong is left out and reported.</summary>
    public static List<GridBorderAt> Read(string file, string text, List<OrganizationError> errors)
    {
        var borders = new List<GridBorderAt>();
        var bytes = Encoding.UTF8.GetBytes(text.StartsWith('\uFEFF') ? text[1..] : text);
        var before = errors.Count;
        try
        {
            var (root, features) = Head(bytes);
            var reading = new Reading(file, errors);
            if (root.Member("type")?.Text != "FeatureCollection" || features is null)
                reading.Fault(root, "type", "broken_geojson", "应为带features数组的FeatureCollection", "A FeatureCollection with an array of features is expected.");
            else if (reading.TakeSystem(root))
                Each(bytes, feature => borders.AddRange(reading.Border(feature) is { } border ? [border] : []));
        }
        catch (JsonException e)
        {
            // Of a file that is none nothing else is said.
            errors.RemoveRange(before, errors.Count - before);
            errors.Add(new(file, (int)(e.LineNumber ?? 0) + 1, "", "broken_json", "不是有效的JSON", $"Not valid JSON: {e.Message}"));
        }

        return borders;
    }

    private sealed class Reading(string file, List<OrganizationError> errors)
    {
        private CoordinateSystem _system = CoordinateSystem.Wgs84;

        public void Fault(Node at, string column, string code, string zh, string en) => errors.Add(new(file, at.Line, column, code, zh, en));

        /// <summary>In which system the collection's points are: WGS-84 unless it says otherwise.</summary>
        public bool TakeSystem(Node root)
        {
            if (root.Member("crs") is { } crs && crs.Member("properties")?.Member("name")?.Text is var name && !SameAsWgs84.Any(same => name?.EndsWith(same, StringComparison.OrdinalIgnoreCase) == true))
            {
                Fault(crs, "crs", "unknown_crs", "坐标系应为WGS-84（EPSG:4326）或CGCS2000（EPSG:4490）的经纬度", "The coordinate system has to be degrees of WGS-84 (EPSG:4326) or CGCS2000 (EPSG:4490).");
                return false;
            }

            if (root.Member("coordinate_system") is not { } said)
                return true;
            switch (said.Text)
            {
                case "wgs84":
                    break;
                case "gcj02":
                    _system = CoordinateSystem.Gcj02;
                    break;
                case "bd09":
                    _system = CoordinateSystem.Bd09;
                    break;
                default:
                    Fault(said, "coordinate_system", "unknown_crs", "coordinate_system应为wgs84、gcj02或bd09", "coordinate_system is wgs84, gcj02 or bd09.");
                    return false;
            }

            return true;
        }

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
            if (errors.Count == before && read.Sum(rings => rings.Sum(ring => ring.Count)) is > MostPoints and var points)
                Fault(geometry!, "coordinates", "too_many_points", $"网格{grid}的边界最多{MostPoints}个点，此处有{points}个，请先简化", $"The border of grid {grid} has {points} points; at most {MostPoints} are taken. Simplify it.");
            return errors.Count > before ? null : new(code!.Line, new GridBorder(grid, read));
        }

        private List<IReadOnlyList<GeoPoint>> Rings(AreaCode grid, Node polygon)
        {
            if (polygon.Items is not { Count: > 0 } rings)
            {
                Fault(polygon, "coordinates", "broken_geojson", $"网格{grid}的多边形没有环", $"A polygon of grid {grid} has no ring.");
                return [];
            }

            var before = errors.Count;
            List<IReadOnlyList<GeoPoint>> read = [.. rings.Select(ring => Ring(grid, ring))];
            for (var hole = 1; hole < read.Count && errors.Count == before; hole++)
            {
                if (read[hole].Any(point => GridBorder.Place(read[0], point) == RingPlace.Outside))
                    Fault(rings[hole], "coordinates", "hole_outside", $"网格{grid}的洞不在外环之内：每个多边形先外环后洞，彼此分开的部分用MultiPolygon", $"A hole of grid {grid} lies outside its outer ring; parts that lie apart are polygons of a MultiPolygon.");
            }

            return read;
        }

        private List<GeoPoint> Ring(AreaCode grid, Node ring)
        {
            var before = errors.Count;
            var points = (ring.Items ?? []).Select(point => Point(grid, point)).ToList();
            if (errors.Count > before)
                return points;

            if (points.Count == 0 || points[0] != points[^1])
                Fault(ring, "coordinates", "ring_not_closed", $"网格{grid}的环没有闭合：首尾点应相同", $"A ring of grid {grid} is not closed: its first and last point have to be the same.");
            else if (points.Count < 4 || AreaOutline.TwiceArea(points) == 0)
                Fault(ring, "coordinates", "ring_empty", $"网格{grid}的环没有面积", $"A ring of grid {grid} encloses no area.");
            else if (points.Count <= MostPoints && GeoSegment.AnyCross(points))
                Fault(ring, "coordinates", "ring_crosses_itself", $"网格{grid}的环自相交", $"A ring of grid {grid} crosses itself.");
            return points;
        }

        private GeoPoint Point(AreaCode grid, Node point)
        {
            if (point.Items is not { Count: 2 or 3 } numbers || numbers.Any(number => number.Number is null))
            {
                Fault(point, "coordinates", "broken_geojson", $"网格{grid}的点应为[经度, 纬度]", $"A point of grid {grid} has to be [longitude, latitude].");
                return default;
            }

            double longitude = numbers[0].Number!.Value, latitude = numbers[1].Number!.Value;
            if (Coordinates.InChina(latitude, longitude) && Coordinates.FromDegrees(latitude, longitude, _system) is GeoPointReading.Read read)
                return read.Point;

            var (swappedZh, swappedEn) = Coordinates.InChina(longitude, latitude) ? ("，经纬度看来颠倒了", " Latitude and longitude seem to have changed places.") : ("", "");
            Fault(point, "coordinates", "point_out_of_range", $"网格{grid}的点不在中国范围内：应为[经度, 纬度]，以度计{swappedZh}", $"A point of grid {grid} lies outside China: [longitude, latitude] in degrees is expected.{swappedEn}");
            return default;
        }
    }

    // JsonDocument keeps no positions, and an error without its line is of little use in a file of thousands of points. The file is read twice, because what the collection says of itself
    // may stand after its features, and a tree of all of them would take a hundred times the file.
    private static (Node Root, int? Features) Head(byte[] bytes)
    {
        var lines = new LineCounter(bytes);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            var other = Value(ref reader, lines);
            reader.Read();
            return (other, null);
        }

        int? features = null;
        var members = new Dictionary<string, Node>(StringComparer.Ordinal);
        var root = new Node(lines.At(reader.TokenStartIndex)) { Members = members };
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (name, line) = (Text(ref reader, lines), lines.At(reader.TokenStartIndex));
            reader.Read();
            Node value;
            if (name == "features" && reader.TokenType == JsonTokenType.StartArray)
            {
                (features, value) = (line, new Node(line));
                reader.Skip();
            }
            else
            {
                value = Value(ref reader, lines);
            }

            if (!members.TryAdd(name, value))
                throw Twice(name, line);
        }

        reader.Read();
        return (root, features);
    }

    private static void Each(byte[] bytes, Action<Node> take)
    {
        var lines = new LineCounter(bytes);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isFeatures = reader.ValueTextEquals("features"u8);
            reader.Read();
            if (!isFeatures)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                take(Value(ref reader, lines));
        }
    }

    private static JsonException Twice(string name, int line) => new($"Member '{name}' occurs twice.", null, line - 1, null);

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
                        throw Twice(name, nameLine);
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
