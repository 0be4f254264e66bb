using System.Globalization;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Tasks;

/// <summary>How far a list is: its tasks by what has to be done with them.</summary>
/// <param name="Late">Of all tasks, those whose limit has passed while their target had them to do.</param>
public sealed record TaskListProgress(int Tasks, int Open, int ToCheck, int ToDecide, int Accepted, int NotDone, int Cancelled, int Late);

/// <summary>A list of tasks in a list of lists.</summary>
/// <param name="Title">The mark <c>⟦personal⟧</c> stands for each sealed span.</param>
/// <param name="DueAt">The last limit of its items.</param>
/// <param name="Progress">Missing for a draft.</param>
public sealed record TaskListRow(
    string Id, long Version, TaskListStage Stage, string Title, int Items, int Targets, int Tasks, TaskActor Issuer, DateTimeOffset DraftedAt, DateTimeOffset? PublishedAt, DateTimeOffset? EndedAt,
    DateTimeOffset? DueAt, TaskListProgress? Progress);

/// <summary>A page of lists.</summary>
public sealed record TaskListPage(IReadOnlyList<TaskListRow> Items, string? Next = null);

/// <summary><c>GET /api/task-lists</c>: the lists that reach a scope, or those of the caller's desk with its drafts, newest first.</summary>
public static class ListTaskLists
{
    private static readonly QueryOption[] Options =
    [
        new("issued", "true: of the caller's desk, drafts included", typeof(bool)),
        new("scope", "area code that a list reaches or comes from; by default the caller's place"),
        new("stage", "one or more stages, separated by commas"),
        new("limit", "1–200, by default 50", typeof(int)),
        new("cursor", "from `next` of the page before"),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/task-lists", HandleAsync)
        .Query<TaskListPage>("listTaskLists", "Lists of tasks: that reach a scope, or of my desk", Options);

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var query = context.Request.Query;
        var where = new TaskFilter();
        var now = where.Add(clock.GetUtcNow(), NpgsqlDbType.TimestampTz);
        if (QueryStrings.Flag(query, "issued") == true)
        {
            where.And(where.Issued("l", callers));
        }
        else
        {
            var scope = TaskFilter.Scope(query, callers[0].Seat.Place);
            if (!callers.Any(caller => TaskAccess.MayList(caller, scope)))
                throw Problems.NotAllowed();
            where.And($"l.published_at is not null and (({where.Inside("l.issuer_place", scope)}) or exists (select 1 from board_tasks_v1 t where t.list = l.id and {where.Inside("t.target", scope)}))");
        }

        where.OneOf("l.stage", TaskFilter.Enumerations<TaskListStage>(query, "stage"));
        where.Before("l.position", query["cursor"].ToString());
        var limit = TaskFilter.Limit(query);
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TaskTable.TableName);

        context.Response.Headers[ETags.PositionHeader] = positions.Of(TaskTable.TableName).ToString();

        await using var command = database.CreateCommand(
            $"""
            select l.position, l.summary, p.*
            from (select l.* from board_task_lists_v1 l {where.Sql} order by l.position desc limit {limit + 1}) l
            cross join lateral (
              select count(*)::int, count(*) filter (where stage in ('assigned', 'claimed'))::int, count(*) filter (where stage = 'completed')::int, count(*) filter (where stage = 'returned')::int,
                count(*) filter (where stage = 'accepted')::int, count(*) filter (where stage = 'lapsed')::int, count(*) filter (where stage = 'cancelled')::int, count(*) filter (where late_at <= {now})::int
              from board_tasks_v1 t where t.list = l.id) p
            order by l.position desc
            """);
        command.Parameters.AddRange(where.Parameters.ToArray());
        var rows = new List<(long Position, TaskListRow Row)>();
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                rows.Add((reader.GetInt64(0), Row(reader, organization)));
        }

        var next = rows.Count > limit ? rows[limit - 1].Position.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new TaskListPage([.. rows.Take(limit).Select(row => row.Row)], next));
    }

    private static TaskListRow Row(NpgsqlDataReader reader, OrganizationDirectory organization)
    {
        var list = TaskTable.Parse<TaskListSummary>(reader.GetString(1));
        var progress = new TaskListProgress(
            reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7), reader.GetInt32(8), reader.GetInt32(9));
        return new TaskListRow(
            list.Id, list.Version, list.Stage, ListTasks.Masked(list.Title), list.Items.Count, list.Targets, list.Tasks, TaskViews.Actor(list.Issuer, organization), list.DraftedAt, list.PublishedAt, list.EndedAt,
            list.DueAt, list.PublishedAt is null ? null : progress);
    }
}
