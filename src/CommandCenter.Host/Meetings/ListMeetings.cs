using System.Globalization;
using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Meetings;

/// <summary>A meeting in a list.</summary>
/// <param name="Lines">How many matters its lists hold.</param>
/// <param name="OnSpot">How many of them were solved on the spot.</param>
/// <param name="Open">How many are still in hand.</param>
/// <param name="FeedbackDue">Of how many the yard is owed an answer.</param>
public sealed record MeetingListItem(
    string Id,
    long Version,
    MeetingStage Stage,
    MeetingTier Tier,
    MeetingForm Form,
    AreaCode Area,
    Role HostRole,
    IReadOnlyList<string> Topics,
    DateTimeOffset? StartsAt,
    DateTimeOffset? HeldAt,
    int? Participants,
    int? HouseholdsPresent,
    int Lines,
    int OnSpot,
    int Open,
    int FeedbackDue,
    DateTimeOffset UpdatedAt)
{
    internal static MeetingListItem Of(MeetingSummary row)
    {
        var (file, lines) = (row.File, row.File.Lines.Values);
        return new(
            row.Id, row.Version, row.Stage, file.Setup.Tier, file.Setup.Form, file.Setup.Area, file.Setup.HostRole, file.Setup.Topics, file.StartsAt, file.HeldAt,
            file.Attendance?.Participants, file.Attendance?.HouseholdsPresent, file.Lines.Count, lines.Count(line => line.Listed.Kind == LineKind.OnSpot), lines.Count(line => line.IsOpen),
            lines.Count(line => line.IsFeedbackDue), row.UpdatedAt);
    }
}

/// <summary>A page of a list.</summary>
/// <param name="Next">The cursor of the next page; missing on the last one.</param>
public sealed record MeetingPage(IReadOnlyList<MeetingListItem> Items, string? Next = null);

/// <summary><c>GET /api/meetings</c>: the meetings of a scope, and those of the areas that hold it, the last registered first.</summary>
public static class ListMeetings
{
    private static readonly QueryOption[] Options =
    [
        new("scope", "area code; by default the caller's place"),
        new("stage", "a stage", typeof(MeetingStage)),
        new("tier", "a tier", typeof(MeetingTier)),
        new("form", "on site or online", typeof(MeetingForm)),
        new("open", "true: neither struck off nor cancelled", typeof(bool)),
        new("feedbackDue", "true: the yard is owed an answer", typeof(bool)),
        new("limit", "1–200, by default 50", typeof(int)),
        new("cursor", "from `next` of the page before"),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/meetings", HandleAsync).Query<MeetingPage>("listMeetings", "Yard meetings of a scope", Options);

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions)
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
        if (!callers.Any(caller => MeetingAccess.MayList(caller, scope)))
            throw Problems.NotAllowed();

        await using var command = database.CreateCommand();
        // Every code that begins with the scope's, by the index; and a village's meeting is also that of each of its yards.
        var above = Enum.GetValues<AreaLevel>().Select(level => scope.At(level)).OfType<AreaCode>().Select(area => area.Value).ToArray();
        var where = new StringBuilder($"((area >= {Add(scope.Value, NpgsqlDbType.Text)} and area < {Add(scope.Value + ":", NpgsqlDbType.Text)}) or area = any({Add(above, NpgsqlDbType.Array | NpgsqlDbType.Text)}))");
        Equal("stage", Named<MeetingStage>("stage"));
        Equal("tier", Named<MeetingTier>("tier"));
        Equal("form", Named<MeetingForm>("form"));
        if (QueryStrings.Flag(query, "open") is { } open)
            where.Append(open ? " and open" : " and not open");
        if (QueryStrings.Flag(query, "feedbackDue") is { } due)
            where.Append(due ? " and feedback_due > 0" : " and feedback_due = 0");
        var limit = query["limit"].ToString() switch
        {
            "" => 50,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 200 => number,
            _ => throw Problems.OutOfRange("limit", "1–200"),
        };
        if (query["cursor"].ToString() is { Length: > 0 } cursor)
            where.Append($" and position < {Add(long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before : throw Problems.Malformed("The cursor is not one of this list's.", "cursor"), NpgsqlDbType.Bigint)}");
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Meetings);
        context.Response.Headers[ETags.PositionHeader] = positions.Of(TableNames.Meetings).ToString();

        command.CommandText = $"select summary from board_meetings_v1 where {where} order by position desc limit {limit + 1}";
        var rows = new List<MeetingSummary>();
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                rows.Add(MeetingTable.Parse(reader.GetString(0)));
        }

        var next = rows.Count > limit ? rows[limit - 1].Position.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new MeetingPage([.. rows.Take(limit).Select(MeetingListItem.Of)], next));

        string Add(object value, NpgsqlDbType type)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
            return string.Create(CultureInfo.InvariantCulture, $"${command.Parameters.Count}");
        }

        void Equal(string column, string? value)
        {
            if (value is not null)
                where.Append($" and {column} = {Add(value, NpgsqlDbType.Text)}");
        }

        string? Named<T>(string name)
            where T : struct, Enum => query[name].ToString() switch
            {
                "" => null,
                var text when Names.TryParse<T>(text, out _) => text,
                var text => throw Problems.Malformed($"'{text}' is not one of {string.Join(", ", Enum.GetValues<T>().Select(Names.Of))}.", name),
            };
    }
}
