using System.Globalization;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Inbox;

/// <summary>Something that the reader was told.</summary>
/// <param name="Subject">What it is about: <c>case:…</c>, <c>task:…</c>.</param>
/// <param name="CaseId">The case, where the subject is one.</param>
/// <param name="Number">Of the case; missing for a moment, until the read side has numbered it.</param>
/// <param name="Reason">Whether as holder of the seat, acting in it, or because the seat below is vacant.</param>
/// <param name="Noticed">How urgent the notice is; the urgency of the case is another thing.</param>
/// <param name="ReadBy">When it goes on to somebody else if it is not read.</param>
/// <param name="Receipt">How it was sent out, and what became of it besides being read.</param>
public sealed record NoticeView(
    Guid Id, NoticeKind Kind, string Subject, string? CaseId, string? Number, string? Category, AreaCode? Area, Urgency? Urgency, Role Role, RecipientReason Reason, Clock? Clock, EscalationLevel? Level,
    DateTimeOffset? DueAt, DateTimeOffset SentAt, DateTimeOffset? ReadAt, NoticeUrgency Noticed, DateTimeOffset? ReadBy, ReceiptView Receipt);

/// <summary>A page of an inbox.</summary>
/// <param name="Unread">How many of all notices are unread and still ask for it: what lapsed is over.</param>
public sealed record InboxPage(int Unread, IReadOnlyList<NoticeView> Items, string? Next = null);

/// <summary><c>GET /api/inbox</c>: what the caller was told, newest first.</summary>
public static class ListInbox
{
    private const int PageSize = 50;

    /// <summary>A notice names its case, whose words stand in a table of its own.</summary>
    private static readonly string[] Tables = [TableNames.Inbox, TableNames.Cases];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/inbox", HandleAsync)
        .Query<InboxPage>("listInbox", "What the caller was told", [new("unread", "true: only what is not read yet and did not lapse", typeof(bool)), new("cursor", "from `next` of the page before")]);

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions)
    {
        var cancellation = context.RequestAborted;
        var person = Callers.From(context.Request, organization)[0];
        if (person.Seat.Role == Role.Resident)
            throw Problems.NotAllowed();
        var unreadOnly = QueryStrings.Flag(context.Request.Query, "unread") == true;
        var cursor = context.Request.Query["cursor"].ToString();
        var before = long.MaxValue;
        if (cursor.Length > 0 && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            throw Problems.Malformed("The cursor is not one of ours.", "cursor");
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, Tables);

        context.Response.Headers[ETags.PositionHeader] = positions.Of(Tables).ToString();

        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        var count = new NpgsqlBatchCommand("select count(*)::int from inbox_notices_v2 where person = $1 and read_at is null and ended is distinct from 'lapsed'");
        count.Parameters.Add(new() { Value = person.Actor });
        batch.BatchCommands.Add(count);
        var select = new NpgsqlBatchCommand(
            $"""
            select n.id, n.position, n.kind, n.subject, c.number, c.summary ->> 'category', c.area, c.summary ->> 'urgency', n.role, n.reason, n.clock, n.level, n.due_at, n.sent_at, n.read_at, n.urgency, n.read_by,
              {Receipts.Columns}
            from inbox_notices_v2 n left join board_cases_v1 c on n.subject like 'case:%' and c.id = substr(n.subject, 6)
            where n.person = $1 and n.position < $2 and (not $3 or (n.read_at is null and n.ended is distinct from 'lapsed'))
            order by n.position desc limit {PageSize + 1}
            """);
        select.Parameters.Add(new() { Value = person.Actor });
        select.Parameters.Add(new() { Value = before, NpgsqlDbType = NpgsqlDbType.Bigint });
        select.Parameters.Add(new() { Value = unreadOnly });
        batch.BatchCommands.Add(select);

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var unread = reader.GetInt32(0);
        await reader.NextResultAsync(cancellation);
        var rows = new List<(long Position, NoticeView View)>();
        while (await reader.ReadAsync(cancellation))
            rows.Add((reader.GetInt64(1), Row(reader, organization)));
        var next = rows.Count > PageSize ? rows[PageSize - 1].Position.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new InboxPage(unread, [.. rows.Take(PageSize).Select(row => row.View)], next));
    }

    private static NoticeView Row(NpgsqlDataReader row, OrganizationDirectory organization) => new(
        row.GetGuid(0),
        Named<NoticeKind>(row, 2)!.Value,
        row.GetString(3),
        row.GetString(3) is ['c', 'a', 's', 'e', ':', .. var caseId] ? caseId : null,
        row.IsDBNull(4) ? null : row.GetString(4),
        row.IsDBNull(5) ? null : row.GetString(5),
        row.IsDBNull(6) ? null : AreaCode.Parse(row.GetString(6)),
        Named<Urgency>(row, 7),
        Named<Role>(row, 8)!.Value,
        Named<RecipientReason>(row, 9)!.Value,
        Named<Clock>(row, 10),
        Named<EscalationLevel>(row, 11),
        row.IsDBNull(12) ? null : row.GetFieldValue<DateTimeOffset>(12),
        row.GetFieldValue<DateTimeOffset>(13),
        row.IsDBNull(14) ? null : row.GetFieldValue<DateTimeOffset>(14),
        Named<NoticeUrgency>(row, 15) ?? NoticeUrgency.Ordinary,
        row.IsDBNull(16) ? null : row.GetFieldValue<DateTimeOffset>(16),
        Receipts.Read(row, 17, organization));

    private static T? Named<T>(NpgsqlDataReader row, int column)
        where T : struct, Enum => !row.IsDBNull(column) && Names.TryParse<T>(row.GetString(column), out var value) ? value : null;
}
