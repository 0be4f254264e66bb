using System.Globalization;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Meetings;

/// <summary>A meeting in which something of the area was raised.</summary>
/// <param name="Lines">What was raised there of this area, in the order of its list.</param>
public sealed record YardMeetingView(MeetingListItem Meeting, IReadOnlyList<LineView> Lines);

/// <summary>What an area raised, meeting by meeting.</summary>
/// <param name="Next">The cursor of the next page; missing on the last one.</param>
public sealed record YardHistory(AreaCode Area, IReadOnlyList<YardMeetingView> Items, string? Next = null);

/// <summary><c>GET /api/meetings/history</c>: what became of everything that a yard raised and how it was told, the last meeting first.</summary>
public static class GetYardHistory
{
    private static readonly QueryOption[] Options =
    [
        new("scope", "the area code of a yard, or of an area above it; by default the caller's place"),
        new("limit", "1–50 meetings, by default 20", typeof(int)),
        new("cursor", "from `next` of the page before"),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/meetings/history", HandleAsync)
        .Query<YardHistory>("getYardHistory", "What a yard raised and was told, meeting by meeting", Options);

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var query = context.Request.Query;
        var scope = YardLines.Scope(query, callers[0].Seat.Place);
        if (!callers.Any(caller => MeetingAccess.MayList(caller, scope)))
            throw Problems.NotAllowed();
        var limit = query["limit"].ToString() switch
        {
            "" => 20,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 50 => number,
            _ => throw Problems.OutOfRange("limit", "1–50"),
        };
        var before = query["cursor"].ToString() switch
        {
            "" => long.MaxValue,
            var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) => position,
            _ => throw Problems.Malformed("The cursor is not one of this list's.", "cursor"),
        };
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Meetings, TableNames.Cases);
        context.Response.Headers[ETags.PositionHeader] = positions.Of(TableNames.Meetings).ToString();

        await using var command = database.CreateCommand(
            $"""
            select m.summary from board_meetings_v1 m
            where {YardLines.Reach} and m.lines > 0 and m.position < $3
              and (m.area >= $1 or exists (select 1 from jsonb_each(m.summary -> 'file' -> 'lines') l where l.value -> 'listed' ->> 'area' like $1 || '%'))
            order by m.position desc limit {limit + 1}
            """);
        command.Parameters.Add(new() { Value = scope.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = YardLines.Above(scope), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = before, NpgsqlDbType = NpgsqlDbType.Bigint });
        var rows = new List<MeetingSummary>();
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                rows.Add(MeetingTable.Parse(reader.GetString(0)));
        }

        var shown = rows.Take(limit).ToList();
        var lines = shown.Select(row => row.File.Lines.Values.Where(line => scope.Contains(YardLines.RaisedBy(row.File, line))).ToList()).ToList();
        var views = (await LineViews.OfAsync([.. lines.SelectMany(own => own)], database, organization, cancellation)).GetEnumerator();
        var items = shown.Zip(lines, (row, own) => new YardMeetingView(MeetingListItem.Of(row), [.. own.Select(_ => views.MoveNext() ? views.Current : throw new InvalidOperationException("Every line has its view."))])).ToList();
        return TypedResults.Ok(new YardHistory(scope, items, rows.Count > limit ? shown[^1].Position.ToString(CultureInfo.InvariantCulture) : null));
    }
}

/// <summary>Whose meetings reach an area, and whose matter a line is.</summary>
internal static class YardLines
{
    /// <summary>What is raised in a yard's own meeting is that yard's, wherever it lies; in a meeting of a whole village it is the yard's in which it lies.</summary>
    public static AreaCode RaisedBy(MeetingFile meeting, AccountLine line) => meeting.Setup.Area.Contains(line.Listed.Area) ? line.Listed.Area : meeting.Setup.Area;

    /// <summary>Of <c>board_meetings_v1 m</c>: held in the area <c>$1</c>, or in one of those that hold it, <c>$2</c>, where each yard raises its own.</summary>
    public const string Reach = "((m.area >= $1 and m.area < $1 || ':') or m.area = any($2))";

    public static string[] Above(AreaCode scope) => [.. Enum.GetValues<AreaLevel>().Select(level => scope.At(level)).OfType<AreaCode>().Select(area => area.Value)];

    /// <exception cref="ProblemException">It is not an area code.</exception>
    public static AreaCode Scope(IQueryCollection query, AreaCode own) => query["scope"].ToString() switch
    {
        "" => own,
        var text when AreaCode.TryParse(text, out var code) => code,
        _ => throw Problems.Malformed("scope is an area code.", "scope"),
    };
}
