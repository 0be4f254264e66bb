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
public sealed class CaseTable(CaseStreams streams, OrganizationDirectory organization) : IProjection
{
    public const string TableName = "board_cases_v1";

    public string Name => TableName;

    public async Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            create table if not exists board_cases_v1 (
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
              post          varchar,
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
              summary       jsonb not null
            );
            create unique index if not exists board_cases_v1_number on board_cases_v1 (town, day, ordinal);
            create unique index if not exists board_cases_v1_position on board_cases_v1 (position);
            create index if not exists board_cases_v1_area on board_cases_v1 (area, position desc);
            create index if not exists board_cases_v1_open on board_cases_v1 (stage, position desc) where open;
            create index if not exists board_cases_v1_late on board_cases_v1 (late_at) where late_at is not null;
            create index if not exists board_cases_v1_due on board_cases_v1 (late_at, position desc) where open;
            create index if not exists board_cases_v1_closed on board_cases_v1 (closed_at) where closed_at is not null;
            create index if not exists board_cases_v1_escalated on board_cases_v1 (escalated_at) where escalated_at is not null;
            create index if not exists board_cases_v1_filed on board_cases_v1 (filed_at) where filed_at is not null;
            create index if not exists board_cases_v1_reported on board_cases_v1 (reported_at);
            create index if not exists board_cases_v1_urgency on board_cases_v1 (urgency, position desc) where urgency <> 'normal';
            create index if not exists board_cases_v1_reporter on board_cases_v1 (reported_by, position desc);
            """,
            connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("truncate board_cases_v1", transaction.Connection, transaction);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        var ofCases = events.Where(e => e.Stream.Category == "case").ToList();
        if (ofCases.Count == 0)
            return;

        var rows = await LoadAsync(transaction, [.. ofCases.Select(e => e.Stream.Id).Distinct(StringComparer.Ordinal)], cancellation);
        foreach (var stored in ofCases)
        {
            var id = stored.Stream.Id;
            var summary = CaseSummary.Apply(
                rows.GetValueOrDefault(id), id, stored.StreamVersion, stored.Position.Position, streams.FactOf<CaseEvent>(stored), SectorOf);
            rows[id] = summary;
        }

        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var summary in rows.Values.OrderBy(row => row.Position))
            batch.BatchCommands.Add(Upsert(summary));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private Sector? SectorOf(string category) => organization.FindCategory(category)?.Sector;

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

    private NpgsqlBatchCommand Upsert(CaseSummary row)
    {
        var day = LocalDay.Of(row.ReportedAt, organization.TimeZone);
        var command = new NpgsqlBatchCommand(
            """
            insert into board_cases_v1 as t
              (id, number, town, day, ordinal, position, version, stage, sector, area, post, reported_by, reported_role, level, open,
               late_at, reported_at, filed_at, escalated_at, closed_at, summary, urgency)
            select $1, to_char($3::date, 'YYYYMMDD') || '-' || lpad(n.next::text, greatest(4, length(n.next::text)), '0'), $2, $3, n.next, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
                   $14, $15, $16, $17, $18, $19, $20
            from (select coalesce(max(ordinal), 0) + 1 as next from board_cases_v1 where town = $2 and day = $3) n
            on conflict (id) do update set
              version = excluded.version, stage = excluded.stage, sector = excluded.sector, post = excluded.post, level = excluded.level, open = excluded.open,
              late_at = excluded.late_at, filed_at = excluded.filed_at, escalated_at = excluded.escalated_at, closed_at = excluded.closed_at, summary = excluded.summary, urgency = excluded.urgency
            where t.version < excluded.version
            """);
        var p = command.Parameters;
        p.Add(Text(row.Id));
        p.Add(Text(row.Town.Value));
        p.Add(new() { Value = day, NpgsqlDbType = NpgsqlDbType.Date });
        p.Add(new() { Value = row.Position, NpgsqlDbType = NpgsqlDbType.Bigint });
        p.Add(new() { Value = row.Version, NpgsqlDbType = NpgsqlDbType.Bigint });
        p.Add(Text(Names.Of(row.Stage)));
        p.Add(Text(Names.Of(row.Sector)));
        p.Add(Text(row.Area.Value));
        p.Add(Text(row.Post));
        p.Add(Text(row.ReportedBy));
        p.Add(Text(Names.Of(row.ReportedRole)));
        p.Add(Text(row.Level is { } level ? Names.Of(level) : null));
        p.Add(new() { Value = row.IsOpen, NpgsqlDbType = NpgsqlDbType.Boolean });
        p.Add(Instant(row.LateAt));
        p.Add(Instant(row.ReportedAt));
        p.Add(Instant(row.FiledAt));
        p.Add(Instant(row.EscalatedAt));
        p.Add(Instant(row.ClosedAt));
        p.Add(new() { Value = JsonSerializer.Serialize(row, DomainJson.Options), NpgsqlDbType = NpgsqlDbType.Jsonb });
        p.Add(Text(Names.Of(row.Urgency)));
        return command;
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Instant(DateTimeOffset? value) => new() { Value = (object?)value?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
