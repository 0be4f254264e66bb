using CommandCenter.Domain.Inbox;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Inbox;

/// <summary>The read table behind inboxes: one row a notice, its id that of the event that sent it.</summary>
public sealed class InboxTable(CaseStreams streams) : IProjection
{
    public const string TableName = "inbox_notices_v1";

    public string Name => TableName;

    public async Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            do $install$ begin
              -- Looked for first: a user who may create nothing can still start on tables that are there.
              if to_regclass('inbox_notices_v1') is null then
                create table inbox_notices_v1 (
                  id       uuid primary key,
                  position bigint not null,
                  person   varchar not null,
                  kind     varchar not null,
                  case_id  varchar not null,
                  role     varchar not null,
                  reason   varchar not null,
                  clock    varchar,
                  level    varchar,
                  due_at   timestamptz,
                  sent_at  timestamptz not null,
                  read_at  timestamptz,
                  read_position bigint
                );
                create index inbox_notices_v1_person on inbox_notices_v1 (person, position desc);
                create index inbox_notices_v1_unread on inbox_notices_v1 (person, position desc) where read_at is null;
              end if;
            end $install$
            """,
            connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("delete from inbox_notices_v1", transaction.Connection, transaction);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var stored in events.Where(e => e.Stream.Category == "inbox"))
            batch.BatchCommands.Add(Change(stored, streams.FactOf<InboxEvent>(stored).Event));
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlBatchCommand Change(StoredEvent stored, InboxEvent happened)
    {
        switch (happened)
        {
            case NoticeSent sent:
                var insert = new NpgsqlBatchCommand(
                    """
                    insert into inbox_notices_v1 (id, position, person, kind, case_id, role, reason, clock, level, due_at, sent_at)
                    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing
                    """);
                insert.Parameters.Add(new() { Value = stored.Id });
                insert.Parameters.Add(new() { Value = stored.Position.Position });
                insert.Parameters.Add(new() { Value = stored.Stream.Id });
                insert.Parameters.Add(new() { Value = Names.Of(sent.Kind) });
                insert.Parameters.Add(new() { Value = sent.Case });
                insert.Parameters.Add(new() { Value = Names.Of(sent.Role) });
                insert.Parameters.Add(new() { Value = Names.Of(sent.Reason) });
                insert.Parameters.Add(new() { Value = (object?)(sent.Clock is { } clock ? Names.Of(clock) : null) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
                insert.Parameters.Add(new() { Value = (object?)(sent.Level is { } level ? Names.Of(level) : null) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
                insert.Parameters.Add(new() { Value = (object?)sent.DueAt?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
                insert.Parameters.Add(new() { Value = stored.RecordedAt.ToUniversalTime() });
                return insert;
            case NoticeRead read:
                var update = new NpgsqlBatchCommand("update inbox_notices_v1 set read_at = $2, read_position = $4 where id = $1 and person = $3 and read_at is null");
                update.Parameters.Add(new() { Value = read.Notice });
                update.Parameters.Add(new() { Value = stored.RecordedAt.ToUniversalTime() });
                update.Parameters.Add(new() { Value = stored.Stream.Id });
                update.Parameters.Add(new() { Value = stored.Position.Position });
                return update;
            default:
                throw new InvalidOperationException($"{happened.GetType().Name} is not known to the inbox.");
        }
    }
}
