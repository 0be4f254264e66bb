using System.Globalization;
using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Cases;

/// <summary><c>GET /api/cases</c>: the cases of a scope, newest report first, by any of the figures that boards show.</summary>
public static class ListCases
{
    /// <summary>Characters.</summary>
    private const int MostWords = 100;

    private static readonly QueryOption[] Options =
    [
        new("scope", "area code; by default the caller's place"),
        new("words", "words of the report, a number, or the name of a place or category, separated by spaces: cases that have all of them; at most 100 characters"),
        new("stage", "one or more stages, separated by commas"),
        new("sector", "a sector", typeof(Sector)),
        new("unit", "who has it, such as post:village-construction or department:water"),
        new("meeting", "the id of the meeting that it came from"),
        new("spot", "the code of the spot that it is about"),
        new("transferTo", "a town's area code, or the district's: the cases that it is asked to take, wherever they lie; instead of a scope"),
        new("open", "true: still in hand; false: closed or refused", typeof(bool)),
        new("late", "true: past due now", typeof(bool)),
        new("dueSoon", "true: due within 24 hours, not late", typeof(bool)),
        new("level", "the level that the case has climbed to", typeof(EscalationLevel)),
        new("urgency", "an urgency", typeof(Urgency)),
        new("reportedOn", "a local date, 2026-11-21", typeof(DateOnly)),
        new("filedOn", "a local date", typeof(DateOnly)),
        new("escalatedOn", "a local date: last climbed on", typeof(DateOnly)),
        new("closedOn", "a local date: closed (not refused) on", typeof(DateOnly)),
        new("onAgenda", "true: on the list of a party work committee", typeof(bool)),
        new("listed", "true: listed for supervision", typeof(bool)),
        new("underReview", "true: a review meeting that is not over looks back on it", typeof(bool)),
        new("mine", "true: reported by the caller", typeof(bool)),
        new("sort", "due: late and soonest due first; by default the newest report first"),
        new("limit", "1–200, by default 50", typeof(int)),
        new("cursor", "from `next` of the page before"),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/cases", HandleAsync)
        .Query<CaseList>("listCases", "Cases of a scope", Options);

    private static async Task<IResult> HandleAsync(
        HttpContext context, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var query = context.Request.Query;
        var now = clock.GetUtcNow();
        var where = new Filter(organization.TimeZone);

        if (QueryStrings.Flag(query, "mine") == true)
        {
            where.Equal("reported_by", callers[0].Actor);
            // Residents share one name until sign-in exists, so theirs is no list at all.
            if (callers[0].Seat.Role == Role.Resident)
                throw Problems.NotAllowed();
        }
        else if (Value<AreaCode>(query, "transferTo", AreaCode.TryParse) is { } asked)
        {
            if (query.ContainsKey("scope"))
                throw Problems.Malformed("Either scope or transferTo.", "scope");
            // A town is asked, whichever of its grids the request names.
            var town = asked.At(AreaLevel.Town) ?? asked;
            if (!callers.Any(caller => CaseAccess.MayList(caller, town)))
                throw Problems.NotAllowed();
            where.Inside("transfer_to", town);
        }
        else
        {
            var scope = Value<AreaCode>(query, "scope", AreaCode.TryParse) ?? callers[0].Seat.Place;
            if (!callers.Any(caller => CaseAccess.MayList(caller, scope)))
                throw Problems.NotAllowed();
            where.Inside("area", scope);
        }

        where.Words(Words(query), organization);
        where.OneOf("stage", query["stage"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text => Named<CaseStage>(text, "stage")));
        where.Equal("sector", Enumeration<Sector>(query, "sector"));
        where.Equal("unit", Value<Unit>(query, "unit", Unit.TryParse)?.ToString());
        where.Equal("meeting", query["meeting"].ToString() is { Length: > 0 } meeting ? meeting : null);
        where.Equal("spot", query["spot"].ToString() is { Length: > 0 } spot ? spot : null);
        where.Equal("level", Enumeration<EscalationLevel>(query, "level"));
        where.Equal("urgency", Enumeration<Urgency>(query, "urgency"));
        where.Flag("open", QueryStrings.Flag(query, "open"));
        where.Flag("on_agenda", QueryStrings.Flag(query, "onAgenda"));
        where.Flag("listed", QueryStrings.Flag(query, "listed"));
        where.Flag("under_review", QueryStrings.Flag(query, "underReview"));
        where.Late(QueryStrings.Flag(query, "late"), now);
        where.DueSoon(QueryStrings.Flag(query, "dueSoon"), now);
        where.Day("reported_at", Date(query, "reportedOn"));
        where.Day("filed_at", Date(query, "filedOn"));
        where.Day("escalated_at", Date(query, "escalatedOn"));
        if (Date(query, "closedOn") is { } closedOn)
        {
            where.Day("closed_at", closedOn);
            where.Equal("stage", Names.Of(CaseStage.Closed));
        }

        var limit = Limit(query);
        var order = Order.Of(query);
        order.After(query["cursor"].ToString(), where);
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, CaseTable.TableName);

        context.Response.Headers[ETags.PositionHeader] = positions.Of(CaseTable.TableName).ToString();

        await using var command = database.CreateCommand($"select number, summary from board_cases_v1 {where.Sql} order by {order.Sql} limit {limit + 1}");
        command.Parameters.AddRange(where.Parameters.ToArray());
        var rows = new List<(string Number, CaseSummary Summary)>();
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                rows.Add((reader.GetString(0), CaseTable.Parse(reader.GetString(1))));
        }

