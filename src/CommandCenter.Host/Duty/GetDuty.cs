using System.Globalization;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Duty;

/// <summary>A hand-over, for those of the center.</summary>
/// <param name="To">The shift that takes over.</param>
/// <param name="By">Whoever handed it over.</param>
/// <param name="Open">The urgent matters as they stood.</param>
/// <param name="For">The absent person for whom they stood in, by id.</param>
public sealed record HandOverView(int To, string By, DateTimeOffset At, string Note, IReadOnlyList<OpenMatter> Open, string? For = null);

/// <summary>How a shift ended.</summary>
/// <param name="To">The shift that goes on.</param>
/// <param name="By">Whoever accepted or took it over.</param>
/// <param name="Words">The note of the acceptance, or the reason of the take-over; missing for readers outside of the center.</param>
/// <param name="HandedOver">False: it was taken over without a hand-over.</param>
/// <param name="For">The absent person for whom they stood in, by id.</param>
public sealed record ReliefView(int To, string By, DateTimeOffset At, string? Words, bool HandedOver, string? For = null);

/// <summary>A shift of a roster.</summary>
/// <param name="Person">Who has it, by id.</param>
/// <param name="Substitute">Who stands in, where the person is absent on the day on which it begins.</param>
/// <param name="Standing">How its person stands now; missing while it is not theirs to be there.</param>
/// <param name="Follows">The shifts that can take over from it, the next first.</param>
/// <param name="NeedsRelief">Whether it ends only when another accepts it.</param>
public sealed record ShiftView(
    int Number, string Person, DateTimeOffset From, DateTimeOffset To, DutyRole Role, IReadOnlyList<int> Follows, bool NeedsRelief, string? Substitute = null, DutyStanding? Standing = null,
    HandOverView? HandOver = null, ReliefView? Relief = null, DateTimeOffset? HeldSince = null);

/// <summary>The roster of a center for some time.</summary>
/// <param name="OnDuty">Who is on duty now, those who answer first first.</param>
/// <param name="Shifts">Those that touch the time, and whatever is held over, in their order.</param>
/// <param name="Gaps">Times from now on for which nobody is planned.</param>
/// <param name="Possible">The commands that the caller may give.</param>
public sealed record DutyView(AreaCode Place, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<OnDuty> OnDuty, IReadOnlyList<ShiftView> Shifts, IReadOnlyList<DutyGap> Gaps, IReadOnlyList<string> Possible);

/// <summary>Who is on duty at a center at an instant.</summary>
public sealed record OnDutyView(AreaCode Place, DateTimeOffset At, IReadOnlyList<OnDuty> OnDuty);

/// <summary>The urgent matters that would be handed over now.</summary>
public sealed record OpenMattersView(AreaCode Place, IReadOnlyList<OpenMatter> Open);

/// <summary><c>GET /api/duty/{place}</c>, <c>…/on-duty</c> and <c>…/open</c></summary>
public static class GetDuty
{
    /// <summary>The longest time that is shown at once.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(100);

