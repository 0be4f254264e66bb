using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Reviews;

/// <summary>A review in a list.</summary>
/// <param name="OpenMeasures">How many measures are not taken yet.</param>
/// <param name="Overdue">How many of them are past their day.</param>
public sealed record ReviewListItem(
    string Id, ReviewStage Stage, AreaCode Scope, DateTimeOffset From, DateTimeOffset To, DateTimeOffset StartsAt, int Cases, int Undecided, int Measures, int OpenMeasures, int Overdue);

/// <summary>Reviews.</summary>
public sealed record ReviewItems(IReadOnlyList<ReviewListItem> Items);

/// <summary>A measure, and what came of it.</summary>
public sealed record MeasureView(int Number, string Text, ReviewPerson Owner, Role Role, DateTimeOffset DueAt, bool Overdue, DateTimeOffset? DoneAt, string? Result);

/// <summary>A case that is looked back on.</summary>
/// <param name="CaseNumber">Missing for a moment, until the read side has numbered the case.</param>
/// <param name="LeftOut">Why it was left out.</param>
public sealed record ReviewCaseView(int Number, string CaseId, string? CaseNumber, string? Text, IReadOnlyList<ReviewReason> Reasons, string? Lesson, string? LeftOut, IReadOnlyList<MeasureView> Measures);

/// <summary>A review meeting.</summary>
public sealed record ReviewDetail(ReviewListItem Item, long Version, IReadOnlyList<ReviewCaseView> Cases, string? Summary, IReadOnlyList<AttachmentView> Attachments, IReadOnlyList<string> Possible);

/// <summary><c>GET /api/reviews</c>: the reviews of a scope, the newest first, at most 500.</summary>
public static class ListReviews
{
    private static readonly QueryOption[] Options = [new("scope", "area code of a town or the district; by default the caller's place")];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/reviews", HandleAsync).Query<ReviewItems>("listReviews", "Review meetings (复盘总结会)", Options);

    /// <exception cref="ProblemException">It is no area code, or not for this caller.</exception>
    internal static AreaCode Scope(HttpContext context, OrganizationDirectory organization)
    {
        var callers = Callers.From(context.Request, organization);
        var scope = context.Request.Query["scope"].ToString() switch
        {
            "" => callers[0].Seat.Place,
            var text when AreaCode.TryParse(text, out var code) => code,
            _ => throw Problems.Malformed("scope is an area code.", "scope"),
        };
        return callers.Any(caller => ReviewAccess.MayList(caller, scope)) ? scope : throw Problems.NotAllowed();
    }

    internal static ReviewListItem Item(string id, Review state, DateTimeOffset now)
    {
        var open = state.Stage == ReviewStage.Concluded ? state.Measures.Where(measure => measure.DoneAt is null).ToList() : [];
        return new ReviewListItem(
            id, state.Stage, state.Prepared.Scope, state.Prepared.From, state.Prepared.To, state.Prepared.StartsAt, state.Items.Count, state.Undecided.Count(), state.Measures.Count,
            open.Count, open.Count(measure => measure.Measure.DueAt <= now));
    }

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var scope = Scope(context, organization);
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Reviews);
        context.Response.Headers[ETags.PositionHeader] = positions.Of(TableNames.Reviews).ToString();
        await using var command = database.CreateCommand($"select summary from {TableNames.Reviews} where scope >= $1 and scope < $1 || ':' order by position desc limit 500");
        command.Parameters.Add(new() { Value = scope.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var items = new List<ReviewListItem>();
        while (await reader.ReadAsync(cancellation))
        {
            var row = ReviewTable.Parse<Review>(reader.GetString(0));
            items.Add(Item(row.Id, row.State, clock.GetUtcNow()));
        }

        return TypedResults.Ok(new ReviewItems(items));
    }
}

