using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Inbox;

/// <summary>A channel that this host has; its address and its secret are nobody's business.</summary>
public sealed record ChannelView(string Name, ChannelKind Kind, ChannelLanguage Language);

/// <summary>Who is told of what, and by which channels this host can.</summary>
/// <param name="Channels">Those that are set up; another that the plan names is passed over.</param>
public sealed record NoticePlanView(NoticePlan Plan, IReadOnlyList<ChannelView> Channels);

/// <summary><c>GET /api/notice-plan</c>: who is told of what, how urgently, by what, and how long it may stay unread.</summary>
public static class GetNoticePlan
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/notice-plan", Handle)
        .Query<NoticePlanView>("getNoticePlan", "Who is told of what");

    private static IResult Handle(HttpContext context, NoticeRoutes notices, HostSettings settings, OrganizationDirectory organization)
    {
        Callers.From(context.Request, organization);
        return TypedResults.Ok(new NoticePlanView(notices.Plan, [.. settings.NoticeChannels.Select(channel => new ChannelView(channel.Name, channel.Kind, channel.Language))]));
    }
}
