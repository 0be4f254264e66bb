using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Admissions;

/// <summary>What the areas of a level inside an area may be given from now on (准入清单); it replaces the list before.</summary>
/// <param name="Level">town, village, grid or yard.</param>
/// <param name="Matters">Codes of the catalogue; none at all admits nothing.</param>
[Example("""{"area":"500153003","level":"grid","matters":["rubbish","fire-hazard","manhole-cover"]}""")]
public sealed record AdoptAdmissionListRequest(AreaCode Area, AreaLevel Level, IReadOnlyList<string> Matters, string? Note = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class AdoptAdmissionListEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/admissions/{keeper}/adopt", HandleAsync)
        .Command<AdoptAdmissionListRequest>("adoptAdmissionList", "Adopt an admission list (准入清单)", tag: "Admissions");

    private static Task<IResult> HandleAsync(HttpContext context, string keeper, AdmissionEndpoint endpoint) =>
        endpoint.HandleAsync<AdoptAdmissionListRequest>(context, keeper, "adopt", async (request, loaded, _, token) =>
        {
            var note = Texts.Optional(request.Note, "note", Texts.Note);
            return new Domain.Admissions.AdoptAdmissionList(
                endpoint.Area(request.Area, loaded),
                request.Level,
                [.. request.Matters.Select((matter, index) => endpoint.Matter(matter, $"matters[{index}]")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", note, token));
        });
}
