using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Demo;

/// <summary>What the people of the demonstration towns do next. Pure: a case's row and a seeded source of chance in, a step out.</summary>
public sealed class DemoScript(OrganizationDirectory organization, IReadOnlyDictionary<string, IReadOnlyList<string>> texts, Random random)
{
    /// <summary>What is reported in each town: matters whose post has somebody there.</summary>
    private readonly Dictionary<AreaCode, List<Category>> _categories = organization.Areas.Select(area => area.Code).Where(code => code.Level == AreaLevel.Town).ToDictionary(
        town => town,
        town => organization.Categories.Where(c => texts.ContainsKey(c.Code)
            && organization.People.Any(p => p.Roles.Any(seat => seat.Role == Role.PostHandler && seat.Place == town && seat.Post == c.DefaultPost))).ToList());

    private readonly List<(Person Worker, RoleAt Seat)> _workers =
    [
        .. from person in organization.People from seat in person.Roles where seat.Role == Role.GridWorker select (person, seat),
    ];

    /// <summary>One case in six is left alone until it has climbed to the town leader: deadlines are there for these.</summary>
    public static bool IsLeftAlone(string caseId) => caseId[^1] is '0' or '7' or 'c';

    /// <summary>A grid worker's report from somewhere in the worker's grid.</summary>
    public ScenarioStep Report(DateTimeOffset at)
    {
        var (worker, seat) = _workers[random.Next(_workers.Count)];
        var categories = _categories[seat.Place.At(AreaLevel.Town)!.Value];
        var category = categories[random.Next(categories.Count)];
        var text = texts[category.Code][random.Next(texts[category.Code].Count)];
        var urgency = random.Next(20) switch { < 2 when MayBeEmergency(category.Code) => Urgency.Emergency, < 4 => Urgency.Urgent, _ => Urgency.Normal };
        return new ScenarioStep(at, worker.Id, "report", text, category.Code, urgency, seat.Place);
    }

    /// <summary>The next step of a case; null when nobody does anything with it.</summary>
    public ScenarioStep? Next(CaseSummary row, DateTimeOffset at)
    {
        // Whatever becomes of it afterwards, somebody at the center hears an emergency.
        if (row is { Urgency: Urgency.Emergency, Stage: CaseStage.Reported } && row.UpdatedAt - row.ReportedAt < TimeSpan.FromSeconds(1))
            return Step(Role.CenterOperator, "acknowledge-alarm", null);
        if (IsLeftAlone(row.Id) && row.Level is not (EscalationLevel.TownLeader or EscalationLevel.ListedSupervision))
            return null;

        var category = organization.FindCategory(row.Category);
        var chance = random.Next(20);
        return row.Stage switch
        {
            CaseStage.Reported when chance == 0 => Step(Role.CenterOperator, "refuse", "经核查与前一件为同一处，不重复立案。"),
            CaseStage.Reported => Step(Role.CenterOperator, "file", "情况属实，予以立案。") is { } file ? file with { Category = row.Category, Urgency = row.Urgency } : null,
            CaseStage.Filed or CaseStage.Rated when row.Stage == CaseStage.Filed || row.NotFixed =>
                category is null ? null : Dispatch(category.DefaultPost),
            CaseStage.Dispatched when chance == 0 => Step(Role.PostHandler, "return", "不属本岗职责，建议重新研判。"),
            CaseStage.Dispatched => Step(Role.PostHandler, "claim", null),
            CaseStage.Handling => ByClaimer("complete", "已安排人员到场处置完毕，现场已清理。") is { } complete
                ? complete with { Photos = category?.Closing is { PhotoNeeded: true } ? ["river-after.png"] : null }
                : null,
            CaseStage.Completed when chance < 2 => Step(Role.GridWorker, "verify", "现场查看仍有遗留，请返工。") is { } failed ? failed with { Result = FixResult.NotFixed } : null,
            CaseStage.Completed => Step(Role.GridWorker, "verify", "现场核实，问题已解决。"),
            CaseStage.Verified => Step(Role.CenterOperator, "rate", "电话回访。") is { } rate
                ? rate with { Satisfaction = chance == 0 ? 2 : random.Next(3, 6), Result = chance == 0 ? FixResult.NotFixed : chance < 3 ? FixResult.HalfFixed : FixResult.Fixed }
                : null,
            CaseStage.Rated => Step(Role.CenterOperator, "close", "办理完毕，予以结案。"),
            _ => null,
        };

        // A post that sent it back gets it again from the leader only.
        ScenarioStep? Dispatch(string post) =>
            (row.ReturnedBy?.Post == post ? Step(Role.TownLeader, "dispatch", "请该岗牵头办理，不再退回。") : Step(Role.Dispatcher, "dispatch", "请按时限办理，及时反馈。")) is { } dispatch
                ? dispatch with { Post = post }
                : null;

        ScenarioStep? Step(Role role, string command, string? text) => Seated(role, row) is { } person ? new ScenarioStep(at, person, command, text) : null;

        ScenarioStep? ByClaimer(string command, string text) => row.ClaimedBy is { } claimer ? new ScenarioStep(at, claimer, command, text) : null;
    }

    // A notice board out of date endangers nobody's life.
    private static bool MayBeEmergency(string category) => category is "manhole-cover" or "fire-hazard" or "geological-hazard" or "public-order" or "utility-outage" or "elderly-care";

    private string? Seated(Role role, CaseSummary row)
    {
        var people = organization.People
            .Where(p => p.Roles.Any(seat => seat.Role == role && seat.Place.Contains(row.Area) && (role != Role.PostHandler || seat.Post == row.Unit?.Post)))
            .ToList();
        return people.Count > 0 ? people[random.Next(people.Count)].Id : null;
    }
}
