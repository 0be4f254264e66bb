using System.Globalization;
using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Listings;

/// <summary>Somebody who supervises.</summary>
/// <param name="Name">Missing for who is no longer in the organization.</param>
public sealed record SupervisorView(string Id, Message? Name, Role Role);

/// <summary>A listing in a list.</summary>
/// <param name="Number">Of the plate: the year and the ordinal in the district, <c>2026-007</c>.</param>
/// <param name="CaseNumber">Missing for a moment, until the read side has numbered the case; so is its stage.</param>
/// <param name="Plate">What stands on the plate; missing where that is the matter alone.</param>
/// <param name="LateCases">Cases of the same matter in the same town that were late when it was listed, this one included if it was.</param>
/// <param name="Provisional">Whether its limit rests on a year that is not announced.</param>
/// <param name="Overdue">Whether its own limit has passed while it was listed, or had before it was counted anew.</param>
/// <param name="LastProgress">What the town reported last.</param>
/// <param name="Supervisors">Whose it is to take the plate down, as things are now.</param>
public sealed record ListingItem(
    string CaseId, string Number, string? CaseNumber, CaseStage? CaseStage, AreaCode Town, string Category, Sector Sector, ListingStage Stage, ListingGrade Grade, ListingReason Reason, int LateCases,
    string? Plate, DateTimeOffset ListedAt, DateTimeOffset DueAt, bool Provisional, bool Overdue, DateTimeOffset? LiftedAt, int Reports, string? LastProgress, DateTimeOffset? LastReportAt,
    IReadOnlyList<SupervisorView> Supervisors);

/// <summary>Listings of a scope.</summary>
public sealed record ListingItems(IReadOnlyList<ListingItem> Items);

/// <summary><c>GET /api/listings</c>: the listings of a town or the district; what is listed first, the newest first, at most 500.</summary>
public static class ListListings
{
    private const int Most = 500;

    private static readonly QueryOption[] Options =
    [
        new("scope", "area code of a town or the district; by default the caller's place"),
        new("stage", "a stage", typeof(ListingStage)),
        new("grade", "a grade", typeof(ListingGrade)),
        new("caseId", "a case's id"),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/listings", HandleAsync).Query<ListingItems>("listListings", "Cases listed for supervision (挂牌督办)", Options);

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var query = context.Request.Query;
        var scope = query["scope"].ToString() switch
        {
            "" => callers[0].Seat.Place,
            var text when AreaCode.TryParse(text, out var code) => code,
            _ => throw Problems.Malformed("scope is an area code.", "scope"),
        };
        if (!callers.Any(caller => ListingAccess.MayList(caller, scope)))
            throw Problems.NotAllowed();
        var stage = Word<ListingStage>("stage");
        var grade = Word<ListingGrade>("grade");
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Listings);
        context.Response.Headers[ETags.PositionHeader] = positions.Of(TableNames.Listings).ToString();
        return TypedResults.Ok(new ListingItems(await ReadAsync(
            "l.town >= $1 and l.town < $1 || ':' and ($2 = '' or l.stage = $2) and ($3 = '' or l.grade = $3) and ($4 = '' or l.case_id = $4)",
            [scope.Value, stage, grade, query["caseId"].ToString()], database, organization, clock.GetUtcNow(), cancellation)));

        string Word<T>(string name)
            where T : struct, Enum => query[name].ToString() is var text && (text.Length == 0 || Names.TryParse<T>(text, out _))
                ? text
                : throw Problems.Malformed($"'{text}' is not one of {string.Join(", ", Enum.GetValues<T>().Select(Names.Of))}.", name);
    }

    internal static async Task<IReadOnlyList<ListingItem>> ReadAsync(
        string where, string[] values, NpgsqlDataSource database, OrganizationDirectory organization, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            select l.summary, l.year, l.ordinal, c.number, c.stage from {TableNames.Listings} l left join {TableNames.Cases} c on c.id = l.case_id
            where {where} order by l.stage = 'lifted', l.position desc limit {Most}
            """);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var items = new List<ListingItem>();
        while (await reader.ReadAsync(cancellation))
        {
            var row = ListingTable.Parse(reader.GetString(0));
            var stage = !reader.IsDBNull(4) && Names.TryParse<CaseStage>(reader.GetString(4), out var named) ? named : (CaseStage?)null;
            items.Add(new ListingItem(
                row.Case, string.Create(CultureInfo.InvariantCulture, $"{reader.GetInt32(1)}-{reader.GetInt32(2):000}"), reader.IsDBNull(3) ? null : reader.GetString(3), stage,
                row.Opened.Town, row.Opened.Category, row.Opened.Sector, row.Stage, row.Grade, row.Opened.Reason, row.Opened.LateCases,
                row.Opened.Plate is { } plate ? Masks.InLists(plate.Text) : null, row.OpenedAt, row.DueAt, row.Provisional, row.IsLateAt(now), row.LiftedAt, row.Reports,
                row.LastProgress is { } text ? Masks.InLists(text) : null, row.LastReportAt,
                [
                    .. ListingSaga.Supervisors(row.Grade, row.Opened.Sector, organization).Select(told =>
                        new SupervisorView(told.Person, organization.KnownPerson(told.Person) is { } known ? new Message(known.Name, known.NameEn) : null, told.Role)),
                ]));
        }

        return items;
    }
}
