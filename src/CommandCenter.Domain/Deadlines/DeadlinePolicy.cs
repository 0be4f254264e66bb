using System.Text.Json.Serialization;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Deadlines;

/// <summary>What a deadline is for.</summary>
public enum Clock
{
    /// <summary>研判: while the village assesses it.</summary>
    Assess,

    /// <summary>受理: from the report, or from where it came back to the center, to filing or refusal.</summary>
    Accept,

    /// <summary>核查: while somebody looks before filing.</summary>
    Check,

    /// <summary>派遣: from filing (or return) to dispatch.</summary>
    Dispatch,

    /// <summary>处置: from dispatch to completion.</summary>
    Handle,

    /// <summary>核实: from completion until somebody has looked on the spot.</summary>
    Verify,

    /// <summary>评价: from there until the reporter rates; where no rating comes in time the case closes by rule.</summary>
    Rate,

    /// <summary>硬时限: 30 natural days from the first dispatch to closure.</summary>
    HardLimit,
}

/// <summary>In what a limit is counted (ADR 0006).</summary>
public enum TimeUnit
{
    /// <summary>紧急工作时, in minutes: round the clock, nights and holidays count.</summary>
    UrgentMinutes,

    /// <summary>自然日: the same local wall time on a later day.</summary>
    NaturalDays,

    /// <summary>工作时, in minutes: only the town's working time counts.</summary>
    WorkingMinutes,

    /// <summary>工作日: so many whole working days of the town; a part of a day is the same part of another, however long they are.</summary>
    WorkingDays,
}

/// <summary>How high a late case has climbed.</summary>
public enum EscalationLevel
{
    /// <summary>催办: those who should have acted.</summary>
    Responsible,

    /// <summary>板块负责人</summary>
    SectorLead,

    /// <summary>镇街主要领导</summary>
    TownLeader,

    /// <summary>党工委会议末议题: the next meeting of the town's party work committee takes it on.</summary>
    Committee,

    /// <summary>挂牌督办: the district.</summary>
    ListedSupervision,
}

/// <summary>A span of time in one unit.</summary>
/// <param name="Amount">Minutes or days, as the unit says; negative in the offset of a warning.</param>
public sealed record Limit(int Amount, TimeUnit Unit);

/// <summary>One step of a ladder.</summary>
/// <param name="Name">Lower-case ASCII with dashes, unique in its rule; part of the timer's name.</param>
/// <param name="Offset">From the due instant: negative before, zero at, positive after.</param>
/// <param name="Level">Null for a warning before the deadline, and for the step that closes.</param>
/// <param name="Closes">True for the last step of a ladder for rating: the case is closed without one.</param>
public sealed record LadderStep(string Name, Limit Offset, EscalationLevel? Level = null, bool? Closes = null);

/// <summary>Where a limit comes from.</summary>
public enum LimitBasis
{
    /// <summary>有出处: it stands in the source as it is here.</summary>
    Sourced,

    /// <summary>推定: from a like matter, or from a general limit of the source.</summary>
    Derived,

    /// <summary>假定: proposed, to be decided by the district.</summary>
    Assumed,
}

/// <summary>A paper in which limits stand.</summary>
/// <param name="Id">Unique in the policy.</param>
/// <param name="Url">Where it was read.</param>
public sealed record PolicySource(string Id, string Title, string Url);

/// <summary>The limit and ladder of a clock for cases of one urgency.</summary>
public sealed record ClockRule(
    Clock Clock, Urgency Urgency, Limit Limit, IReadOnlyList<LadderStep> Ladder, LimitBasis? Basis = null, string? Source = null, string? Note = null);

/// <summary>A ladder that matters may climb.</summary>
public sealed record NamedLadder(string Name, IReadOnlyList<LadderStep> Steps);

/// <summary>The limit of one matter in one stage.</summary>
/// <param name="Ladder">The name of a ladder of the policy.</param>
/// <param name="Source">The id of a source of the policy.</param>
public sealed record MatterLimit(Clock Clock, Urgency Urgency, Limit Limit, string Ladder, LimitBasis Basis, string? Source = null, string? Note = null);

/// <summary>A matter with limits of its own (事项目录). Its code is that of the catalogue's category.</summary>
public sealed record PolicyMatter(string Code, string Name, string NameEn, Sector Sector, IReadOnlyList<MatterLimit> Limits);

/// <summary>How high a whistle that is not answered has climbed.</summary>
public enum WhistleLevel
{
    /// <summary>催办: those whose turn it is.</summary>
    Responsible,

    /// <summary>分管负责人: the lead of the post's sector, the district leader in charge of a department, or the dispatcher where the center is late.</summary>
    Lead,

    /// <summary>镇街主要领导</summary>
    TownLeader,

    /// <summary>区级督查</summary>
    District,
}

