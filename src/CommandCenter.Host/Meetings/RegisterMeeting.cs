using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Meetings;

/// <summary>Who came, and who spoke.</summary>
/// <param name="Participants">People, at least 1.</param>
/// <param name="HouseholdsPresent">Households of which somebody came.</param>
/// <param name="VillagersFloorPercent">The villagers' part of the time, 0–100, where somebody measured it; the rule is more than 50.</param>
public sealed record AttendanceRequest(int Participants, int HouseholdsPresent, int? VillagersFloorPercent = null)
{
    internal MeetingAttendance Attendance => new(Participants, HouseholdsPresent, VillagersFloorPercent);
}

/// <summary>Registering a yard meeting that took place without having been planned: tier, area, host and who came are enough (六不).</summary>
/// <param name="Area">The yard, grid or village whose people met.</param>
/// <param name="HostRole">Who held it, by role.</param>
/// <param name="Venue">Where, or in which group, at most 50 characters.</param>
/// <param name="HappenedAt">When it took place; now when left out.</param>
[Example("""{"tier":"village","area":"500153003001001001","hostRole":"yard_head","attendance":{"participants":31,"householdsPresent":18,"villagersFloorPercent":60}}""")]
public sealed record RegisterMeetingRequest(
    MeetingTier Tier,
    AreaCode Area,
    Role HostRole,
    AttendanceRequest Attendance,
    MeetingForm Form = MeetingForm.OnSite,
    IReadOnlyList<string>? Agenda = null,
    IReadOnlyList<string>? Topics = null,
    string? Venue = null,
    DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class RegisterMeetingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/meetings/held", HandleAsync)
        .Command<RegisterMeetingRequest>("registerMeeting", "Register a yard meeting held without a plan", created: true, tag: "Meetings");

    private static Task<IResult> HandleAsync(HttpContext context, MeetingEndpoint endpoint, Identifiers identifiers) =>
        endpoint.HandleAsync<RegisterMeetingRequest>(
            context,
            identifiers.New(),
            "register",
            async (request, loaded, token) =>
            {
                if (endpoint.Organization.FindArea(request.Area) is null)
                    throw MeetingProblems.AreaUnknown();
                var venue = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "setup.venue", Texts.Optional(request.Venue, "venue", Texts.Name), token);
                var setup = new MeetingSetup(
                    request.Tier, request.Form, request.Area, request.HostRole, PlanMeetingEndpoint.Codes(request.Agenda), PlanMeetingEndpoint.Codes(request.Topics), venue);
                return new Domain.Meetings.RegisterMeeting(setup, request.Attendance.Attendance, endpoint.Policies.Current);
            },
            (request, work) => MeetingEndpoint.OfArea(work, request.Area));
}
