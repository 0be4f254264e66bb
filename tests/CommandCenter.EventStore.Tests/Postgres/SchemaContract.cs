using CommandCenter.Testing.Postgres;
using Npgsql;

namespace CommandCenter.EventStore.Tests;

/// <summary>The tables are Marten's own, column for column, and those beside them.</summary>
public abstract class SchemaContract(int major) : IAsyncLifetime
{
    private PostgresEngine? _engine;

    private PostgresEngine Engine => _engine!;

    public async Task InitializeAsync() => _engine = await PostgresEngine.StartAsync(major);

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    [PostgresFact]
    public async Task Columns_have_martens_names_order_types_nullability_and_defaults() =>
        (await LinesAsync(
            """
            select a.attrelid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
              || case when a.attnotnull then ' not null' else '' end || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
            from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where a.attrelid::regclass::text in ('mt_streams', 'mt_events', 'mt_event_progression', 'mt_high_water_skips') and a.attnum > 0 and not a.attisdropped
            order by a.attrelid::regclass::text, a.attnum
            """)).ShouldBe(
        [
            "mt_event_progression.name character varying not null",
            "mt_event_progression.last_seq_id bigint",
            "mt_event_progression.last_updated timestamp with time zone default transaction_timestamp()",
            "mt_events.seq_id bigint not null",
            "mt_events.id uuid not null",
            "mt_events.stream_id character varying",
            "mt_events.version bigint not null",
            "mt_events.data jsonb not null",
            "mt_events.bdata bytea",
            "mt_events.type character varying(500) not null",
            "mt_events.timestamp timestamp with time zone not null",
            "mt_events.tenant_id character varying default '*DEFAULT*'::character varying",
            "mt_events.mt_dotnet_type character varying",
            "mt_events.correlation_id character varying",
            "mt_events.causation_id character varying",
            "mt_events.headers jsonb",
            "mt_events.is_archived boolean default false",
            "mt_high_water_skips.ending_sequence bigint not null",
            "mt_high_water_skips.starting_sequence bigint not null",
            "mt_high_water_skips.timestamp timestamp with time zone default transaction_timestamp()",
            "mt_streams.id character varying not null",
            "mt_streams.type character varying",
            "mt_streams.version bigint",
            "mt_streams.timestamp timestamp with time zone not null default now()",
            "mt_streams.created timestamp with time zone not null default now()",
            "mt_streams.tenant_id character varying default '*DEFAULT*'::character varying",
            "mt_streams.is_archived boolean default false",
        ]);

    [PostgresFact]
    public async Task Indexes_and_constraints_have_martens_names_and_no_others_stand_beside_them()
    {
        (await LinesAsync("select indexname || ': ' || indexdef from pg_indexes where tablename like 'mt\\_%' order by 1")).ShouldBe(
        [
            "idx_mt_events_event_type_seq_id: CREATE INDEX idx_mt_events_event_type_seq_id ON public.mt_events USING btree (type, seq_id)",
            "pk_mt_event_progression: CREATE UNIQUE INDEX pk_mt_event_progression ON public.mt_event_progression USING btree (name)",
            "pk_mt_events_stream_and_version: CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON public.mt_events USING btree (stream_id, version)",
            "pkey_mt_events_seq_id: CREATE UNIQUE INDEX pkey_mt_events_seq_id ON public.mt_events USING btree (seq_id)",
            "pkey_mt_high_water_skips_ending_sequence: CREATE UNIQUE INDEX pkey_mt_high_water_skips_ending_sequence ON public.mt_high_water_skips USING btree (ending_sequence)",
            "pkey_mt_streams_id: CREATE UNIQUE INDEX pkey_mt_streams_id ON public.mt_streams USING btree (id)",
        ]);
        // PostgreSQL 18 lists not-null constraints too; the columns' test holds those.
        (await LinesAsync("select conname || ': ' || pg_get_constraintdef(oid) from pg_constraint where conrelid::regclass::text like 'mt\\_%' and contype <> 'n' order by 1")).ShouldBe(
        [
            "fkey_mt_events_stream_id: FOREIGN KEY (stream_id) REFERENCES mt_streams(id) ON DELETE CASCADE",
            "pk_mt_event_progression: PRIMARY KEY (name)",
            "pkey_mt_events_seq_id: PRIMARY KEY (seq_id)",
            "pkey_mt_high_water_skips_ending_sequence: PRIMARY KEY (ending_sequence)",
            "pkey_mt_streams_id: PRIMARY KEY (id)",
        ]);
    }

    [PostgresFact]
    public async Task Without_the_index_of_types_which_a_marten_migration_may_drop_reads_by_type_still_answer()
    {
        await Engine.Log.AppendedAsync(Some.Request(Some.New(Some.Case(1), Some.Event("case_reported"), Some.Event("case_filed"), Some.Event("case_reported"))));
        await Engine.ExecuteAsync("drop index idx_mt_events_event_type_seq_id");

        (await Engine.Log.ReadTypesAsync(["case_reported"], 0, 10)).Select(e => e.Position.Position).ShouldBe([1, 3]);
        (await SchemaInstaller.InstallAsync(Engine.DataSource)).ShouldBe(0);
    }

