using System.Text.Json;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Formats;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Agendas;

/// <summary>The read tables behind committees' lists: one row a town with all of its list, and one an item with what lists filter by.</summary>
public sealed class AgendaTable(StreamCommands streams) : IProjection
{
    public const string TableName = TableNames.Agendas;

    public string Name => TableName;

    public async Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            do $install$ begin
              -- Looked for first: a user who may create nothing can still start on tables that are there.
              if to_regclass(format('%I.board_agendas_v1', current_schema())) is null then
                create table board_agendas_v1 (
                  town    varchar collate "C" primary key,
                  version bigint not null,
                  summary jsonb not null
                );

                create table board_agenda_items_v1 (
                  town         varchar collate "C" not null,
                  item         integer not null,
                  case_id      varchar not null,
                  stage        varchar not null,
                  open         boolean not null,
                  lead         varchar,
                  until        timestamptz,
                  collected_at timestamptz not null,
                  primary key (town, item)
                );
                create index board_agenda_items_v1_case on board_agenda_items_v1 (case_id);
                create index board_agenda_items_v1_lead on board_agenda_items_v1 (lead) where lead is not null;
              end if;
            end $install$
            """,
            connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("delete from board_agendas_v1; delete from board_agenda_items_v1", transaction.Connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        var own = events.Where(e => e.Stream.Category == "agenda").ToList();
        if (own.Count == 0)
            return;
        var rows = await LoadAsync(transaction, [.. own.Select(e => e.Stream.Id).Distinct(StringComparer.Ordinal)], cancellation);
        foreach (var stored in own)
            rows[stored.Stream.Id] = AgendaSummary.Apply(rows.GetValueOrDefault(stored.Stream.Id), stored.Stream.Id, stored.StreamVersion, streams.FactOf<AgendaEvent>(stored));
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(Upsert([.. rows.Values]));
        if (rows.Values.SelectMany(row => row.Agenda.Items.Select(item => (row.Town, Item: item))).ToList() is { Count: > 0 } items)
            batch.BatchCommands.Add(Upsert(items));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    // A stream's newest event of the range asks for a row that knows it, and each item of the row for a row of its own.
    public Task<Recount> RecountAsync(NpgsqlConnection connection, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation) =>
        Recounts.AskAsync(
            connection,
            """
            select count(*), count(a.town), min(asked.stream_id) filter (where a.town is null)
            from (select stream_id, max(version) as version from mt_events where seq_id > $1 and seq_id <= $2 and stream_id like 'agenda:%' and not stream_id = any($3) group by stream_id) asked
            left join board_agendas_v1 a on a.town = substr(asked.stream_id, 8) and a.version >= asked.version
              and jsonb_array_length(a.summary -> 'agenda' -> 'items') = (select count(*) from board_agenda_items_v1 i where i.town = a.town)
            """,
            afterPosition, toPosition, parked, cancellation);

    internal static AgendaSummary Parse(string json) => JsonSerializer.Deserialize<AgendaSummary>(json, DomainJson.Options)!;

    private static async Task<Dictionary<string, AgendaSummary>> LoadAsync(NpgsqlTransaction transaction, string[] towns, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select summary from board_agendas_v1 where town = any($1)", transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = towns, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new Dictionary<string, AgendaSummary>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            var row = Parse(reader.GetString(0));
            rows.Add(row.Town, row);
        }

        return rows;
    }

    private static NpgsqlBatchCommand Upsert(List<AgendaSummary> rows)
    {
        var command = new NpgsqlBatchCommand(
            """
            insert into board_agendas_v1 as a (town, version, summary) select * from unnest($1, $2, $3)
            on conflict (town) do update set version = excluded.version, summary = excluded.summary where a.version < excluded.version
            """);
        Add(command, rows, row => row.Town, NpgsqlDbType.Text);
        Add(command, rows, row => row.Version, NpgsqlDbType.Bigint);
        Add(command, rows, row => JsonSerializer.Serialize(row, DomainJson.Options), NpgsqlDbType.Jsonb);
        return command;
    }

    private static NpgsqlBatchCommand Upsert(List<(string Town, AgendaItem Item)> rows)
    {
        var command = new NpgsqlBatchCommand(
            """
            insert into board_agenda_items_v1 (town, item, case_id, stage, open, lead, until, collected_at) select * from unnest($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (town, item) do update set stage = excluded.stage, open = excluded.open, lead = excluded.lead, until = excluded.until
            """);
        Add(command, rows, row => row.Town, NpgsqlDbType.Text);
        Add(command, rows, row => row.Item.Number, NpgsqlDbType.Integer);
        Add(command, rows, row => row.Item.Case, NpgsqlDbType.Text);
        Add(command, rows, row => Names.Of(row.Item.Stage), NpgsqlDbType.Text);
        Add(command, rows, row => row.Item.IsOpen, NpgsqlDbType.Boolean);
        Add(command, rows, row => row.Item.Lead?.Person, NpgsqlDbType.Text);
        Add(command, rows, row => row.Item.Lead?.Until.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, rows, row => row.Item.CollectedAt.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        return command;
    }

    private static void Add<TRow, T>(NpgsqlBatchCommand command, List<TRow> rows, Func<TRow, T> value, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type });
}
