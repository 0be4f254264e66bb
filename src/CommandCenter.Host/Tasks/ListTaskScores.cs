using System.Globalization;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Tasks;

/// <summary>What closed lists came to at one area, over a time.</summary>
/// <param name="Lists">How many closed lists had a task there.</param>
/// <param name="Score">The average of the lists' scores, rounded half up; missing where none counted.</param>
public sealed record TaskScore(AreaCode Target, int Lists, int Tasks, int OnTime, int Late, int NotDone, int SentBack, int Returned, int? Score = null);

/// <summary>Scores by area.</summary>
public sealed record TaskScores(IReadOnlyList<TaskScore> Items);

/// <summary>What one closed list came to at an area.</summary>
/// <param name="Title">With <c>⟦personal⟧</c> in the place of each sealed span.</param>
/// <param name="Score">0–100; missing where nothing counted.</param>
public sealed record ListScore(string List, string Title, DateTimeOffset ClosedAt, int Tasks, int OnTime, int Late, int NotDone, int SentBack, int Returned, int? Score = null);

/// <summary>The closed lists behind an area's score, the last closed first.</summary>
/// <param name="Target">The area.</param>
public sealed record ListScores(AreaCode Target, IReadOnlyList<ListScore> Items);

/// <summary><c>GET /api/task-scores</c>: what counts for a cadre's and a village's yearly assessment (考核双纳入): the closed lists of a time, area by area.</summary>
public static class ListTaskScores
{
    private static readonly QueryOption[] Days =
    [
        new("from", "the first local day on which a list was closed", typeof(DateOnly)),
        new("to", "the last local day", typeof(DateOnly)),
    ];

    private static readonly QueryOption[] Options = [new("scope", "area code; by default the caller's place"), .. Days];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/task-scores", HandleAsync).Query<TaskScores>("listTaskScores", "Scores of closed lists, area by area (考核)", Options);
        routes.MapGet("/api/task-scores/{target}", HandleTargetAsync).Query<ListScores>("getTaskScores", "The closed lists behind an area's score, list by list (对单考核)", Days);
    }

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var query = context.Request.Query;
        var scope = TaskFilter.Scope(query, callers[0].Seat.Place);
        if (!callers.Any(caller => TaskAccess.MayList(caller, scope)))
            throw Problems.NotAllowed();

        var where = new TaskFilter();
        where.And(where.Inside("target", scope));
        Between(where, query, organization);
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TaskTable.TableName);

        context.Response.Headers[ETags.PositionHeader] = positions.Of(TaskTable.TableName).ToString();

        await using var command = database.CreateCommand(
            $"""
            select target, count(*)::int, sum(tasks)::int, sum(on_time)::int, sum(late)::int, sum(not_done)::int, sum(sent_back)::int, sum(returned)::int, round(avg(score))::int
            from board_task_scores_v1 {where.Sql} group by target order by target
            """);
        command.Parameters.AddRange(where.Parameters.ToArray());
        List<TaskScore> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(new TaskScore(
                AreaCode.Parse(reader.GetString(0)), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7),
                reader.IsDBNull(8) ? null : reader.GetInt32(8)));
        }

        return TypedResults.Ok(new TaskScores(rows));
    }

    private static async Task<IResult> HandleTargetAsync(HttpContext context, string target, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        if (!AreaCode.TryParse(target, out var area))
            throw Problems.Malformed("target is an area code.", "target");
        if (!callers.Any(caller => TaskAccess.MayList(caller, area)))
            throw Problems.NotAllowed();

        var where = new TaskFilter();
        where.Equal("s.target", area.Value);
        Between(where, context.Request.Query, organization);
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TaskTable.TableName);
        context.Response.Headers[ETags.PositionHeader] = positions.Of(TaskTable.TableName).ToString();

        await using var command = database.CreateCommand(
            $"""
            select s.list, l.summary, s.closed_at, s.tasks, s.on_time, s.late, s.not_done, s.sent_back, s.returned, s.score
            from board_task_scores_v1 s join board_task_lists_v1 l on l.id = s.list {where.Sql} order by s.closed_at desc, s.list
            """);
        command.Parameters.AddRange(where.Parameters.ToArray());
        List<ListScore> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(new ListScore(
                reader.GetString(0), ListTasks.Masked(TaskTable.Parse<TaskListSummary>(reader.GetString(1)).Title), reader.GetFieldValue<DateTimeOffset>(2), reader.GetInt32(3), reader.GetInt32(4),
                reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7), reader.GetInt32(8), reader.IsDBNull(9) ? null : reader.GetInt32(9)));
        }

        return TypedResults.Ok(new ListScores(area, rows));
    }

    private static void Between(TaskFilter where, IQueryCollection query, OrganizationDirectory organization)
    {
        if (Day(query, "from") is { } from)
            where.And($"closed_at >= {where.Add(LocalDay.Start(from, organization.TimeZone), NpgsqlDbType.TimestampTz)}");
        if (Day(query, "to") is { } to)
            where.And($"closed_at < {where.Add(LocalDay.Start(to.AddDays(1), organization.TimeZone), NpgsqlDbType.TimestampTz)}");
    }

    private static DateOnly? Day(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "" => null,
        var text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 2000 and < 3000 => date,
        _ => throw Problems.Malformed("A date such as 2026-11-21.", name),
    };
}
