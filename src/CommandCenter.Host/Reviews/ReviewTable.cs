using System.Text.Json;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Reviews;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Reviews;

/// <summary>A stay or a review as its read table keeps it.</summary>
/// <param name="Version">Of the stream; an event at or below it changes nothing.</param>
public sealed record ReviewRow<TState>(string Id, long Position, long Version, TState State);

/// <summary>The read tables behind lists of stays on the spot and of review meetings: one row each.</summary>
public sealed class ReviewTable(StreamCommands streams) : IProjection
{
    public const string TableName = TableNames.Reviews;

    public string Name => TableName;

    public async Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            do $install$ begin
              -- Looked for first: a user who may create nothing can still start on tables that are there.
              if to_regclass(format('%I.board_reviews_v1', current_schema())) is null then
                create table board_reviews_v1 (
                  id       varchar primary key,
                  position bigint not null,
                  version  bigint not null,
                  scope    varchar collate "C" not null,
                  stage    varchar not null,
                  summary  jsonb not null
                );
                create index board_reviews_v1_scope on board_reviews_v1 (scope, position desc);

                create table board_guidances_v1 (
                  id       varchar primary key,
                  position bigint not null,
                  version  bigint not null,
                  place    varchar collate "C" not null,
                  case_id  varchar,
                  stage    varchar not null,
                  summary  jsonb not null
                );
                create index board_guidances_v1_place on board_guidances_v1 (place, position desc);
                create index board_guidances_v1_case on board_guidances_v1 (case_id) where case_id is not null;
              end if;
            end $install$
            """,
            connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("delete from board_reviews_v1; delete from board_guidances_v1", transaction.Connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        if (await FoldAsync<Review, ReviewEvent>(transaction, events, "review", "board_reviews_v1", Review.Apply, cancellation) is { Count: > 0 } reviews)
        {
            batch.BatchCommands.Add(Upsert(
                "board_reviews_v1", "scope, stage", "stage = excluded.stage", reviews,
                (command, rows) => (Add(command, rows, row => row.State.Prepared.Scope.Value), Add(command, rows, row => Names.Of(row.State.Stage)))));
        }

        if (await FoldAsync<Guidance, GuidanceEvent>(transaction, events, "guidance", "board_guidances_v1", Guidance.Apply, cancellation) is { Count: > 0 } stays)
        {
            batch.BatchCommands.Add(Upsert(
                "board_guidances_v1", "place, case_id, stage", "place = excluded.place, stage = excluded.stage", stays,
                (command, rows) => (Add(command, rows, row => row.State.Place.Value), Add(command, rows, row => row.State.Case), Add(command, rows, row => Names.Of(row.State.Stage)))));
        }

        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellation);
    }

    // A stream's newest event of the range asks for a row that knows it.
    public Task<Recount> RecountAsync(NpgsqlConnection connection, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation) =>
        Recounts.AskAsync(
            connection,
            """
            select count(*), count(found), min(asked.stream_id) filter (where found is null)
            from (
              select stream_id, max(version) as version from mt_events
              where seq_id > $1 and seq_id <= $2 and (stream_id like 'review:%' or stream_id like 'guidance:%') and not stream_id = any($3) group by stream_id) asked
            left join lateral (
              select true as found from board_reviews_v1 r where asked.stream_id like 'review:%' and r.id = substr(asked.stream_id, 8) and r.version >= asked.version
              union all
              select true from board_guidances_v1 g where asked.stream_id like 'guidance:%' and g.id = substr(asked.stream_id, 10) and g.version >= asked.version) row on true
            """,
            afterPosition, toPosition, parked, cancellation);

    internal static ReviewRow<T> Parse<T>(string json) => JsonSerializer.Deserialize<ReviewRow<T>>(json, DomainJson.Options)!;

    private async Task<List<ReviewRow<TState>>> FoldAsync<TState, TEvent>(
        NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, string category, string table, Func<TState?, Domain.Fact<TEvent>, TState?> apply, CancellationToken cancellation)
        where TState : class
        where TEvent : class
    {
        var own = events.Where(e => e.Stream.Category == category).ToList();
        if (own.Count == 0)
            return [];
        var rows = new Dictionary<string, ReviewRow<TState>>(StringComparer.Ordinal);
        await using (var command = new NpgsqlCommand($"select summary from {table} where id = any($1)", transaction.Connection, transaction))
        {
            command.Parameters.Add(new() { Value = own.Select(e => e.Stream.Id).Distinct(StringComparer.Ordinal).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var row = Parse<TState>(reader.GetString(0));
                rows.Add(row.Id, row);
            }
        }

        foreach (var stored in own)
        {
            var before = rows.GetValueOrDefault(stored.Stream.Id);
            if (stored.StreamVersion <= (before?.Version ?? 0))
                continue;
            if (stored.StreamVersion > (before?.Version ?? 0) + 1)
                throw new InvalidOperationException($"{stored.Stream} is at version {before?.Version ?? 0} and goes on with {stored.StreamVersion}: what lies between is missing.");
            rows[stored.Stream.Id] = new ReviewRow<TState>(stored.Stream.Id, before?.Position ?? stored.Position.Position, stored.StreamVersion, apply(before?.State, streams.FactOf<TEvent>(stored))!);
        }

        return [.. rows.Values];
    }

    private static NpgsqlBatchCommand Upsert<TState>(string table, string columns, string changed, List<ReviewRow<TState>> rows, Func<NpgsqlBatchCommand, List<ReviewRow<TState>>, object> add)
    {
        var count = columns.Split(',').Length;
        var command = new NpgsqlBatchCommand(
            $"""
            insert into {table} as t (id, position, version, summary, {columns}) select * from unnest($1, $2, $3, $4, {string.Join(", ", Enumerable.Range(5, count).Select(number => $"${number}"))})
            on conflict (id) do update set version = excluded.version, summary = excluded.summary, {changed} where t.version < excluded.version
            """);
        Add(command, rows, row => row.Id);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. rows.Select(row => row.Position)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. rows.Select(row => row.Version)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(row => JsonSerializer.Serialize(row, DomainJson.Options))], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
        add(command, rows);
        return command;
    }

    private static NpgsqlParameter Add<TRow>(NpgsqlBatchCommand command, List<TRow> rows, Func<TRow, string?> value)
    {
        var parameter = new NpgsqlParameter<string?[]> { TypedValue = [.. rows.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
        command.Parameters.Add(parameter);
        return parameter;
    }
}
