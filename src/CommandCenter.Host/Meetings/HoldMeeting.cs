using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Meetings;

/// <summary>A planned meeting took place (会中). What is left out is as planned; another area or tier is another meeting.</summary>
/// <param name="Venue">Where, or in which group, at most 50 characters.</param>
/// <param name="HappenedAt">When it took place; now when left out.</param>
[Example("""{"attendance":{"participants":31,"householdsPresent":18,"villagersFloorPercent":60},"agenda":["opinions","solving_on_spot","feedback"]}""")]
public sealed record HoldMeetingRequest(
    AttendanceRequest Attendance,
    MeetingForm? Form = null,
    Role? HostRole = null,
    IReadOnlyList<string>? Agenda = null,
    IReadOnlyList<string>? Topics = null,
    string? Venue = null,
    DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class HoldMeetingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/meetings/{id}/hold", HandleAsync)
        .Command<HoldMeetingRequest>("holdMeeting", "It took place as planned (会中)", tag: "Meetings");

    private static Task<IResult> HandleAsync(HttpContext context, string id, MeetingEndpoint endpoint) =>
        endpoint.HandleAsync<HoldMeetingRequest>(context, id, "hold", async (request, loaded, token) =>
        {
            var file = ((Meeting.Known)loaded.State).File;
            var venue = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "setup.venue", Texts.Optional(request.Venue, "venue", Texts.Name), token);
            var setup = file.Setup with
            {
                Form = request.Form ?? file.Setup.Form,
                HostRole = request.HostRole ?? file.Setup.HostRole,
                Agenda = request.Agenda is null ? file.Setup.Agenda : PlanMeetingEndpoint.Codes(request.Agenda),
                Topics = request.Topics is null ? file.Setup.Topics : PlanMeetingEndpoint.Codes(request.Topics),
                Venue = venue ?? file.Setup.Venue,
            };
            return new Domain.Meetings.HoldMeeting(setup, request.Attendance.Attendance, endpoint.Policies.Version(file.Policy));
        });
}
