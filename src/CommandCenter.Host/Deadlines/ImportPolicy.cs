using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Deadlines;

/// <summary><c>POST /api/policy/import</c>: a policy as <c>GET /api/policy/export</c> gives it, as a difference to the one that counts, all of it or nothing.</summary>
public static class ImportPolicyEndpoint
{
    internal static readonly QueryOption[] Options =
    [
        new("dryRun", "true: check it and show what would change; nothing is taken", typeof(bool)),
        new("recount", "true: open cases are counted anew under it; else they keep the version that they began under", typeof(bool)),
        new("from", "a day in the district's time zone such as 2027-01-01, or an instant: from when on clocks start under it; at once when left out"),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/policy/import", HandleAsync)
        .Import<DeadlinePolicy, PolicyAnswer>("importPolicy", "Take a deadline policy (导入时限规则)", "application/json", "Deadlines", Options);

    private static Task<IResult> HandleAsync(HttpContext context, PolicyEndpoint endpoint, OrganizationDirectory organization)
    {
        var recount = QueryStrings.Flag(context.Request.Query, "recount") == true;
        var from = From(context.Request.Query["from"].ToString(), organization.TimeZone);
        return endpoint.HandleAsync<ReadFile<DeadlinePolicy>>(
            context, "adopt", (file, now) => new AdoptPolicy(file.Value, from, recount, now),
            (request, token) => PolicyEndpoint.ReadAsync(request, $"{recount} {from:O}", DeadlinePolicyReader.ReadInWords, token));
    }

    /// <exception cref="Http.ProblemException">Neither a day nor an instant with its zone.</exception>
    private static DateTimeOffset? From(string text, TimeZoneInfo zone) => text.Length == 0 ? null : LocalDay.TryRead(text, zone, out var from)
        ? from
        : throw Problems.Malformed("A day such as 2027-01-01, or an instant with its zone such as 2027-01-01T01:00:00Z.", "from");
}
