using CommandCenter.Testing.Postgres;

namespace CommandCenter.EventStore.Tests;

/// <summary>The statements of the hot paths walk indexes, as PostgreSQL itself plans them over a filled log.</summary>
public abstract class PlansContract(int major) : IAsyncLifetime
{
    private PostgresEngine? _engine;

    public async Task InitializeAsync()
    {
        _engine = await PostgresEngine.StartAsync(major);
        await _engine.ExecuteAsync(
            $"""
            do $$ begin
              perform pg_advisory_xact_lock({StoreLock.Key});
              insert into mt_streams (id, version) select 'case:' || n, 1 from generate_series(1, 20000) n;
              insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp) select n, gen_random_uuid(), 'case:' || n, 1, '{"{}"}', (array['case_reported', 'case_filed', 'case_closed'])[1 + n % 3], now() from generate_series(1, 20000) n;
              insert into cc_leaves select n, sha256(n::text::bytea) from generate_series(1, 20000) n;
              insert into cc_nodes select 8, n, sha256(n::text::bytea) from generate_series(1, 20000) n;
              insert into cc_commands select 'p-' || n % 100, 'k' || n, sha256(n::text::bytea), now(), '{"{}"}' from generate_series(1, 20000) n;
              insert into cc_timers (saga, saga_id, name, attempt, due_at) select 'case_deadlines', 'c' || n, 'accept/due', 1, now() + n * interval '1 minute' from generate_series(1, 20000) n;
              insert into cc_outbox (kind, key, payload, position, recorded_at, dead_at) select 'sms', 'p-' || n % 5000, '', n, now(), case when n % 100 = 0 then now() end from generate_series(1, 20000) n;
              insert into cc_outbox (kind, key, payload, position, recorded_at) select 'nobody handles this', 'p-' || n, '', n, now() from generate_series(1, 20000) n;
              insert into mt_event_progression (name, last_seq_id) select 'p' || n, 1 from generate_series(1, 2000) n;
              insert into cc_projections (name, epoch) select 'p' || n, 1 from generate_series(1, 2000) n;
              insert into cc_parked (projection, stream, position, reason, parked_at) select 'p' || n % 100, 'case:' || n, n, '', now() from generate_series(1, 5000) n;
              update cc_log set last_position = 20000;
            end $$
            """);
        foreach (var table in new[] { "mt_streams", "mt_events", "cc_leaves", "cc_nodes", "cc_commands", "cc_timers", "cc_outbox", "mt_event_progression", "cc_projections", "cc_log", "cc_parked" })
            await _engine.ExecuteAsync($"vacuum analyze {table}");
    }

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    [PostgresFact]
    public async Task Every_hot_statement_walks_its_index()
    {
        (string Sql, string Types, string Values, string Index)[] statements =
        [
            (PostgresEventLog.SelectLog, "bigint, int", "19990, 500", "pkey_mt_events_seq_id"),
            (PostgresEventLog.SelectTypes, "text[], bigint, int", "'{case_reported,case_never}', 77, 500", "idx_mt_events_event_type_seq_id"),
            (StreamReads.SelectStreams, "text[], bigint[]", "'{case:77,case:78}', '{0,1}'", "pk_mt_events_stream_and_version"),
            (PostgresEventLog.SelectLeaves, "bigint, int", "19990, 500", "pkey_mt_events_seq_id"),
            (TreeReader.SelectLeaves, "bigint, bigint", "256, 512", "pk_cc_leaves"),
            (TreeReader.SelectNodes, "int, bigint, bigint", "8, 0, 16", "pk_cc_nodes"),
            (AppendExecutor.SelectEventAt, "bigint", "77", "pkey_mt_events_seq_id"),
            (AppendExecutor.SelectStreams, "text[]", "'{case:1,case:2}'", "pkey_mt_streams_id"),
            (AppendExecutor.SelectCommands, "text[], text[]", "'{p-1}', '{k1}'", "pk_cc_commands"),
            (AppendExecutor.SelectTimers, "text[], text[], text[], int[]", "'{case_deadlines}', '{c1}', '{accept/due}', '{1}'", "pk_cc_timers"),
            (AppendExecutor.DeleteTimers, "text[], text[], text[], int[]", "'{case_deadlines}', '{c1}', '{accept/due}', '{1}'", "pk_cc_timers"),
            (AppendExecutor.ExpectTimers, "text[], text[], text[], int[], uuid[]", $"'{{case_deadlines}}', '{{c1}}', '{{accept/due}}', '{{1}}', '{{{Guid.Empty}}}'", "pk_cc_timers"),
            (AppendExecutor.ExpectStreams, "text[], bigint[], bigint[], timestamptz[]", "'{case:1,case:2}', '{1,1}', '{2,2}', '{2026-11-25,2026-11-25}'", "pkey_mt_streams_id"),
            (PostgresTimerStore.ClaimDue, "timestamptz, int, timestamptz", "now(), 50, now()", "ix_cc_timers_due"),
            (PostgresTimerStore.NextDue, "", "", "ix_cc_timers_claimable"),
            (PostgresTimerStore.OldestDue, "", "", "ix_cc_timers_due"),
            (PostgresTimerStore.Defer, "text, text, text, int, uuid, timestamptz", $"'case_deadlines', 'c1', 'accept/due', 1, '{Guid.Empty}', now()", "pk_cc_timers"),
            (PostgresTimerStore.OfOne, "text, text", "'case_deadlines', 'c77'", "pk_cc_timers"),
            (PostgresEventLog.SelectCommand, "text, text", "'p-1', 'k1'", "pk_cc_commands"),
            (PostgresOutbox.ListDead, "bigint, int", "0, 50", "ix_cc_outbox_dead"),
            (PostgresOutbox.Replay, "bigint", "100", "ix_cc_outbox_dead"),
            (PostgresOutbox.ReplayAll, "text", "null", "ix_cc_outbox_dead"),
            (ProjectionCheckpoint.Move, "text, bigint, bigint", "'p77', 1, 2", "pk_mt_event_progression"),
            (ProjectionCheckpoint.Select, "text, text", "'p77', 'p77'", "pk_mt_event_progression"),
            (ProjectionCheckpoint.SelectParked, "text", "'p77'", "pk_cc_parked"),
            (CoverageAudit.CountLog, "bigint, bigint", "1000, 1500", "pkey_mt_events_seq_id"),
        ];

        foreach (var (sql, types, values, index) in statements)
        {
            var plan = await GenericPlanAsync(sql, types, values);
            plan.ShouldContain(index, customMessage: plan);
            // cc_log is one row, and reading it whole is right.
            plan.Replace("Seq Scan on cc_log", "", StringComparison.Ordinal).ShouldNotContain("Seq Scan", customMessage: plan);
        }

        // A projection has one row in its small tables, which may be read whole; the log and what is parked may not.
        var states = await GenericPlanAsync($"{ProjectionStates.Held} {ProjectionStates.SelectState}", "text[]", "'{p77}'");
        states.ShouldContain("pkey_mt_events_seq_id");
        states.ShouldNotContain("Seq Scan on mt_events", customMessage: states);
        states.ShouldNotContain("Seq Scan on cc_parked", customMessage: states);
    }

