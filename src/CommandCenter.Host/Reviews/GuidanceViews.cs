using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Reviews;

/// <summary>Somebody of a stay or a review.</summary>
/// <param name="Name">Missing for who is no longer in the organization.</param>
public sealed record ReviewPerson(string Id, Message? Name)
{
    internal static ReviewPerson Of(string person, OrganizationDirectory organization) => new(person, organization.KnownPerson(person) is { } known ? new Message(known.Name, known.NameEn) : null);
}

/// <summary>A stay on the spot in a list.</summary>
/// <param name="Place">As planned, as they came, as it was recorded.</param>
/// <param name="From">When they came, or are to come.</param>
/// <param name="To">When they left, or are to leave.</param>
/// <param name="Task">Of one that was planned: what is to be settled there, with a mark in the place of each sealed span; so the others.</param>
/// <param name="Found">Missing while nothing is written down.</param>
/// <param name="DueAt">Until when the next thing is to happen: they come, it is written down, what was agreed is done.</param>
/// <param name="Overdue">Whether that time has passed.</param>
public sealed record GuidanceItem(
    string Id, GuidanceStage Stage, AreaCode Place, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<ReviewPerson> People, string? Task, string? Found, string? Agreed, string? CaseId, DateTimeOffset? DueAt,
    bool Overdue, int FollowUps)
{
    internal static GuidanceItem Of(string id, Guidance state, OrganizationDirectory organization, DateTimeOffset now) => new(
        id, state.Stage, state.Place, state.From, state.To, [.. state.People.Select(person => ReviewPerson.Of(person, organization))], Masked(state.Plan?.Planned.Task), Masked(state.Recorded?.Found),
        Masked(state.Recorded?.Agreed), state.Case, state.DueAt, state.IsOverdue(now), state.FollowUps.Count);

    private static string? Masked(Domain.Cases.MarkedText? text) => text is null ? null : Masks.InLists(text.Text);
}

/// <summary>Stays on the spot.</summary>
public sealed record GuidanceItems(IReadOnlyList<GuidanceItem> Items);

/// <summary>What became of what was agreed.</summary>
public sealed record FollowUpView(bool Done, string Result, ReviewPerson By, DateTimeOffset At);

/// <summary>How a stay on the spot was planned.</summary>
/// <param name="Task">What is to be settled there, as this reader may see it.</param>
public sealed record GuidancePlanView(AreaCode Place, DateTimeOffset From, DateTimeOffset To, string Task, ReviewPerson By, DateTimeOffset At);

/// <summary>A stay on the spot, with what became of it.</summary>
/// <param name="Plan">Missing for one that was written down without a plan.</param>
/// <param name="Arrived">When they came; missing while nobody has, and for one without a plan.</param>
/// <param name="Found">As this reader may see it; so the others.</param>
/// <param name="By">By when what was agreed is to be done.</param>
/// <param name="CalledOff">Why it was called off.</param>
public sealed record GuidanceDetail(
    GuidanceItem Item, long Version, GuidancePlanView? Plan, DateTimeOffset? Arrived, string? Found, string? Agreed, DateTimeOffset? By, string? CalledOff, IReadOnlyList<FollowUpView> FollowUps,
    IReadOnlyList<AttachmentView> Attachments, IReadOnlyList<string> Possible);

