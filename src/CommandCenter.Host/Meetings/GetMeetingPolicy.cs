using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Meetings;

/// <summary><c>GET /api/meetings/policy</c>: tiers, agenda and topics, for whoever fills in a form.</summary>
public static class GetMeetingPolicy
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/meetings/policy", Handle)
        .Query<MeetingPolicy>("getMeetingPolicy", "Tiers, agenda and topics of yard meetings");

    private static IResult Handle(HttpContext context, MeetingPolicyBook policies, OrganizationDirectory organization)
    {
        Callers.From(context.Request, organization);
        return TypedResults.Ok(policies.Current);
    }
}
