using System.Text;
using System.Text.Json;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Demo;

/// <summary>One case's way, as a file tells it.</summary>
/// <param name="Source">Where the story comes from.</param>
public sealed record Scenario(string Title, string Source, IReadOnlyList<ScenarioStep> Steps);

/// <summary>What somebody did and when. Which members are needed follows from the command.</summary>
/// <param name="Command">As in the API: <c>report</c>, <c>file</c>, …; those of the committee's list of the case's town as <c>agenda-prepare</c>, …</param>
/// <param name="Photos">Files beside the scenario.</param>
/// <param name="Area">Of a report where it is; of a transfer the other town, or its grid.</param>
/// <param name="Source">How a report came in; a party member's goes to the village first.</param>
/// <param name="Reference">Of a report: the code on the spot.</param>
/// <param name="Spot">Of a report: the code on the plate that was scanned, which says place, matter and who gets it.</param>
/// <param name="Person">Of a dispatch who of the post; of a matter of the committee who leads it.</param>
/// <param name="CostFen">In fen (1/100 yuan): of an assessment what it is likely to cost, of funding how much.</param>
/// <param name="Until">Of a plan or a suspension until when, of a committee's meeting when it begins, of a lead by when the matter is to be solved.</param>
/// <param name="Reason">Of a suspension.</param>
/// <param name="Days">Of an extension: how many more.</param>
public sealed record ScenarioStep(
    DateTimeOffset At,
    string Actor,
    string Command,
    string? Text = null,
    string? Category = null,
    Urgency? Urgency = null,
    AreaCode? Area = null,
    double? Latitude = null,
    double? Longitude = null,
    string? Post = null,
    int? Satisfaction = null,
    FixResult? Result = null,
    IReadOnlyList<string>? Photos = null,
    CaseSource? Source = null,
    string? Reference = null,
    string? Spot = null,
    string? Person = null,
    MatterLevel? Level = null,
    int? Households = null,
    long? CostFen = null,
    DateTimeOffset? Until = null,
    SuspensionReason? Reason = null,
    int? Days = null);

/// <summary>Reads what the demonstration town plays.</summary>
public static class ScenarioFolder
{
    /// <summary>How a step on the list of the party work committee begins, which is no step of the case itself.</summary>
    public const string OfAgenda = "agenda-";

    public static string Bundled => Path.Combine(AppContext.BaseDirectory, "Demo", "scenarios");

    /// <exception cref="JsonException">The file is not a scenario.</exception>
    public static Scenario River => Read<Scenario>("mengziqiao-river.json");

    /// <summary>Thirty-nine households' sewage, which the village assesses before the town has it.</summary>
    /// <exception cref="JsonException">The file is not a scenario.</exception>
    public static Scenario Sewage => Read<Scenario>("tuwan-sewage.json");

    /// <summary>One of sixty-six bins, whose plate somebody scans: the one lorry's driver has it in the same moment.</summary>
    /// <exception cref="JsonException">The file is not a scenario.</exception>
    public static Scenario Bins => Read<Scenario>("wanbao-bins.json");

    /// <summary>A brook between two towns: assessed by the village of one, taken by the other, raised to the district, taken on by a department.</summary>
    /// <exception cref="JsonException">The file is not a scenario.</exception>
    public static Scenario Brook => Read<Scenario>("border-brook.json");

    /// <summary>Rubbish at a boundary stone: the other town declines it, the district decides, and the village settles it.</summary>
    /// <exception cref="JsonException">The file is not a scenario.</exception>
    public static Scenario Boundary => Read<Scenario>("boundary-rubbish.json");

    /// <summary>A rotten road that the party work committee takes on, with a lead, a suspension for want of money, and a month of works.</summary>
    /// <exception cref="JsonException">The file is not a scenario.</exception>
    public static Scenario Road => Read<Scenario>("qibaoyan-road.json");

    /// <summary>The stories of the demonstration's past, in the order in which they begin; one may go on while another does.</summary>
    /// <exception cref="JsonException">A file is not a scenario.</exception>
    public static IReadOnlyList<Scenario> Past => [Bins, Road, Sewage, River, Brook, Boundary];

    /// <summary>What reports of each category say.</summary>
    /// <exception cref="JsonException">The file is not a list of texts by category.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Texts => Read<Dictionary<string, IReadOnlyList<string>>>("texts.json");

    private static T Read<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(Bundled, name), Encoding.UTF8), DomainJson.Options)!;
}