    [PostgresFact]
    public async Task The_sequence_is_martens_and_keeps_in_step_with_the_log()
    {
        (await LinesAsync("select cache_size || ' ' || pg_get_serial_sequence('mt_events', 'seq_id') from pg_sequences where sequencename = 'mt_events_sequence'"))
            .ShouldBe(["1 public.mt_events_sequence"]);

        await Engine.Log.AppendedAsync(Some.Request(Some.New(Some.Case(1), Some.Event(), Some.Event())));

        (await Engine.ScalarAsync<long>("select last_value from mt_events_sequence")).ShouldBe(2);
    }

    [PostgresFact]
    public async Task An_event_fills_martens_columns()
    {
        await Engine.Log.AppendedAsync(Some.Request(Some.New(Some.Case(1), Some.Event() with { CorrelationId = "case:1", CausationId = "command:k" })));

        (await LinesAsync(
            """
            select concat_ws('|', e.seq_id, e.stream_id, e.version, e.data, coalesce(e.bdata::text, '-'), e.type, e.tenant_id, e.mt_dotnet_type, e.correlation_id, e.causation_id, e.headers, e.is_archived,
                s.type, s.version, s.tenant_id, s.is_archived, s.timestamp = e.timestamp, s.created = e.timestamp)
            from mt_events e join mt_streams s on s.id = e.stream_id
            """)).ShouldBe(
        [
            "1|case:00000000000000000000000000000001|1|{\"text\": \"路灯不亮\"}|-|case_reported|*DEFAULT*|Tests.case_reported, Tests|case:1|command:k|"
            + "{\"role\": \"grid_worker\", \"actor\": \"p-17\", \"epoch\": 1, \"place\": \"330106012003001\", \"happenedAt\": \"2026-11-21T00:00:00.000001Z\"}|f|case|1|*DEFAULT*|f|t|t",
        ]);
    }

    [PostgresFact]
    public async Task A_writer_without_the_store_lock_is_refused()
    {
        const string insert = "insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp) values (1, gen_random_uuid(), 'case:1', 1, '{}', 'x', now())";
        await Engine.ExecuteAsync("insert into mt_streams (id, version) values ('case:1', 1)");

        var refused = await Should.ThrowAsync<PostgresException>(() => Engine.ExecuteAsync(insert));

        refused.SqlState.ShouldBe("55000");
        refused.MessageText.ShouldContain("store lock");
        (await Engine.ExecuteAsync($"do $$ begin perform pg_advisory_xact_lock({StoreLock.Key}); {insert}; end $$")).ShouldBe(-1);
        (await Engine.ScalarAsync<long>("select count(*) from mt_events")).ShouldBe(1);
    }

    [PostgresFact]
    public async Task Installing_again_changes_nothing_and_many_may_install_at_once()
    {
        var server = await TestPostgres.Server(major);
        await using var empty = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());

        var steps = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => SchemaInstaller.InstallAsync(empty))));

        steps.Order().ShouldBe([0, 0, 0, SchemaInstaller.Version]);
        (await SchemaInstaller.InstallAsync(empty)).ShouldBe(0);
    }

    [PostgresFact]
    public async Task A_schema_of_a_newer_program_is_left_alone()
    {
        await Engine.ExecuteAsync("insert into cc_schema (version) values ($1)", SchemaInstaller.Version + 1);

        (await Should.ThrowAsync<InvalidOperationException>(() => SchemaInstaller.InstallAsync(Engine.DataSource))).Message.ShouldContain("newer program");
    }

    [PostgresFact]
    public async Task Messages_from_before_the_relay_are_due_at_once_and_each_has_a_token_of_its_own()
    {
        var server = await TestPostgres.Server(major);
        await using var old = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());
        await SchemaInstaller.InstallAsync(old, 6);
        await using (var insert = old.CreateCommand("insert into cc_outbox (kind, key, payload, position, recorded_at) select 'sms', 'p-' || n, 'x', n, now() from generate_series(1, 3) n"))
            await insert.ExecuteNonQueryAsync();

        await SchemaInstaller.InstallAsync(old);

        var due = await new PostgresOutbox(old).ClaimDueAsync(["sms"], Some.T0, 10, TimeSpan.FromSeconds(30));
        due.Select(message => (message.Row.Id, message.Attempt)).ShouldBe([(1, 1), (2, 1), (3, 1)]);
        due.Select(message => message.Row.Token).Distinct().Count().ShouldBe(3);
    }

    [PostgresFact]
    public async Task Tables_that_are_written_all_the_time_have_their_own_vacuum_settings_and_the_rest_is_known()
    {
        // Written when an operator or a fault does something.
        (await LinesAsync("select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reloptions is null order by 1"))
            .ShouldBe(["cc_audits", "cc_file_owners", "cc_files", "cc_key_check", "cc_missing", "cc_parked", "cc_projections", "cc_rebuilds", "cc_schema", "mt_high_water_skips"]);
        (await LinesAsync("select relname || ' ' || option from pg_class, unnest(reloptions) option where relname in ('mt_streams', 'cc_log') and option like 'fillfactor%' order by 1"))
            .ShouldBe(["cc_log fillfactor=10", "mt_streams fillfactor=80"]);
    }

    private async Task<List<string>> LinesAsync(string sql)
    {
        await using var command = Engine.DataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return lines;
    }
}

[OnPostgres(15)]
public sealed class SchemaOnPostgres15() : SchemaContract(15);

[OnPostgres(18)]
public sealed class SchemaOnPostgres18() : SchemaContract(18);
