global using LoadedGuidance = CommandCenter.Host.Composition.Loaded<CommandCenter.Domain.Reviews.Guidance?, CommandCenter.Domain.Reviews.GuidanceEvent>;
global using LoadedReview = CommandCenter.Host.Composition.Loaded<CommandCenter.Domain.Reviews.Review?, CommandCenter.Domain.Reviews.ReviewEvent>;
using System.Text.Json;
using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Reviews;

/// <summary>Stays on the spot, as the executor of commands knows them.</summary>
public sealed class GuidanceKind(IOrganization organization, NoticePlan plan) : StreamKind<Guidance?, GuidanceCommand, GuidanceEvent>
{
    public override string Saga => ReviewSaga.GuidanceName;

    public override string Category => "guidance";

    public override Message Noun { get; } = new("蹲点记录", "stay on the spot");

    public override Guidance? None => null;

    public override Guidance? Apply(Guidance? state, Fact<GuidanceEvent> fact) => Guidance.Apply(state, fact);

    public override bool Creates(string command) => command is "plan" or "record";

    public override bool May(Caller caller, string command, Guidance? state) => ReviewAccess.May(caller, command, state);

    public override Decision<GuidanceEvent> Decide(GuidanceCommand command, Guidance? state, By by) => GuidanceDecider.Decide(command, state);

    public override Reaction<GuidanceEvent> React(string id, Guidance? after, IReadOnlyList<GuidanceEvent> decided, DateTimeOffset at) =>
        new([], ReviewNotices.Of(id, after!, decided, organization.At(at), plan), ReviewSaga.Timers(after!, decided, at));

    public override By Engine(Guidance? after) => ReviewNotices.Engine(after!.Place);

    /// <summary>What the hours of a plan, and the day of what was agreed, cause.</summary>
    public Reaction<GuidanceEvent> OnTimer(DueTimer timer, Guidance? state, DateTimeOffset firedAt) =>
        ReviewSaga.OnTimer(timer.Key.SagaId, state, timer.Key.Name, timer.DueAt, firedAt, organization.At(firedAt), plan);
}

/// <summary>Review meetings, as the executor of commands knows them.</summary>
public sealed class ReviewKind(IOrganization organization, IPolicies policies, NoticePlan plan) : StreamKind<Review?, ReviewCommand, ReviewEvent>
{
    public override string Saga => ReviewSaga.Name;

    public override string Category => "review";

    public override Message Noun { get; } = new("复盘", "review");

    public override Review? None => null;

    public override Review? Apply(Review? state, Fact<ReviewEvent> fact) => Review.Apply(state, fact);

    public override bool Creates(string command) => command == "prepare";

    public override bool May(Caller caller, string command, Review? state) => ReviewAccess.May(caller, command, state);

    public override Decision<ReviewEvent> Decide(ReviewCommand command, Review? state, By by) => ReviewDecider.Decide(command, state, by);

    public override Reaction<ReviewEvent> React(string id, Review? after, IReadOnlyList<ReviewEvent> decided, DateTimeOffset at) =>
        new([], ReviewNotices.Of(id, after!, decided, organization.At(at), plan), ReviewSaga.Timers(after!, decided, Rules(after!, at), at));

    /// <summary>What the day of a measure causes.</summary>
    public Reaction<ReviewEvent> OnTimer(DueTimer timer, Review? state, DateTimeOffset firedAt) => state is null
        ? new Reaction<ReviewEvent>()
        : ReviewSaga.OnTimer(timer.Key.SagaId, state, timer.Key.Name, timer.DueAt, firedAt, Rules(state, firedAt), organization.At(firedAt), plan);

    private ReviewRules Rules(Review state, DateTimeOffset at) => policies.At(at).Version(state.Prepared.Policy).Review ?? ReviewRules.Standard;

    public override By Engine(Review? after) => ReviewNotices.Engine(after!.Prepared.Scope);
}

/// <summary>The timers of stays on the spot.</summary>
public sealed class GuidanceTimers(StreamCommands commands, GuidanceKind kind) : ITimerHandler
{
    public string Saga => kind.Saga;

    public Task FireAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation) =>
        commands.FireAsync(kind, timer, firedAt, state => kind.OnTimer(timer, state, firedAt), cancellation);
}

/// <summary>The timers of measures.</summary>
public sealed class ReviewTimers(StreamCommands commands, ReviewKind kind) : ITimerHandler
{
    public string Saga => kind.Saga;

    public Task FireAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation) =>
        commands.FireAsync(kind, timer, firedAt, state => kind.OnTimer(timer, state, firedAt), cancellation);
}

/// <summary>The way to stays and reviews, and to the closed cases that reviews look back on.</summary>
public sealed class ReviewStreams(StreamCommands commands, GuidanceKind guidances, ReviewKind reviews, CaseKind cases, NpgsqlDataSource database, IEventLog log, ReadPositions positions)
{
    public GuidanceKind Guidances => guidances;

    public ReviewKind Reviews => reviews;

    public Task<LoadedGuidance> LoadGuidanceAsync(string id, CancellationToken cancellation) => commands.LoadAsync(guidances, id, cancellation);

    public Task<LoadedReview> LoadReviewAsync(string id, CancellationToken cancellation) => commands.LoadAsync(reviews, id, cancellation);

    /// <summary>The same work with what the streams of its cases tell of it.</summary>
    public StreamWork<Review?, ReviewCommand, ReviewEvent> Telling(StreamWork<Review?, ReviewCommand, ReviewEvent> work) => work with
    {
        Beside = (loaded, decided, caller, _) => Task.FromResult<IReadOnlyList<Preparation>>(
        [
            commands.Noted(
                loaded.Stream, ReviewStory.Of(work.Id, loaded.State, decided).Select(one => (CaseStreams.StreamOf(one.Case), (object)one.Event)), caller.By, work.HappenedAt, work.Cause),
        ]),
    };

    public async Task<bool> IsCaseAsync(string id, CancellationToken cancellation) => StreamKey.IsId(id) && (await commands.LoadAsync(cases, id, cancellation)).State is Case.Known;

    /// <summary>The cases of an area that were closed within a span and that the rules find, in the order in which they were closed, each with whoever had it last. What is in the log by now is in the tables by then.</summary>
    public async Task<IReadOnlyList<(ReviewEntry Entry, string? Holder)>> FindAsync(AreaCode scope, DateTimeOffset from, DateTimeOffset to, ReviewRules rules, CancellationToken cancellation)
    {
        await positions.WaitAsync((await log.HeadAsync(cancellation)).Last, cancellation, TableNames.Cases, TableNames.Listings);
        await using var command = database.CreateCommand(
            $"""
            select c.summary, exists (select from {TableNames.Listings} l where l.case_id = c.id) from {TableNames.Cases} c
            where c.closed_at >= $1 and c.closed_at < $2 and c.area >= $3 and c.area < $3 || ':' and c.stage = 'closed' order by c.closed_at, c.position
            """);
        command.Parameters.Add(new() { Value = from.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = to.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = scope.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<(ReviewEntry, string?)>();
        while (await reader.ReadAsync(cancellation))
        {
            var row = JsonSerializer.Deserialize<CaseSummary>(reader.GetString(0), DomainJson.Options)!;
            if (rules.ReasonsFor(row, reader.GetBoolean(1)) is { Count: > 0 } reasons)
                found.Add((new ReviewEntry(row.Id, reasons), row.ClaimedBy));
        }

        return found;
    }
}
