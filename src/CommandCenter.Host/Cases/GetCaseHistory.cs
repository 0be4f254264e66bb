using System.Text.Json;
using System.Text.Json.Nodes;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using MarkedText = CommandCenter.Domain.Cases.MarkedText;

namespace CommandCenter.Host.Cases;

/// <summary>One event of a case.</summary>
/// <param name="Position">Where it stands in the log.</param>
/// <param name="Data">The event's members; marked texts and sealed values as this reader may see them.</param>
/// <param name="Causation"><c>command</c> or <c>timer:…</c></param>
public sealed record HistoryItem(
    long Version, string Position, Guid EventId, string Type, DateTimeOffset RecordedAt, DateTimeOffset HappenedAt, ActorView Actor, JsonObject Data, string? Causation, string? Correlation);

/// <summary>Every event of a case, in order.</summary>
public sealed record CaseHistory(IReadOnlyList<HistoryItem> Items);

/// <summary><c>GET /api/cases/{id}/history</c></summary>
public static class GetCaseHistory
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/cases/{id}/history", HandleAsync)
        .Query<CaseHistory>("getCaseHistory", "Every event of a case", versioned: true);

    private static async Task<IResult> HandleAsync(HttpContext context, string id, CaseStreams streams, PersonalText personal, OrganizationDirectory organization, IOrganization history)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var (loaded, file) = await VisibleCase.LoadAsync(id, callers, streams, cancellation);
        var open = callers.Any(caller => CaseAccess.MaySeePersonalData(caller, file));

        var items = new List<HistoryItem>(loaded.Facts.Count);
        foreach (var (stored, fact) in loaded.Facts)
        {
            var data = JsonNode.Parse(stored.Data.Span)!.AsObject();
            await OpenAsync(data, "", loaded.Stream, open, personal, cancellation);
            if (!open)
                HideFilesAndPoint(data);
            items.Add(new HistoryItem(
                stored.StreamVersion, stored.Position.ToString(), stored.Id, stored.Type, stored.RecordedAt, fact.HappenedAt, Actors.View(fact.By, history.History, stored.RecordedAt), data,
                Cause(stored.CausationId), stored.CorrelationId));
        }

        context.Response.Headers.ETag = ETags.Of(loaded.Version);
        context.Response.Headers[ETags.PositionHeader] = loaded.Facts[^1].Stored.Position.ToString();
        return TypedResults.Ok(new CaseHistory(items));
    }

    // The id of a command is its caller's own, and no business of other readers.
    private static string? Cause(string? causation) => causation?.StartsWith("command:", StringComparison.Ordinal) == true ? "command" : causation;

    private static void HideFilesAndPoint(JsonObject data)
    {
        var hidden = 0;
        foreach (var member in (ReadOnlySpan<string>)["photos", "before", "after"])
        {
            if (data[member] is JsonArray { Count: > 0 } photos)
            {
                hidden += photos.Count;
                data[member] = new JsonArray();
            }
        }

        if (hidden > 0)
            data["photosHidden"] = hidden;

        if (data["attachments"] is JsonArray { Count: > 0 } attachments)
        {
            data["attachmentsHidden"] = attachments.Count;
            data.Remove("attachments");
        }

        data.Remove("point");
    }

    private static async Task OpenAsync(JsonObject data, string path, StreamKey stream, bool open, PersonalText personal, CancellationToken cancellation)
    {
        foreach (var (name, node) in data.ToList())
        {
            var field = path + name;
            switch (node)
            {
                case JsonObject marked when marked.ContainsKey("spans"):
                    data[name] = await personal.ReadAsync(marked.Deserialize<MarkedText>(DomainJson.Options)!, stream, field, open, cancellation);
                    break;
                case JsonObject inner:
                    await OpenAsync(inner, field + ".", stream, open, personal, cancellation);
                    break;
                case JsonArray list when field == "attachments":
                    foreach (var attachment in list.OfType<JsonObject>())
                        await OpenAsync(attachment, $"attachments/{attachment["file"]!.GetValue<string>()}/", stream, open, personal, cancellation);
                    break;
                case JsonValue value when value.TryGetValue<string>(out var text) && Sealer.IsSealed(text):
                    data[name] = JsonSerializer.SerializeToNode(await personal.ReadAsync(text, stream, field, open, cancellation), DomainJson.Options);
                    break;
            }
        }
    }
}
