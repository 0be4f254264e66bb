using System.Globalization;
using System.Text;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Tasks;

/// <summary>A list at one of its targets.</summary>
/// <param name="Score">0–100, once the list is closed and something counted.</param>
public sealed record TargetAccountView(TargetAccount Account, int? Score = null);

/// <summary>A list accounted target by target (对单考核).</summary>
/// <param name="At">As of when; what is open is late or not by this instant.</param>
/// <param name="Formula">By which the scores were counted, once it is closed.</param>
/// <param name="Targets">Every target that has or had a task, in the order of their codes.</param>
/// <param name="Total">All targets together; its target is the issuer's place.</param>
public sealed record TaskListAccount(string Id, TaskListStage Stage, DateTimeOffset At, string? Formula, IReadOnlyList<TargetAccountView> Targets, TargetAccount Total);

/// <summary><c>GET /api/task-lists/{id}/account</c>, and the same as a file for a spreadsheet.</summary>
public static class GetTaskListAccount
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/task-lists/{id}/account", HandleAsync).Query<TaskListAccount>("getTaskListAccount", "A list accounted target by target (对单考核)", versioned: true);
        routes.MapGet("/api/task-lists/{id}/account.csv", ExportAsync).Export("exportTaskListAccount", "The account as CSV, UTF-8 with a byte order mark");
    }

    private static async Task<IResult> HandleAsync(
        HttpContext context, string id, TaskStreams streams, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions, TimeProvider clock) =>
        TypedResults.Ok(await ReadAsync(context, id, streams, organization, database, positions, clock));

    private static async Task<IResult> ExportAsync(
        HttpContext context, string id, TaskStreams streams, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions, TimeProvider clock)
    {
        var account = await ReadAsync(context, id, streams, organization, database, positions, clock);
        var text = new StringBuilder("\uFEFFtarget,name,tasks,on_time,late,open,open_late,to_check,to_decide,not_done,cancelled,returned,returned_late,sent_back,score\r\n");
        foreach (var ((target, tasks, onTime, late, open, openLate, toCheck, toDecide, notDone, cancelled, returned, returnedLate, sentBack), score) in account.Targets)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{target},{Quoted(organization.KnownArea(target)?.Name ?? "")},{tasks},{onTime},{late},{open},{openLate},{toCheck},{toDecide},{notDone},{cancelled},{returned},{returnedLate},{sentBack},{score}\r\n");
        }

        return TypedResults.Text(text.ToString(), "text/csv", Encoding.UTF8);
    }

    private static async Task<TaskListAccount> ReadAsync(
        HttpContext context, string id, TaskStreams streams, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var (loaded, state) = await TaskViews.VisibleListAsync(id, callers, streams, cancellation);
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TaskTable.TableName);
        var now = clock.GetUtcNow();

        context.Response.Headers.ETag = ETags.Of(loaded.Version);
        context.Response.Headers[ETags.PositionHeader] = positions.Of(TaskTable.TableName).ToString();

        await using var command = database.CreateCommand("select summary from board_tasks_v1 where list = $1");
        command.Parameters.Add(new() { Value = id });
        List<TaskStanding> standings = [];
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                var row = TaskTable.Parse<TaskSummary>(reader.GetString(0));
                standings.Add(TaskStanding.Of(row.Id, row.State, now));
            }
        }

        var scores = (state.File.Closing?.Scores ?? []).ToDictionary(score => score.Target, score => score.Score);
        var targets = TaskAccounting.Account(standings);
        return new TaskListAccount(
            id, state.Stage!.Value, now, state.File.Closing?.Formula, [.. targets.Select(target => new TargetAccountView(target, scores.GetValueOrDefault(target.Target)))],
            Total(state.File.Issuer.Place, targets));
    }

    private static TargetAccount Total(AreaCode place, IReadOnlyList<TargetAccount> targets) => targets.Aggregate(
        new TargetAccount(place, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (sum, at) => new TargetAccount(
            place, sum.Tasks + at.Tasks, sum.OnTime + at.OnTime, sum.Late + at.Late, sum.Open + at.Open, sum.OpenLate + at.OpenLate, sum.ToCheck + at.ToCheck, sum.ToDecide + at.ToDecide,
            sum.NotDone + at.NotDone, sum.Cancelled + at.Cancelled, sum.Returned + at.Returned, sum.ReturnedLate + at.ReturnedLate, sum.SentBack + at.SentBack));

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
