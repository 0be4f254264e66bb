using System.Text.Json;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Cases;

/// <summary>The read table behind lists: one row a case, with what lists filter by in columns and the summary beside them.</summary>
public sealed class CaseTable(CaseStreams streams, IOrganization organization) : IProjection
{
    public const string TableName = TableNames.Cases;

    public string Name => TableName;

    public async Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            do $install$ begin
              -- Looked for first: a user who may create nothing can still start on tables that are there.
              if to_regclass(format('%I.board_cases_v1', current_schema())) is null then
                create table board_cases_v1 (
                  id            varchar primary key,
                  number        varchar not null,
                  town          varchar collate "C" not null,
                  day           date not null,
                  ordinal       integer not null,
                  position      bigint not null,
                  version       bigint not null,
                  stage         varchar not null,
                  sector        varchar not null,
                  area          varchar collate "C" not null,
                  unit          varchar,
                  meeting       varchar,
                  spot          varchar,
                  transfer_to   varchar collate "C",
                  reported_by   varchar not null,
                  reported_role varchar not null,
                  urgency       varchar not null,
                  level         varchar,
                  open          boolean not null,
                  late_at       timestamptz,
                  reported_at   timestamptz not null,
                  filed_at      timestamptz,
                  escalated_at  timestamptz,
                  closed_at     timestamptz,
                  on_agenda     boolean not null,
                  listed        boolean not null,
                  under_review  boolean not null,
                  summary       jsonb not null
                );
                alter table board_cases_v1 alter column summary set statistics 0;
                create unique index board_cases_v1_number on board_cases_v1 (town, day, ordinal);
                create unique index board_cases_v1_position on board_cases_v1 (position);
                create index board_cases_v1_area on board_cases_v1 (area, position desc);
                create index board_cases_v1_open on board_cases_v1 (stage, position desc) where open;
                create index board_cases_v1_late on board_cases_v1 (late_at) where late_at is not null;
                create index board_cases_v1_due on board_cases_v1 (late_at, position desc) where open;
                create index board_cases_v1_closed on board_cases_v1 (closed_at) where closed_at is not null;
                create index board_cases_v1_escalated on board_cases_v1 (escalated_at) where escalated_at is not null;
                create index board_cases_v1_filed on board_cases_v1 (filed_at) where filed_at is not null;
                create index board_cases_v1_reported on board_cases_v1 (reported_at);
                create index board_cases_v1_urgency on board_cases_v1 (urgency, position desc) where urgency <> 'normal';
                create index board_cases_v1_meeting on board_cases_v1 (meeting) where meeting is not null;
                create index board_cases_v1_spot on board_cases_v1 (spot, position desc) where spot is not null;
                create index board_cases_v1_transfer on board_cases_v1 (transfer_to, position desc) where transfer_to is not null;
                create index board_cases_v1_unit on board_cases_v1 (unit, position desc) where open;
                create index board_cases_v1_agenda on board_cases_v1 (area, position desc) where on_agenda;
                create index board_cases_v1_listed on board_cases_v1 (area, position desc) where listed;
                create index board_cases_v1_review on board_cases_v1 (area, position desc) where under_review;
                create index board_cases_v1_reporter on board_cases_v1 (reported_by, position desc);
              end if;
            end $install$
            """,
            connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("delete from board_cases_v1", transaction.Connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        var ofCases = events.Where(e => e.Stream.Category == "case").ToList();
        if (ofCases.Count == 0)
            return;

        // A category belongs to a sector as of the event, so what was said of it before has to be known.
        await organization.ReachedAsync(ofCases[^1].Position, cancellation);
        var known = await LoadAsync(transaction, [.. ofCases.Select(e => e.Stream.Id).Distinct(StringComparer.Ordinal)], cancellation);
        var changed = new Dictionary<string, CaseSummary>(StringComparer.Ordinal);
        foreach (var stored in ofCases)
        {
            var id = stored.Stream.Id;
            changed[id] = CaseSummary.Apply(
                changed.GetValueOrDefault(id) ?? known.GetValueOrDefault(id), id, stored.StreamVersion, stored.Position.Position, streams.FactOf<CaseEvent>(stored), category => organization.AsOf(stored.Position.Position).CategoryAt(stored.RecordedAt, category)?.Sector);
        }

        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        if (changed.Values.Where(row => known.ContainsKey(row.Id)).ToList() is { Count: > 0 } moved)
            batch.BatchCommands.Add(Command(UpdateRows, moved));
        if (changed.Values.Where(row => !known.ContainsKey(row.Id)).ToList() is { Count: > 0 } added)
            batch.BatchCommands.Add(Command(InsertRows, added));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    // A stream's newest event of the range asks for a row that knows it.
    public Task<Recount> RecountAsync(NpgsqlConnection connection, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation) =>
        Recounts.AskAsync(
            connection,
            """
            select count(*), count(c.id), min(asked.stream_id) filter (where c.id is null)
            from (select stream_id, max(version) as version from mt_events where seq_id > $1 and seq_id <= $2 and stream_id like 'case:%' and not stream_id = any($3) group by stream_id) asked
            left join board_cases_v1 c on c.id = substr(asked.stream_id, 6) and c.version >= asked.version
            """,
            afterPosition, toPosition, parked, cancellation);

    private const string Columns =
        "id, town, day, position, version, stage, sector, area, unit, reported_by, reported_role, level, open, late_at, reported_at, filed_at, escalated_at, closed_at, summary, urgency, meeting, transfer_to, on_agenda, listed, under_review, spot";

    private const string Rows = $"unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26) as r ({Columns})";

    // Numbers go on in the order of the reports, whatever else the same batch holds.
    private const string InsertRows =
        $"""
        insert into board_cases_v1 (number, ordinal, {Columns})
        select to_char(day, 'YYYYMMDD') || '-' || lpad(ordinal::text, greatest(4, length(ordinal::text)), '0'), ordinal, {Columns}
        from (
          select r.*, row_number() over (partition by town, day order by position)
            + (select coalesce(max(b.ordinal), 0) from board_cases_v1 b where b.town = r.town and b.day = r.day) as ordinal
          from {Rows}) n
        on conflict (id) do nothing
        """;

    private const string UpdateRows =
        $"""
        update board_cases_v1 t set
          version = r.version, stage = r.stage, sector = r.sector, area = r.area, unit = r.unit, level = r.level, open = r.open,
          late_at = r.late_at, filed_at = r.filed_at, escalated_at = r.escalated_at, closed_at = r.closed_at, summary = r.summary, urgency = r.urgency, transfer_to = r.transfer_to,
          on_agenda = r.on_agenda, listed = r.listed, under_review = r.under_review
        from {Rows} where t.id = r.id and t.version < r.version
        """;

    private static async Task<Dictionary<string, CaseSummary>> LoadAsync(NpgsqlTransaction transaction, string[] ids, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select summary from board_cases_v1 where id = any($1)", transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new Dictionary<string, CaseSummary>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            var summary = Parse(reader.GetString(0));
            rows.Add(summary.Id, summary);
        }

        return rows;
    }

    internal static CaseSummary Parse(string json) => JsonSerializer.Deserialize<CaseSummary>(json, DomainJson.Options)!;

    private NpgsqlBatchCommand Command(string sql, List<CaseSummary> rows)
    {
        var command = new NpgsqlBatchCommand(sql);
        Text(row => row.Id);
        // The number belongs to the town that it was reported in, wherever the case went.
        Text(row => (row.FirstArea ?? row.Area).At(AreaLevel.Town)!.Value.Value);
        // By the zone that the district had then, so that a number stays what it was.
        Add(row => LocalDay.Of(row.ReportedAt, organization.AsOf(row.Position).TimeZone), NpgsqlDbType.Date);
        Add(row => row.Position, NpgsqlDbType.Bigint);
        Add(row => row.Version, NpgsqlDbType.Bigint);
        Text(row => Names.Of(row.Stage));
        Text(row => Names.Of(row.Sector));
        Text(row => row.Area.Value);
        Text(row => row.Unit?.ToString());
        Text(row => row.ReportedBy);
        Text(row => Names.Of(row.ReportedRole));
        Text(row => row.Level is { } level ? Names.Of(level) : null);
        Add(row => row.IsOpen, NpgsqlDbType.Boolean);
        Instant(row => row.LateAt);
        Instant(row => row.ReportedAt);
        Instant(row => row.FiledAt);
        Instant(row => row.EscalatedAt);
        Instant(row => row.ClosedAt);
        Add(row => JsonSerializer.Serialize(row, DomainJson.Options), NpgsqlDbType.Jsonb);
        Text(row => Names.Of(row.Urgency));
        Text(row => row.Meeting);
        Text(row => row.TransferTo?.Value);
        Add(row => row.OnAgenda, NpgsqlDbType.Boolean);
        Add(row => row.Listed, NpgsqlDbType.Boolean);
        Add(row => row.UnderReview, NpgsqlDbType.Boolean);
        Text(row => row.Spot);
        return command;

        void Add<T>(Func<CaseSummary, T> value, NpgsqlDbType type) =>
            command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type });
        void Text(Func<CaseSummary, string?> value) => Add(value, NpgsqlDbType.Text);
        void Instant(Func<CaseSummary, DateTimeOffset?> value) => Add(row => value(row)?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
    }
}
