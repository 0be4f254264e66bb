using System.Text.Json;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Whistles;

/// <summary>The read tables behind lists of whistles: one row a whistle, and one for every unit's turn at a call, which lists and the response of units are read from.</summary>
public sealed class WhistleTable(StreamCommands streams) : IProjection
{
    public const string TableName = TableNames.Whistles;

    public string Name => TableName;

    public async Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            do $install$ begin
              -- Looked for first: a user who may create nothing can still start on tables that are there.
              if to_regclass(format('%I.board_whistles_v1', current_schema())) is null then
                create table board_whistles_v1 (
                  id         varchar primary key,
                  position   bigint not null,
                  version    bigint not null,
                  area       varchar collate "C" not null,
                  stage      varchar not null,
                  open       boolean not null,
                  case_id    varchar,
                  one_matter varchar,
                  -- From when on the call that waits longest has waited; none where nothing is open.
                  waiting_since timestamptz,
                  summary    jsonb not null
                );
                create unique index board_whistles_v1_position on board_whistles_v1 (position);
                create index board_whistles_v1_area on board_whistles_v1 (area, position desc);
                create index board_whistles_v1_open on board_whistles_v1 (position desc) where open;
                create index board_whistles_v1_waiting on board_whistles_v1 (waiting_since, position) where open;
                create index board_whistles_v1_case on board_whistles_v1 (case_id) where case_id is not null;

