using CommandCenter.Domain;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using MarkedText = CommandCenter.Domain.Cases.MarkedText;

namespace CommandCenter.Host.Tasks;

/// <summary>Where a list or an item goes.</summary>
/// <param name="Area">A town, village, grid or yard.</param>
/// <param name="Each">When given: not to the area itself, but to each area of this level inside it.</param>
public sealed record TargetRequest(AreaCode Area, AreaLevel? Each = null);

/// <summary>What has to be shown when it is done; nothing when left out.</summary>
/// <param name="Photos">The fewest photos, 0–9.</param>
public sealed record EvidenceRequest(bool Text = false, int Photos = 0);

/// <summary>A number that is asked for.</summary>
/// <param name="Unit">What is counted, at most 10 characters: 户, 处, 份.</param>
/// <param name="Expected">How many are expected of each target, 1–1,000,000.</param>
public sealed record QuantityRequest(string Unit, int? Expected = null);

/// <summary>One item of a list.</summary>
/// <param name="Title">At most 100 characters.</param>
/// <param name="Text">What to do, at most 2,000 characters.</param>
/// <param name="Matter">A code of the catalogue.</param>
/// <param name="Targets">Where it goes, when not to every target of the list.</param>
public sealed record TaskItemRequest(
    string Title, string Text, string Matter, DateTimeOffset DueAt, EvidenceRequest? Evidence = null, QuantityRequest? Quantity = null, IReadOnlyList<TargetRequest>? Targets = null);

/// <summary>A list as it comes in a request, on its way to a draft: read whole, or refused line by line.</summary>
internal sealed class TaskListContent(OrganizationDirectory organization, PersonalText personal)
{
    private const int TitleLength = 100;
    private const int UnitLength = 10;
    private const int MostExpected = 1_000_000;

    private readonly List<RefusalLine> _lines = [];

    /// <exception cref="ProblemException">Something is missing, too long or unknown.</exception>
    public async Task<(MarkedText Title, IReadOnlyList<TaskItem> Items, IReadOnlyList<AreaCode> Targets)> ReadAsync(
        StreamKey stream, string title, IReadOnlyList<TaskItemRequest> items, IReadOnlyList<TargetRequest>? targets, CancellationToken cancellation)
    {
        var name = Texts.Required(title, "title", TitleLength);
        if (items.Count is 0 or > TaskListDecider.MostItems)
            throw Problems.OutOfRange("items", $"1–{TaskListDecider.MostItems}");

        var all = Targets(targets ?? [], "targets");
        List<(TaskItemRequest Request, string Title, string Text, IReadOnlyList<AreaCode>? Targets)> read = [];
        for (var index = 0; index < items.Count; index++)
        {
            var line = $"items/{index + 1}";
            // The JSON reader lets a null through where a list holds objects.
            var item = items[index] ?? throw Problems.Missing(line);
            if (item.Evidence is { Photos: < 0 or > 9 })
                throw Problems.OutOfRange($"{line}/evidence/photos", "0–9");
            if (item.Quantity is { Expected: < 1 or > MostExpected })
                throw Problems.OutOfRange($"{line}/quantity/expected", $"1–{MostExpected}");
            if (item.Quantity is { } quantity)
                Texts.Required(quantity.Unit, $"{line}/quantity/unit", UnitLength);
            if (organization.FindCategory(item.Matter) is null)
                _lines.Add(TaskProblems.MatterUnknown($"{line}/matter"));
            read.Add((item, Texts.Required(item.Title, $"{line}/title", TitleLength), Texts.Required(item.Text, $"{line}/text", Texts.FreeText),
                item.Targets is { } own ? Targets(own, $"{line}/targets") : null));
        }

        if (_lines.Count > 0)
            throw TaskProblems.Lines(_lines);

        List<TaskItem> sealedItems = [];
        foreach (var (request, itemTitle, text, own) in read)
        {
            var number = sealedItems.Count + 1;
            sealedItems.Add(new TaskItem(
                number,
                await personal.SealTextAsync(stream, TaskViews.TitleField(number), itemTitle, cancellation),
                await personal.SealTextAsync(stream, TaskViews.TextField(number), text, cancellation),
                request.Matter,
                request.DueAt,
                new EvidenceRule(request.Evidence?.Text ?? false, request.Evidence?.Photos ?? 0),
                request.Quantity is { } asked ? new Quantity(asked.Unit.Trim(), asked.Expected) : null,
                own));
        }

        return (await personal.SealTextAsync(stream, "title", name, cancellation), sealedItems, all);
    }

    private List<AreaCode> Targets(IReadOnlyList<TargetRequest> requests, string field)
    {
        var targets = new SortedDictionary<string, AreaCode>(StringComparer.Ordinal);
        for (var index = 0; index < requests.Count; index++)
        {
            var line = $"{field}/{index + 1}";
            var request = requests[index] ?? throw Problems.Missing(line);
            if (organization.FindArea(request.Area) is null)
            {
                _lines.Add(TaskProblems.AreaUnknown(line));
                continue;
            }

            var found = request.Each is { } level
                ? organization.Areas.Select(area => area.Code).Where(code => code.Level == level && request.Area.Contains(code)).ToList()
                : [request.Area];
            foreach (var code in found)
                targets[code.Value] = code;
            if (found.Count == 0)
                _lines.Add(TaskProblems.NoneInside(line));
        }

        return [.. targets.Values];
    }
}