/// <summary><c>GET /api/reviews/{id}</c> and <c>GET /api/reviews/{id}/attachments/{file}</c></summary>
public static class GetReview
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/reviews/{id}", HandleAsync).Query<ReviewDetail>("getReview", "A review meeting, with its lessons and measures", versioned: true);
        routes.MapGet("/api/reviews/{id}/attachments/{file}", AttachmentAsync).FileDownload("getReviewAttachment", "An attachment of a review");
    }

    private static async Task<IResult> HandleAsync(
        HttpContext context, string id, ReviewStreams streams, PersonalText personal, NamedFiles named, OrganizationDirectory organization, NpgsqlDataSource database, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var (loaded, state) = await VisibleAsync(id, callers, streams, cancellation);
        var numbers = await NumbersAsync(state, database, cancellation);
        var now = clock.GetUtcNow();
        List<ReviewCaseView> cases = [];
        foreach (var item in state.Items)
        {
            List<MeasureView> measures = [];
            foreach (var (taken, index) in state.Measures.Where(measure => measure.Item == item.Number).Select((measure, index) => (measure, index)))
            {
                measures.Add(new MeasureView(
                    taken.Measure.Number, await ReadAsync(taken.Measure.Text, RecordLessonEndpoint.MeasureField(item.Number, index)), ReviewPerson.Of(taken.Measure.Owner, organization), taken.Measure.Role,
                    taken.Measure.DueAt, taken.DoneAt is null && taken.Measure.DueAt <= now, taken.DoneAt, await OptionalAsync(taken.Result, "result")));
            }

            var (number, text) = numbers.GetValueOrDefault(item.Case);
            cases.Add(new ReviewCaseView(item.Number, item.Case, number, text, item.Reasons, await OptionalAsync(item.Lesson, "lesson"), await OptionalAsync(item.LeftOut, "reason"), measures));
        }

        var summary = loaded.Facts.Select(fact => fact.Fact.Event).OfType<ReviewConcluded>().FirstOrDefault()?.Summary;
        context.Response.Headers.ETag = ETags.Of(loaded.Version);
        return TypedResults.Ok(new ReviewDetail(
            ListReviews.Item(id, state, now), loaded.Version, cases, await OptionalAsync(summary, "summary"), await named.ReadAsync(loaded, cancellation),
            [.. ReviewDecider.Possible(state).Where(command => callers.Any(caller => ReviewAccess.May(caller, command, state)))]));

        Task<string> ReadAsync(Domain.Cases.MarkedText text, string field) => personal.ReadAsync(text, loaded.Stream, field, true, cancellation);

        async Task<string?> OptionalAsync(Domain.Cases.MarkedText? text, string field) => text is null ? null : await ReadAsync(text, field);
    }

    private static async Task<IResult> AttachmentAsync(HttpContext context, string id, string file, ReviewStreams streams, NamedFiles named, OrganizationDirectory organization) =>
        await named.DownloadAsync(context, (await VisibleAsync(id, Callers.From(context.Request, organization), streams, context.RequestAborted)).Loaded, file);

    private static async Task<Dictionary<string, (string? Number, string? Text)>> NumbersAsync(Review state, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select id, number, summary ->> 'text' from {TableNames.Cases} where id = any($1)");
        command.Parameters.Add(new() { Value = state.Items.Select(item => item.Case).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var numbers = new Dictionary<string, (string?, string?)>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
            numbers.Add(reader.GetString(0), (reader.GetString(1), Masks.InLists(reader.GetString(2))));
        return numbers;
    }

    /// <exception cref="ProblemException">There is no such review, or not for this caller.</exception>
    private static async Task<(LoadedReview Loaded, Review State)> VisibleAsync(string id, IReadOnlyList<Caller> callers, ReviewStreams streams, CancellationToken cancellation)
    {
        if (!StreamKey.IsId(id) || await streams.LoadReviewAsync(id, cancellation) is not { State: { } state } loaded)
            throw Problems.Unknown(streams.Reviews.Category, streams.Reviews.Noun);
        return callers.Any(caller => ReviewAccess.MaySee(caller, state)) ? (loaded, state) : throw Problems.NotAllowed();
    }
}