    // The outbox is empty most of the time, so its plans are made when it is, and must hold when thousands wait.
    [PostgresFact]
    public async Task The_outbox_is_walked_by_index_whether_its_statements_were_planned_on_a_full_table_or_an_empty_one()
    {
        (string Sql, string Types, string Values, string[] Indexes)[] statements =
        [
            (PostgresOutbox.ClaimDue, "text[], timestamptz, int, timestamptz", "'{sms}', now(), 50, now()", ["ix_cc_outbox_claimable", "ix_cc_outbox_key", "pk_cc_outbox"]),
            (PostgresOutbox.NextDue, "text[]", "'{sms}'", ["ix_cc_outbox_claimable", "ix_cc_outbox_key"]),
            (PostgresOutbox.Complete, "bigint, uuid", "77, gen_random_uuid()", ["pk_cc_outbox"]),
            (PostgresOutbox.Fail, "bigint, uuid, text, timestamptz", "77, gen_random_uuid(), '', now()", ["pk_cc_outbox"]),
            (PostgresOutbox.Bury, "bigint, uuid, text, timestamptz", "77, gen_random_uuid(), '', now()", ["pk_cc_outbox"]),
        ];

        await HoldAsync();
        await _engine!.ExecuteAsync("truncate cc_outbox");
        await HoldAsync();
        await _engine.ExecuteAsync("vacuum analyze cc_outbox");
        await HoldAsync();

        async Task HoldAsync()
        {
            foreach (var (sql, types, values, indexes) in statements)
            {
                var plan = await GenericPlanAsync(sql, types, values, PostgresOutbox.PlanInOrder.Replace(", true)", ", false)", StringComparison.Ordinal));
                foreach (var index in indexes)
                    plan.ShouldContain(index, customMessage: plan);
                plan.ShouldNotContain("Seq Scan", customMessage: plan);
            }
        }
    }

