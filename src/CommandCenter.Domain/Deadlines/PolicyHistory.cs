using System.Collections.Immutable;
using CommandCenter.Domain.Formats;

namespace CommandCenter.Domain.Deadlines;

/// <summary>A version of the policy as it was adopted.</summary>
/// <param name="From">From when on new clocks start under it.</param>
/// <param name="Revision">The version of the stream with which it came.</param>
/// <param name="IsDated">Whether it was adopted for an instant, and not for as soon as it is known.</param>
/// <param name="Recounts">Whether open cases are counted anew under it.</param>
public sealed record AdoptedPolicy(DeadlinePolicy Policy, DateTimeOffset From, By By, DateTimeOffset AdoptedAt, long Revision, bool IsDated, bool Recounts);

/// <summary>That open cases are counted anew, and how far it has come.</summary>
/// <param name="Revision">The version of the stream that asks for it: it names the recount.</param>
/// <param name="Years">Of the calendar, that changed; null where the hours changed, or the policy.</param>
/// <param name="AfterPosition">It goes on after the case that was reported there.</param>
/// <param name="FinishedAt">Null while it is under way.</param>
public sealed record PolicyRecount(
    long Revision, RecountCause Cause, DateTimeOffset AskedAt, ImmutableSortedSet<int>? Years = null, long AfterPosition = 0, int Cases = 0, int Recounted = 0, DateTimeOffset? FinishedAt = null);

/// <summary>
/// The deadline policy and the working calendar of all times, as a fold of their stream: what counts at an instant, what is planned, and what open cases still have to be counted anew for. Immutable.
/// </summary>
public sealed class PolicyHistory
{
    private readonly Lazy<Dictionary<long, PolicyBook>> _books;

    private PolicyHistory() => _books = new(Books);

    public static PolicyHistory None { get; } = new();

    /// <summary>How many events it is a fold of: the version of its stream.</summary>
    public long Revision { get; private init; }

    /// <summary>In the order in which they were adopted.</summary>
    public ImmutableList<AdoptedPolicy> Versions { get; private init; } = [];

    public ImmutableSortedDictionary<int, CalendarYear> Years { get; private init; } = ImmutableSortedDictionary<int, CalendarYear>.Empty;

    /// <summary>Null before anything was said.</summary>
    public HoursPlan? Hours { get; private init; }

    /// <summary>In the order in which they were asked for; those that are done stay.</summary>
    public ImmutableList<PolicyRecount> Recounts { get; private init; } = [];

    /// <summary>What open cases have to be counted anew for next; null where nothing is left to do.</summary>
    public PolicyRecount? Due => Recounts.Find(recount => recount.FinishedAt is null);

    private ImmutableList<(DateTimeOffset KnownAt, WorkCalendar Calendar)> Calendars { get; init; } = [];

    /// <summary>Whether there are a policy and a calendar.</summary>
    public bool IsBegun => Versions.Count > 0 && Hours is not null;

    public static PolicyHistory Fold(IEnumerable<Fact<PolicyEvent>> facts) => facts.Aggregate(None, (history, fact) => history.Apply(fact));

    /// <summary>The history with one more event.</summary>
    public PolicyHistory Apply(Fact<PolicyEvent> fact)
    {
        var revision = Revision + 1;
        switch (fact.Event)
        {
            case DeadlinePolicyAdopted e:
                var from = e.From ?? (Versions.Count == 0 ? DateTimeOffset.MinValue : fact.RecordedAt);
                var adopted = new AdoptedPolicy(e.Policy, from, fact.By, fact.RecordedAt, revision, e.From is not null, e.Recount == true);
                return Copy(
                    revision, Versions.Add(adopted),
                    recounts: e.Recount == true && Versions.Count > 0 ? Recounts.Add(new PolicyRecount(revision, RecountCause.Policy, fact.RecordedAt)) : null);
            case WorkingCalendarAdopted e:
                var changed = e.Years.Where(year => !IsSame(year, Years.GetValueOrDefault(year.Year))).SelectMany(year => YearsOf(year).Concat(YearsOf(Years.GetValueOrDefault(year.Year)))).ToImmutableSortedSet();
                var years = Years.SetItems(e.Years.Select(year => KeyValuePair.Create(year.Year, year)));
                var hours = e.Hours ?? Hours;
                var begun = Calendars.Count > 0;
                var otherHours = e.Hours is not null && begun;
                return Copy(
                    revision, years: years, hours: hours,
                    calendars: hours is null ? null : Calendars.Add((begun ? fact.RecordedAt : DateTimeOffset.MinValue, new WorkCalendar(new DayCalendar([.. years.Values]), hours))),
                    recounts: begun && (otherHours || !changed.IsEmpty) ? Recounts.Add(new PolicyRecount(revision, RecountCause.Calendar, fact.RecordedAt, otherHours ? null : changed)) : null);
            case RecountAdvanced e:
                return Copy(revision, recounts: With(e.Revision, recount => recount with { AfterPosition = e.AfterPosition, Cases = e.Cases, Recounted = e.Recounted }));
            case RecountFinished e:
                return Copy(revision, recounts: With(e.Revision, recount => recount with { Cases = e.Cases, Recounted = e.Recounted, FinishedAt = fact.RecordedAt }));
            default:
                throw new InvalidOperationException($"{fact.Event.GetType().Name} is no event of a policy.");
        }
    }

