using CommandCenter.Domain.Access;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Reviews;

/// <summary>Preparing a review meeting (复盘总结会): closed cases of a span are collected by the policy's rules.</summary>
/// <param name="Scope">The town or the district whose desk holds it.</param>
/// <param name="From">The first day of the span, in the district's time.</param>
/// <param name="To">Its last day.</param>
/// <param name="StartsAt">When the meeting begins: within 60 days.</param>
/// <param name="People">Who is to come, at most 50; left out, those who had the cases.</param>
[Example("""{"scope":"500153003","from":"2026-10-01","to":"2026-11-20","startsAt":"2026-12-04T01:00:00Z"}""")]
public sealed record PrepareReviewRequest(AreaCode Scope, DateOnly From, DateOnly To, DateTimeOffset StartsAt, IReadOnlyList<string>? People = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class PrepareReviewEndpoint
{
    private const int MostPeople = 50;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/reviews", HandleAsync)
        .Command<PrepareReviewRequest>("prepareReview", "Prepare a review meeting and collect its cases (复盘)", created: true, tag: "Reviews");

    private static Task<IResult> HandleAsync(HttpContext context, ReviewEndpoint endpoint, Identifiers identifiers) =>
        endpoint.ReviewAsync<PrepareReviewRequest>(
            context, identifiers.New(), "prepare",
            async (request, _, at, token) =>
            {
                var zone = endpoint.Organization.TimeZone;
                if (request.To < request.From || request.To.Year > 9000 || request.From.Year < 1970)
                    throw Problems.OutOfRange("to", $"{request.From:yyyy-MM-dd}–");
                var (from, to) = (LocalDay.Start(request.From, zone), LocalDay.Start(request.To.AddDays(1), zone));
                // Of today's cases those that are closed by now.
                to = to > at && from < at ? at : to;
                if (request.People is { Count: > MostPeople })
                    throw Problems.OutOfRange("people", $"0–{MostPeople}");
                var found = await endpoint.Streams.FindAsync(request.Scope, from, to, endpoint.Policy.Review ?? ReviewRules.Standard, token);
                // Whoever has left since is not asked to come; whoever is named has to be there.
                var people = request.People ?? [.. found.Select(one => one.Holder).OfType<string>().Where(person => endpoint.Organization.FindPerson(person) is { Roles.Count: > 0 }).Take(MostPeople)];
                return new Domain.Reviews.PrepareReview(
                    request.Scope, from, to, request.StartsAt, endpoint.Policy.Version, [.. found.Select(one => one.Entry)], at,
                    [.. people.Distinct(StringComparer.Ordinal).Select(person => new Recipient(person, endpoint.SeatOf(person, "people"), RecipientReason.Holder))]);
            },
            (request, work) => work.Of(caller => ReviewAccess.MayPrepare(caller, request.Scope)));
}
