using System.Globalization;
using System.Text;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Statistics;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Statistics;

/// <summary>What is asked of the tables: instants of a period and the places in it.</summary>
/// <param name="End">Exclusive.</param>
/// <param name="Instant">What is late and open is so at this instant: the end, or now where that is still to come.</param>
internal sealed record Asked(AreaCode Scope, DateTimeOffset Begin, DateTimeOffset End, DateTimeOffset Instant, Sector? Sector);

/// <summary>Asks the tables for counts, and for what was counted.</summary>
internal sealed class StatisticsQuery(NpgsqlDataSource database)
{
    private static readonly Figure[] OfFacts = [.. Figures.All.Where(figure => figure is { Kind: FigureKind.Count, Facts: not null })];
    private static readonly FactKind[] Taking = [.. Figures.All.Where(figure => figure.Kind == FigureKind.Mean).Select(figure => figure.Facts![0].Kind)];

    private static readonly string FactColumns = string.Join(
        ", ",
        [
            .. OfFacts.Select(figure => $"count(*) filter (where {Condition(figure.Facts!)})"),
            .. Taking.SelectMany(kind => new[]
            {
                $"count(seconds) filter (where kind = '{Names.Of(kind)}')",
                $"avg(seconds) filter (where kind = '{Names.Of(kind)}')",
                $"percentile_cont(0.9) within group (order by seconds) filter (where kind = '{Names.Of(kind)}')",
            }),
        ]);

    /// <summary>Counts of each group that has any; with no grouping, of the whole under the key "".</summary>
    public async Task<Dictionary<string, Tabulated>> CountAsync(Asked asked, Grouping? by, CancellationToken cancellation)
    {
        var key = by is { } grouping ? Groupings.Key(grouping, asked.Scope) : "''";
        var counts = new Dictionary<string, Dictionary<string, long>>(StringComparer.Ordinal);
        var times = new Dictionary<string, Dictionary<FactKind, Taken>>(StringComparer.Ordinal);
        await using (var command = database.CreateCommand())
        {
            command.CommandText = $"select {key}, {FactColumns} from statistics_facts_v1 where {Facts(command, asked)} and {key} is not null group by 1";
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var group = reader.GetString(0);
                counts[group] = OfFacts.Select((figure, n) => (figure.Code, Count: reader.GetInt64(n + 1))).ToDictionary(pair => pair.Code, pair => pair.Count);
                times[group] = Taking.Select((kind, n) => (kind, At: OfFacts.Length + 1 + (n * 3))).ToDictionary(
                    pair => pair.kind, pair => new Taken(reader.GetInt64(pair.At), Number(reader, pair.At + 1), reader.IsDBNull(pair.At + 2) ? null : (decimal)reader.GetDouble(pair.At + 2)));
            }
        }

