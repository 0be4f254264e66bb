using System.Globalization;
using System.Text.RegularExpressions;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Tasks;

/// <summary>A task in a list.</summary>
/// <param name="Title">Of the item; the mark <c>⟦personal⟧</c> stands for each sealed span.</param>
/// <param name="ListTitle">Of the list, masked likewise.</param>
/// <param name="Late">Whether a limit has passed while its target had it to do; that stays.</param>
public sealed record TaskListItem(
    string Id, long Version, string List, string ListTitle, int Item, string Title, string Matter, AreaCode Target, TaskStage Stage, DateTimeOffset DueAt, bool Late, int Round,
    DateTimeOffset AssignedAt, DateTimeOffset UpdatedAt, string? ClaimedBy = null, int? Number = null, Quantity? Quantity = null);

/// <summary>A page of tasks.</summary>
public sealed record TaskPage(IReadOnlyList<TaskListItem> Items, string? Next = null);

/// <summary><c>GET /api/tasks</c>: the tasks of a scope, those that are the caller's to do, or those that the caller's desk gave out.</summary>
public static partial class ListTasks
{
    private static readonly QueryOption[] Options =
    [
        new("mine", "true: open, and taken by the caller or theirs to take, vacant seats below included", typeof(bool)),
        new("issued", "true: given out by the caller's desk", typeof(bool)),
        new("scope", "area code of the targets; by default the caller's place"),
        new("list", "a list's id"),
        new("item", "an item's number in its list", typeof(int)),
        new("stage", "one or more stages, separated by commas"),
        new("matter", "a category's code"),
        new("open", "true: somebody still has to do something; false: finished", typeof(bool)),
        new("late", "true: a limit has passed while its target had it to do", typeof(bool)),
        new("dueSoon", "true: due within 24 hours, not late", typeof(bool)),
        new("sort", "due: soonest due first; target: target by target, in the order of an account; by default the newest first"),
        new("limit", "1–200, by default 50", typeof(int)),
        new("cursor", "from `next` of the page before"),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/tasks", HandleAsync)
        .Query<TaskPage>("listTasks", "Tasks: of a scope, mine to do, or given out by my desk", Options);

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var query = context.Request.Query;
        var now = clock.GetUtcNow();
        var where = new TaskFilter();
        if (callers[0].Seat.Role == Role.Resident)
            throw Problems.NotAllowed();

        if (QueryStrings.Flag(query, "mine") == true)
        {
            var targets = new TaskSeats(organization).TargetsOf(callers[0].Actor, [.. callers.Select(caller => caller.Seat.Place)]);
            var person = where.Add(callers[0].Actor, NpgsqlDbType.Text);
            var own = where.Add(targets.Select(target => target.Value).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
            where.And($"t.stage in ('assigned', 'claimed') and (t.claimed_by = {person} or (t.claimed_by is null and t.target = any({own})))");
        }
        else if (QueryStrings.Flag(query, "issued") == true)
        {
            where.And(where.Issued("t", callers));
        }
        else
        {
            var scope = TaskFilter.Scope(query, callers[0].Seat.Place);
            if (!callers.Any(caller => TaskAccess.MayList(caller, scope)))
                throw Problems.NotAllowed();
            where.And(where.Inside("t.target", scope));
        }

        where.Equal("t.list", query["list"].ToString());
        if (query["item"].ToString() is { Length: > 0 } item)
            where.And($"t.item = {where.Add(int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Problems.Malformed("A number.", "item"), NpgsqlDbType.Integer)}");
        where.OneOf("t.stage", TaskFilter.Enumerations<TaskStage>(query, "stage"));
        where.Equal("t.matter", query["matter"].ToString());
        if (QueryStrings.Flag(query, "open") is { } open)
            where.And(open ? "t.open" : "not t.open");
        if (QueryStrings.Flag(query, "late") is { } late)
            where.And(late ? $"t.late_at <= {where.Add(now, NpgsqlDbType.TimestampTz)}" : $"(t.late_at is null or t.late_at > {where.Add(now, NpgsqlDbType.TimestampTz)})");
        if (QueryStrings.Flag(query, "dueSoon") == true)
            where.And($"t.open and t.late_at > {where.Add(now, NpgsqlDbType.TimestampTz)} and t.late_at <= {where.Add(now.AddHours(24), NpgsqlDbType.TimestampTz)}");

        var order = query["sort"].ToString() switch
        {
            "" => Order.Newest,
            "due" => Order.Due,
            "target" => Order.Target,
            _ => throw Problems.Malformed("sort is 'due', 'target' or left out.", "sort"),
        };
        After(query["cursor"].ToString(), order, where);
        var limit = TaskFilter.Limit(query);
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TaskTable.TableName);

        context.Response.Headers[ETags.PositionHeader] = positions.Of(TaskTable.TableName).ToString();

        await using var command = database.CreateCommand(
            $"""
            select t.summary, l.summary ->> 'title', l.summary -> 'items' -> (t.item - 1) ->> 'title'
            from board_tasks_v1 t join board_task_lists_v1 l on l.id = t.list {where.Sql} order by {Sql(order)} limit {limit + 1}
            """);
        command.Parameters.AddRange(where.Parameters.ToArray());
        var rows = new List<(TaskSummary Task, string ListTitle, string Title)>();
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                rows.Add((TaskTable.Parse<TaskSummary>(reader.GetString(0)), Masked(reader.GetString(1)), Masked(reader.GetString(2))));
        }

