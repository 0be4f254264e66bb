using System.Text.Json;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Tasks;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Tasks;

/// <summary>
/// The read tables behind lists of tasks: one row a task, one a list, and one a target of a closed list with its score. What lists filter by stands in columns, the summary beside them.
/// </summary>
public sealed class TaskTable(StreamCommands streams) : IProjection
{
    public const string TableName = TableNames.Tasks;

    public string Name => TableName;

    public async Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            do $install$ begin
              -- Looked for first: a user who may create nothing can still start on tables that are there.
              if to_regclass(format('%I.board_tasks_v1', current_schema())) is null then
                create table board_tasks_v1 (
                  id           varchar primary key,
                  list         varchar not null,
                  item         integer not null,
                  position     bigint not null,
                  version      bigint not null,
                  stage        varchar not null,
                  target       varchar collate "C" not null,
                  matter       varchar not null,
                  issuer       varchar not null,
                  issuer_role  varchar not null,
                  issuer_place varchar collate "C" not null,
                  department   varchar,
                  claimed_by   varchar,
                  open         boolean not null,
                  due_at       timestamptz not null,
                  late_at      timestamptz,
                  summary      jsonb not null
                );
                alter table board_tasks_v1 alter column summary set statistics 0;
                create unique index board_tasks_v1_position on board_tasks_v1 (position);
                create index board_tasks_v1_list on board_tasks_v1 (list, item, target);
                create index board_tasks_v1_target on board_tasks_v1 (target, position desc);
                create index board_tasks_v1_due on board_tasks_v1 (due_at, position desc) where open;
                create index board_tasks_v1_late on board_tasks_v1 (late_at) where open;
                create index board_tasks_v1_claimer on board_tasks_v1 (claimed_by) where open;
                create index board_tasks_v1_issuer on board_tasks_v1 (issuer_place, position desc) where open;

                create table board_task_lists_v1 (
                  id           varchar primary key,
                  position     bigint not null,
                  version      bigint not null,
                  stage        varchar not null,
                  drafted_by   varchar not null,
                  issuer       varchar not null,
                  issuer_role  varchar not null,
                  issuer_place varchar collate "C" not null,
                  department   varchar,
                  published_at timestamptz,
                  due_at       timestamptz,
                  summary      jsonb not null
                );
                alter table board_task_lists_v1 alter column summary set statistics 0;
                create unique index board_task_lists_v1_position on board_task_lists_v1 (position);
                create index board_task_lists_v1_issuer on board_task_lists_v1 (issuer_place, position desc);

