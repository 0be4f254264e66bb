using System.Globalization;
using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Whistles;

/// <summary>How units answer whistles, the quickest first, those below the smallest sample last and without a rank.</summary>
/// <param name="Minimum">The smallest number of calls, brought to it and not sent back, that a unit is ranked by.</param>
/// <param name="From">The first local day on which a call was made.</param>
/// <param name="To">The last local day.</param>
/// <param name="At">What waits has waited until here.</param>
public sealed record WhistleResponse(int Minimum, DateOnly From, DateOnly To, DateTimeOffset At, IReadOnlyList<UnitResponse> Items);

/// <summary><c>GET /api/whistles/response</c>: departments and posts ranked by their response (报到及时率).</summary>
public static class GetWhistleResponse
{
    /// <summary>How many days are looked at where none is said, and the most.</summary>
    private const int Days = 90, MostDays = 366;

    private static readonly QueryOption[] Options =
    [
        new("scope", "area code of the whistles; by default the caller's place"),
        new("from", "the first local day on which a call was made, by default the 90th from the last back, at most the 366th", typeof(DateOnly)),
        new("to", "the last local day, by default today", typeof(DateOnly)),
        new("minimum", "1–1000, by default what the deadline policy says: the smallest number of calls that a unit is ranked by", typeof(int)),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/whistles/response", HandleAsync)
        .Query<WhistleResponse>("getWhistleResponse", "Units ranked by how soon they are on the spot (报到时效)", Options);

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions, IPolicies policies, TimeProvider clock)
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
        if (!callers.Any(caller => WhistleAccess.MayList(caller, scope)))
            throw Problems.NotAllowed();
        var minimum = query["minimum"].ToString() switch
        {
            "" => policies.Now.Current.Whistles!.MinimumSample,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1000 => number,
            _ => throw Problems.OutOfRange("minimum", "1–1000"),
        };

        var now = clock.GetUtcNow();
        var to = Day(query, "to") ?? LocalDay.Of(now, organization.TimeZone);
        var from = Day(query, "from") ?? to.AddDays(1 - Days);
        if (from > to || from < to.AddDays(1 - MostDays))
            throw Problems.OutOfRange("from", string.Create(CultureInfo.InvariantCulture, $"{to.AddDays(1 - MostDays):yyyy-MM-dd}–{to:yyyy-MM-dd}"));

        await using var command = database.CreateCommand();
        var where = new StringBuilder($"area >= {Add(scope.Value, NpgsqlDbType.Text)} and area < {Add(scope.Value + ":", NpgsqlDbType.Text)}");
        where.Append($" and asked_at >= {Add(LocalDay.Start(from, organization.TimeZone), NpgsqlDbType.TimestampTz)}");
        where.Append($" and asked_at < {Add(LocalDay.Start(to.AddDays(1), organization.TimeZone), NpgsqlDbType.TimestampTz)}");
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Whistles);
        context.Response.Headers[ETags.PositionHeader] = positions.Of(TableNames.Whistles).ToString();

        command.CommandText = $"select unit, town, asked_at, routed_at, arrived_at, opinion_at, left_at, declined, taken_away, satisfaction, sent_backs, area from board_whistle_calls_v1 where {where}";
        var turns = new List<UnitTurn>();
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                var turn = new CallTurn(Unit.Parse(reader.GetString(0)), At(reader, 2)!.Value, At(reader, 3), At(reader, 4), At(reader, 5), At(reader, 6), reader.GetBoolean(7), reader.GetBoolean(8),
                    reader.IsDBNull(9) ? null : reader.GetInt32(9), SentBacks: reader.GetInt32(10));
                var time = policies.Now.Calendar.At(AreaCode.Parse(reader.GetString(11)), organization.TimeZone);
                turns.Add(new UnitTurn(turn, TurnDues.Of(turn, policies.History.CountedAt(turn.AskedAt).Policy.Whistles!, time), reader.IsDBNull(1) ? null : AreaCode.Parse(reader.GetString(1))));
            }
        }

        return TypedResults.Ok(new WhistleResponse(minimum, from, to, now, UnitResponse.Ranked(turns, minimum, now)));

        string Add(object value, NpgsqlDbType type)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
            return string.Create(CultureInfo.InvariantCulture, $"${command.Parameters.Count}");
        }
    }

    private static DateTimeOffset? At(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    private static DateOnly? Day(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "" => null,
        var text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 2000 and < 3000 => date,
        _ => throw Problems.Malformed("A date such as 2026-11-21.", name),
    };
}
