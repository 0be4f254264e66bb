using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Meetings;

/// <summary>What a yard raised in its meetings and what it knows of that.</summary>
/// <param name="Meetings">In how many meetings something of this yard was raised.</param>
/// <param name="Lines">How many matters that was.</param>
/// <param name="Open">How many are still in hand.</param>
/// <param name="FeedbackDue">Of how many the yard is owed an answer.</param>
/// <param name="Told">Of how many it was told the result.</param>
public sealed record YardAccount(AreaCode Area, int Meetings, int Lines, int Open, int FeedbackDue, int Told, DateTimeOffset? LastHeldAt);

/// <summary>Yards that raised something.</summary>
public sealed record YardAccounts(IReadOnlyList<YardAccount> Items);

/// <summary><c>GET /api/meetings/yards</c>: yard by yard what was raised, what is in hand and what the yard was told.</summary>
public static class ListYards
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/meetings/yards", HandleAsync)
        .Query<YardAccounts>("listYards", "What yards raised and were told, yard by yard", [new("scope", "area code; by default the caller's place")]);

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var scope = YardLines.Scope(context.Request.Query, callers[0].Seat.Place);
        if (!callers.Any(caller => MeetingAccess.MayList(caller, scope)))
            throw Problems.NotAllowed();
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Meetings);
        context.Response.Headers[ETags.PositionHeader] = positions.Of(TableNames.Meetings).ToString();

        await using var command = database.CreateCommand($"select m.summary from board_meetings_v1 m where {YardLines.Reach} and m.lines > 0");
        command.Parameters.Add(new() { Value = scope.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = YardLines.Above(scope), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        var yards = new SortedDictionary<string, YardAccount>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var meeting = MeetingTable.Parse(reader.GetString(0)).File;
            foreach (var yard in meeting.Lines.Values.GroupBy(line => YardLines.RaisedBy(meeting, line).At(AreaLevel.Yard)).Where(lines => lines.Key is { } area && scope.Contains(area)))
            {
                var area = yard.Key!.Value;
                var before = yards.GetValueOrDefault(area.Value, new YardAccount(area, 0, 0, 0, 0, 0, null));
                yards[area.Value] = new YardAccount(
                    area, before.Meetings + 1, before.Lines + yard.Count(), before.Open + yard.Count(line => line.IsOpen), before.FeedbackDue + yard.Count(line => line.IsFeedbackDue),
                    before.Told + yard.Count(line => line.Feedback is not null), meeting.HeldAt > before.LastHeldAt || before.LastHeldAt is null ? meeting.HeldAt : before.LastHeldAt);
            }
        }

        return TypedResults.Ok(new YardAccounts([.. yards.Values]));
    }
}
