using System.Text;
using CommandCenter.Domain;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Host.Composition;
using Npgsql;
using static CommandCenter.EventStore.Tests.Releases.GoldenEvents;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests.Releases;

/// <summary>Makes a database that holds some of everything this program stores, and writes its rows down.</summary>
internal static class GoldenDatabaseRecorder
{
    // The tree keeps a node once 256 leaves are complete (ADR 0008).
    private const int Notices = 240;

    public static async Task RecordAsync(int major)
    {
        await using var engine = await PostgresEngine.StartAsync(major);
        await FillAsync(engine);
        var head = await engine.Log.HeadAsync();
        GoldenDatabase.Write(GoldenDatabase.Newest, new TreeHead(head.Last, head.TreeRoot), await RowsAsync(engine.DataSource));
    }

    private static async Task FillAsync(PostgresEngine engine)
    {
        // A case that was late, escalated, and closed.
        await AppendAsync(engine, "k-1", [TimerOf(1, "accept/overdue", minutes: 15)], New(Case(1), Full("case_reported"), Minimal("case_clock_started"), Full("case_clock_started")));
        await AppendAsync(engine, "k-2", [new TimerChange.Cancel(TimerOf(1, "accept/overdue", 0).Key), TimerOf(1, "handle/overdue", minutes: 60)],
            On(1, Full("case_alarm_acknowledged"), Full("case_recalled"), Full("case_check_ordered"), Full("case_checked"), Full("case_filed"), Minimal("case_dispatched"), Started(Clock.Handle, 1)));
        await AppendAsync(engine, "k-3", [], On(1, Minimal("case_claimed"), Minimal("case_warned"), Full("case_warned"), Minimal("case_escalated"), Full("case_escalated"), Minimal("case_clock_stopped")),
            Inbox("p-017", Full("notice_sent"), Minimal("notice_sent"), Full("notice_read"), Full("notice_queued"), Full("notice_delivered"), Full("notice_failed"), Full("notice_passed_on"), Full("notice_lapsed"), Full("notice_kept")));
        await AppendAsync(engine, "k-4", [], On(1,
            Full("case_plan_published"), Full("case_progressed"), Full("case_subtask_added"), Full("case_subtask_finished"), Full("case_subtask_dropped"), Full("case_funding_recorded"), Full("case_funding_corrected"), Full("case_reassigned"),
            Full("case_urged"), Full("case_supervised"), Full("case_supervision_answered"), Full("case_level_raised"), Full("case_level_lowered"), Full("case_linked"), Full("case_unlinked"),
            Full("case_absorbed"), Full("case_released"), Full("case_completed"), Full("case_verified"), Full("case_rated"), Full("case_feedback_given"), Full("case_closed")));

        // One that was refused, and one that goes back and forth, with a second round of its clock.
        await AppendAsync(engine, "k-5", [], New(Case(2), Minimal("case_reported"), Full("case_refused")));
        await AppendAsync(engine, "k-6", [TimerOf(3, "handle/overdue", minutes: 30)], New(
            Case(3), Minimal("case_reported"), Minimal("case_filed"), Minimal("case_dispatched"), Full("case_returned"), Full("case_dispatched"), Full("case_recalled"), Minimal("case_dispatched"),
            Full("case_claimed"), Started(Clock.Handle, 2), Minimal("case_completed"), Full("case_rework_ordered"), Full("case_clock_stopped"), Full("case_handed_to_enforcement")));

        // The other ways that a case ends, and what goes to another town.
        await AppendAsync(engine, "k-8", [], New(Case(4), Minimal("case_reported"), Full("case_solved_on_spot"), Full("case_reopened"), Full("case_redirected")));
        await AppendAsync(engine, "k-9", [], New(
            Case(5), Minimal("case_reported"), Full("case_merged"), Full("case_unmerged"), Full("case_transfer_requested"), Full("case_transfer_declined"), Full("case_transferred"), Minimal("case_filed"), Full("case_split")));
        await AppendAsync(engine, "k-10", [], New(Case(6), Minimal("case_reported"), Full("case_transfer_requested"), Full("case_transfer_accepted")));
        await AppendAsync(engine, "k-11", [], New(Case(7), Full("case_reported"), Full("case_settled_by_village")));

        // One whose time was extended, stood still and was pleaded for.
        await AppendAsync(engine, "k-12", [], New(
            Case(9), Minimal("case_reported"), Minimal("case_filed"), Minimal("case_dispatched"), Full("case_recalled"), Full("case_dispatched"), Started(Clock.Handle, 1), Minimal("case_claimed"), Full("case_extension_requested"), Minimal("case_extension_approved"),
            Full("case_extension_approved"), Full("case_clock_extended"), Full("case_clock_recounted"), Full("case_extension_requested"), Full("case_extension_refused"), Full("case_suspension_requested"), Full("case_suspension_refused"),
            Full("case_suspension_requested"), Full("case_suspension_approved"), Full("case_clock_paused"), Full("case_clock_resumed"), Full("case_suspension_ended"), Minimal("case_clock_stopped"),
            Started(Clock.Handle, 2), Full("case_clock_stopped"), Minimal("case_completed"), Full("case_verified"), Full("case_closed"), Full("case_lateness_appealed"), Upheld(1), Full("case_appeal_reviewed")));

        // One that climbed to the top: what others tell of it.
        await AppendAsync(engine, "k-13", [], New(
            Case(10), Minimal("case_reported"), Full("case_sent_to_village"), Full("case_passed_up"), Full("case_put_on_agenda"), Full("case_agenda_lead_named"), Full("case_listed"), Full("case_listing_recounted"), Full("case_left_agenda"), Full("case_delisted"), Full("case_put_under_review"),
            Full("case_left_review")));

        // What stands in other streams is only read here, each kind in one stream.
        foreach (var (kind, aliases) in Others)
            await AppendAsync(engine, $"k-{kind}", [], new StreamAppend(StreamKey.Of(kind, Case(8).Id), kind, new ExpectedVersion.NoStream(), [.. aliases.Select(Full)]));

        await AppendAsync(engine, "k-7", [], Inbox("p-018", [.. Enumerable.Repeat(Minimal("notice_sent"), Notices)]));

        // A timer that a worker had leased when it went.
        engine.Clock.Advance(TimeSpan.FromMinutes(40));
        (await engine.Timers.ClaimDueAsync(engine.Clock.GetUtcNow(), 1, TimeSpan.FromMinutes(1))).ShouldHaveSingleItem();
    }

