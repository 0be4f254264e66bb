using System.Globalization;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Statistics;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Statistics;

/// <summary>What requests for statistics have in common: a scope, a period, a grouping.</summary>
internal sealed record StatisticsRequest(AreaCode Scope, Period Period, Grouping? By, Sector? Sector, DateTimeOffset Now, TimeZoneInfo Zone)
{
    /// <summary>The longest period, in days: a leap year.</summary>
    private const int MostDays = 366;

    public static readonly QueryOption[] Options =
    [
        new("scope", "area code; by default the caller's place"),
        new("from", "the first local day; by default the first of the month of the last", typeof(DateOnly)),
        new("to", "the last local day, by default today; at most 366 days with the first", typeof(DateOnly)),
        new("by", "place (one tier below the scope), sector, category, source, unit, person or reporter; by default the whole", typeof(Grouping)),
        new("sector", "only what belonged to this sector when it happened", typeof(Sector)),
    ];

    /// <exception cref="ProblemException">Something cannot be read, is out of range, or is not the caller's to see.</exception>
    public static StatisticsRequest From(HttpContext context, OrganizationDirectory organization, DateTimeOffset now)
    {
        var callers = Callers.From(context.Request, organization);
        var query = context.Request.Query;
        var scope = query["scope"].ToString() switch
        {
            "" => callers[0].Seat.Place,
            var text when AreaCode.TryParse(text, out var code) => code,
            _ => throw Problems.Malformed("scope is an area code.", "scope"),
        };
        var by = Enumeration<Grouping>(query, "by");
        // Who works how is for those to see who are answerable for it.
        var may = by is Grouping.Person or Grouping.Reporter
            ? callers.Any(caller => CaseAccess.MayList(caller, scope) && caller.Seat.Role is not (Role.GridWorker or Role.YardHead or Role.PostHandler))
            : callers.Any(caller => CaseAccess.MayList(caller, scope));
        if (!may)
            throw Problems.NotAllowed();
        var to = Day(query, "to") ?? LocalDay.Of(now, organization.TimeZone);
        var from = Day(query, "from") ?? new DateOnly(to.Year, to.Month, 1);
        if (from > to || from < to.AddDays(1 - MostDays))
            throw Problems.OutOfRange("from", string.Create(CultureInfo.InvariantCulture, $"{to.AddDays(1 - MostDays):yyyy-MM-dd}–{to:yyyy-MM-dd}"));
        return new StatisticsRequest(scope, new Period(from, to), by, Enumeration<Sector>(query, "sector"), now, organization.TimeZone);
    }

    /// <summary>The period as instants.</summary>
    public Asked At(Period period)
    {
        var end = LocalDay.Start(period.To.AddDays(1), Zone);
        return new Asked(Scope, LocalDay.Start(period.From, Zone), end, end < Now ? end : Now, Sector);
    }

    private static T? Enumeration<T>(IQueryCollection query, string name)
        where T : struct, Enum => query[name].ToString() switch
        {
            "" => null,
            var text when Names.TryParse<T>(text, out var value) => value,
            var text => throw Problems.Malformed($"'{text}' is not one of {string.Join(", ", Enum.GetValues<T>().Select(Names.Of))}.", name),
        };

    private static DateOnly? Day(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "" => null,
        var text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) =>
            date.Year is >= 2000 and < 3000 ? date : throw Problems.OutOfRange(name, "2000-01-01…2999-12-31"),
        _ => throw Problems.Malformed("A date such as 2026-11-21.", name),
    };
}
