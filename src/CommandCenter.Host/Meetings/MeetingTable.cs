using System.Text.Json;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Meetings;

/// <summary>
/// The read tables behind lists of meetings: one row a meeting with its account and how each line's case stands, and one for every case that a line follows, by which a case's
/// events find their meetings.
/// </summary>
public sealed class MeetingTable(StreamCommands streams) : IProjection
{
    public const string TableName = TableNames.Meetings;

    public string Name => TableName;

    public async Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            do $install$ begin
              -- Looked for first: a user who may create nothing can still start on tables that are there.
              if to_regclass(format('%I.board_meetings_v1', current_schema())) is null then
                create table board_meetings_v1 (
                  id           varchar primary key,
                  position     bigint not null,
                  version      bigint not null,
                  area         varchar collate "C" not null,
                  tier         varchar not null,
                  form         varchar not null,
                  stage        varchar not null,
                  open         boolean not null,
                  lines        integer not null,
                  feedback_due integer not null,
                  has_news     boolean not null,
                  starts_at    timestamptz,
                  held_at      timestamptz,
                  summary      jsonb not null
                );
                create unique index board_meetings_v1_position on board_meetings_v1 (position);
                create index board_meetings_v1_area on board_meetings_v1 (area, position desc);
                create index board_meetings_v1_due on board_meetings_v1 (position desc) where feedback_due > 0;
                create index board_meetings_v1_news on board_meetings_v1 (position) where has_news;

                create table board_meeting_cases_v1 (
                  case_id varchar not null,
                  meeting varchar not null,
                  primary key (case_id, meeting)
                );
              end if;
            end $install$
            """,
            connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("delete from board_meetings_v1; delete from board_meeting_cases_v1", transaction.Connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        var meetings = events.Where(e => e.Stream.Category == "meeting").Select(e => e.Stream.Id).ToHashSet(StringComparer.Ordinal);
        var cases = events.Where(e => e.Stream.Category == "case").Select(e => e.Stream.Id).ToHashSet(StringComparer.Ordinal);
        if (meetings.Count == 0 && cases.Count == 0)
            return;

        var rows = await LoadAsync(transaction, [.. meetings], [.. cases], cancellation);
        var followers = rows.Values.SelectMany(row => row.Cases.Select(caseId => (caseId, row.Id))).ToHashSet();
        var before = followers.Count;
        var changed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var stored in events)
        {
            switch (stored.Stream.Category)
            {
                case "meeting":
                    Set(MeetingSummary.Apply(rows.GetValueOrDefault(stored.Stream.Id), stored.Stream.Id, stored.StreamVersion, stored.Position.Position, streams.FactOf<MeetingEvent>(stored)));
                    break;
                case "case":
                    foreach (var id in rows.Keys.Where(id => followers.Contains((stored.Stream.Id, id))).ToList())
                        Set(rows[id].AfterCase(stored.Stream.Id, streams.FactOf<CaseEvent>(stored).Event, stored.Position.Position));
                    break;
            }
        }

        if (changed.Count == 0)
            return;
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(Upsert([.. changed.Select(id => rows[id])]));
        if (followers.Count > before)
            batch.BatchCommands.Add(Follow([.. followers.Where(pair => changed.Contains(pair.Id))]));
        await batch.ExecuteNonQueryAsync(cancellation);

        void Set(MeetingSummary row)
        {
            rows[row.Id] = row;
            changed.Add(row.Id);
            foreach (var caseId in row.Cases)
                followers.Add((caseId, row.Id));
        }
    }

    // A stream's newest event of the range asks for a row that knows it.
    public Task<Recount> RecountAsync(NpgsqlConnection connection, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation) =>
        Recounts.AskAsync(
            connection,
            """
            select count(*), count(m.id), min(asked.stream_id) filter (where m.id is null)
            from (select stream_id, max(version) as version from mt_events where seq_id > $1 and seq_id <= $2 and stream_id like 'meeting:%' and not stream_id = any($3) group by stream_id) asked
            left join board_meetings_v1 m on m.id = substr(asked.stream_id, 9) and m.version >= asked.version
            """,
            afterPosition, toPosition, parked, cancellation);

    internal static MeetingSummary Parse(string json) => JsonSerializer.Deserialize<MeetingSummary>(json, DomainJson.Options)!;

    private static async Task<Dictionary<string, MeetingSummary>> LoadAsync(NpgsqlTransaction transaction, string[] meetings, string[] cases, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select summary from board_meetings_v1 where id = any($1 || array(select meeting from board_meeting_cases_v1 where case_id = any($2)))", transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = meetings, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = cases, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new Dictionary<string, MeetingSummary>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            var row = Parse(reader.GetString(0));
            rows.Add(row.Id, row);
        }

        return rows;
    }

    private static NpgsqlBatchCommand Upsert(List<MeetingSummary> rows)
    {
        var command = new NpgsqlBatchCommand(
            """
            insert into board_meetings_v1 (id, position, version, area, tier, form, stage, open, lines, feedback_due, has_news, starts_at, held_at, summary)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            on conflict (id) do update set
              version = excluded.version, form = excluded.form, stage = excluded.stage, open = excluded.open, lines = excluded.lines, feedback_due = excluded.feedback_due,
              has_news = excluded.has_news, held_at = excluded.held_at, summary = excluded.summary
            """);
        Add(row => row.Id, NpgsqlDbType.Text);
        Add(row => row.Position, NpgsqlDbType.Bigint);
        Add(row => row.Version, NpgsqlDbType.Bigint);
        Add(row => row.File.Setup.Area.Value, NpgsqlDbType.Text);
        Add(row => Names.Of(row.File.Setup.Tier), NpgsqlDbType.Text);
        Add(row => Names.Of(row.File.Setup.Form), NpgsqlDbType.Text);
        Add(row => Names.Of(row.Stage), NpgsqlDbType.Text);
        Add(row => row.Stage is not (MeetingStage.StruckOff or MeetingStage.Cancelled), NpgsqlDbType.Boolean);
        Add(row => row.File.Lines.Count, NpgsqlDbType.Integer);
        Add(row => row.File.Lines.Values.Count(line => line.IsFeedbackDue), NpgsqlDbType.Integer);
        Add(row => row.News.Count > 0, NpgsqlDbType.Boolean);
        Add(row => row.File.StartsAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(row => row.File.HeldAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(row => JsonSerializer.Serialize(row, DomainJson.Options), NpgsqlDbType.Jsonb);
        return command;

        void Add<T>(Func<MeetingSummary, T> value, NpgsqlDbType type) =>
            command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    private static NpgsqlBatchCommand Follow(List<(string Case, string Meeting)> pairs)
    {
        var command = new NpgsqlBatchCommand("insert into board_meeting_cases_v1 (case_id, meeting) select * from unnest($1, $2) on conflict do nothing");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. pairs.Select(pair => pair.Case)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. pairs.Select(pair => pair.Meeting)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        return command;
    }
}