    private static IEnumerable<(string Kind, string[] Aliases)> Others =>
        from name in DomainEvents.All
        where !name.Alias.StartsWith("case_", StringComparison.Ordinal) && !name.Alias.StartsWith("notice_", StringComparison.Ordinal)
        group name.Alias by name.Type.BaseType!.Name.Replace("Event", "", StringComparison.Ordinal).ToLowerInvariant() into kind
        select (kind.Key, kind.ToArray());

    private static async Task AppendAsync(PostgresEngine engine, string command, IReadOnlyList<TimerChange> timers, params StreamAppend[] streams)
    {
        var caused = streams.Select(stream => stream with { Events = [.. stream.Events.Select(e => e with { CorrelationId = streams[0].Stream.ToString(), CausationId = $"command:{command}" })] });
        await engine.Log.AppendedAsync(Request([.. caused]) with { Command = Command(command), Timers = timers, Outbox = [new OutboxMessage("webhook", command, Encoding.UTF8.GetBytes(command))] });
        engine.Clock.Advance(TimeSpan.FromSeconds(1));
    }

    private static StreamAppend On(int number, params NewEvent[] events) => To(Case(number), new ExpectedVersion.StreamExists(), events);

    private static StreamAppend Inbox(string person, params NewEvent[] events) => new(StreamKey.Of("inbox", person), "inbox", new ExpectedVersion.NoStream(), events);

    private static NewEvent Started(Clock clock, int round) =>
        StoredEvents.Catalogue().Encode(new CaseClockStarted(clock, round, T0, Urgency.Normal, new Limit(5, TimeUnit.NaturalDays), T0.AddDays(7), "default-1"), Origin);

    private static NewEvent Upheld(int review) => StoredEvents.Catalogue().Encode(new CaseAppealReviewed(review, true, new Domain.Cases.MarkedText("路面塌陷", [])), Origin);

    private static TimerChange.Set TimerOf(int number, string name, int minutes) => new(new TimerKey("case_deadlines", Case(number).Id, name, 1), T0.AddMinutes(minutes));

    private static async Task<string> RowsAsync(NpgsqlDataSource dataSource)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using (var utc = new NpgsqlCommand("set timezone = 'UTC'", connection))
            await utc.ExecuteNonQueryAsync();
        var text = new StringBuilder("delete from cc_log;\n");
        foreach (var table in await ListAsync(connection, "select tablename from pg_tables where schemaname = 'public' and tablename <> 'cc_schema' order by tablename <> 'mt_streams', tablename"))
        {
            var columns = await ListAsync(connection,
                $"select attname from pg_attribute where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum");
            var key = await ListAsync(connection,
                $"select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) where i.indrelid = '{table}'::regclass and i.indisprimary order by array_position(i.indkey::int2[], a.attnum)");
            var rows = await ListAsync(connection,
                $"select concat_ws(', ', {string.Join(", ", columns.Select(column => $"quote_nullable({column}::text)"))}) from {table} order by {string.Join(", ", key)}");
            if (rows.Count > 0)
                text.Append($"\ninsert into {table} ({string.Join(", ", columns)}) overriding system value values\n({string.Join("),\n(", rows)});\n");
        }

        foreach (var line in await ListAsync(connection, "select format('select setval(%L, %s);', sequencename, last_value) from pg_sequences where last_value is not null order by sequencename"))
            text.Append($"\n{line}\n");
        return text.ToString();
    }

    private static async Task<List<string>> ListAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var list = new List<string>();
        while (await reader.ReadAsync())
            list.Add(reader.GetString(0));
        return list;
    }
}
