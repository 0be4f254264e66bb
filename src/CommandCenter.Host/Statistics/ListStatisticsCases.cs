using System.Globalization;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Statistics;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Statistics;

/// <summary>Something that a figure counted: a case stands as often as it was counted.</summary>
/// <param name="At">When it happened; of what is late and open, when it was due.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Value">Of a rating its stars.</param>
public sealed record StatisticsCase(DateTimeOffset At, long? Seconds, int? Value, bool Late, CaseListItem Case);

/// <summary>A page of what a figure counted.</summary>
/// <param name="Next">The cursor of the next page; missing on the last one.</param>
public sealed record StatisticsCases(IReadOnlyList<StatisticsCase> Items, string? Next = null);

/// <summary><c>GET /api/statistics/cases</c>: exactly what a figure counted, the newest case first.</summary>
public static class ListStatisticsCases
{
    private static readonly QueryOption[] Options =
    [
        .. StatisticsRequest.Options,
        new("figure", "the code of a figure that is listed", Required: true),
        new("key", "the group, where one is asked for by `by`"),
        new("limit", "1–200, by default 50", typeof(int)),
        new("cursor", "from `next` of the page before"),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/statistics/cases", HandleAsync)
        .Query<StatisticsCases>("listStatisticsCases", "What a figure of the statistics counted", Options);

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var now = clock.GetUtcNow();
        var request = StatisticsRequest.From(context, organization, now);
        var query = context.Request.Query;
        var figure = query["figure"].ToString() switch
        {
            "" => throw Problems.Missing("figure"),
            var code when Figures.Find(code) is { Kind: FigureKind.Count, Sum: null } found => found,
            _ => throw Problems.Malformed("figure is the code of a figure that is listed: see /api/statistics/figures.", "figure"),
        };
        var key = query["key"].ToString() is { Length: > 0 } text ? text : null;
        if ((key is null) != (request.By is null))
            throw Problems.Malformed("key and by are given together.", "key");
        var limit = query["limit"].ToString() switch
        {
            "" => 50,
            var most when int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 200 => number,
            _ => throw Problems.OutOfRange("limit", "1–200"),
        };
        var cursor = query["cursor"].ToString() is { Length: > 0 } given ? given : null;
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Statistics, TableNames.Cases);
        context.Response.Headers[ETags.PositionHeader] = positions.Of(TableNames.Statistics).ToString();

        var items = await new StatisticsQuery(database).ItemsAsync(request.At(request.Period), figure, request.By, key, cursor, limit + 1, cancellation);
        var page = items.Take(limit).ToList();
        var cases = await CasesAsync(database, [.. page.Select(item => item.Case).Distinct(StringComparer.Ordinal)], now, cancellation);
        return TypedResults.Ok(new StatisticsCases(
            // A row that the other table does not have yet is waited for by whoever asks with a position.
            [.. page.Where(item => cases.ContainsKey(item.Case)).Select(item => new StatisticsCase(item.At, item.Seconds, item.Value, item.Late, cases[item.Case]))],
            items.Count > limit ? page[^1].Item : null));
    }

    private static async Task<Dictionary<string, CaseListItem>> CasesAsync(NpgsqlDataSource database, string[] ids, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select number, summary from {TableNames.Cases} where id = any($1)");
        command.Parameters.Add(new() { Value = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var cases = new Dictionary<string, CaseListItem>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            var summary = CaseTable.Parse(reader.GetString(1));
            cases[summary.Id] = CaseListItem.Of(summary, reader.GetString(0), Masks.InLists(summary.Text), now);
        }

        return cases;
    }
}
