using CommandCenter.Domain.Inbox;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Inbox;

/// <summary>The read tables behind inboxes: one row a notice, its id that of the event that sent it, and one row a message to a channel.</summary>
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
              if to_regclass(format('%I.inbox_notices_v2', current_schema())) is null then
                create table inbox_notices_v2 (
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
                  urgency  varchar,
                  read_by  timestamptz,
                  from_person varchar,
                  from_reason varchar,
                  from_step   varchar,
                  sent_at  timestamptz not null,
                  read_at  timestamptz,
                  read_position bigint,
                  -- What became of it otherwise: passed_on, lapsed, at_desk.
                  ended    varchar,
                  ended_at timestamptz,
                  ended_position bigint,
                  passed_to     varchar[],
                  passed_reason varchar,
                  passed_step   varchar
                );
                create index inbox_notices_v2_person on inbox_notices_v2 (person, position desc);
                create index inbox_notices_v2_unread on inbox_notices_v2 (person, position desc) where read_at is null;
                create index inbox_notices_v2_subject on inbox_notices_v2 (subject, position);
              end if;
              if to_regclass(format('%I.inbox_messages_v2', current_schema())) is null then
                create table inbox_messages_v2 (
                  person       varchar not null,
                  delivery     int not null,
                  position     bigint not null,
                  channel      varchar not null,
                  notices      uuid[] not null,
                  queued_at    timestamptz not null,
                  delivered_at timestamptz,
                  failed_at    timestamptz,
                  failure      varchar,
                  primary key (person, delivery)
                );
                create index inbox_messages_v2_notices on inbox_messages_v2 using gin (notices);
              end if;
            end $install$
            """,
            connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("delete from inbox_notices_v2; delete from inbox_messages_v2", transaction.Connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        var sent = new List<(StoredEvent Stored, NoticeSent Event)>();
        // Whoever reads a notice twice has read it the first time, and so with all that ends something.
        var read = new Dictionary<Guid, StoredEvent>();
        var ended = new Dictionary<Guid, (StoredEvent Stored, NoticeStanding Standing, NoticePassedOn? Passed)>();
        var queued = new List<(StoredEvent Stored, NoticeQueued Event)>();
        var settled = new List<(StoredEvent Stored, int Delivery, string? Failure)>();
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
                case NoticePassedOn notice:
                    ended.TryAdd(notice.Notice, (stored, NoticeStanding.PassedOn, notice));
                    break;
                case NoticeLapsed notice:
                    ended.TryAdd(notice.Notice, (stored, NoticeStanding.Lapsed, null));
                    break;
                case NoticeKept notice:
                    ended.TryAdd(notice.Notice, (stored, NoticeStanding.AtDesk, null));
                    break;
                case NoticeQueued message:
                    queued.Add((stored, message));
                    break;
                case NoticeDelivered message:
                    settled.Add((stored, message.Delivery, null));
                    break;
                case NoticeFailed message:
                    settled.Add((stored, message.Delivery, message.Reason));
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
        if (ended.Count > 0)
            batch.BatchCommands.Add(MarkEnded([.. ended]));
        if (queued.Count > 0)
            batch.BatchCommands.Add(InsertMessages(queued));
        // One after the other, because what failed may be delivered afterwards.
        foreach (var (stored, delivery, failure) in settled)
            batch.BatchCommands.Add(Settle(stored, delivery, failure));
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellation);
    }

    public Task<Recount> RecountAsync(NpgsqlConnection connection, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation) =>
        Recounts.AskAsync(
            connection,
            """
            with asked as (
              select seq_id, type, stream_id, id, data, timestamp from mt_events
              where seq_id > $1 and seq_id <= $2 and not stream_id = any($3)
                and type in ('notice_sent', 'notice_read', 'notice_passed_on', 'notice_lapsed', 'notice_kept', 'notice_queued', 'notice_delivered', 'notice_failed')),
            found as (
              select e.seq_id, case
                when e.type = 'notice_sent' then exists (select from inbox_notices_v2 n where n.id = e.id)
                when e.type = 'notice_read' then exists (select from inbox_notices_v2 n where n.id = (e.data->>'notice')::uuid and n.read_position <= e.seq_id)
                when e.type = 'notice_queued' then exists (select from inbox_messages_v2 m where m.person = substr(e.stream_id, 7) and m.delivery = (e.data->>'delivery')::int)
                when e.type = 'notice_delivered' then exists (select from inbox_messages_v2 m where m.person = substr(e.stream_id, 7) and m.delivery = (e.data->>'delivery')::int and m.delivered_at <= e.timestamp)
                when e.type = 'notice_failed' then exists (select from inbox_messages_v2 m where m.person = substr(e.stream_id, 7) and m.delivery = (e.data->>'delivery')::int and m.failed_at >= e.timestamp)
                else exists (select from inbox_notices_v2 n where n.id = (e.data->>'notice')::uuid and n.ended_position <= e.seq_id) end as there
              from asked e)
            select count(*), count(*) filter (where there), 'position ' || min(seq_id) filter (where not there) from found
            """,
            afterPosition, toPosition, parked, cancellation);

    private static NpgsqlBatchCommand Insert(List<(StoredEvent Stored, NoticeSent Event)> sent)
    {
        var command = new NpgsqlBatchCommand(
            """
            insert into inbox_notices_v2 (id, position, person, kind, subject, role, reason, clock, level, due_at, sent_at, urgency, read_by, from_person, from_reason, from_step)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) on conflict (id) do nothing
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
        Add(command, sent, row => row.Event.Urgency is { } urgency ? Names.Of(urgency) : null, NpgsqlDbType.Text);
        Add(command, sent, row => row.Event.ReadBy?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, sent, row => row.Event.From?.Person, NpgsqlDbType.Text);
        Add(command, sent, row => row.Event.From is { } from ? Names.Of(from.Reason) : null, NpgsqlDbType.Text);
        Add(command, sent, row => row.Event.From is { } from ? Names.Of(from.Step) : null, NpgsqlDbType.Text);
        return command;
    }

    private static NpgsqlBatchCommand MarkRead(List<KeyValuePair<Guid, StoredEvent>> read)
    {
        var command = new NpgsqlBatchCommand(
            """
            update inbox_notices_v2 n set read_at = r.at, read_position = r.position
            from unnest($1, $2, $3, $4) as r (id, at, person, position) where n.id = r.id and n.person = r.person and n.read_at is null
            """);
        Add(command, read, row => row.Key, NpgsqlDbType.Uuid);
        Add(command, read, row => row.Value.RecordedAt.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, read, row => row.Value.Stream.Id, NpgsqlDbType.Text);
        Add(command, read, row => row.Value.Position.Position, NpgsqlDbType.Bigint);
        return command;
    }

    private static NpgsqlBatchCommand MarkEnded(List<KeyValuePair<Guid, (StoredEvent Stored, NoticeStanding Standing, NoticePassedOn? Passed)>> ended)
    {
        // Lists of people are of different lengths, which an array of arrays cannot be: joined, and taken apart again.
        var command = new NpgsqlBatchCommand(
            """
            update inbox_notices_v2 n set ended = r.ended, ended_at = r.at, ended_position = r.position, passed_to = string_to_array(r.passed_to, ','), passed_reason = r.reason, passed_step = r.step
            from unnest($1, $2, $3, $4, $5, $6, $7, $8) as r (id, at, person, position, ended, passed_to, reason, step) where n.id = r.id and n.person = r.person and n.ended is null
            """);
        Add(command, ended, row => row.Key, NpgsqlDbType.Uuid);
        Add(command, ended, row => row.Value.Stored.RecordedAt.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, ended, row => row.Value.Stored.Stream.Id, NpgsqlDbType.Text);
        Add(command, ended, row => row.Value.Stored.Position.Position, NpgsqlDbType.Bigint);
        Add(command, ended, row => Names.Of(row.Value.Standing), NpgsqlDbType.Text);
        Add(command, ended, row => row.Value.Passed is { } passed ? string.Join(',', passed.To.Select(to => to.Person)) : null, NpgsqlDbType.Text);
        Add(command, ended, row => row.Value.Passed is { } passed ? Names.Of(passed.Reason) : null, NpgsqlDbType.Text);
        Add(command, ended, row => row.Value.Passed is { } passed ? Names.Of(passed.Step) : null, NpgsqlDbType.Text);
        return command;
    }

    private static NpgsqlBatchCommand InsertMessages(List<(StoredEvent Stored, NoticeQueued Event)> queued)
    {
        var command = new NpgsqlBatchCommand(
            """
            insert into inbox_messages_v2 (person, delivery, position, channel, queued_at, notices)
            select person, delivery, position, channel, queued_at, string_to_array(notices, ',')::uuid[] from unnest($1, $2, $3, $4, $5, $6) as m (person, delivery, position, channel, queued_at, notices)
            on conflict (person, delivery) do nothing
            """);
        Add(command, queued, row => row.Stored.Stream.Id, NpgsqlDbType.Text);
        Add(command, queued, row => row.Event.Delivery, NpgsqlDbType.Integer);
        Add(command, queued, row => row.Stored.Position.Position, NpgsqlDbType.Bigint);
        Add(command, queued, row => row.Event.Channel, NpgsqlDbType.Text);
        Add(command, queued, row => row.Stored.RecordedAt.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(command, queued, row => string.Join(',', row.Event.Notices), NpgsqlDbType.Text);
        return command;
    }

    private static NpgsqlBatchCommand Settle(StoredEvent stored, int delivery, string? failure)
    {
        var command = new NpgsqlBatchCommand(failure is null
            ? "update inbox_messages_v2 set delivered_at = coalesce(delivered_at, $3) where person = $1 and delivery = $2"
            : "update inbox_messages_v2 set failed_at = $3, failure = $4 where person = $1 and delivery = $2 and (failed_at is null or failed_at < $3)");
        command.Parameters.Add(new() { Value = stored.Stream.Id });
        command.Parameters.Add(new() { Value = delivery });
        command.Parameters.Add(new() { Value = stored.RecordedAt.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        if (failure is not null)
            command.Parameters.Add(new() { Value = failure });
        return command;
    }

    private static void Add<TRow, T>(NpgsqlBatchCommand command, List<TRow> rows, Func<TRow, T> value, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type });
}
