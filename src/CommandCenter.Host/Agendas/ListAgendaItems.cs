using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Agendas;

/// <summary>Matters of committees' lists.</summary>
public sealed record AgendaItems(IReadOnlyList<AgendaListItem> Items);

/// <summary><c>GET /api/agenda-items</c>: the matters of a town or of the whole district, or those that one leads; what is on a list first, the newest first, at most 500.</summary>
public static class ListAgendaItems
{
    private const int Most = 500;

    private static readonly QueryOption[] Options =
    [
        new("scope", "area code of a town or the district; by default the caller's place"),
        new("mine", "true: only those that the caller leads, wherever they are", typeof(bool)),
        new("open", "true: only what is on a list", typeof(bool)),
        new("caseId", "a case's id"),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/agenda-items", HandleAsync).Query<AgendaItems>("listAgendaItems", "Matters of committees' lists", Options);

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var query = context.Request.Query;
        var mine = QueryStrings.Flag(query, "mine") == true;
        var open = QueryStrings.Flag(query, "open");
        var scope = query["scope"].ToString() switch
        {
            "" => callers[0].Seat.Place,
            var text when AreaCode.TryParse(text, out var code) => code,
            _ => throw Problems.Malformed("scope is an area code.", "scope"),
        };
        if (!mine && !callers.Any(caller => AgendaAccess.MayList(caller, scope)))
            throw Problems.NotAllowed();

        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Agendas);
        context.Response.Headers[ETags.PositionHeader] = positions.Of(TableNames.Agendas).ToString();
        await using var command = database.CreateCommand(
            $"""
            select i.town, i.item, a.summary from board_agenda_items_v1 i join {TableNames.Agendas} a on a.town = i.town
            where {(mine ? "i.lead = any($1)" : "i.town >= $1 and i.town < $1 || ':'")} and ($2::boolean is null or i.open = $2) and ($3 = '' or i.case_id = $3)
            order by i.open desc, i.collected_at desc, i.town, i.item desc limit {Most}
            """);
        command.Parameters.Add(mine
            ? new NpgsqlParameter { Value = callers.SelectMany(caller => (string?[])[caller.Actor, caller.Seat.For]).OfType<string>().Distinct().ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text }
            : new NpgsqlParameter { Value = scope.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)open ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Boolean });
        command.Parameters.Add(new() { Value = query["caseId"].ToString(), NpgsqlDbType = NpgsqlDbType.Text });
        var rows = new List<(AreaCode Town, int Item, Domain.Agendas.Agenda Agenda)>();
        var parsed = new Dictionary<string, Domain.Agendas.Agenda>(StringComparer.Ordinal);
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                var town = reader.GetString(0);
                if (!parsed.TryGetValue(town, out var agenda))
                    parsed[town] = agenda = AgendaTable.Parse(reader.GetString(2)).Agenda;
                rows.Add((AreaCode.Parse(town), reader.GetInt32(1), agenda));
            }
        }

        var now = clock.GetUtcNow();
        var cases = await AgendaViews.CasesAsync(rows.Select(row => row.Agenda.Find(row.Item)!.Case), database, cancellation);
        return TypedResults.Ok(new AgendaItems([.. rows.Select(row => AgendaViews.ListItem(row.Town, row.Agenda, row.Agenda.Find(row.Item)!, cases, organization, now))]));
    }
}
