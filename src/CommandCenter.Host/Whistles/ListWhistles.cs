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

/// <summary>A call of a whistle in a list.</summary>
/// <param name="Since">From when on it has waited for its next step.</param>
/// <param name="DueAt">By when the next step is due by the deadline policy; missing where it has no limit for it.</param>
public sealed record CallListItem(int Number, Unit Unit, CallStage Stage, DateTimeOffset Since, DateTimeOffset? DueAt, DateTimeOffset? RoutedAt, DateTimeOffset? ArrivedAt, DateTimeOffset? OpinionAt);

/// <summary>A whistle in a list.</summary>
/// <param name="Text">With <c>⟦personal⟧</c> in the place of each sealed span.</param>
/// <param name="OpenCalls">How many calls somebody still has to do something about.</param>
/// <param name="WaitingSince">From when on the call that waits longest has waited for its next step; asked for a unit, of that unit's own calls. Missing where nothing waits.</param>
public sealed record WhistleListItem(
    string Id, long Version, WhistleStage Stage, AreaCode Area, string Text, WhistleActor BlownBy, DateTimeOffset BlownAt, DateTimeOffset UpdatedAt, DateTimeOffset? EndedAt, string? CaseId, string? OneMatter,
    int OpenCalls, IReadOnlyList<CallListItem> Calls, DateTimeOffset? WaitingSince = null)
{
    internal static WhistleListItem Of(WhistleSummary row, DateTimeOffset? waitingSince, OrganizationDirectory organization, IPolicies policies) => new(
        row.Id, row.Version, row.Stage, row.File.Area, Masks.InLists(row.File.Text.Text), WhistleActor.Of(row.File.BlownBy, organization), row.File.BlownAt, row.UpdatedAt, row.File.EndedAt, row.File.Case,
        row.File.OneMatter, row.File.CallsInHand.Count(),
        [.. row.File.Calls.Select(call => new CallListItem(call.Number, call.Unit, call.Stage, call.Since, WhistleViews.DueAt(call, row.File, policies, organization), call.Turn.RoutedAt, call.Turn.ArrivedAt, call.Turn.OpinionAt))], waitingSince);
}

/// <summary>A page of a list.</summary>
/// <param name="Next">The cursor of the next page; missing on the last one.</param>
public sealed record WhistlePage(IReadOnlyList<WhistleListItem> Items, string? Next = null);