    private static readonly string[] Commands = ["plan", "reassign", "swap", "cancel", "hand-over", "accept", "take-over"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/duty/{place}", GetAsync).Query<DutyView>(
            "getDuty", "The roster of a center (值班表)", [new("from", "an instant; the beginning of today when left out"), new("to", "an instant at most 100 days later; seven days after `from` when left out")], versioned: true);
        routes.MapGet("/api/duty/{place}/on-duty", GetOnDutyAsync).Query<OnDutyView>("getOnDuty", "Who is on duty at a moment (谁在值班)", [new("at", "an instant; now when left out")]);
        routes.MapGet("/api/duty/{place}/open", GetOpenAsync).Query<OpenMattersView>("getDutyOpen", "The urgent matters that would be handed over (未结紧急事项)");
    }

    private static async Task<IResult> GetAsync(HttpContext context, string place, DutyStreams streams, PersonalText personal, LiveOrganization live, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        await live.WaitAsync(ETags.MinPosition(context.Request), cancellation);
        var organization = live.Now;
        var (code, callers) = Reader(context, place, organization);
        var now = clock.GetUtcNow();
        var from = Instant(context.Request.Query, "from") ?? StartOfDay(now, organization.TimeZone);
        var to = Instant(context.Request.Query, "to") ?? from.AddDays(7);
        if (to <= from || to - from > Longest)
            throw Problems.OutOfRange("to", "from … from + 100 days");

        var loaded = await streams.LoadAsync(code, cancellation);
        var roster = loaded.State;
        var center = callers.Any(caller => DutyAccess.MaySeeHandOvers(caller, code));
        List<ShiftView> shifts = [];
        foreach (var shift in roster.Shifts.Values.Where(shift => shift.Overlaps(from, to) || roster.StandingOf(shift, now) is not null).OrderBy(shift => shift.From).ThenBy(shift => shift.Number))
        {
            shifts.Add(new ShiftView(
                shift.Number, shift.Person, shift.From, shift.To, shift.Role, [.. roster.Following(shift).Select(next => next.Number)], shift.Relief is null && roster.NeedsRelief(shift) && !roster.IsOver(shift, now),
                live.At(shift.From > now ? shift.From : now).SubstituteOf(shift.Person), roster.StandingOf(shift, now),
                shift.HandOver is { } given && (center || callers.Any(caller => caller.Is(roster.Find(given.To)?.Person))) ? new HandOverView(given.To, given.By.Actor, given.At, await personal.ReadAsync(given.Note, loaded.Stream, "note", true, cancellation), given.Open, given.By.For) : null,
                shift.Relief is { } relief ? new ReliefView(relief.To, relief.By.Actor, relief.At, center ? await WordsAsync(relief) : null, relief.HandedOver, relief.By.For) : null,
                shift.HeldSince));
        }

        context.Response.Headers.ETag = ETags.Of(loaded.Version);
        return TypedResults.Ok(new DutyView(
            code, from, to, organization.OnDutyAt(code), shifts, [.. roster.Gaps(now)], [.. Commands.Where(command => callers.Any(caller => DutyAccess.May(caller, command, code)))]));

        async Task<string?> WordsAsync(Relief relief) =>
            relief.Words is { } words ? await personal.ReadAsync(words, loaded.Stream, relief.HandedOver ? "note" : "reason", true, cancellation) : null;
    }

    private static async Task<IResult> GetOnDutyAsync(HttpContext context, string place, LiveOrganization live, TimeProvider clock)
    {
        await live.WaitAsync(ETags.MinPosition(context.Request), context.RequestAborted);
        var (code, _) = Reader(context, place, live.Now);
        var at = Instant(context.Request.Query, "at") ?? clock.GetUtcNow();
        return TypedResults.Ok(new OnDutyView(code, at, live.At(at).OnDutyAt(code)));
    }

    private static async Task<IResult> GetOpenAsync(HttpContext context, string place, OpenMatters matters, LiveOrganization live)
    {
        await live.WaitAsync(ETags.MinPosition(context.Request), context.RequestAborted);
        var (code, callers) = Reader(context, place, live.Now);
        return callers.Any(caller => DutyAccess.MaySeeHandOvers(caller, code))
            ? TypedResults.Ok(new OpenMattersView(code, await matters.OfAsync(code, context.RequestAborted)))
            : throw Problems.NotAllowed();
    }

    private static (AreaCode Place, IReadOnlyList<Caller> Callers) Reader(HttpContext context, string place, OrganizationDirectory organization)
    {
        var callers = Callers.From(context.Request, organization);
        var code = DutyEndpoint.PlaceOf(place, organization);
        return callers.Any(caller => DutyAccess.MaySee(caller, code)) ? (code, callers) : throw Problems.NotAllowed();
    }

    private static DateTimeOffset StartOfDay(DateTimeOffset now, TimeZoneInfo zone)
    {
        var midnight = TimeZoneInfo.ConvertTime(now, zone).Date;
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    private static DateTimeOffset? Instant(IQueryCollection query, string name)
    {
        var text = query[name].ToString();
        if (text.Length == 0)
            return null;
        // Without a zone the reader would take the host's, which says nothing about the district.
        return text.Length >= 17 && text.Contains('T', StringComparison.Ordinal) && (text.EndsWith('Z') || text[^6] is '+' or '-') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            ? instant.ToUniversalTime()
            : throw Problems.Malformed("An instant with its zone such as 2026-03-02T01:00:00Z.", name);
    }
}