        var next = rows.Count > limit ? order.CursorOf(rows[limit - 1].Summary) : null;
        return TypedResults.Ok(new CaseList([.. rows.Take(limit).Select(row => CaseListItem.Of(row.Summary, row.Number, Masks.InLists(row.Summary.Text), now))], next));
    }

    private static string? Enumeration<T>(IQueryCollection query, string name)
        where T : struct, Enum => query[name].ToString() is { Length: > 0 } text ? Named<T>(text, name) : null;

    private static string Named<T>(string text, string name)
        where T : struct, Enum =>
        Names.TryParse<T>(text, out _) ? text : throw Problems.Malformed($"'{text}' is not one of {string.Join(", ", Enum.GetValues<T>().Select(Names.Of))}.", name);

    private static DateOnly? Date(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "" => null,
        var text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) =>
            date.Year is >= 2000 and < 3000 ? date : throw Problems.OutOfRange(name, "2000-01-01…2999-12-31"),
        _ => throw Problems.Malformed("A date such as 2026-11-21.", name),
    };

    private static string[] Words(IQueryCollection query) => query["words"].ToString() is { Length: <= MostWords } text
        ? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        : throw Problems.TooLong("words", MostWords);

    private delegate bool TryParse<T>(string? text, out T value);

    private static T? Value<T>(IQueryCollection query, string name, TryParse<T> parse)
        where T : struct => query[name].ToString() switch
        {
            "" => null,
            var text when parse(text, out var value) => value,
            _ => throw Problems.Malformed("The value cannot be read.", name),
        };

    private static int Limit(IQueryCollection query) => query["limit"].ToString() switch
    {
        "" => 50,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= 200 => limit,
        _ => throw Problems.OutOfRange("limit", "1–200"),
    };

    /// <summary>The order of a list and the cursors that go with it.</summary>
    private abstract record Order
    {
        public abstract string Sql { get; }

        public static Order Of(IQueryCollection query) => query["sort"].ToString() switch
        {
            "" => new Newest(),
            "due" => new Due(),
            _ => throw Problems.Malformed("sort is 'due' or left out.", "sort"),
        };

        public abstract string CursorOf(CaseSummary last);

        public void After(string cursor, Filter where)
        {
            if (cursor.Length > 0 && !TryAfter(cursor, where))
                throw Problems.Malformed("The cursor is not one of this list's.", "cursor");
        }

        protected abstract bool TryAfter(string cursor, Filter where);

        protected static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

        private sealed record Newest : Order
        {
            public override string Sql => "position desc";

            public override string CursorOf(CaseSummary last) => last.Position.ToString(CultureInfo.InvariantCulture);

            protected override bool TryAfter(string cursor, Filter where)
            {
                if (!TryNumber(cursor, out var position))
                    return false;
                where.Before(position);
                return true;
            }
        }

        private sealed record Due : Order
        {
            public override string Sql => "late_at, position desc";

            public override string CursorOf(CaseSummary last) =>
                string.Create(CultureInfo.InvariantCulture, $"{(last.LateAt is { } at ? at.UtcTicks : 0)}-{last.Position}");

            protected override bool TryAfter(string cursor, Filter where)
            {
                var parts = cursor.Split('-');
                if (parts.Length != 2 || !TryNumber(parts[0], out var ticks) || !TryNumber(parts[1], out var position) || ticks > DateTimeOffset.MaxValue.UtcTicks)
                    return false;
                where.DueAfter(ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero), position);
                return true;
            }
        }
    }

    /// <summary>The where clause, its values always as parameters.</summary>
    private sealed class Filter(TimeZoneInfo zone)
    {
        private readonly StringBuilder _sql = new();

        public List<NpgsqlParameter> Parameters { get; } = [];

        public string Sql => _sql.ToString();

        public void Inside(string column, AreaCode scope)
        {
            // A range on the "C" collation: every code that begins with the scope's, by the index.
            And($"{column} >= {Add(scope.Value, NpgsqlDbType.Text)}");
            And($"{column} < {Add(scope.Value + ":", NpgsqlDbType.Text)}");
        }

        /// <summary>Each word in the report (its sealed spans are not there), the number, or the name of the place or the category as it is called today.</summary>
        public void Words(IEnumerable<string> words, OrganizationDirectory organization)
        {
            foreach (var word in words)
            {
                var categories = organization.Categories.Where(category => Has(category.Name) || Has(category.NameEn)).Select(category => category.Code).ToArray();
                var areas = organization.Areas.Where(area => Has(area.Name) || Has(area.NameEn)).Select(area => area.Code.Value + "%").ToArray();
                var text = Add(word, NpgsqlDbType.Text);
                And(
                    $"""
                    (strpos(lower(summary ->> 'text'), lower({text})) > 0 or strpos(number, {text}) > 0
                      or summary ->> 'category' = any({Add(categories, NpgsqlDbType.Array | NpgsqlDbType.Text)}) or area like any({Add(areas, NpgsqlDbType.Array | NpgsqlDbType.Text)}))
                    """);

                bool Has(string name) => name.Contains(word, StringComparison.OrdinalIgnoreCase);
            }
        }

        public void Equal(string column, string? value)
        {
            if (value is not null)
                And($"{column} = {Add(value, NpgsqlDbType.Text)}");
        }

        public void OneOf(string column, IEnumerable<string> values)
        {
            var list = values.ToArray();
            if (list.Length > 0)
                And($"{column} = any({Add(list, NpgsqlDbType.Array | NpgsqlDbType.Text)})");
        }

        public void Flag(string column, bool? value)
        {
            if (value is { } flag)
                And(flag ? column : $"not {column}");
        }

        public void Late(bool? late, DateTimeOffset now)
        {
            if (late is { } value)
                And(value ? $"late_at <= {Add(now, NpgsqlDbType.TimestampTz)}" : $"(late_at is null or late_at > {Add(now, NpgsqlDbType.TimestampTz)})");
        }

        public void DueSoon(bool? dueSoon, DateTimeOffset now)
        {
            if (dueSoon != true)
                return;
            And($"late_at > {Add(now, NpgsqlDbType.TimestampTz)}");
            And($"late_at <= {Add(now.AddHours(24), NpgsqlDbType.TimestampTz)}");
        }

        public void Day(string column, DateOnly? day)
        {
            if (day is not { } date)
                return;
            And($"{column} >= {Add(Midnight(date), NpgsqlDbType.TimestampTz)}");
            And($"{column} < {Add(Midnight(date.AddDays(1)), NpgsqlDbType.TimestampTz)}");
        }

        public void Before(long position) => And($"position < {Add(position, NpgsqlDbType.Bigint)}");

        /// <summary>What stands after a case in the order of due instants; what has none stands last.</summary>
        public void DueAfter(DateTimeOffset? lateAt, long position)
        {
            var place = Add(position, NpgsqlDbType.Bigint);
            if (lateAt is not { } at)
                And($"late_at is null and position < {place}");
            else
                And($"(late_at > {Add(at, NpgsqlDbType.TimestampTz)} or late_at is null or (late_at = {Add(at, NpgsqlDbType.TimestampTz)} and position < {place}))");
        }

        private DateTimeOffset Midnight(DateOnly day) => LocalDay.Start(day, zone);

        private void And(string condition) => _sql.Append(_sql.Length == 0 ? "where " : " and ").Append(condition);

        private string Add(object value, NpgsqlDbType type)
        {
            Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
            return string.Create(CultureInfo.InvariantCulture, $"${Parameters.Count}");
        }
    }
}
