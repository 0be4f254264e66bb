using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Reviews;

/// <summary><see cref="CommandEndpoint"/> for stays on the spot and review meetings.</summary>
public sealed class ReviewEndpoint(CommandEndpoint endpoint, ReviewStreams streams, IPolicies policies)
{
    public OrganizationDirectory Organization => endpoint.Organization;

    public ReviewStreams Streams => streams;

    public DeadlinePolicy Policy => policies.Now.Current;

    private const int MostWhoStay = 20;

    public Task<IResult> GuidanceAsync<TRequest>(
        HttpContext context, string id, string command, Func<TRequest, LoadedGuidance, DateTimeOffset, CancellationToken, Task<GuidanceCommand>> build,
        Func<TRequest, StreamWork<Guidance?, GuidanceCommand, GuidanceEvent>, StreamWork<Guidance?, GuidanceCommand, GuidanceEvent>>? beside = null)
        where TRequest : ICommandRequest =>
        endpoint.HandleAsync(context, streams.Guidances, id, command, "/api/guidances/", build, beside);

    public Task<IResult> ReviewAsync<TRequest>(
        HttpContext context, string id, string command, Func<TRequest, LoadedReview, DateTimeOffset, CancellationToken, Task<ReviewCommand>> build,
        Func<TRequest, StreamWork<Review?, ReviewCommand, ReviewEvent>, StreamWork<Review?, ReviewCommand, ReviewEvent>>? beside = null)
        where TRequest : ICommandRequest =>
        endpoint.HandleAsync(context, streams.Reviews, id, command, "/api/reviews/", build, (request, work) => streams.Telling(beside is null ? work : beside(request, work)));

    public Task<Domain.Cases.MarkedText> TextAsync(StreamKey stream, string field, string? text, int limit, CancellationToken cancellation) =>
        endpoint.Personal.SealTextAsync(stream, field, Texts.Required(text, field, limit), cancellation);

    public Task<Domain.Cases.MarkedText?> OptionalTextAsync(StreamKey stream, string field, string? text, int limit, CancellationToken cancellation) =>
        endpoint.Personal.SealOptionalTextAsync(stream, field, Texts.Optional(text, field, limit), cancellation);

    /// <summary>The seat for which somebody is named.</summary>
    /// <exception cref="ProblemException">Nobody by this id is in the organization.</exception>
    public Role SeatOf(string? person, string field) => (person is null ? null : endpoint.Organization.FindPerson(person))?.Roles.Select(seat => (Role?)seat.Role).FirstOrDefault()
        ?? throw new ProblemException(422, "review.person_unknown", new("组织中没有这个人。", "Nobody by this id is in the organization."), field);

    /// <summary>Who goes to stay at a place, or stayed there: those who are named, else the caller.</summary>
    /// <exception cref="ProblemException">Place, case or somebody is unknown, or they are too many.</exception>
    public async Task<IReadOnlyList<string>> StayAsync(HttpContext context, AreaCode place, string? caseId, IReadOnlyList<string>? people, CancellationToken cancellation)
    {
        Area(place);
        if (caseId is not null && !await streams.IsCaseAsync(caseId, cancellation))
            throw new ProblemException(422, "case.unknown", new("没有这个案件。", "There is no such case."), "caseId");
        IReadOnlyList<string> who = [.. (people is { Count: > 0 } ? people : [Callers.From(context.Request, endpoint.Organization)[0].Actor]).Distinct(StringComparer.Ordinal)];
        if (who.Count > MostWhoStay)
            throw Problems.OutOfRange("people", $"1–{MostWhoStay}");
        foreach (var person in who)
            SeatOf(person, "people");
        return who;
    }

    /// <exception cref="ProblemException">There is no such area.</exception>
    public AreaCode Area(AreaCode place) => endpoint.Organization.FindArea(place) is null
        ? throw new ProblemException(422, "area.unknown", new("没有这个区域。", "There is no such area."), "place")
        : place;
}