                create table board_whistle_calls_v1 (
                  whistle      varchar not null,
                  call         integer not null,
                  turn         integer not null,
                  unit         varchar not null,
                  town         varchar collate "C",
                  area         varchar collate "C" not null,
                  open         boolean not null,
                  asked_at     timestamptz not null,
                  routed_at    timestamptz,
                  arrived_at   timestamptz,
                  opinion_at   timestamptz,
                  left_at      timestamptz,
                  declined     boolean not null,
                  taken_away   boolean not null,
                  satisfaction integer,
                  result       varchar,
                  sent_backs   integer not null,
                  -- Of an open turn: from when on its call has waited for the next step.
                  waiting_since timestamptz,
                  primary key (whistle, call, turn)
                );
                create index board_whistle_calls_v1_unit on board_whistle_calls_v1 (unit, whistle);
                create index board_whistle_calls_v1_area on board_whistle_calls_v1 (area, asked_at);
              end if;
            end $install$
            """,
            connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("delete from board_whistles_v1; delete from board_whistle_calls_v1", transaction.Connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        var own = events.Where(e => e.Stream.Category == "whistle").ToList();
        if (own.Count == 0)
            return;

        var rows = await LoadAsync(transaction, [.. own.Select(e => e.Stream.Id).Distinct(StringComparer.Ordinal)], cancellation);
        foreach (var stored in own)
            rows[stored.Stream.Id] = WhistleSummary.Apply(rows.GetValueOrDefault(stored.Stream.Id), stored.Stream.Id, stored.StreamVersion, stored.Position.Position, streams.FactOf<WhistleEvent>(stored));
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(Upsert([.. rows.Values]));
        batch.BatchCommands.Add(UpsertTurns([.. rows.Values.SelectMany(row => row.File.Calls.SelectMany(call => call.Turns.Select((turn, index) => new TurnRow(row, call, turn, index + 1))))]));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    // A stream's newest event of the range asks for a row that knows it, with as many turns as each of its calls had, the last of them as the row has it.
    public Task<Recount> RecountAsync(NpgsqlConnection connection, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation) =>
        Recounts.AskAsync(
            connection,
            """
            select count(*), count(w.id), min(asked.stream_id) filter (where w.id is null)
            from (select stream_id, max(version) as version from mt_events where seq_id > $1 and seq_id <= $2 and stream_id like 'whistle:%' and not stream_id = any($3) group by stream_id) asked
            left join board_whistles_v1 w on w.id = substr(asked.stream_id, 9) and w.version >= asked.version
              and not exists (
                select from jsonb_array_elements(w.summary -> 'file' -> 'calls') k
                where (select count(*) from board_whistle_calls_v1 c where c.whistle = w.id and c.call = (k ->> 'number')::int) <> 1 + jsonb_array_length(k -> 'past')
                  or not exists (
                    select from board_whistle_calls_v1 c
                    where c.whistle = w.id and c.call = (k ->> 'number')::int and c.turn = 1 + jsonb_array_length(k -> 'past') and c.unit = k -> 'turn' ->> 'unit'
                      and c.asked_at = (k -> 'turn' ->> 'askedAt')::timestamptz
                      and c.routed_at is not distinct from (k -> 'turn' ->> 'routedAt')::timestamptz
                      and c.arrived_at is not distinct from (k -> 'turn' ->> 'arrivedAt')::timestamptz
                      and c.opinion_at is not distinct from (k -> 'turn' ->> 'opinionAt')::timestamptz
                      and c.left_at is not distinct from (k -> 'turn' ->> 'leftAt')::timestamptz
                      and c.satisfaction is not distinct from (k -> 'turn' ->> 'satisfaction')::int))
            """,
            afterPosition, toPosition, parked, cancellation);

    internal static WhistleSummary Parse(string json) => JsonSerializer.Deserialize<WhistleSummary>(json, DomainJson.Options)!;

    private static async Task<Dictionary<string, WhistleSummary>> LoadAsync(NpgsqlTransaction transaction, string[] ids, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select summary from board_whistles_v1 where id = any($1)", transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new Dictionary<string, WhistleSummary>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            var row = Parse(reader.GetString(0));
            rows.Add(row.Id, row);
        }

        return rows;
    }

    private static NpgsqlBatchCommand Upsert(List<WhistleSummary> rows)
    {
        var command = new NpgsqlBatchCommand(
            """
            insert into board_whistles_v1 as w (id, position, version, area, stage, open, case_id, one_matter, waiting_since, summary)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            on conflict (id) do update set version = excluded.version, stage = excluded.stage, open = excluded.open, waiting_since = excluded.waiting_since, summary = excluded.summary
            where w.version < excluded.version
            """);
        Add(command, rows, row => row.Id, NpgsqlDbType.Text);
        Add(command, rows, row => row.Position, NpgsqlDbType.Bigint);
        Add(command, rows, row => row.Version, NpgsqlDbType.Bigint);
        Add(command, rows, row => row.File.Area.Value, NpgsqlDbType.Text);
        Add(command, rows, row => Names.Of(row.Stage), NpgsqlDbType.Text);
        Add(command, rows, row => row.Stage == WhistleStage.Open, NpgsqlDbType.Boolean);
        Add(command, rows, row => row.File.Case, NpgsqlDbType.Text);
        Add(command, rows, row => row.File.OneMatter, NpgsqlDbType.Text);
        Add(command, rows, row => row.File.CallsInHand.Min(call => (DateTimeOffset?)call.Since)?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, rows, row => JsonSerializer.Serialize(row, DomainJson.Options), NpgsqlDbType.Jsonb);
        return command;
    }

    private sealed record TurnRow(WhistleSummary Whistle, WhistleCall Call, CallTurn Turn, int Number)
    {
        /// <summary>Whether the unit, or the center for it, still has to do something.</summary>
        public bool IsOpen => Number == Call.Past.Count + 1 && Call is { IsOpen: true, Stage: not CallStage.Declined };
    }

    // Where a call goes before it was routed, its one turn changes hands: so the unit is updated too.
    private static NpgsqlBatchCommand UpsertTurns(List<TurnRow> rows)
    {
        var command = new NpgsqlBatchCommand(
            """
            insert into board_whistle_calls_v1 (whistle, call, turn, unit, town, area, open, asked_at, routed_at, arrived_at, opinion_at, left_at, declined, taken_away, satisfaction, result, sent_backs, waiting_since)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
            on conflict (whistle, call, turn) do update set
              unit = excluded.unit, town = excluded.town, open = excluded.open, asked_at = excluded.asked_at, routed_at = excluded.routed_at, arrived_at = excluded.arrived_at, opinion_at = excluded.opinion_at,
              left_at = excluded.left_at, declined = excluded.declined, taken_away = excluded.taken_away, satisfaction = excluded.satisfaction, result = excluded.result, sent_backs = excluded.sent_backs,
              waiting_since = excluded.waiting_since
            """);
        Add(command, rows, row => row.Whistle.Id, NpgsqlDbType.Text);
        Add(command, rows, row => row.Call.Number, NpgsqlDbType.Integer);
        Add(command, rows, row => row.Number, NpgsqlDbType.Integer);
        Add(command, rows, row => row.Turn.Unit.ToString(), NpgsqlDbType.Text);
        Add(command, rows, row => row.Turn.Unit.Kind == UnitKind.Post ? row.Whistle.File.Town.Value : null, NpgsqlDbType.Text);
        Add(command, rows, row => row.Whistle.File.Area.Value, NpgsqlDbType.Text);
        Add(command, rows, row => row.IsOpen, NpgsqlDbType.Boolean);
        Add(command, rows, row => row.Turn.AskedAt.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, rows, row => row.Turn.RoutedAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, rows, row => row.Turn.ArrivedAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, rows, row => row.Turn.OpinionAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, rows, row => row.Turn.LeftAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, rows, row => row.Turn.Declined, NpgsqlDbType.Boolean);
        Add(command, rows, row => row.Turn.TakenAway, NpgsqlDbType.Boolean);
        Add(command, rows, row => row.Turn.Satisfaction, NpgsqlDbType.Integer);
        Add(command, rows, row => row.Turn.Result is { } result ? Names.Of(result) : null, NpgsqlDbType.Text);
        Add(command, rows, row => row.Turn.SentBacks, NpgsqlDbType.Integer);
        Add(command, rows, row => row.IsOpen ? row.Call.Since.ToUniversalTime() : (DateTimeOffset?)null, NpgsqlDbType.TimestampTz);
        return command;
    }

    private static void Add<TRow, T>(NpgsqlBatchCommand command, List<TRow> rows, Func<TRow, T> value, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type });
}