    /// <summary>The policy under which a clock starts that starts now, with every other version and the calendar as it is known.</summary>
    /// <param name="now">What was planned for later than this does not count yet; what came without a day counts since it is known.</param>
    /// <exception cref="InvalidOperationException">Nothing was said yet.</exception>
    public PolicyBook At(DateTimeOffset now) => _books.Value[VersionAt(now).Revision];

    /// <summary>The version under which a clock starts that starts now.</summary>
    /// <exception cref="InvalidOperationException">Nothing was said yet.</exception>
    public AdoptedPolicy VersionAt(DateTimeOffset now) => Latest(Versions.Where(version => !version.IsDated || version.From <= now));

    /// <summary>The versions that are planned for later than an instant, the nearest first: what is changed from that instant on does not stand in them.</summary>
    public IReadOnlyList<AdoptedPolicy> PlannedAfter(DateTimeOffset instant) => [.. Versions.Where(version => version.IsDated && version.From > instant).OrderBy(version => version.From).ThenBy(version => version.Revision)];

    /// <summary>The version that counted at an instant of the past, whatever was adopted since.</summary>
    /// <exception cref="InvalidOperationException">Nothing was said yet.</exception>
    public AdoptedPolicy CountedAt(DateTimeOffset instant) => Latest(Versions.Where(version => version.From <= instant));

    /// <summary>The calendar as it was known at an instant: what had ended by then was counted by this one.</summary>
    public WorkCalendar CalendarKnownAt(DateTimeOffset instant) => (Calendars.FindLast(known => known.KnownAt <= instant).Calendar ?? Calendars[0].Calendar)!;

    /// <summary>Null when there is none of that name.</summary>
    public AdoptedPolicy? Find(string version) => Versions.Find(adopted => adopted.Policy.Version == version);

    internal static bool IsSame<T>(T? one, T? other) => System.Text.Json.JsonSerializer.Serialize(one, DomainJson.Options) == System.Text.Json.JsonSerializer.Serialize(other, DomainJson.Options);

    // Of two from the same instant the one that was adopted later counts.
    private static AdoptedPolicy Latest(IEnumerable<AdoptedPolicy> versions) =>
        versions.MaxBy(version => (version.From, version.Revision)) ?? throw new InvalidOperationException("Nothing is known of deadlines yet.");

    private Dictionary<long, PolicyBook> Books()
    {
        if (Calendars.Count == 0)
            return [];
        // A version that came back into force stands twice, with the same text.
        var all = Versions.Select(version => version.Policy).DistinctBy(policy => policy.Version).ToList();
        return Versions.ToDictionary(
            version => version.Revision, version => new PolicyBook(version.Policy, all.Where(other => other.Version != version.Policy.Version), Calendars[^1].Calendar));
    }

    // A holiday at the turn of the year reaches into the one before.
    private static IEnumerable<int> YearsOf(CalendarYear? year) =>
        year is null ? [] : [year.Year, .. year.Holidays.SelectMany(holiday => (int[])[holiday.From.Year, holiday.To.Year, .. holiday.Workdays.Select(day => day.Year)])];

    private ImmutableList<PolicyRecount> With(long revision, Func<PolicyRecount, PolicyRecount> change)
    {
        var at = Recounts.FindIndex(recount => recount.Revision == revision);
        return at < 0 ? throw new InvalidOperationException($"Nothing asked for the recount {revision}.") : Recounts.SetItem(at, change(Recounts[at]));
    }

    private PolicyHistory Copy(
        long revision, ImmutableList<AdoptedPolicy>? versions = null, ImmutableSortedDictionary<int, CalendarYear>? years = null, HoursPlan? hours = null,
        ImmutableList<(DateTimeOffset KnownAt, WorkCalendar Calendar)>? calendars = null, ImmutableList<PolicyRecount>? recounts = null) => new()
        {
            Revision = revision,
            Versions = versions ?? Versions,
            Years = years ?? Years,
            Hours = hours ?? Hours,
            Calendars = calendars ?? Calendars,
            Recounts = recounts ?? Recounts,
        };
}
