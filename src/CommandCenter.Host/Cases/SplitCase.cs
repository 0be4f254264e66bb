using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>One of the matters that a case is split into.</summary>
/// <param name="Category">A code of the catalogue; by default the case's.</param>
/// <param name="Area">The grid or yard, in the same town; by default the case's.</param>
/// <param name="Photos">Of the case's photos, those that belong to this matter.</param>
public sealed record SplitPart(string Text, string? Category = null, AreaCode? Area = null, IReadOnlyList<string>? Photos = null);

/// <summary>Splitting a case that is several matters (拆分); each part begins as filed, its reporter and hard limit those of the whole.</summary>
[Example("""{"parts":[{"text":"路灯不亮","category":"street-light"},{"text":"路面塌陷"}],"note":"一件两事"}""")]
public sealed record SplitCaseRequest(IReadOnlyList<SplitPart> Parts, string? Note = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class SplitCaseEndpoint
{
    private const int MostParts = 20;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/split", HandleAsync)
        .Command<SplitCaseRequest>("splitCase", "Split it (拆分)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint, Identifiers identifiers)
    {
        // Made once: decided again on a newer state it is still the same cases.
        List<string>? children = null;
        return endpoint.HandleAsync<SplitCaseRequest>(
            context,
            id,
            "split",
            async (request, loaded, token) =>
            {
                if (request.Parts.Count > MostParts || request.Parts.Any(part => part is null))
                    throw Problems.OutOfRange("parts", $"2–{MostParts}");
                children = [.. request.Parts.Select(_ => identifiers.New())];
                var note = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", Texts.Optional(request.Note, "note", Texts.Note), token);
                return new Domain.Cases.SplitCase(children, note);
            },
            (request, work) => work with
            {
                Beside = async (loaded, _, _, token) =>
                {
                    var parts = new List<Preparation>();
                    foreach (var (part, child) in request.Parts.Zip(children!))
                    {
                        var command = await SplitOffAsync(part, child, id, ((Case.Known)loaded.State).File, loaded, endpoint, token);
                        parts.Add(await endpoint.Streams.PrepareAsync(new CaseWork(child, command.Name, (_, _) => Task.FromResult(command), work.Callers, work.At, work.HappenedAt), token));
                    }

                    return parts;
                },
            });
    }

    private static async Task<CaseCommand> SplitOffAsync(
        SplitPart part, string child, string parent, CaseFile file, LoadedCase loaded, CaseCommandEndpoint endpoint, CancellationToken cancellation)
    {
        var organization = endpoint.Organization;
        var personal = endpoint.Personal;
        var stream = CaseStreams.StreamOf(child);
        var category = organization.FindCategory(part.Category ?? file.Category) ?? throw CaseProblems.CategoryUnknown();
        var area = part.Area ?? file.Area;
        if (organization.FindArea(area) is null || area.Level is not (AreaLevel.Grid or AreaLevel.Yard) || !file.Town.Contains(area))
            throw CaseProblems.AreaUnknown();
        var photos = part.Photos ?? [];
        if (photos.Except(loaded.Facts.SelectMany(fact => CasePhotos.Of(fact.Fact.Event))).Any())
            throw new ProblemException(422, "photo.unknown", new("照片不在原案件中。", "The photo is not one of the case's."), "parts.photos");

        async Task<string?> CopyAsync(string? value, string field) =>
            await personal.SealValueAsync(stream, field, (await personal.ReadAsync(value, loaded.Stream, field, true, cancellation))?.Value, cancellation);
        var contact = file.Report.Reporter is { } r ? new SealedReporter(await CopyAsync(r.Name, "reporter.name"), await CopyAsync(r.Phone, "reporter.phone")) : null;
        var text = await personal.SealTextAsync(stream, "text", Texts.Required(part.Text, "parts.text", Texts.FreeText), cancellation);
        return new SplitOffCase(
            new CaseReported(
                file.Report.Source, text, area, category.Code, file.Urgency, photos, area == file.Area ? file.Report.Point : null, contact, area == file.Area ? await CopyAsync(file.Report.Address, "address") : null,
                new CaseOrigin(file.Report.Origin?.Reference, file.Report.Origin?.Line, parent, file.FirstDispatchedAt, file.ReportedBy.Actor, file.ReportedBy.Role,
                    file.ReturnedBy.IsEmpty ? null : [.. file.ReturnedBy.OrderBy(unit => unit.ToString(), StringComparer.Ordinal)], file.PassedUpBy.IsEmpty ? null : [.. file.PassedUpBy.OrderBy(village => village.Value, StringComparer.Ordinal)],
                    file.DeclinedBy.IsEmpty ? null : [.. file.DeclinedBy.OrderBy(town => town.Value, StringComparer.Ordinal)], file.FormerAreas.IsEmpty ? null : file.FormerAreas,
                    file.Suspension is { IsAsked: false } suspension ? suspension : null,
                    file.FormerReturns.IsEmpty ? null : [.. file.FormerReturns.OrderBy(returned => returned.Town.Value, StringComparer.Ordinal).ThenBy(returned => returned.Unit.ToString(), StringComparer.Ordinal)]), file.Level),
            new CaseFiled(category.Code, category.Sector, file.Urgency, null, file.Level ?? MatterLevel.Town));
    }
}
