using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Inbox;

/// <summary>People as the matter itself names them. Which of these a kind of notice knows stands in <see cref="Audiences"/>.</summary>
public enum Audience
{
    /// <summary>Whoever can bring the case on from where it lies.</summary>
    WhoseTurn,

    /// <summary>Everybody of the unit that the case lies with; nobody where it lies with none.</summary>
    Unit,

    /// <summary>Everybody of the unit from which it was recalled: they must not go on with it.</summary>
    FormerUnit,

    /// <summary>The person to whom a subtask was given.</summary>
    NamedPerson,

    /// <summary>Whoever ordered the supervision.</summary>
    WhoOrdered,

    /// <summary>Whoever decides at the matter's new level: the district's supervisors, or the town's dispatchers.</summary>
    LevelDesk,

    /// <summary>Whoever reported it, and the reporters of what was merged into it; residents have no inbox.</summary>
    Reporters,

    /// <summary>Those who should have kept the deadline.</summary>
    Responsible,

    /// <summary>Whoever answers for the target of a task.</summary>
    Targets,

    /// <summary>The desk that published a task.</summary>
    Desk,

    /// <summary>Whoever has a task in hand, else whoever answers for its target.</summary>
    Doer,

    /// <summary>Whoever may approve an urgent addition.</summary>
    Approvers,

    /// <summary>Whoever asked for it.</summary>
    Requester,

    /// <summary>Whoever answers for the yard that raised a matter.</summary>
    Yard,

    /// <summary>Whoever held the meeting.</summary>
    Host,

    /// <summary>Whoever speaks for those who blew a whistle.</summary>
    Whistlers,

    /// <summary>The leads of the sectors that a whistle is about.</summary>
    SectorLeads,

    /// <summary>Whoever has the shift.</summary>
    OnShift,

    /// <summary>Whoever is to take over from the shift.</summary>
    Incoming,

    /// <summary>Whoever leads the center at the moment.</summary>
    DutyLead,

    /// <summary>Whoever stands in for somebody absent.</summary>
    Substitute,

    /// <summary>Whoever leads a matter of the party work committee.</summary>
    Lead,

    /// <summary>Whoever supervises a listed case for the district.</summary>
    Supervisor,

    /// <summary>Whoever has a measure of a review to take.</summary>
    Owner,

    /// <summary>Whoever is to come to a review, or to stay on the spot.</summary>
    Invited,

    /// <summary>Whoever planned a stay on the spot.</summary>
    Planner,
}

/// <summary>Some of those who are told: either an audience, or a role at a place (抄告).</summary>
/// <param name="At">The level of the area of the matter at which the role is held.</param>
public sealed record ToldOf(Audience? Who = null, Role? Role = null, AreaLevel? At = null);

/// <summary>In what minutes are counted.</summary>
public enum MinuteKind
{
    /// <summary>Round the clock.</summary>
    Natural,

    /// <summary>In the town's working time.</summary>
    Working,
}

/// <summary>How long a notice may stay unread.</summary>
public sealed record ReadLimit(int Minutes, MinuteKind Counted)
{
    /// <summary>The instant that lies this span after another.</summary>
    public DateTimeOffset After(DateTimeOffset start, WorkingTime hours) => Counted == MinuteKind.Working ? hours.After(start, Minutes) : start.AddMinutes(Minutes);
}

/// <summary>Who is told of one kind of thing, how urgently, by what, and how long it may stay unread.</summary>
/// <param name="Channels">The names of channels; one that this host does not have is passed over.</param>
/// <param name="Level">For escalations: only those of this level.</param>
/// <param name="UrgentFrom">An ordinary notice is urgent for cases of this urgency and above.</param>
/// <param name="Limit">Missing: it never goes on to somebody else.</param>
/// <param name="UrgentLimit">The limit of those that are urgent by their case.</param>
public sealed record NoticeRule(
    NoticeKind Kind, IReadOnlyList<ToldOf> To, NoticeUrgency Urgency, IReadOnlyList<string> Channels, EscalationLevel? Level = null, Urgency? UrgentFrom = null, ReadLimit? Limit = null, ReadLimit? UrgentLimit = null)
{
    /// <summary>How urgent a notice is.</summary>
    /// <param name="ofCase">The urgency of the case that it is about; null where it is about something else.</param>
    public NoticeUrgency UrgencyFor(Urgency? ofCase) => UrgentFrom is { } from && ofCase >= from ? NoticeUrgency.Urgent : Urgency;

    public ReadLimit? LimitFor(NoticeUrgency urgency) => urgency == NoticeUrgency.Urgent && Urgency == NoticeUrgency.Ordinary ? UrgentLimit : Limit;
}

/// <summary>Somebody who is told.</summary>
/// <param name="ToKnow">Only so that they know: nothing is asked of them, so it neither lapses nor goes on to somebody else.</param>
public sealed record Told(Recipient Recipient, bool ToKnow)
{
    /// <summary>The notice for this person.</summary>
    public NoticeSent Sent(NoticeKind kind, string subject) => new(kind, subject, Recipient.Role, Recipient.Reason, ToKnow: ToKnow ? true : null);
}

/// <summary>Who is told of what (通知方案), as versioned data. What it decided stands in the notice, so a new version changes nothing about those sent before.</summary>
/// <param name="DigestMinutes">In working time, what comes for one person within so many minutes is sent out as one message.</param>
public sealed record NoticePlan(string Version, int DigestMinutes, IReadOnlyList<NoticeRule> Rules)
{
    /// <summary>What is told no later than this after its time was not missed.</summary>
    public static readonly TimeSpan Punctual = TimeSpan.FromMinutes(1);