/// <summary>One step of the ladder of a whistle's limit.</summary>
/// <param name="Name">Lower-case ASCII with dashes, unique in its ladder.</param>
/// <param name="Offset">From the due instant: negative before, zero at, positive after.</param>
/// <param name="Level">Null for a warning before the deadline.</param>
public sealed record WhistleStep(string Name, Limit Offset, WhistleLevel? Level = null);

/// <summary>How soon a call of a whistle is to be answered, and from when on a unit is ranked by it (S3-17).</summary>
/// <param name="Limit">Of routing from when the center was asked; of arriving and the first opinion from when the call was brought to the unit.</param>
/// <param name="Source">The id of a source of the policy.</param>
/// <param name="Ladder">In the order of their instants; missing: it is measured, and climbs to nobody.</param>
public sealed record WhistleLimit(Limit Limit, LimitBasis? Basis = null, string? Source = null, string? Note = null, IReadOnlyList<WhistleStep>? Ladder = null);

/// <summary>网格吹哨、部门报到: the limits of a whistle's calls.</summary>
/// <param name="Route">流转: until the center has brought it to a unit.</param>
/// <param name="Arrive">报到: until the unit is on the spot.</param>
/// <param name="Advise">处置意见: until the unit has said what is to be done.</param>
/// <param name="MinimumSample">The smallest number of calls that a unit is ranked by: below it a median says more of chance than of the unit.</param>
public sealed record WhistleRules(WhistleLimit Route, WhistleLimit Arrive, WhistleLimit Advise, int MinimumSample);

/// <summary>Limits and ladders as versioned data. A case keeps the version that its first clock started under.</summary>
/// <param name="Rules">For every clock and urgency, what holds where no matter says otherwise.</param>
/// <param name="Whistles">The reader refuses a policy without them.</param>
/// <param name="Schema">Where the published schema lies, for editors.</param>
/// <param name="Agenda">What is collected for the party work committee; missing: <see cref="AgendaRules.Standard"/>.</param>
/// <param name="Supervision">Who supervises listed cases, and how long; missing: <see cref="SupervisionRules.Standard"/>.</param>
/// <param name="Review">What review meetings look back on; missing: <see cref="ReviewRules.Standard"/>.</param>
public sealed record DeadlinePolicy(
    string Version,
    IReadOnlyList<ClockRule> Rules,
    IReadOnlyList<PolicySource>? Sources = null,
    IReadOnlyList<NamedLadder>? Ladders = null,
    IReadOnlyList<PolicyMatter>? Matters = null,
    WhistleRules? Whistles = null,
    [property: JsonPropertyName("$schema")] string? Schema = null,
    AgendaRules? Agenda = null,
    SupervisionRules? Supervision = null,
    ReviewRules? Review = null)
{
    /// <summary>
    /// The rule for a case. A matter's limit for its urgency holds; where the matter has one for lower urgencies only, the nearest of them or the general one, whichever is shorter: what
    /// is more urgent is never given more time.
    /// </summary>
    /// <param name="matter">The case's category; one that the policy does not name falls under the general rules.</param>
    /// <exception cref="KeyNotFoundException">The policy has no rule for the clock; the reader refuses such a policy.</exception>
    public ClockRule RuleFor(Clock clock, Urgency urgency, string? matter = null)
    {
        var general = Rules.FirstOrDefault(rule => rule.Clock == clock && rule.Urgency == urgency)
            ?? throw new KeyNotFoundException($"Policy {Version} has no rule for {clock} of {urgency} cases.");
        if (Own(clock, urgency, matter) is not { } own)
            return general;

        var rule = RuleOf(own);
        return own.Urgency == urgency || IsShorter(rule.Limit, general.Limit) ? rule : general;
    }

    /// <summary>The matter whose limit holds for a case; null where the general rule does.</summary>
    public string? MatterOf(Clock clock, Urgency urgency, string category) =>
        Own(clock, urgency, category) is { } own && RuleFor(clock, urgency, category).Limit == own.Limit ? category : null;

    /// <summary>A matter's limit as a rule; a null among the ladders, which the reader has yet to refuse, is passed over.</summary>
    internal ClockRule RuleOf(MatterLimit own) =>
        new(own.Clock, own.Urgency, own.Limit, Ladders!.First(ladder => ladder?.Name == own.Ladder).Steps, own.Basis, own.Source, own.Note);

    private MatterLimit? Own(Clock clock, Urgency urgency, string? matter) => matter is null ? null
        : Matters?.FirstOrDefault(own => own.Code == matter)?.Limits.Where(limit => limit.Clock == clock && limit.Urgency <= urgency).MaxBy(limit => limit.Urgency);

    private static bool IsShorter(Limit one, Limit other) => WorkCalendar.PlainWeek.After(WorkCalendar.Monday, one) < WorkCalendar.PlainWeek.After(WorkCalendar.Monday, other);
}
