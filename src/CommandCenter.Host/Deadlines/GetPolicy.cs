using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Deadlines;

/// <summary>A version of the policy.</summary>
/// <param name="From">From when on clocks start under it; missing for the one that the log began with.</param>
/// <param name="Counts">Whether it counts now.</param>
/// <param name="By">Who adopted it.</param>
/// <param name="Recounted">Whether open cases were counted anew under it.</param>
public sealed record PolicyVersionView(string Version, long Revision, DateTimeOffset? From, DateTimeOffset AdoptedAt, string By, bool Counts, bool Recounted, PolicyCounts Contents);

/// <summary>A year of the calendar.</summary>
/// <param name="Announced">False while it is derived, and deadlines that touch it are provisional.</param>
public sealed record CalendarYearView(int Year, bool Announced, string Source);

/// <summary>How far open cases have been counted anew for a change.</summary>
/// <param name="Cases">How many were looked at.</param>
/// <param name="Recounted">How many of them had a clock that was counted anew.</param>
/// <param name="Open">While it is under way: about how many cases are left.</param>
public sealed record RecountView(long Revision, RecountCause Cause, DateTimeOffset AskedAt, int Cases, int Recounted, DateTimeOffset? FinishedAt = null, long? Open = null);

/// <summary>The deadline policy that counts, and what is known of the calendar.</summary>
/// <param name="Revision">Of the policy's stream, also in <c>ETag</c>.</param>
/// <param name="Next">The version that is planned next.</param>
/// <param name="Recount">The last that was asked for; missing where nothing ever was.</param>
public sealed record PolicyView(long Revision, PolicyVersionView Current, IReadOnlyList<CalendarYearView> Years, PolicyVersionView? Next = null, RecountView? Recount = null);

/// <summary>Every version that was adopted, the newest first.</summary>
public sealed record PolicyVersionsView(IReadOnlyList<PolicyVersionView> Items);

/// <summary>In what one version says otherwise than another.</summary>
public sealed record PolicyDifferences(string From, string To, IReadOnlyList<PolicyChange> Items);

/// <summary>The working calendar as it is known.</summary>
public sealed record CalendarView(IReadOnlyList<CalendarYear> Years, HoursPlan Hours);

/// <summary><c>GET /api/policy</c>, its versions, its text and the calendar.</summary>
public static class GetPolicy
{
    private static readonly QueryOption[] Exported = [new("version", "which; the one that counts when left out")];

    private static readonly QueryOption[] Compared = [new("from", "a version"), new("to", "another; the one that counts when left out")];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/policy", CurrentAsync).Query<PolicyView>("getPolicy", "The deadline policy that counts, and how far a recount is", versioned: true);
        routes.MapGet("/api/policy/versions", VersionsAsync).Query<PolicyVersionsView>("getPolicyVersions", "Every version of the deadline policy");
        routes.MapGet("/api/policy/export", ExportAsync).Query<DeadlinePolicy>("exportPolicy", "A version of the deadline policy, to be imported elsewhere or after a change", Exported);
        routes.MapGet("/api/policy/differences", DifferencesAsync).Query<PolicyDifferences>("getPolicyDifferences", "In what one version of the deadline policy says otherwise than another", Compared);
        routes.MapGet("/api/policy/calendar", CalendarAsync).Query<CalendarView>("getWorkingCalendar", "Holidays, made-up working days and hours");
    }

    private static async Task<IResult> CurrentAsync(HttpContext context, LivePolicies policies, OrganizationDirectory organization, Npgsql.NpgsqlDataSource database, TimeProvider clock)
    {
        var history = await ReadAsync(context, policies, organization);
        var now = clock.GetUtcNow();
        var current = history.VersionAt(now);
        var next = history.Versions.Where(version => version.IsDated && version.From > now).MinBy(version => (version.From, -version.Revision));
        var recount = history.Due ?? (history.Recounts.Count > 0 ? history.Recounts[^1] : null);
        context.Response.Headers.ETag = ETags.Of(history.Revision);
        return TypedResults.Ok(new PolicyView(
            history.Revision, View(current, current), [.. history.Years.Values.Select(year => new CalendarYearView(year.Year, year.Announced, year.Source.Title))], next is null ? null : View(next, current),
            recount is null ? null : new RecountView(
                recount.Revision, recount.Cause, recount.AskedAt, recount.Cases, recount.Recounted, recount.FinishedAt, recount.FinishedAt is null ? await OpenAsync(database, recount.AfterPosition, context.RequestAborted) : null)));
    }

    private static async Task<IResult> VersionsAsync(HttpContext context, LivePolicies policies, OrganizationDirectory organization, TimeProvider clock)
    {
        var history = await ReadAsync(context, policies, organization);
        var current = history.VersionAt(clock.GetUtcNow());
        return TypedResults.Ok(new PolicyVersionsView([.. history.Versions.Reverse().Select(version => View(version, current))]));
    }

    private static async Task<IResult> ExportAsync(HttpContext context, LivePolicies policies, OrganizationDirectory organization, TimeProvider clock)
    {
        var history = await ReadAsync(context, policies, organization);
        var version = context.Request.Query["version"].ToString();
        return TypedResults.Ok((version.Length == 0 ? history.VersionAt(clock.GetUtcNow()) : history.Find(version) ?? throw Problems.NotFound()).Policy);
    }

    private static async Task<IResult> DifferencesAsync(HttpContext context, LivePolicies policies, OrganizationDirectory organization, TimeProvider clock)
    {
        var history = await ReadAsync(context, policies, organization);
        var (from, to) = (context.Request.Query["from"].ToString(), context.Request.Query["to"].ToString());
        var before = history.Find(from) ?? throw Problems.NotFound();
        var after = to.Length == 0 ? history.VersionAt(clock.GetUtcNow()) : history.Find(to) ?? throw Problems.NotFound();
        return TypedResults.Ok(new PolicyDifferences(before.Policy.Version, after.Policy.Version, PolicyDifference.Of(before.Policy, after.Policy)));
    }

    private static async Task<IResult> CalendarAsync(HttpContext context, LivePolicies policies, OrganizationDirectory organization)
    {
        var history = await ReadAsync(context, policies, organization);
        return TypedResults.Ok(new CalendarView([.. history.Years.Values], history.Hours!));
    }

    // By which limits everybody is measured is no secret inside the house.
    private static async Task<PolicyHistory> ReadAsync(HttpContext context, LivePolicies policies, OrganizationDirectory organization)
    {
        Callers.From(context.Request, organization);
        if (ETags.MinPosition(context.Request) is { } wanted && !await policies.ReachedAsync(wanted, context.RequestAborted))
            throw Problems.PositionNotReached();
        return policies.History;
    }

    private static PolicyVersionView View(AdoptedPolicy version, AdoptedPolicy current) => new(
        version.Policy.Version, version.Revision, version.From == DateTimeOffset.MinValue ? null : version.From, version.AdoptedAt, version.By.Actor, version.Revision == current.Revision, version.Recounts,
        PolicyCounts.Of(version.Policy));

    private static async Task<long> OpenAsync(Npgsql.NpgsqlDataSource database, long after, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select count(*) from {TableNames.Cases} where open and position > $1");
        command.Parameters.AddWithValue(after);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
