using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>The ways that a notice takes: what the plan says of it, by those channels that this host has.</summary>
/// <param name="channels">The names of the configured channels.</param>
/// <param name="policies">Whose calendar says when people work, and so when what is not urgent goes out.</param>
public sealed class NoticeRoutes(NoticePlan plan, IReadOnlyCollection<string> channels, IPolicies policies, IOrganization organization)
{
    public NoticePlan Plan => plan;

    public IOrganization Organization => organization;

    public IPolicies Policies => policies;

    /// <summary>The notice as it is appended.</summary>
    /// <param name="at">When it is told.</param>
    /// <param name="place">For which the engine speaks.</param>
    public NoticeSent Routed(Notice notice, DateTimeOffset at, AreaCode place) => plan.Routed(notice, at, HoursOf(place), channels);

    /// <summary>The working time of a place.</summary>
    public WorkingTime HoursOf(AreaCode place) => policies.Now.Calendar.At(place, organization.Now.TimeZone);

    /// <summary>The notices to those who are there: substitutes for who is absent, whoever is on duty for the desk by night.</summary>
    /// <param name="place">For which the engine speaks.</param>
    public IReadOnlyList<Notice> ToWhoIsThere(IReadOnlyList<Notice> notices, AreaCode place, DateTimeOffset at) =>
        notices.Count == 0 ? notices : NoticeDesk.ToWhoIsThere(notices, place, at, organization.At(at), policies.Now.Calendar);

    /// <summary>The timers that belong into the same append.</summary>
    public static IEnumerable<TimerChange> TimersOf(string person, NoticeSent sent) =>
        NoticeSaga.TimersOf(sent).Select(timer => new TimerChange.Set(new TimerKey(NoticeSaga.Name, person, timer.Name, timer.Attempt), timer.DueAt!.Value));
}
