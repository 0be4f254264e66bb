using System.Text.Json;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Listings;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Listings;

/// <summary>
/// The read table behind lists of listings: one row a listing, with the number of its plate. Numbers count a district's listings of a year in the order of the log, without gaps, so that
/// every node and every rebuild gives the same.
/// </summary>
public sealed class ListingTable(StreamCommands streams, IOrganization organization) : IProjection
{
    public const string TableName = TableNames.Listings;

    public string Name => TableName;

    public async Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            do $install$ begin
              -- Looked for first: a user who may create nothing can still start on tables that are there.
              if to_regclass(format('%I.board_listings_v1', current_schema())) is null then
                create table board_listings_v1 (
                  case_id   varchar not null,
                  round     integer not null,
                  year      integer not null,
                  ordinal   integer not null,
                  position  bigint not null,
                  version   bigint not null,
                  town      varchar collate "C" not null,
                  stage     varchar not null,
                  grade     varchar not null,
                  due_at    timestamptz not null,
                  summary   jsonb not null,
                  primary key (case_id, round)
                );
                create unique index board_listings_v1_number on board_listings_v1 (year, ordinal);
                create index board_listings_v1_town on board_listings_v1 (town, position desc);
              end if;
            end $install$
            """,
            connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("delete from board_listings_v1", transaction.Connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        var own = events.Where(e => e.Stream.Category == "listing").ToList();
        if (own.Count == 0)
            return;
        // The year is the district's as of the event, so what was said of its zone has to be known.
        await organization.ReachedAsync(own[^1].Position, cancellation);
        var last = await LoadAsync(transaction, [.. own.Select(e => e.Stream.Id).Distinct(StringComparer.Ordinal)], cancellation);
        var changed = new Dictionary<(string Case, int Round), (ListingSummary Row, long Position)>();
        foreach (var stored in own)
        {
            var id = stored.Stream.Id;
            var row = last[id] = ListingSummary.Apply(last.GetValueOrDefault(id), id, stored.StreamVersion, streams.FactOf<ListingEvent>(stored));
            var key = (id, row.Opened.Round);
            changed[key] = (row, changed.TryGetValue(key, out var before) ? before.Position : stored.Position.Position);
        }

        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(Upsert([.. changed.Values.OrderBy(row => row.Position)]));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    // A stream's newest event of the range asks for a row that knows it.
    public Task<Recount> RecountAsync(NpgsqlConnection connection, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation) =>
        Recounts.AskAsync(
            connection,
            """
            select count(*), count(found), min(asked.stream_id) filter (where found is null)
            from (select stream_id, max(version) as version from mt_events where seq_id > $1 and seq_id <= $2 and stream_id like 'listing:%' and not stream_id = any($3) group by stream_id) asked
            left join lateral (select true as found from board_listings_v1 l where l.case_id = substr(asked.stream_id, 9) and l.version >= asked.version limit 1) row on true
            """,
            afterPosition, toPosition, parked, cancellation);

    internal static ListingSummary Parse(string json) => JsonSerializer.Deserialize<ListingSummary>(json, DomainJson.Options)!;

    private static async Task<Dictionary<string, ListingSummary>> LoadAsync(NpgsqlTransaction transaction, string[] cases, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select distinct on (case_id) summary from board_listings_v1 where case_id = any($1) order by case_id, round desc", transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = cases, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new Dictionary<string, ListingSummary>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            var row = Parse(reader.GetString(0));
            rows.Add(row.Case, row);
        }

        return rows;
    }

    private NpgsqlBatchCommand Upsert(List<(ListingSummary Row, long Position)> rows)
    {
        const string columns = "case_id, round, year, position, version, town, stage, grade, due_at, summary";
        var command = new NpgsqlBatchCommand(
            $"""
            insert into board_listings_v1 as t (ordinal, {columns})
            select row_number() over (partition by year order by (known is null) desc, position) + (select coalesce(max(b.ordinal), 0) from board_listings_v1 b where b.year = r.year), {columns.Replace("case_id", "r.case_id", StringComparison.Ordinal)}
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as r ({columns})
            left join lateral (select true as known from board_listings_v1 k where k.case_id = r.case_id and k.round = r.round) k on true
            on conflict (case_id, round) do update set version = excluded.version, stage = excluded.stage, grade = excluded.grade, due_at = excluded.due_at, summary = excluded.summary where t.version < excluded.version
            """);
        Add(row => row.Row.Case, NpgsqlDbType.Text);
        Add(row => row.Row.Opened.Round, NpgsqlDbType.Integer);
        Add(row => LocalDay.Of(row.Row.OpenedAt, organization.AsOf(row.Position).TimeZone).Year, NpgsqlDbType.Integer);
        Add(row => row.Position, NpgsqlDbType.Bigint);
        Add(row => row.Row.Version, NpgsqlDbType.Bigint);
        Add(row => row.Row.Opened.Town.Value, NpgsqlDbType.Text);
        Add(row => Names.Of(row.Row.Stage), NpgsqlDbType.Text);
        Add(row => Names.Of(row.Row.Grade), NpgsqlDbType.Text);
        Add(row => row.Row.DueAt.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(row => JsonSerializer.Serialize(row.Row, DomainJson.Options), NpgsqlDbType.Jsonb);
        return command;

        void Add<T>(Func<(ListingSummary Row, long Position), T> value, NpgsqlDbType type) =>
            command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