    [PostgresFact]
    public async Task Reading_by_type_touches_no_more_of_the_log_than_it_gives_whatever_the_types_are()
    {
        await _engine!.ExecuteAsync(
            $"""
            do $$ begin
              perform pg_advisory_xact_lock({StoreLock.Key});
              update mt_events set type = 'case_reported';
              update mt_events set type = 'case_rare' where seq_id = 19999;
            end $$
            """);
        await _engine.ExecuteAsync("vacuum analyze mt_events");

        // Nearly all events are of one type, which tempts the planner into walking the log by position.
        foreach (var type in new[] { "case_reported", "case_rare", "case_never" })
            (await ReadAsync(type)).ShouldBeLessThan(50, type);

        async Task<long> ReadAsync(string type)
        {
            await using var connection = await _engine.DataSource.OpenConnectionAsync();
            await using var command = new Npgsql.NpgsqlCommand($"explain (analyze, buffers, format json) {PostgresEventLog.SelectTypes}", connection);
            command.Parameters.AddWithValue(new[] { type });
            command.Parameters.AddWithValue(77L);
            command.Parameters.AddWithValue(100);
            using var plan = System.Text.Json.JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
            var root = plan.RootElement[0].GetProperty("Plan");
            return root.GetProperty("Shared Hit Blocks").GetInt64() + root.GetProperty("Shared Read Blocks").GetInt64();
        }
    }

    // The plan that a prepared statement gets once it no longer looks at its values.
    private async Task<string> GenericPlanAsync(string sql, string types, string values, string settings = "select 1")
    {
        await using var connection = await _engine!.DataSource.OpenConnectionAsync();
        await using var prepare = new Npgsql.NpgsqlCommand($"set plan_cache_mode = force_generic_plan; {settings}; prepare hot {(types.Length == 0 ? "" : $"({types})")} as {sql}", connection) { AllResultTypesAreUnknown = true };
        await prepare.ExecuteNonQueryAsync();
        await using var explain = new Npgsql.NpgsqlCommand($"explain execute hot {(values.Length == 0 ? "" : $"({values})")}", connection);
        var lines = new List<string>();
        await using (var reader = await explain.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                lines.Add(reader.GetString(0));
        await using var reset = new Npgsql.NpgsqlCommand("deallocate hot; reset all", connection);
        await reset.ExecuteNonQueryAsync();
        return string.Join('\n', lines);
    }
}

[OnPostgres(15)]
public sealed class PlansOnPostgres15() : PlansContract(15);

[OnPostgres(18)]
public sealed class PlansOnPostgres18() : PlansContract(18);
