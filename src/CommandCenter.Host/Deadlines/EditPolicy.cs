using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Deadlines;

/// <summary>Other limits than those that count: a new version of the policy.</summary>
/// <param name="Version">Of what comes of it, 1–50 characters.</param>
/// <param name="Rules">In place of those for the same clock and urgency.</param>
/// <param name="Matters">In place of those of the same code, or new.</param>
/// <param name="Dropped">Codes of matters that fall under the general rules again.</param>
/// <param name="From">From when on clocks start under it; at once when left out.</param>
/// <param name="Recount">Whether open cases are counted anew under it.</param>
[Example("""{"version":"2026-12","rules":[{"clock":"accept","urgency":"normal","limit":{"amount":20,"unit":"urgent_minutes"},"ladder":[{"name":"overdue","offset":{"amount":0,"unit":"urgent_minutes"},"level":"responsible"}]}]}""")]
public sealed record EditPolicyRequest(
    string Version, IReadOnlyList<ClockRule>? Rules = null, IReadOnlyList<PolicyMatter>? Matters = null, IReadOnlyList<string>? Dropped = null, WhistleRules? Whistles = null, DateTimeOffset? From = null,
    bool? Recount = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

/// <summary><c>POST /api/policy/edit</c></summary>
public static class EditPolicyEndpoint
{
    private static readonly QueryOption[] Options = [new("dryRun", "true: check it and show what would change; nothing is taken", typeof(bool))];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/policy/edit", HandleAsync)
        .Import<EditPolicyRequest, PolicyAnswer>("editPolicy", "Change some limits of the deadline policy (修改时限规则)", "application/json", "Deadlines", Options);

    private static Task<IResult> HandleAsync(HttpContext context, PolicyEndpoint endpoint) => endpoint.HandleAsync<EditPolicyRequest>(context, "edit", (request, now) =>
    {
        CheckLists(request);
        return new EditPolicy(
            Texts.Required(request.Version, "version", 50), request.Rules ?? [], request.Matters ?? [], request.Dropped ?? [], request.Whistles,
            request.From is { } from ? Domain.Formats.DomainJson.Microseconds(from) : null, request.Recount == true, now);
    },
    changesFrom: request => request.From);

    // Nulls in a list pass the serializer, whatever the list's type says.
    private static void CheckLists(EditPolicyRequest request)
    {
        if ((request.Rules ?? []).Any(rule => rule is null))
            throw Problems.Malformed("A rule is missing.", "rules");
        if ((request.Matters ?? []).Any(matter => matter is null))
            throw Problems.Malformed("A matter is missing.", "matters");
        if ((request.Dropped ?? []).Any(code => code is null))
            throw Problems.Malformed("A code is missing.", "dropped");
    }
}
