using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Spots;

/// <summary>A spot as the office lists it.</summary>
/// <param name="Person">Who of the unit gets its reports by name; missing where anybody of it takes them.</param>
/// <param name="Open">How many cases of it are not closed.</param>
public sealed record SpotListItem(string Code, string Name, string NameEn, string Kind, AreaCode Area, string Category, Unit Unit, string? Person, int Open);

/// <summary>The spots of a scope, by village, in the order in which the organization names them.</summary>
public sealed record SpotList(IReadOnlyList<SpotListItem> Items);

/// <summary><c>GET /api/spots</c></summary>
public static class ListSpots
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/spots", HandleAsync)
        .Query<SpotList>("listSpots", "The things with a code on their plates of a scope, with how many of their cases are open", [new("scope", "area code; by default the caller's place")]);

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions)
    {
        var cancellation = context.RequestAborted;
        var scope = BoardScope.Of(context.Request, Callers.From(context.Request, organization));
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Cases);
        context.Response.Headers[ETags.PositionHeader] = positions.Of(TableNames.Cases).ToString();

        List<Spot> spots = [.. organization.Spots.Where(spot => scope.Contains(spot.Area)).OrderBy(spot => spot.Area.At(AreaLevel.Village)!.Value.Value, StringComparer.Ordinal)];
        var open = await OpenAsync(database, [.. spots.Select(spot => spot.Code)], cancellation);
        return TypedResults.Ok(new SpotList(
            [.. spots.Select(spot => new SpotListItem(spot.Code, spot.Name, spot.NameEn, spot.Kind, spot.Area, spot.Category, spot.Unit, spot.Person, open.GetValueOrDefault(spot.Code)))]));
    }

    private static async Task<Dictionary<string, int>> OpenAsync(NpgsqlDataSource database, string[] codes, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select spot, count(*)::int from {TableNames.Cases} where spot = any($1) and open group by spot");
        command.Parameters.Add(new() { Value = codes, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var open = new Dictionary<string, int>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
            open.Add(reader.GetString(0), reader.GetInt32(1));
        return open;
    }
}