                create table board_task_scores_v1 (
                  list      varchar not null,
                  target    varchar collate "C" not null,
                  closed_at timestamptz not null,
                  tasks     integer not null,
                  on_time   integer not null,
                  late      integer not null,
                  not_done  integer not null,
                  sent_back integer not null,
                  returned  integer not null,
                  score     integer,
                  primary key (list, target)
                );
                create index board_task_scores_v1_target on board_task_scores_v1 (target, closed_at);
              end if;
            end $install$
            """,
            connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "delete from board_tasks_v1; delete from board_task_lists_v1; delete from board_task_scores_v1", transaction.Connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        var ofTasks = events.Where(e => e.Stream.Category == "task").ToList();
        var ofLists = events.Where(e => e.Stream.Category == "task_list").ToList();
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        if (ofTasks.Count > 0)
        {
            var rows = await LoadAsync<TaskSummary>(transaction, "board_tasks_v1", ofTasks, row => row.Id, cancellation);
            foreach (var stored in ofTasks)
                rows[stored.Stream.Id] = TaskSummary.Apply(rows.GetValueOrDefault(stored.Stream.Id), stored.Stream.Id, stored.StreamVersion, stored.Position.Position, streams.FactOf<TaskEvent>(stored));
            batch.BatchCommands.Add(Upsert([.. rows.Values]));
        }

        if (ofLists.Count > 0)
        {
            var rows = await LoadAsync<TaskListSummary>(transaction, "board_task_lists_v1", ofLists, row => row.Id, cancellation);
            var closed = new List<(string List, DateTimeOffset At, TargetScore Score)>();
            foreach (var stored in ofLists)
            {
                var fact = streams.FactOf<TaskListEvent>(stored);
                rows[stored.Stream.Id] = TaskListSummary.Apply(rows.GetValueOrDefault(stored.Stream.Id), stored.Stream.Id, stored.StreamVersion, stored.Position.Position, fact);
                if (fact.Event is TaskListClosed closing)
                    closed.AddRange(closing.Scores.Select(score => (stored.Stream.Id, fact.RecordedAt, score)));
            }

            batch.BatchCommands.Add(Upsert([.. rows.Values]));
            if (closed.Count > 0)
                batch.BatchCommands.Add(Insert(closed));
        }

        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellation);
    }

    // A stream's newest event of the range asks for a row that knows it; a closed list for a score of each of its targets.
    public Task<Recount> RecountAsync(NpgsqlConnection connection, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation) =>
        Recounts.AskAsync(
            connection,
            """
            select count(*), count(found), min(asked.stream_id) filter (where found is null)
            from (
              select stream_id, max(version) as version, null as target from mt_events
              where seq_id > $1 and seq_id <= $2 and (stream_id like 'task:%' or stream_id like 'task\_list:%') and not stream_id = any($3) group by stream_id
              union all
              select stream_id, null, score ->> 'target' from mt_events, jsonb_array_elements(data -> 'scores') score
              where seq_id > $1 and seq_id <= $2 and type = 'task_list_closed' and not stream_id = any($3)) asked
            left join lateral (
              select true as found from board_tasks_v1 t where asked.stream_id like 'task:%' and t.id = substr(asked.stream_id, 6) and t.version >= asked.version
              union all
              select true from board_task_lists_v1 l where asked.stream_id like 'task\_list:%' and l.id = substr(asked.stream_id, 11) and l.version >= asked.version
              union all
              select true from board_task_scores_v1 s where s.list = substr(asked.stream_id, 11) and s.target = asked.target) row on true
            """,
            afterPosition, toPosition, parked, cancellation);

    internal static T Parse<T>(string json) => JsonSerializer.Deserialize<T>(json, DomainJson.Options)!;

    private static async Task<Dictionary<string, T>> LoadAsync<T>(NpgsqlTransaction transaction, string table, List<StoredEvent> events, Func<T, string> id, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select summary from {table} where id = any($1)", transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = events.Select(e => e.Stream.Id).Distinct(StringComparer.Ordinal).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new Dictionary<string, T>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            var row = Parse<T>(reader.GetString(0));
            rows.Add(id(row), row);
        }

        return rows;
    }

    private static NpgsqlBatchCommand Upsert(List<TaskSummary> rows)
    {
        const string columns = "id, list, item, position, version, stage, target, matter, issuer, issuer_role, issuer_place, department, claimed_by, open, due_at, late_at, summary";
        var command = new NpgsqlBatchCommand(
            $"""
            insert into board_tasks_v1 as t ({columns})
            select {columns} from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) as r ({columns})
            on conflict (id) do update set
              version = excluded.version, stage = excluded.stage, target = excluded.target, claimed_by = excluded.claimed_by, open = excluded.open, due_at = excluded.due_at,
              late_at = excluded.late_at, summary = excluded.summary
            where t.version < excluded.version
            """);
        Add(command, rows, row => row.Id, NpgsqlDbType.Text);
        Add(command, rows, row => row.File.List, NpgsqlDbType.Text);
        Add(command, rows, row => row.File.Item, NpgsqlDbType.Integer);
        Add(command, rows, row => row.Position, NpgsqlDbType.Bigint);
        Add(command, rows, row => row.Version, NpgsqlDbType.Bigint);
        Add(command, rows, row => Names.Of(row.Stage), NpgsqlDbType.Text);
        Add(command, rows, row => row.File.Target.Value, NpgsqlDbType.Text);
        Add(command, rows, row => row.File.Matter, NpgsqlDbType.Text);
        Add(command, rows, row => row.File.Issuer.Actor, NpgsqlDbType.Text);
        Add(command, rows, row => Names.Of(row.File.Issuer.Role), NpgsqlDbType.Text);
        Add(command, rows, row => row.File.Issuer.Place.Value, NpgsqlDbType.Text);
        Add(command, rows, row => row.File.Department, NpgsqlDbType.Text);
        Add(command, rows, row => row.File.ClaimedBy, NpgsqlDbType.Text);
        Add(command, rows, row => row.IsOpen, NpgsqlDbType.Boolean);
        Add(command, rows, row => row.File.DueAt.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, rows, row => row.LateAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, rows, row => JsonSerializer.Serialize(row, DomainJson.Options), NpgsqlDbType.Jsonb);
        return command;
    }

    private static NpgsqlBatchCommand Upsert(List<TaskListSummary> rows)
    {
        const string columns = "id, position, version, stage, drafted_by, issuer, issuer_role, issuer_place, department, published_at, due_at, summary";
        var command = new NpgsqlBatchCommand(
            $"""
            insert into board_task_lists_v1 as t ({columns})
            select {columns} from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as r ({columns})
            on conflict (id) do update set
              version = excluded.version, stage = excluded.stage, issuer = excluded.issuer, issuer_role = excluded.issuer_role, issuer_place = excluded.issuer_place,
              published_at = excluded.published_at, due_at = excluded.due_at, summary = excluded.summary
            where t.version < excluded.version
            """);
        Add(command, rows, row => row.Id, NpgsqlDbType.Text);
        Add(command, rows, row => row.Position, NpgsqlDbType.Bigint);
        Add(command, rows, row => row.Version, NpgsqlDbType.Bigint);
        Add(command, rows, row => Names.Of(row.Stage), NpgsqlDbType.Text);
        Add(command, rows, row => row.DraftedBy, NpgsqlDbType.Text);
        Add(command, rows, row => row.Issuer.Actor, NpgsqlDbType.Text);
        Add(command, rows, row => Names.Of(row.Issuer.Role), NpgsqlDbType.Text);
        Add(command, rows, row => row.Issuer.Place.Value, NpgsqlDbType.Text);
        Add(command, rows, row => row.Department, NpgsqlDbType.Text);
        Add(command, rows, row => row.PublishedAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, rows, row => row.DueAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, rows, row => JsonSerializer.Serialize(row, DomainJson.Options), NpgsqlDbType.Jsonb);
        return command;
    }

    private static NpgsqlBatchCommand Insert(List<(string List, DateTimeOffset At, TargetScore Score)> rows)
    {
        var command = new NpgsqlBatchCommand(
            """
            insert into board_task_scores_v1 (list, target, closed_at, tasks, on_time, late, not_done, sent_back, returned, score)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (list, target) do nothing
            """);
        Add(command, rows, row => row.List, NpgsqlDbType.Text);
        Add(command, rows, row => row.Score.Target.Value, NpgsqlDbType.Text);
        Add(command, rows, row => row.At.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, rows, row => row.Score.Tasks, NpgsqlDbType.Integer);
        Add(command, rows, row => row.Score.OnTime, NpgsqlDbType.Integer);
        Add(command, rows, row => row.Score.Late, NpgsqlDbType.Integer);
        Add(command, rows, row => row.Score.NotDone, NpgsqlDbType.Integer);
        Add(command, rows, row => row.Score.SentBack, NpgsqlDbType.Integer);
        Add(command, rows, row => row.Score.Returned, NpgsqlDbType.Integer);
        Add(command, rows, row => row.Score.Score, NpgsqlDbType.Integer);
        return command;
    }

    private static void Add<TRow, T>(NpgsqlBatchCommand command, List<TRow> rows, Func<TRow, T> value, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type });
}
