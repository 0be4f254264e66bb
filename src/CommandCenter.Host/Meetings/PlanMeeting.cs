using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Meetings;

/// <summary>Calling a yard meeting (会前).</summary>
/// <param name="Area">The yard, grid or village whose people meet.</param>
/// <param name="HostRole">Who holds it, by role.</param>
/// <param name="StartsAt">Within the year to come.</param>
/// <param name="Agenda">Codes of the meeting policy: what is done (会议内容).</param>
/// <param name="Topics">Codes of the meeting policy: what it is about (议题).</param>
/// <param name="Venue">Where, or in which group, at most 50 characters.</param>
[Example("""{"tier":"village","area":"500153003001001001","hostRole":"village_secretary","startsAt":"2026-11-28T11:00:00Z","agenda":["opinions","solving_on_spot"],"topics":["village_appearance"],"venue":"白果树下"}""")]
public sealed record PlanMeetingRequest(
    MeetingTier Tier,
    AreaCode Area,
    Role HostRole,
    DateTimeOffset StartsAt,
    MeetingForm Form = MeetingForm.OnSite,
    IReadOnlyList<string>? Agenda = null,
    IReadOnlyList<string>? Topics = null,
    string? Venue = null,
    DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class PlanMeetingEndpoint
{
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(366);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/meetings", HandleAsync)
        .Command<PlanMeetingRequest>("planMeeting", "Call a yard meeting (会前)", created: true, tag: "Meetings");

    private static Task<IResult> HandleAsync(HttpContext context, MeetingEndpoint endpoint, Identifiers identifiers, TimeProvider clock) =>
        endpoint.HandleAsync<PlanMeetingRequest>(
            context,
            identifiers.New(),
            "plan",
            async (request, loaded, token) =>
            {
                if (endpoint.Organization.FindArea(request.Area) is null)
                    throw MeetingProblems.AreaUnknown();
                var now = clock.GetUtcNow();
                if (request.StartsAt < now || request.StartsAt > now + Ahead)
                    throw MeetingProblems.StartOutOfRange();
                var venue = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "setup.venue", Texts.Optional(request.Venue, "venue", Texts.Name), token);
                var setup = new MeetingSetup(request.Tier, request.Form, request.Area, request.HostRole, Codes(request.Agenda), Codes(request.Topics), venue);
                return new Domain.Meetings.PlanMeeting(setup, request.StartsAt, endpoint.Policies.Current);
            },
            (request, work) => MeetingEndpoint.OfArea(work, request.Area));

    internal static IReadOnlyList<string> Codes(IReadOnlyList<string>? codes) => [.. (codes ?? []).Distinct(StringComparer.Ordinal)];
}
