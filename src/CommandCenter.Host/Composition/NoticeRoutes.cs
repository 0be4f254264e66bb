using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>The ways that a notice takes: what the plan says of it, by those channels that this host has.</summary>
/// <param name="channels">The names of the configured channels.</param>
public sealed class NoticeRoutes(NoticePlan plan, IReadOnlyCollection<string> channels, IOrganization organization)
{
    public NoticePlan Plan => plan;

    public IOrganization Organization => organization;

    /// <summary>The notice as it is appended.</summary>
    /// <param name="at">When it is told.</param>
    /// <param name="place">For which the engine speaks.</param>
    public NoticeSent Routed(Notice notice, DateTimeOffset at, AreaCode place) => plan.Routed(notice, at, place, organization.Now.TimeZone, channels);

    /// <summary>The timers that belong into the same append.</summary>
    public static IEnumerable<TimerChange> TimersOf(string person, NoticeSent sent) =>
        NoticeSaga.TimersOf(sent).Select(timer => new TimerChange.Set(new TimerKey(NoticeSaga.Name, person, timer.Name, timer.Attempt), timer.DueAt!.Value));
}
