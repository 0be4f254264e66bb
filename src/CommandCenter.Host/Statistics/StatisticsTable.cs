using System.Text.Json;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Statistics;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Statistics;

/// <summary>The read tables behind statistics: a tally a case, a row for each thing of it that is counted, and one for each run of its clocks.</summary>
public sealed class StatisticsTable(CaseStreams streams, IOrganization organization) : IProjection
{
    public const string TableName = TableNames.Statistics;

    public string Name => TableName;

    public async Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            do $install$ begin
              -- Looked for first: a user who may create nothing can still start on tables that are there.
              if to_regclass(format('%I.statistics_cases_v1', current_schema())) is null then
                create table statistics_cases_v1 (
                  id      varchar primary key,
                  version bigint not null,
                  tally   jsonb not null
                );
                alter table statistics_cases_v1 alter column tally set statistics 0;

                create table statistics_facts_v1 (
                  case_id  varchar not null,
                  version  bigint not null,
                  kind     varchar not null,
                  position bigint not null,
                  at       timestamptz not null,
                  area     varchar collate "C" not null,
                  sector   varchar not null,
                  category varchar not null,
                  source   varchar not null,
                  reporter varchar not null,
                  unit     varchar,
                  person   varchar,
                  seconds  bigint,
                  value    integer,
                  late     boolean not null,
                  local    boolean not null,
                  exempt   boolean not null,
                  primary key (case_id, version, kind)
                );
                create index statistics_facts_v1_at on statistics_facts_v1 (at);
                create index statistics_facts_v1_kind on statistics_facts_v1 (kind, position);