    /// <exception cref="KeyNotFoundException">The plan has no rule for it; the reader refuses such a plan.</exception>
    public NoticeRule RuleFor(NoticeKind kind, EscalationLevel? level = null) =>
        Rules.FirstOrDefault(rule => rule.Kind == kind && rule.Level is not null && rule.Level == level)
        ?? Rules.FirstOrDefault(rule => rule.Kind == kind && rule.Level is null)
        ?? throw new KeyNotFoundException($"The notice plan {Version} has no rule for {kind}{(level is null ? "" : $" of level {level}")}.");

    /// <summary>Who is told, each person once; for one who has left, whoever is told for that role there now.</summary>
    /// <param name="area">Where the matter is.</param>
    /// <param name="sector">Of the matter, for sector leads.</param>
    /// <param name="audience">Whom the matter itself names.</param>
    public IReadOnlyList<Told> Recipients(
        NoticeKind kind, EscalationLevel? level, AreaCode area, Sector? sector, OrganizationDirectory organization, Func<Audience, IReadOnlyList<Recipient>> audience)
    {
        var asked = Audiences.Asked(kind);
        return
        [
            .. RuleFor(kind, level).To
                .SelectMany(told => (told.Who is { } who ? audience(who).SelectMany(Here) : organization.WhoIsToldFor(told.Role!.Value, area.At(told.At!.Value) ?? area, sector))
                    .Select(recipient => new Told(recipient, asked is not null && told.Who != asked)))
                .GroupBy(told => told.Recipient.Person, StringComparer.Ordinal)
                // Who is asked as well as told is asked.
                .Select(person => person.OrderBy(told => told.ToKnow).First()),
        ];

        IEnumerable<Recipient> Here(Recipient named)
        {
            if (organization.FindPerson(named.Person) is not null)
                return [named];
            // Of a department only its code would say who else is there.
            return organization.WhoIsToldFor(named.Role == Role.Department ? Role.DistrictSupervisor : named.Role, area, sector);
        }
    }

    /// <summary>
    /// A notice with how urgent it is, by what and when it is sent out, and when it goes on if nobody reads it.
    /// </summary>
    /// <param name="at">When it is told.</param>
    /// <param name="hours">The working time of the place for which the engine speaks.</param>
    /// <param name="channels">Those that this host has.</param>
    public NoticeSent Routed(Notice notice, DateTimeOffset at, WorkingTime hours, IReadOnlyCollection<string> channels)
    {
        var sent = notice.Sent;
        var rule = RuleFor(sent.Kind, sent.Level);
        // What was passed on is as urgent as it was.
        var urgency = sent.Urgency ?? rule.UrgencyFor(notice.Urgency);
        List<string> by = [.. rule.Channels.Where(channels.Contains)];
        var atDesk = sent.From?.Step == PassOnStep.DutyDesk;
        // Whoever is on duty works, whatever the clock says.
        var onDuty = sent.Reason == RecipientReason.OnDuty;
        var limit = sent.From is not null ? sent.Limit : rule.LimitFor(urgency) is { } given && onDuty ? given with { Counted = MinuteKind.Natural } : rule.LimitFor(urgency);
        return sent with
        {
            Urgency = urgency,
            Plan = Version,
            Channels = by.Count > 0 ? by : null,
            DeliverAt = by.Count == 0 ? null : urgency == NoticeUrgency.Urgent && sent.MissedAt is not null ? CatchUpAt(at) : onDuty ? at : DeliverAt(urgency, at, hours),
            ReadBy = atDesk || sent.ToKnow == true ? null : limit?.After(at, hours),
            Limit = sent.ToKnow == true ? null : limit,
            BackAt = NoticeClaim.IsStoodIn(sent) ? NextStart(at, hours) : null,
        };
    }

    /// <summary>When people next come to work, after those who are at work have gone.</summary>
    internal static DateTimeOffset NextStart(DateTimeOffset at, WorkingTime hours) => hours.NextWorking(hours.IsWorking(at) ? hours.SpanAt(at).To : at);

    /// <summary>When what was missed and is urgent goes out: at a whole minute, half a minute from now at least, so that everything that a standstill held up is one message.</summary>
    internal static DateTimeOffset CatchUpAt(DateTimeOffset at)
    {
        var earliest = at.ToUniversalTime().AddSeconds(30);
        return earliest.AddTicks((TimeSpan.TicksPerMinute - (earliest.Ticks % TimeSpan.TicksPerMinute)) % TimeSpan.TicksPerMinute);
    }

    /// <summary>
    /// When a notice is handed to its channels: an urgent one at once; an ordinary one outside of working time at the start of the next, within it at the end of the window in which it
    /// falls, counted from where that working time began, and at its end at the latest.
    /// </summary>
    public DateTimeOffset DeliverAt(NoticeUrgency urgency, DateTimeOffset at, WorkingTime hours)
    {
        if (urgency == NoticeUrgency.Urgent)
            return at;
        if (!hours.IsWorking(at))
            return hours.NextWorking(at);
        var (start, end) = hours.SpanAt(at);
        var window = TimeSpan.FromMinutes(DigestMinutes);
        // What comes as a window ends falls into the next: the message of this one may be gone already.
        var ended = start + (window * ((int)Math.Floor((at - start) / window) + 1));
        return ended < end ? ended : end;
    }
}
