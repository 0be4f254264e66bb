using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests;

/// <summary>A message that was handed to a channel, and when.</summary>
public sealed record QueuedMessage(string Person, int Delivery, string Channel, IReadOnlyList<InboxNotice> Notices, DateTimeOffset At);

/// <summary>Everybody's inboxes, their timers and the channels under a virtual clock; timers fire in order at their own due times. As strict as the log: a timer that was consumed is gone.</summary>
public sealed class InboxWorld(OrganizationDirectory? organization = null, DutyRoster? duty = null, IReadOnlyList<string>? channels = null, NoticePlan? plan = null)
{
    private readonly DutyRoster _duty = duty ?? NoticeChain.NoRoster;
    private readonly IReadOnlyList<string> _channels = channels ?? ["sms"];
    private readonly SortedDictionary<(DateTimeOffset At, string Person), string> _timers = [];
    private readonly Dictionary<string, InboxState> _inboxes = new(StringComparer.Ordinal);
    private int _ids;

    /// <summary>As it stands now.</summary>
    public OrganizationDirectory Organization { get; set; } = organization ?? Town.Organization;

    public DateTimeOffset Now { get; private set; } = Sample.T0;

    /// <summary>Of every inbox, in the order in which they happened.</summary>
    public List<(string Person, Fact<InboxEvent> Fact)> Facts { get; } = [];

    public List<QueuedMessage> Queued { get; } = [];

    public IReadOnlyCollection<(DateTimeOffset At, string Person)> Timers => _timers.Keys;

    /// <summary>What matters still ask of a person.</summary>
    public Func<string, NoticeSent, NoticeClaim> Claims { get; set; } = (_, _) => NoticeClaim.Holds;

    public InboxState this[string person] => _inboxes.GetValueOrDefault(person, InboxState.Empty);

    public InboxNotice Of(string person) => this[person].InOrder.ShouldHaveSingleItem();

    /// <summary>The events of one inbox but those that tell.</summary>
    public IReadOnlyList<InboxEvent> EventsOf(string person) => [.. Facts.Where(row => row.Person == person).Select(row => row.Fact.Event).Where(e => e is not NoticeSent)];

    /// <summary>Some are told of one matter together.</summary>
    public void Tell(NoticeKind kind, Role role, string subject = $"case:{Sample.CaseId}", Urgency urgency = Urgency.Normal, params string[] people) =>
        Take([.. people.Select(person => new Notice(person, new NoticeSent(kind, subject, role, RecipientReason.Holder, Level: kind == NoticeKind.Escalation ? EscalationLevel.SectorLead : null), urgency))]);

    public void Read(string person, Guid notice) => Append(person, new NoticeRead(notice), new By(person, Role.CenterOperator, Town.Code));

    public void Delivered(QueuedMessage message) => Append(message.Person, new NoticeDelivered(message.Delivery), NoticeSaga.Engine(Town.Code));

    public void Failed(QueuedMessage message) => Append(message.Person, new NoticeFailed(message.Delivery, "no"), NoticeSaga.Engine(Town.Code));

    /// <summary>Time passes, and every timer fires at its own due time.</summary>
    public void Until(DateTimeOffset now)
    {
        while (_timers.Count > 0 && _timers.First() is { Key: var (at, person) } && at <= now)
        {
            Now = at > Now ? at : Now;
            _timers.Remove((at, person));
            Fire(person);
        }

        Now = now > Now ? now : Now;
    }

    public void Pass(TimeSpan span) => Until(Now + span);

    /// <summary>A timer fires whether it is set or not.</summary>
    public void Fire(string person)
    {
        var inbox = this[person];
        var due = NoticeSaga.Due(inbox, Now);
        var claims = due.ToDictionary(
            notice => notice.Id, notice => NoticeSaga.IsToGoBack(notice, Now) ? NoticeClaim.Back(notice, person, (sent, other) => Claims(other, sent), Organization) : Claims(person, notice.Sent));
        var others = NoticeSaga.Candidates(person, inbox, Now, claims, Organization, _duty).ToDictionary(other => other, other => this[other], StringComparer.Ordinal);
        var reaction = NoticeSaga.OnTimer(person, inbox, Now, others, claims, Organization, _duty);
        if (NoticeSaga.LooksAgainAt(due, reaction, Now, place => Sample.Calendar.At(place, Organization.TimeZone)) is { } again)
            _timers[(again, person)] = NoticeSaga.Timer(again).Name;
        foreach (var happened in reaction.Events)
            Append(person, happened, NoticeSaga.Engine(Town.Code));
        Queued.AddRange(reaction.Outbound.Select(message => new QueuedMessage(person, message.Delivery, message.Channel, message.Notices, Now)));
        Take(reaction.Notices);
    }

    /// <summary>Told as it is, but for what the plan adds.</summary>
    public void Tell(string person, NoticeSent sent, Urgency? urgency = null) => Take([new Notice(person, sent, urgency)]);

    /// <summary>The host stands still: time passes and no timer fires until it is over.</summary>
    public void StandStill(TimeSpan span) => Now += span;

    /// <summary>From now on another plan holds.</summary>
    public NoticePlan Plan { get; set; } = plan ?? Sample.Plan;

    private void Take(IReadOnlyList<Notice> notices)
    {
        foreach (var notice in notices)
        {
            var sent = Plan.Routed(notice, Now, Sample.Time, _channels);
            Append(notice.Person, sent, NoticeSaga.Engine(Town.Code));
            foreach (var timer in NoticeSaga.TimersOf(sent))
                _timers[(timer.DueAt!.Value, notice.Person)] = timer.Name;
        }
    }

    private void Append(string person, InboxEvent happened, By by)
    {
        var fact = new Fact<InboxEvent>(happened, by, Now, Now, new Guid(++_ids, 0, 0, new byte[8]));
        Facts.Add((person, fact));
        _inboxes[person] = this[person].Apply(fact);
    }
}
