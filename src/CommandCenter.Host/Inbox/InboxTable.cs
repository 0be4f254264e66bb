using CommandCenter.Domain.Inbox;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Inbox;

/// <summary>The read table behind inboxes: one row a notice, its id that of the event that sent it.</summary>
public sealed class InboxTable(CaseStreams streams) : IProjection
{
    public const string TableName = TableNames.Inbox;

    public string Name => TableName;

    public async Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            do $install$ begin
              -- Looked for first: a user who may create nothing can still start on tables that are there.
              if to_regclass(format('%I.inbox_notices_v1', current_schema())) is null then
                create table inbox_notices_v1 (
                  id       uuid primary key,
                  position bigint not null,
                  person   varchar not null,
                  kind     varchar not null,
                  subject  varchar not null,
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
        await using var command = new NpgsqlCommand("delete from inbox_notices_v1", transaction.Connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        var sent = new List<(StoredEvent Stored, NoticeSent Event)>();
        // Whoever reads a notice twice has read it the first time.
        var read = new Dictionary<Guid, StoredEvent>();
        foreach (var stored in events.Where(e => e.Stream.Category == "inbox"))
        {
            switch (streams.FactOf<InboxEvent>(stored).Event)
            {
                case NoticeSent notice:
                    sent.Add((stored, notice));
                    break;
                case NoticeRead notice:
                    read.TryAdd(notice.Notice, stored);
                    break;
                case var other:
                    throw new InvalidOperationException($"{other.GetType().Name} is not known to the inbox.");
            }
        }

        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        if (sent.Count > 0)
            batch.BatchCommands.Add(Insert(sent));
        if (read.Count > 0)
            batch.BatchCommands.Add(MarkRead([.. read]));
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellation);
    }

    public Task<Recount> RecountAsync(NpgsqlConnection connection, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation) =>
        Recounts.AskAsync(
            connection,
            """
            select count(*), count(n.id), 'position ' || min(e.seq_id) filter (where n.id is null)
            from (
              select seq_id, type, case when type = 'notice_sent' then id else (data->>'notice')::uuid end as notice
              from mt_events where seq_id > $1 and seq_id <= $2 and type in ('notice_sent', 'notice_read') and not stream_id = any($3)) e
            left join inbox_notices_v1 n on n.id = e.notice and (e.type = 'notice_sent' or n.read_position <= e.seq_id)
            """,
            afterPosition, toPosition, parked, cancellation);

    private static NpgsqlBatchCommand Insert(List<(StoredEvent Stored, NoticeSent Event)> sent)
    {
        var command = new NpgsqlBatchCommand(
            """
            insert into inbox_notices_v1 (id, position, person, kind, subject, role, reason, clock, level, due_at, sent_at)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing
            """);
        Add(command, sent, row => row.Stored.Id, NpgsqlDbType.Uuid);
        Add(command, sent, row => row.Stored.Position.Position, NpgsqlDbType.Bigint);
        Add(command, sent, row => row.Stored.Stream.Id, NpgsqlDbType.Text);
        Add(command, sent, row => Names.Of(row.Event.Kind), NpgsqlDbType.Text);
        Add(command, sent, row => row.Event.Subject, NpgsqlDbType.Text);
        Add(command, sent, row => Names.Of(row.Event.Role), NpgsqlDbType.Text);
        Add(command, sent, row => Names.Of(row.Event.Reason), NpgsqlDbType.Text);
        Add(command, sent, row => row.Event.Clock is { } clock ? Names.Of(clock) : null, NpgsqlDbType.Text);
        Add(command, sent, row => row.Event.Level is { } level ? Names.Of(level) : null, NpgsqlDbType.Text);
        Add(command, sent, row => row.Event.DueAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, sent, row => row.Stored.RecordedAt.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        return command;
    }

    private static NpgsqlBatchCommand MarkRead(List<KeyValuePair<Guid, StoredEvent>> read)
    {
        var command = new NpgsqlBatchCommand(
            """
            update inbox_notices_v1 n set read_at = r.at, read_position = r.position
            from unnest($1, $2, $3, $4) as r (id, at, person, position) where n.id = r.id and n.person = r.person and n.read_at is null
            """);
        Add(command, read, row => row.Key, NpgsqlDbType.Uuid);
        Add(command, read, row => row.Value.RecordedAt.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, read, row => row.Value.Stream.Id, NpgsqlDbType.Text);
        Add(command, read, row => row.Value.Position.Position, NpgsqlDbType.Bigint);
        return command;
    }

    private static void Add<TRow, T>(NpgsqlBatchCommand command, List<TRow> rows, Func<TRow, T> value, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type });
}