        await using (var command = database.CreateCommand())
        {
            command.CommandText =
                $"""
                select {key}, count(*) filter (where clock = 'handle'), count(distinct case_id)
                from ({Open(command, asked)}) r where {key} is not null group by 1
                """;
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var group = counts.TryGetValue(reader.GetString(0), out var there) ? there : counts[reader.GetString(0)] = new(StringComparer.Ordinal);
                foreach (var figure in Figures.All)
                    if (figure.Open is { } open)
                        group[figure.Code] = reader.GetInt64(open == OpenLate.Handling ? 1 : 2);
            }
        }

        return counts.ToDictionary(group => group.Key, group => new Tabulated(group.Value, times.GetValueOrDefault(group.Key) ?? []), StringComparer.Ordinal);
    }

    /// <summary>What a figure counted, the newest case first: each as often as it was counted.</summary>
    /// <param name="figure">A count; not a sum.</param>
    /// <param name="after">The last key of the page before.</param>
    public async Task<List<CountedItem>> ItemsAsync(Asked asked, Figure figure, Grouping? by, string? group, string? after, int limit, CancellationToken cancellation)
    {
        var key = by is { } grouping ? Groupings.Key(grouping, asked.Scope) : null;
        await using var command = database.CreateCommand();
        var inner = figure.Open is { } open
            ? $"""
              select r.case_id as case_id, max(r.due_at) as at, null::bigint as seconds, null::integer as value, true as late, r.case_id || {(open == OpenLate.Handling ? "'/' || r.round" : "''")} as item
              from ({Open(command, asked)}) r where {(open == OpenLate.Handling ? "clock = 'handle'" : "true")} {OfGroup()}
              group by r.case_id{(open == OpenLate.Handling ? ", r.round" : "")}
              """
            : $"""
              select case_id, at, seconds, value, late, case_id || '/' || version || '/' || kind as item
              from statistics_facts_v1 where {Facts(command, asked)} and {Condition(figure.Facts!)} {OfGroup()}
              """;
        command.CommandText =
            $"""
            select i.item, i.case_id, i.at, i.seconds, i.value, i.late from ({inner}) i
            {(after is null ? "" : $"where i.item < {Add(command, after, NpgsqlDbType.Text)} collate \"C\"")} order by i.item collate "C" desc limit {limit.ToString(CultureInfo.InvariantCulture)}
            """;
        var items = new List<CountedItem>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            items.Add(new CountedItem(
                reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.IsDBNull(3) ? null : reader.GetInt64(3), reader.IsDBNull(4) ? null : reader.GetInt32(4), reader.GetBoolean(5)));
        return items;

        string OfGroup() => key is null ? "" : $"and {key} = {Add(command, group!, NpgsqlDbType.Text)}";
    }

    private static string Facts(NpgsqlCommand command, Asked asked) =>
        $"at >= {Add(command, asked.Begin, NpgsqlDbType.TimestampTz)} and at < {Add(command, asked.End, NpgsqlDbType.TimestampTz)} and {Places(command, asked)}";

    // Late from the due instant on; what ended before its limit was never late, so only the two small indexes are walked.
    private static string Open(NpgsqlCommand command, Asked asked)
    {
        var instant = Add(command, asked.Instant, NpgsqlDbType.TimestampTz);
        var places = Places(command, asked);
        return $"select * from statistics_runs_v1 where ended_at is null and due_at <= {instant} and {places} union all select * from statistics_runs_v1 where ended_at >= due_at and ended_at > {instant} and due_at <= {instant} and {places}";
    }

    // A range on the "C" collation: every code that begins with the scope's.
    private static string Places(NpgsqlCommand command, Asked asked)
    {
        var sql = new StringBuilder($"area >= {Add(command, asked.Scope.Value, NpgsqlDbType.Text)} and area < {Add(command, asked.Scope.Value + ":", NpgsqlDbType.Text)}");
        if (asked.Sector is { } sector)
            sql.Append($" and sector = {Add(command, Names.Of(sector), NpgsqlDbType.Text)}");
        return sql.ToString();
    }

    // Of the catalogue of figures alone: nothing of a request gets in here.
    private static string Condition(IReadOnlyList<FactFilter> facts) => string.Join(" or ", facts.Select(filter =>
    {
        var parts = new List<string> { $"kind = '{Names.Of(filter.Kind)}'" };
        if (filter.Late is { } late)
            parts.Add(late ? "late" : "not late");
        if (filter.Local is { } local)
            parts.Add(local ? "local" : "not local");
        if (filter.Exempt is { } exempt)
            parts.Add(exempt ? "exempt" : "not exempt");
        if (filter.AtLeast is { } least)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"value >= {least}"));
        if (filter.AtMost is { } most)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"value <= {most}"));
        return $"({string.Join(" and ", parts)})";
    })) is var either && facts.Count > 1 ? $"({either})" : either;

    private static decimal? Number(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDecimal(column);

    private static string Add(NpgsqlCommand command, object value, NpgsqlDbType type)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
        return string.Create(CultureInfo.InvariantCulture, $"${command.Parameters.Count}");
    }
}

/// <summary>Something that a figure counted.</summary>
/// <param name="Item">Its key, by which pages go on.</param>
internal sealed record CountedItem(string Item, string Case, DateTimeOffset At, long? Seconds, int? Value, bool Late);
