using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Statistics;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Statistics;

/// <summary>A figure of a group, beside the period before and the year before.</summary>
/// <param name="Code">Of the figure; <c>GET /api/statistics/figures</c> says what it is.</param>
/// <param name="Value">A count, a share of 0 to 1, or seconds; missing where it would be over nothing.</param>
/// <param name="Of">Of a share its denominator, of a time how often it was measured.</param>
/// <param name="Before">In the period before (环比).</param>
/// <param name="YearBefore">In the same days a year before (同比).</param>
public sealed record StatisticsFigure(string Code, decimal? Value, long? Of, decimal? Before, decimal? YearBefore);

/// <summary>One group's figures.</summary>
/// <param name="Key">An area code, a sector, a category, a source, a unit, or somebody's id.</param>
/// <param name="Name">What it is called today; missing where pages have a word for it or it is a person.</param>
public sealed record StatisticsGroup(string Key, string? Name, string? NameEn, IReadOnlyList<StatisticsFigure> Figures);

/// <summary>Statistics of a scope in a period.</summary>
/// <param name="Before">The period that <see cref="StatisticsFigure.Before"/> is of.</param>
/// <param name="At">What is late and open is so at this instant: the period's end, or now where that is still to come.</param>
/// <param name="Total">Of the whole scope. What no group holds (no unit yet) is in it all the same.</param>
/// <param name="Items">By key; empty where no grouping was asked for.</param>
public sealed record StatisticsView(
    AreaCode Scope, DateOnly From, DateOnly To, DateTimeOffset At, Period Before, Period YearBefore, Grouping? By, Sector? Sector, IReadOnlyList<StatisticsFigure> Total, IReadOnlyList<StatisticsGroup> Items);

/// <summary><c>GET /api/statistics</c>: reported, filed, dispatched, due, handled, on time, late, returned, reworked, reopened, self-solved, satisfied, and their times.</summary>
public static class GetStatistics
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/statistics", HandleAsync)
        .Query<StatisticsView>("getStatistics", "Statistics of a scope in a period (统计), beside the period before and the year before", StatisticsRequest.Options);

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var request = StatisticsRequest.From(context, organization, clock.GetUtcNow());
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Statistics);
        context.Response.Headers[ETags.PositionHeader] = positions.Of(TableNames.Statistics).ToString();

        var query = new StatisticsQuery(database);
        var (period, before, yearBefore) = (request.Period, request.Period.Before(), request.Period.YearBefore());
        var total = await BesideAsync(null);
        var groups = request.By is null ? null : await BesideAsync(request.By);
        return TypedResults.Ok(new StatisticsView(
            request.Scope, period.From, period.To, request.At(period).Instant, before, yearBefore, request.By, request.Sector,
            Figures(total, ""),
            [
                .. (groups is null ? [] : groups[0].Keys.ToList()).Order(StringComparer.Ordinal).Select(key =>
                {
                    var name = NameOf(request.By!.Value, key, organization);
                    return new StatisticsGroup(key, name?.Zh, name?.En, Figures(groups!, key));
                }),
            ]));

        async Task<Dictionary<string, Tabulated>[]> BesideAsync(Grouping? by) =>
        [
            await query.CountAsync(request.At(period), by, cancellation),
            await query.CountAsync(request.At(before), by, cancellation),
            await query.CountAsync(request.At(yearBefore), by, cancellation),
        ];
    }

    private static List<StatisticsFigure> Figures(Dictionary<string, Tabulated>[] beside, string key)
    {
        var counted = beside.Select(groups => groups.GetValueOrDefault(key) ?? Tabulated.Nothing).ToList();
        return
        [
            .. Domain.Statistics.Figures.All.Select(figure =>
            {
                var (value, of) = Tabulation.ValueOf(figure, counted[0]);
                return new StatisticsFigure(figure.Code, value, of, Tabulation.ValueOf(figure, counted[1]).Value, Tabulation.ValueOf(figure, counted[2]).Value);
            }),
        ];
    }

    private static Domain.Message? NameOf(Grouping by, string key, OrganizationDirectory organization) => by switch
    {
        Grouping.Place when AreaCode.TryParse(key, out var code) && organization.FindArea(code) is { } area => new(area.Name, area.NameEn),
        Grouping.Category when organization.FindCategory(key) is { } category => new(category.Name, category.NameEn),
        _ => null,
    };
}