/// <summary><c>GET /api/whistles</c>: the whistles of a scope, the newest first, or those that wait longest.</summary>
public static class ListWhistles
{
    private static readonly QueryOption[] Options =
    [
        new("scope", "area code, such as a grid's; by default the caller's place"),
        new("open", "true: somebody still has to do something; together with `unit`, about its own call", typeof(bool)),
        new("unit", "a department or post, `department:…` or `post:…`, that has a call or had one"),
        new("caseId", "a case's id"),
        new("oneMatter", "a template's code"),
        new("stage", "a stage", typeof(WhistleStage)),
        new("waitingMinutes", "1–525600: only those of which a call has waited for its next step for so long; together with `unit`, its own call", typeof(int)),
        new("sort", "waiting: only what waits, the longest first; by default the newest first"),
        new("limit", "1–200, by default 50", typeof(int)),
        new("cursor", "from `next` of the page before"),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/whistles", HandleAsync).Query<WhistlePage>("listWhistles", "Whistles of a scope", Options);

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

        await using var command = database.CreateCommand();
        // Every code that begins with the scope's, by the index.
        var where = new StringBuilder($"w.area >= {Text(scope.Value)} and w.area < {Text(scope.Value + ":")}");
        var open = QueryStrings.Flag(query, "open");
        var since = "w.waiting_since";
        if (query["unit"].ToString() is { Length: > 0 } unit)
        {
            if (!Unit.TryParse(unit, out _))
                throw Problems.Malformed("unit is a department or post, such as department:water-bureau.", "unit");
            var ofOpen = open switch { true => " and c.open", false => " and not c.open", null => "" };
            var own = $"from board_whistle_calls_v1 c where c.whistle = w.id and c.unit = {Text(unit)}";
            where.Append($" and exists (select {own}{ofOpen})");
            since = $"(select min(c.waiting_since) {own})";
        }
        else if (open is { } flag)
        {
            where.Append(flag ? " and w.open" : " and not w.open");
        }

        Equal("w.case_id", query["caseId"].ToString());
        Equal("w.one_matter", query["oneMatter"].ToString());
        Equal("w.stage", query["stage"].ToString() switch
        {
            var text when text.Length == 0 || Names.TryParse<WhistleStage>(text, out _) => text,
            var text => throw Problems.Malformed($"'{text}' is not one of {string.Join(", ", Enum.GetValues<WhistleStage>().Select(Names.Of))}.", "stage"),
        });
        var limit = query["limit"].ToString() switch
        {
            "" => 50,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 200 => number,
            _ => throw Problems.OutOfRange("limit", "1–200"),
        };
        if (query["waitingMinutes"].ToString() is { Length: > 0 } waiting)
        {
            var minutes = int.TryParse(waiting, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 525_600 ? number : throw Problems.OutOfRange("waitingMinutes", "1–525600");
            where.Append($" and {since} <= {Add(clock.GetUtcNow().AddMinutes(-minutes), NpgsqlDbType.TimestampTz)}");
        }

        var byWaiting = query["sort"].ToString() switch
        {
            "" => false,
            "waiting" => true,
            _ => throw Problems.Malformed("sort is 'waiting' or left out.", "sort"),
        };
        if (byWaiting)
            where.Append($" and {since} is not null");
        if (query["cursor"].ToString() is { Length: > 0 } cursor)
            where.Append(After(cursor) ?? throw Problems.Malformed("The cursor is not one of this list's.", "cursor"));
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Whistles);
        context.Response.Headers[ETags.PositionHeader] = positions.Of(TableNames.Whistles).ToString();

        command.CommandText = $"select w.summary, {since} from board_whistles_v1 w where {where} order by {(byWaiting ? $"{since}, w.position" : "w.position desc")} limit {limit + 1}";
        var rows = new List<(WhistleSummary Whistle, DateTimeOffset? Since)>();
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                rows.Add((WhistleTable.Parse(reader.GetString(0)), reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1)));
        }

        var next = rows.Count > limit ? CursorOf(rows[limit - 1]) : null;
        return TypedResults.Ok(new WhistlePage([.. rows.Take(limit).Select(row => WhistleListItem.Of(row.Whistle, row.Since, organization, policies))], next));

        string CursorOf((WhistleSummary Whistle, DateTimeOffset? Since) last) => byWaiting
            ? string.Create(CultureInfo.InvariantCulture, $"{last.Since!.Value.UtcTicks}-{last.Whistle.Position}")
            : last.Whistle.Position.ToString(CultureInfo.InvariantCulture);

        string? After(string cursor)
        {
            if (!byWaiting)
                return TryNumber(cursor, out var before) ? $" and w.position < {Add(before, NpgsqlDbType.Bigint)}" : null;
            return cursor.Split('-') is [var at, var place] && TryNumber(at, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks && TryNumber(place, out var position)
                ? $" and ({since}, w.position) > ({Add(new DateTimeOffset(ticks, TimeSpan.Zero), NpgsqlDbType.TimestampTz)}, {Add(position, NpgsqlDbType.Bigint)})"
                : null;
        }

        string Add(object value, NpgsqlDbType type)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
            return string.Create(CultureInfo.InvariantCulture, $"${command.Parameters.Count}");
        }

        static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

        string Text(string value) => Add(value, NpgsqlDbType.Text);

        void Equal(string column, string value)
        {
            if (value.Length > 0)
                where.Append($" and {column} = {Text(value)}");
        }
    }
}