        var next = rows.Count > limit ? Cursor(rows[limit - 1].Task, order) : null;
        return TypedResults.Ok(new TaskPage([.. rows.Take(limit).Select(row => Item(row.Task, row.ListTitle, row.Title, now))], next));
    }

    private static TaskListItem Item(TaskSummary task, string listTitle, string title, DateTimeOffset now) => new(
        task.Id, task.Version, task.File.List, listTitle, task.File.Item, title, task.File.Matter, task.File.Target, task.Stage, task.File.DueAt, task.LateAt <= now, task.File.Round,
        task.File.AssignedAt, task.UpdatedAt, task.File.ClaimedBy, task.File.Number, task.File.Quantity);

    /// <summary>A text for a list: the mark <c>⟦personal⟧</c> in the place of each sealed span.</summary>
    internal static string Masked(string text) => Mark().Replace(text, "⟦personal⟧");

    private enum Order
    {
        Newest,
        Due,
        Target,
    }

    private static string Sql(Order order) => order switch
    {
        Order.Due => "t.due_at, t.position desc",
        Order.Target => "t.target, t.id",
        _ => "t.position desc",
    };

    private static string Cursor(TaskSummary last, Order order) => order switch
    {
        Order.Due => string.Create(CultureInfo.InvariantCulture, $"{last.File.DueAt.UtcTicks}-{last.Position}"),
        Order.Target => $"{last.File.Target}/{last.Id}",
        _ => last.Position.ToString(CultureInfo.InvariantCulture),
    };

    private static void After(string cursor, Order order, TaskFilter where)
    {
        if (order == Order.Newest || cursor.Length == 0)
        {
            where.Before("t.position", cursor);
            return;
        }

        if (order == Order.Target)
        {
            var slash = cursor.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0 || !AreaCode.TryParse(cursor[..slash], out var target))
                throw Problems.Malformed("The cursor is not one of this list's.", "cursor");
            where.And($"(t.target, t.id) > ({where.Add(target.Value, NpgsqlDbType.Text)}, {where.Add(cursor[(slash + 1)..], NpgsqlDbType.Text)})");
            return;
        }

        var parts = cursor.Split('-');
        if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) || ticks > DateTimeOffset.MaxValue.UtcTicks
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            throw Problems.Malformed("The cursor is not one of this list's.", "cursor");
        var due = where.Add(new DateTimeOffset(ticks, TimeSpan.Zero), NpgsqlDbType.TimestampTz);
        where.And($"(t.due_at > {due} or (t.due_at = {due} and t.position < {where.Add(position, NpgsqlDbType.Bigint)}))");
    }

    [GeneratedRegex("⟦[0-9]+⟧")]
    private static partial Regex Mark();
}