                create table statistics_runs_v1 (
                  case_id    varchar not null,
                  clock      varchar not null,
                  round      integer not null,
                  started_at timestamptz not null,
                  due_at     timestamptz,
                  ended_at   timestamptz,
                  area       varchar collate "C" not null,
                  sector     varchar not null,
                  category   varchar not null,
                  source     varchar not null,
                  reporter   varchar not null,
                  unit       varchar,
                  person     varchar,
                  primary key (case_id, clock, round)
                );
                create index statistics_runs_v1_open on statistics_runs_v1 (due_at) where ended_at is null;
                -- Only a run that ended after its limit was ever late.
                create index statistics_runs_v1_late on statistics_runs_v1 (ended_at) where ended_at >= due_at;
              end if;
            end $install$
            """,
            connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("delete from statistics_cases_v1; delete from statistics_facts_v1; delete from statistics_runs_v1", transaction.Connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        var ofCases = events.Where(e => e.Stream.Category == "case").ToList();
        if (ofCases.Count == 0)
            return;

        // A category belongs to a sector as of the event, so what was said of it before has to be known.
        await organization.ReachedAsync(ofCases[^1].Position, cancellation);
        var tallies = await LoadAsync(transaction, [.. ofCases.Select(e => e.Stream.Id).Distinct(StringComparer.Ordinal)], cancellation);
        // By key: what is known better a few events later is written once.
        var facts = new Dictionary<(string, long, FactKind), CountedFact>();
        var runs = new Dictionary<(string, Domain.Deadlines.Clock, int), CountedRun>();
        foreach (var stored in ofCases)
        {
            var id = stored.Stream.Id;
            var counted = CaseTally.Apply(
                tallies.GetValueOrDefault(id), id, stored.StreamVersion, stored.Position.Position, streams.FactOf<CaseEvent>(stored), category => organization.AsOf(stored.Position.Position).CategoryAt(stored.RecordedAt, category)?.Sector);
            tallies[id] = counted.After;
            foreach (var fact in counted.Facts)
                facts[(fact.Case, fact.Version, fact.Kind)] = fact;
            foreach (var run in counted.Runs)
                runs[(run.Case, run.Clock, run.Round)] = run;
        }

        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(Tallies([.. tallies.Values]));
        if (facts.Count > 0)
            batch.BatchCommands.Add(Facts([.. facts.Values]));
        if (runs.Count > 0)
            batch.BatchCommands.Add(Runs([.. runs.Values]));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    // A stream's newest event of the range asks for a tally that knows it, and every report and closing of the range for a fact.
    public Task<Recount> RecountAsync(NpgsqlConnection connection, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation) =>
        Recounts.AskAsync(
            connection,
            """
            select count(*), count(*) filter (where there), min(stream_id) filter (where not there)
            from (
              select asked.stream_id, c.id is not null as there
              from (select stream_id, max(version) as version from mt_events where seq_id > $1 and seq_id <= $2 and stream_id like 'case:%' and not stream_id = any($3) group by stream_id) asked
              left join statistics_cases_v1 c on c.id = substr(asked.stream_id, 6) and c.version >= asked.version
              union all
              select e.stream_id, f.case_id is not null
              from mt_events e
              left join statistics_facts_v1 f on f.case_id = substr(e.stream_id, 6) and f.version = e.version and f.kind = substr(e.type, 6)
              where e.seq_id > $1 and e.seq_id <= $2 and e.stream_id like 'case:%' and not e.stream_id = any($3) and e.type in ('case_reported', 'case_filed', 'case_dispatched', 'case_closed', 'case_rated')
            ) wanted
            """,
            afterPosition, toPosition, parked, cancellation);

    private static async Task<Dictionary<string, CaseTally>> LoadAsync(NpgsqlTransaction transaction, string[] ids, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select tally from statistics_cases_v1 where id = any($1)", transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new Dictionary<string, CaseTally>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            var tally = JsonSerializer.Deserialize<CaseTally>(reader.GetString(0), DomainJson.Options)!;
            rows.Add(tally.Case, tally);
        }

        return rows;
    }

    private static NpgsqlBatchCommand Tallies(List<CaseTally> rows)
    {
        var command = new NpgsqlBatchCommand(
            """
            insert into statistics_cases_v1 as t (id, version, tally) select * from unnest($1, $2, $3)
            on conflict (id) do update set version = excluded.version, tally = excluded.tally where t.version < excluded.version
            """);
        Add(command, rows, row => row.Case, NpgsqlDbType.Text);
        Add(command, rows, row => row.Version, NpgsqlDbType.Bigint);
        Add(command, rows, row => JsonSerializer.Serialize(row, DomainJson.Options), NpgsqlDbType.Jsonb);
        return command;
    }

    private static NpgsqlBatchCommand Facts(List<CountedFact> rows)
    {
        var command = new NpgsqlBatchCommand(
            """
            insert into statistics_facts_v1 (case_id, version, kind, position, at, seconds, value, late, local, exempt, area, sector, category, source, reporter, unit, person)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            on conflict (case_id, version, kind) do update set late = excluded.late, exempt = excluded.exempt
            """);
        Add(command, rows, row => row.Case, NpgsqlDbType.Text);
        Add(command, rows, row => row.Version, NpgsqlDbType.Bigint);
        Add(command, rows, row => Names.Of(row.Kind), NpgsqlDbType.Text);
        Add(command, rows, row => row.Position, NpgsqlDbType.Bigint);
        Add(command, rows, row => row.At.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, rows, row => row.Seconds, NpgsqlDbType.Bigint);
        Add(command, rows, row => row.Value, NpgsqlDbType.Integer);
        Add(command, rows, row => row.Late, NpgsqlDbType.Boolean);
        Add(command, rows, row => row.Local, NpgsqlDbType.Boolean);
        Add(command, rows, row => row.Exempt, NpgsqlDbType.Boolean);
        Places(command, rows, row => row.Place);
        return command;
    }

    private static NpgsqlBatchCommand Runs(List<CountedRun> rows)
    {
        var command = new NpgsqlBatchCommand(
            """
            insert into statistics_runs_v1 (case_id, clock, round, started_at, due_at, ended_at, area, sector, category, source, reporter, unit, person)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            on conflict (case_id, clock, round) do update set due_at = excluded.due_at, ended_at = excluded.ended_at, unit = excluded.unit, person = excluded.person
            """);
        Add(command, rows, row => row.Case, NpgsqlDbType.Text);
        Add(command, rows, row => Names.Of(row.Clock), NpgsqlDbType.Text);
        Add(command, rows, row => row.Round, NpgsqlDbType.Integer);
        Add(command, rows, row => row.StartedAt.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, rows, row => row.DueAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, rows, row => row.EndedAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Places(command, rows, row => row.Place);
        return command;
    }

    private static void Places<TRow>(NpgsqlBatchCommand command, List<TRow> rows, Func<TRow, FactPlace> place)
    {
        Add(command, rows, row => place(row).Area.Value, NpgsqlDbType.Text);
        Add(command, rows, row => Names.Of(place(row).Sector), NpgsqlDbType.Text);
        Add(command, rows, row => place(row).Category, NpgsqlDbType.Text);
        Add(command, rows, row => Names.Of(place(row).Source), NpgsqlDbType.Text);
        Add(command, rows, row => place(row).Reporter, NpgsqlDbType.Text);
        Add(command, rows, row => place(row).Unit?.ToString(), NpgsqlDbType.Text);
        Add(command, rows, row => place(row).Person, NpgsqlDbType.Text);
    }

    private static void Add<TRow, T>(NpgsqlBatchCommand command, List<TRow> rows, Func<TRow, T> value, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type });
}