/// <summary><c>GET /api/guidances</c>: the stays at places of a scope, the newest first, at most 500.</summary>
public static class ListGuidances
{
    private static readonly QueryOption[] Options =
    [
        new("scope", "area code; by default the caller's place"),
        new("caseId", "a case's id"),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/guidances", HandleAsync).Query<GuidanceItems>("listGuidances", "Stays on the spot (蹲点指导)", Options);

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var scope = ListReviews.Scope(context, organization);
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Reviews);
        context.Response.Headers[ETags.PositionHeader] = positions.Of(TableNames.Reviews).ToString();
        await using var command = database.CreateCommand(
            "select summary from board_guidances_v1 where place >= $1 and place < $1 || ':' and ($2 = '' or case_id = $2) order by position desc limit 500");
        command.Parameters.Add(new() { Value = scope.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = context.Request.Query["caseId"].ToString(), NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var items = new List<GuidanceItem>();
        while (await reader.ReadAsync(cancellation))
        {
            var row = ReviewTable.Parse<Guidance>(reader.GetString(0));
            items.Add(GuidanceItem.Of(row.Id, row.State, organization, clock.GetUtcNow()));
        }

        return TypedResults.Ok(new GuidanceItems(items));
    }
}

/// <summary><c>GET /api/guidances/{id}</c> and <c>GET /api/guidances/{id}/attachments/{file}</c></summary>
public static class GetGuidance
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/guidances/{id}", HandleAsync).Query<GuidanceDetail>("getGuidance", "A stay on the spot, with what became of it", versioned: true);
        routes.MapGet("/api/guidances/{id}/attachments/{file}", AttachmentAsync).FileDownload("getGuidanceAttachment", "An attachment of a stay on the spot");
    }

    private static async Task<IResult> HandleAsync(HttpContext context, string id, ReviewStreams streams, PersonalText personal, NamedFiles named, OrganizationDirectory organization, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var (loaded, state) = await VisibleAsync(id, callers, streams, cancellation);
        List<FollowUpView> followUps = [];
        foreach (var fact in loaded.Facts.Select(fact => fact.Fact))
        {
            if (fact.Event is GuidanceFollowedUp followed)
                followUps.Add(new FollowUpView(followed.Done, await personal.ReadAsync(followed.Result, loaded.Stream, "result", true, cancellation), ReviewPerson.Of(fact.By.Actor, organization), fact.RecordedAt));
        }

        context.Response.Headers.ETag = ETags.Of(loaded.Version);
        var plan = state.Plan is { } planned
            ? new GuidancePlanView(
                planned.Planned.Place, planned.Planned.From, planned.Planned.To, await personal.ReadAsync(planned.Planned.Task, loaded.Stream, "task", true, cancellation),
                ReviewPerson.Of(planned.By.Actor, organization), planned.At)
            : null;
        return TypedResults.Ok(new GuidanceDetail(
            GuidanceItem.Of(id, state, organization, clock.GetUtcNow()), loaded.Version, plan, state.Begun?.Arrived, await ReadAsync(state.Recorded?.Found, "found"),
            await ReadAsync(state.Recorded?.Agreed, "agreed"), state.Recorded?.By, await ReadAsync(state.CalledOff, "reason"), followUps, await named.ReadAsync(loaded, cancellation),
            [.. GuidanceDecider.Possible(state).Where(command => callers.Any(caller => ReviewAccess.May(caller, command, state)))]));

        async Task<string?> ReadAsync(Domain.Cases.MarkedText? text, string field) => text is null ? null : await personal.ReadAsync(text, loaded.Stream, field, true, cancellation);
    }

    private static async Task<IResult> AttachmentAsync(HttpContext context, string id, string file, ReviewStreams streams, NamedFiles named, OrganizationDirectory organization) =>
        await named.DownloadAsync(context, (await VisibleAsync(id, Callers.From(context.Request, organization), streams, context.RequestAborted)).Loaded, file);

    /// <exception cref="ProblemException">There is no such stay, or not for this caller.</exception>
    private static async Task<(LoadedGuidance Loaded, Guidance State)> VisibleAsync(string id, IReadOnlyList<Caller> callers, ReviewStreams streams, CancellationToken cancellation)
    {
        if (!StreamKey.IsId(id) || await streams.LoadGuidanceAsync(id, cancellation) is not { State: { } state } loaded)
            throw Problems.Unknown(streams.Guidances.Category, streams.Guidances.Noun);
        return callers.Any(caller => ReviewAccess.MaySee(caller, state)) ? (loaded, state) : throw Problems.NotAllowed();
    }
}
