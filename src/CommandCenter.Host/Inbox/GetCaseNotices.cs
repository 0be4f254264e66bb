using CommandCenter.Domain.Access;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Inbox;

/// <summary>Somebody who was told of a case.</summary>
public sealed record CaseNoticeView(
    Guid Id, PersonView Person, Role Role, RecipientReason Reason, NoticeKind Kind, NoticeUrgency Noticed, EscalationLevel? Level, DateTimeOffset SentAt, DateTimeOffset? ReadAt, DateTimeOffset? ReadBy, ReceiptView Receipt);

/// <summary>Who was told of a case, in the order in which they were.</summary>
/// <param name="OwnOnly">The caller sees their own notices only.</param>
public sealed record CaseNotices(IReadOnlyList<CaseNoticeView> Items, bool OwnOnly);

/// <summary><c>GET /api/cases/{id}/notices</c>: who was told, when and by what, who read it, and to whom it went on.</summary>
public static class GetCaseNotices
{
    /// <summary>More than a case ever has; a bound all the same.</summary>
    private const int Most = 1_000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/cases/{id}/notices", HandleAsync)
        .Query<CaseNotices>("getCaseNotices", "Who was told of a case, and who read it");

    private static async Task<IResult> HandleAsync(
        HttpContext context, string id, CaseStreams streams, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var (_, file) = await VisibleCase.LoadAsync(id, callers, streams, cancellation);
        if (callers[0].Seat.Role == Role.Resident)
            throw Problems.NotAllowed();
        var all = callers.Any(caller => InboxAccess.MaySeeReceipts(caller, file));
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Inbox);
        context.Response.Headers[ETags.PositionHeader] = positions.Of(TableNames.Inbox).ToString();

        await using var command = database.CreateCommand(
            $"""
            select n.id, n.person, n.role, n.reason, n.kind, n.urgency, n.level, n.sent_at, n.read_at, n.read_by, {Receipts.Columns}
            from inbox_notices_v2 n where n.subject = $1 and ($2 or n.person = $3) order by n.position limit {Most}
            """);
        command.Parameters.Add(new() { Value = $"case:{id}" });
        command.Parameters.Add(new() { Value = all });
        command.Parameters.Add(new() { Value = callers[0].Actor });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var items = new List<CaseNoticeView>();
        while (await reader.ReadAsync(cancellation))
            items.Add(Row(reader, organization));
        return TypedResults.Ok(new CaseNotices(items, !all));
    }

    private static CaseNoticeView Row(NpgsqlDataReader row, OrganizationDirectory organization) => new(
        row.GetGuid(0), Receipts.Person(row.GetString(1), organization), Named<Role>(row, 2)!.Value, Named<RecipientReason>(row, 3)!.Value, Named<NoticeKind>(row, 4)!.Value,
        Named<NoticeUrgency>(row, 5) ?? NoticeUrgency.Ordinary, Named<EscalationLevel>(row, 6), row.GetFieldValue<DateTimeOffset>(7),
        row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8), row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9), Receipts.Read(row, 10, organization));

    private static T? Named<T>(NpgsqlDataReader row, int column)
        where T : struct, Enum => !row.IsDBNull(column) && Names.TryParse<T>(row.GetString(column), out var value) ? value : null;
}
