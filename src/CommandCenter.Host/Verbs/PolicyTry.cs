using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using CommandCenter.Domain;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Verbs;

/// <summary>How far a trial is.</summary>
/// <param name="Position">Of the last event that was read; it ends at <paramref name="Head"/>.</param>
public sealed record TrialProgress(long Position, long Head);

/// <summary>Replays the log's cases under another policy. Only what the trial asks for is read: what people did, and which deadlines were missed.</summary>
public sealed class PolicyTry(NpgsqlDataSource database, EventCatalogue catalogue, OrganizationHistory organization, NoticePlan plan)
{
    private const int AtOnce = 512;

    // Everything else of a clock follows from what people did, and is decided about anew.
    private static readonly string[] PassedOver = ["case_clock_started", "case_clock_paused", "case_clock_resumed", "case_clock_extended", "case_clock_recounted"];

    /// <param name="policies">The policy to try, with the calendar.</param>
    /// <param name="to">What is open is looked at as of here.</param>
    public async Task<TrialReport> RunAsync(PolicyBook policies, DateTimeOffset from, DateTimeOffset to, IProgress<TrialProgress>? progress, CancellationToken cancellation)
    {
        var lanes = Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 1, 8)).Select(_ => new Lane(this, policies, from, to)).ToList();
        var working = lanes.Select(lane => Task.Run(() => lane.RunAsync(cancellation), cancellation)).ToList();
        try
        {
            await ReadAsync(lanes, from, progress, cancellation);
        }
        finally
        {
            foreach (var lane in lanes)
                lane.Complete();
        }

        return PolicyTrial.Join(await Task.WhenAll(working));
    }

    private async Task ReadAsync(List<Lane> lanes, DateTimeOffset from, IProgress<TrialProgress>? progress, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var (after, head) = await RangeAsync(connection, from, cancellation);
        await using var command = new NpgsqlCommand(
            """
            select e.seq_id, e.stream_id, e.version, e.type, e.timestamp, e.headers, e.data
            from mt_events e
            where e.seq_id > $1 and e.seq_id <= $2 and e.stream_id >= 'case:' and e.stream_id < 'case;' and e.type <> all($3)
              and (e.type <> 'case_clock_stopped' or (e.data ->> 'late')::boolean)
            order by e.seq_id
            """,
            connection)
        {
            CommandTimeout = 0,
        };
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = head });
        command.Parameters.Add(new() { Value = PassedOver, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var read = 0;
        while (await reader.ReadAsync(cancellation))
        {
            var stream = reader.GetString(1);
            var row = new Row(
                reader.GetInt64(0), stream, reader.GetInt64(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4), reader.GetFieldValue<byte[]>(5), reader.GetFieldValue<byte[]>(6));
            var lane = lanes[(int)((uint)string.GetHashCode(stream, StringComparison.Ordinal) % (uint)lanes.Count)];
            if (!lane.TryAdd(row))
                await lane.AddAsync(row, cancellation);
            if (++read % AtOnce == 0)
                progress?.Report(new TrialProgress(row.Position, head));
        }

        progress?.Report(new TrialProgress(head, head));
    }

    // Events are in the order of their recorded times, so the first of a time is found in a few steps.
    private static async Task<(long After, long Head)> RangeAsync(NpgsqlConnection connection, DateTimeOffset from, CancellationToken cancellation)
    {
        long head;
        await using (var asked = new NpgsqlCommand("select last_position from cc_log", connection))
            head = (long)(await asked.ExecuteScalarAsync(cancellation))!;
        var (low, high) = (0L, head);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            await using var command = new NpgsqlCommand("select timestamp from mt_events where seq_id >= $1 order by seq_id limit 1", connection);
            command.Parameters.Add(new() { Value = middle });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            (low, high) = await reader.ReadAsync(cancellation) && reader.GetFieldValue<DateTimeOffset>(0) < from ? (middle, high) : (low, middle - 1);
        }

        return (low, head);
    }

    private sealed record Row(long Position, string Stream, long Version, string Type, DateTimeOffset At, byte[] Headers, byte[] Data);

    /// <summary>The cases of one worker, in order.</summary>
    private sealed class Lane(PolicyTry of, PolicyBook policies, DateTimeOffset from, DateTimeOffset to)
    {
        private readonly Channel<Row> _rows = Channel.CreateBounded<Row>(new BoundedChannelOptions(8 * AtOnce) { SingleReader = true, SingleWriter = true });
        private readonly Dictionary<string, By> _people = new(StringComparer.Ordinal);

        public bool TryAdd(Row row) => _rows.Writer.TryWrite(row);

        public ValueTask AddAsync(Row row, CancellationToken cancellation) => _rows.Writer.WriteAsync(row, cancellation);

        public void Complete() => _rows.Writer.TryComplete();

        public async Task<TrialReport> RunAsync(CancellationToken cancellation)
        {
            var trial = new PolicyTrial(policies, of.At, of.Plan, code => of.At(to).KnownCategory(code)?.Sector);
            await foreach (var row in _rows.Reader.ReadAllAsync(cancellation))
            {
                var stream = StreamKey.Parse(row.Stream);
                var happened = (CaseEvent)of.Catalogue.Decode(new StoredEvent(new LogPosition(1, row.Position), Guid.Empty, stream, row.Version, row.Type, row.At, NoOrigin, row.Data, null, null));
                trial.Take(stream.Id, new Fact<CaseEvent>(happened, Of(row.Headers), row.At, row.At));
            }

            return trial.End(from, to);
        }

        private static EventOrigin NoOrigin { get; } = new("system:trial", "system", "000000", DateTimeOffset.MinValue);

        private By Of(byte[] headers)
        {
            string? actor = null, role = null, place = null, absent = null;
            var reader = new Utf8JsonReader(headers);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                var name = reader.ValueTextEquals("actor"u8) ? 1 : reader.ValueTextEquals("role"u8) ? 2 : reader.ValueTextEquals("place"u8) ? 3 : reader.ValueTextEquals("for"u8) ? 4 : 0;
                reader.Read();
                if (name == 1)
                    actor = reader.GetString();
                else if (name == 2)
                    role = reader.GetString();
                else if (name == 3)
                    place = reader.GetString();
                else if (name == 4)
                    absent = reader.GetString();
            }

            var key = $"{actor} {role} {place} {absent}";
            if (!_people.TryGetValue(key, out var by))
                _people.Add(key, by = new By(actor!, Names.TryParse<Role>(role!, out var parsed) ? parsed : throw new FormatException($"There is no role {role}."), AreaCode.Parse(place!), absent));
            return by;
        }
    }

    private EventCatalogue Catalogue => catalogue;

    private NoticePlan Plan => plan;

    private OrganizationDirectory At(DateTimeOffset instant) => organization.At(instant);

    /// <summary>The report in words.</summary>
    public static IEnumerable<string> Lines(TrialReport report, string counted, TimeZoneInfo zone)
    {
        string Day(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        yield return string.Create(CultureInfo.InvariantCulture, $"{report.Policy} over {report.Cases:N0} cases reported since {Day(report.From)}, up to {Day(report.To)}, beside what happened (now {counted} counts):");
        yield return "";
        yield return $"{"sector",-16} {"matter",-28} {"cases",8} {"late cases",22} {"late deadlines",22}";
        foreach (var sector in report.Matters.GroupBy(matter => matter.Sector))
        {
            foreach (var matter in sector)
                yield return Row(Names.Of(matter.Sector), matter.Matter, matter.Cases, matter.LateCases, matter.LateRuns);
            yield return Row(Names.Of(sector.Key), "all", sector.Sum(matter => matter.Cases), Sum(sector.Select(matter => matter.LateCases)), Sum(sector.Select(matter => matter.LateRuns)));
        }

        yield return Row("all", "", report.Matters.Sum(matter => matter.Cases), Sum(report.Matters.Select(matter => matter.LateCases)), Sum(report.Matters.Select(matter => matter.LateRuns)));
        yield return "";
        yield return $"{"role",-20} {"step",-20} {"notices",22}";
        foreach (var row in report.Notices)
            yield return $"{Names.Of(row.Role),-20} {(row.Level is { } level ? Names.Of(level) : "warning"),-20} {Show(row.Notices),22}";
        yield return "";
        yield return $"Closed without a rating: {Show(report.NotRated)}. Nothing was written.";

        static string Row(string sector, string matter, int cases, Tried lateCases, Tried lateRuns) =>
            string.Create(CultureInfo.InvariantCulture, $"{sector,-16} {matter,-28} {cases,8:N0} {Show(lateCases),22} {Show(lateRuns),22}");
        static string Show(Tried tried) => string.Create(CultureInfo.InvariantCulture, $"{tried.Happened:N0} → {tried.Would:N0}");
        static Tried Sum(IEnumerable<Tried> all) => all.Aggregate(default(Tried), (sum, one) => sum + one);
    }
}
