using System.Text.Json;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests.Organization;

/// <summary>Holds the stored forms of ADR 0005 still: what is written in the log must be read the same for ever.</summary>
public class PlacesGoldenTests
{
    private static readonly JsonElement Golden = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "places.golden.json"))).RootElement;

    [Fact]
    public void Area_codes_keep_their_form()
    {
        var rows = Golden.GetProperty("areaCodes").EnumerateArray().ToList();
        rows.Select(row => Name<AreaLevel>(row)).ShouldBe(Enum.GetValues<AreaLevel>());
        foreach (var row in rows)
        {
            var code = AreaCode.Parse(row.GetProperty("code").GetString()!);

            code.Level.ShouldBe(Name<AreaLevel>(row));
            code.Parent?.Value.ShouldBe(row.TryGetProperty("parent", out var parent) ? parent.GetString() : null);
            code.Parent.HasValue.ShouldBe(row.TryGetProperty("parent", out _));
            code.ToNational().ShouldBe(row.GetProperty("national").GetString());
        }
    }

    [Fact]
    public void Texts_that_are_no_area_codes_stay_refused()
    {
        foreach (var text in Golden.GetProperty("notAreaCodes").EnumerateArray())
            AreaCode.TryParse(text.GetString(), out _).ShouldBeFalse(text.GetString());
    }

    [Fact]
    public void Coordinates_keep_their_stored_form()
    {
        var rows = Golden.GetProperty("coordinates").EnumerateArray().ToList();
        rows.Select(row => Name<CoordinateSystem>(row)).Distinct().ShouldBe(Enum.GetValues<CoordinateSystem>(), ignoreOrder: true);
        foreach (var row in rows)
        {
            var point = new GeoPoint(row.GetProperty("latitudeE7").GetInt32(), row.GetProperty("longitudeE7").GetInt32());

            Coordinates.FromDegrees(row.GetProperty("latitude").GetDouble(), row.GetProperty("longitude").GetDouble(), Name<CoordinateSystem>(row))
                .ShouldBe(new GeoPointReading.Read(point), row.GetRawText());
        }
    }

    [Fact]
    public void Degrees_that_are_no_place_stay_refused()
    {
        foreach (var row in Golden.GetProperty("notCoordinates").EnumerateArray())
        {
            Coordinates.FromDegrees(row.GetProperty("latitude").GetDouble(), row.GetProperty("longitude").GetDouble(), Name<CoordinateSystem>(row))
                .ShouldBeOfType<GeoPointReading.Refused>().Code.ShouldBe(row.GetProperty("refusal").GetString());
        }
    }

    [Fact]
    public void Points_of_the_demo_town_keep_their_grids()
    {
        foreach (var row in Golden.GetProperty("grids").EnumerateArray())
        {
            var point = new GeoPoint(row.GetProperty("latitudeE7").GetInt32(), row.GetProperty("longitudeE7").GetInt32());

            DemoTown.Directory.GridAt(point)?.Value.ShouldBe(row.GetProperty("grid").GetString());
        }
    }

    private static T Name<T>(JsonElement row)
        where T : struct, Enum
    {
        var member = typeof(T) == typeof(AreaLevel) ? "level" : "system";
        var text = row.GetProperty(member).GetString();
        return Enum.GetValues<T>().Single(value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()) == text);
    }
}
