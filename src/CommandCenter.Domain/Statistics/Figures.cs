namespace CommandCenter.Domain.Statistics;

/// <summary>What a figure is.</summary>
public enum FigureKind
{
    /// <summary>How often something happened in the period, or how much of it there was at its end.</summary>
    Count,

    /// <summary>One count over another, 0 to 1.</summary>
    Share,

    /// <summary>The mean of how long something took, in seconds.</summary>
    Mean,

    /// <summary>What nine of ten took at most, in seconds.</summary>
    NinetiethPercentile,
}

/// <summary>Which facts a count counts.</summary>
/// <param name="AtLeast">The smallest value.</param>
/// <param name="AtMost">The largest value.</param>
public sealed record FactFilter(FactKind Kind, bool? Late = null, bool? Local = null, bool? Exempt = null, int? AtLeast = null, int? AtMost = null)
{
    public bool Matches(CountedFact fact) =>
        fact.Kind == Kind && (Late is null || fact.Late == Late) && (Local is null || fact.Local == Local) && (Exempt is null || fact.Exempt == Exempt)
        && (AtLeast is null || fact.Value >= AtLeast) && (AtMost is null || fact.Value <= AtMost);
}

/// <summary>What is late and still open at the end of the period.</summary>
public enum OpenLate
{
    /// <summary>Rounds of handling (超期未处置).</summary>
    Handling,

    /// <summary>Cases, by any of their clocks (超期未结案).</summary>
    Cases,
}

/// <summary>
/// A figure with its formula. A count is of facts, of what is open and late, or of other counts together; a share and a time rest on counts. The names and the identities
/// (应处置 = 按期处置 + 超期处置 + 超期未处置; both closing rates over 应结案) are those of GB/T 30428's evaluation of city management.
/// </summary>
/// <param name="Code">In snake_case.</param>
/// <param name="Formula">In both languages, by the names of the figures that it rests on.</param>
/// <param name="Facts">Of a count, and of a time: what took it.</param>
/// <param name="Sum">Of a count that is several together.</param>
/// <param name="Over">Of a share: numerator and denominator.</param>
public sealed record Figure(
    string Code, FigureKind Kind, Message Name, Message Formula, IReadOnlyList<FactFilter>? Facts = null, OpenLate? Open = null, IReadOnlyList<string>? Sum = null, (string Numerator, string Denominator)? Over = null);

/// <summary>The figures of statistics.</summary>
public static class Figures
{
    private static readonly Figure[] Counts =
    [
        Of("reported", "上报", "reported", "时段内上报的事件数", "cases reported in the period", new FactFilter(FactKind.Reported)),
        Of("filed", "立案", "filed", "时段内立案的次数", "filings in the period", new FactFilter(FactKind.Filed)),
        Of("refused", "不予立案", "not filed", "时段内不予立案的事件数", "refusals to file in the period", new FactFilter(FactKind.Refused)),
        Of("redirected", "转紧急服务", "to emergency services", "时段内转110、119、120、122的事件数", "cases given to 110, 119, 120 or 122 in the period", new FactFilter(FactKind.Redirected)),
        Of("merged", "并案", "merged", "时段内并入其他事件的次数", "mergers into another case in the period", new FactFilter(FactKind.Merged)),
        Of("transferred", "移送", "transferred", "时段内由其他镇街接收的次数", "transfers taken by another town in the period", new FactFilter(FactKind.Transferred)),
        Of("dispatched", "派遣", "dispatched", "时段内派遣的次数", "dispatches in the period", new FactFilter(FactKind.Dispatched)),
        Of("returned", "退回", "returned", "时段内承办单位退回的次数", "times a unit sent a case back in the period", new FactFilter(FactKind.Returned)),
        Of("handled", "处置", "handled", "时段内处置完成的次数", "completions in the period", new FactFilter(FactKind.Handled)),
        Of("handled_on_time", "按期处置", "handled on time", "时段内在时限前处置完成的次数", "completions in the period before their limit", new FactFilter(FactKind.Handled, Late: false)),
        Of("handled_late", "超期处置", "handled late", "时段内超过时限才处置完成的次数", "completions in the period after their limit", new FactFilter(FactKind.Handled, Late: true)),
        new("handling_late_open", FigureKind.Count, new("超期未处置", "handling late and open"), new("时段末已超时限、尚未处置完成的轮次", "rounds past their limit and not completed at the end of the period"), Open: OpenLate.Handling),
        new("handling_due", FigureKind.Count, new("应处置", "handling due"), new("按期处置 + 超期处置 + 超期未处置", "handled on time + handled late + handling late and open"), Sum: ["handled_on_time", "handled_late", "handling_late_open"]),
        Of("verified", "核查通过", "verified", "时段内核查通过的次数", "verifications passed in the period", new FactFilter(FactKind.Verified)),
        Of("reworked", "返工", "reworked", "时段内核查不通过、退回返工的次数", "verifications not passed in the period", new FactFilter(FactKind.Reworked)),
        Of("checked", "核查", "checked on the spot", "核查通过 + 返工", "verified + reworked", new FactFilter(FactKind.Verified), new FactFilter(FactKind.Reworked)),
        Of("closed", "结案", "closed", "时段内结案的次数", "closings in the period", new FactFilter(FactKind.Closed)),
        Of("closed_on_time", "按期结案", "closed on time", "时段内结案、各环节均未超时限的次数", "closings in the period with no clock of the case run out", new FactFilter(FactKind.Closed, Late: false)),
        Of("closed_late", "超期结案", "closed late", "时段内结案、有环节超时限的次数", "closings in the period with a clock of the case run out", new FactFilter(FactKind.Closed, Late: true)),
        Of("closed_late_exempt", "其中申诉成立", "of these, exempted", "超期结案中超时申诉成立的次数", "late closings whose appeal was upheld", new FactFilter(FactKind.Closed, Late: true, Exempt: true)),
        new("closing_late_open", FigureKind.Count, new("超期未结案", "late and open"), new("时段末仍有环节超时限的在办事件数", "open cases with a clock past its limit at the end of the period"), Open: OpenLate.Cases),
        new("closing_due", FigureKind.Count, new("应结案", "closing due"), new("按期结案 + 超期结案 + 超期未结案", "closed on time + closed late + late and open"), Sum: ["closed_on_time", "closed_late", "closing_late_open"]),
        Of("solved_on_spot", "自行处置", "solved on the spot", "时段内上报人当场处置、上报即结案的事件数", "cases in the period closed with their report by whoever reported them", new FactFilter(FactKind.SolvedOnSpot)),
        Of("settled_by_village", "村级办结", "settled by the village", "时段内经村级研判并办结的事件数", "cases in the period that a village assessed and settled itself", new FactFilter(FactKind.SettledByVillage)),
        Of("closed_locally", "基层化解", "resolved locally", "结案中未派出村社的次数", "closings of cases that never left the village", new FactFilter(FactKind.Closed, Local: true)),
        Of("reopened", "重新办理", "reopened", "时段内重新办理的次数", "reopenings in the period", new FactFilter(FactKind.Reopened)),
        Of("rated", "评价", "rated", "时段内群众评价的次数", "ratings in the period", new FactFilter(FactKind.Rated)),
        Of("satisfied", "满意", "satisfied", "评价中4分、5分的次数", "ratings of 4 or 5", new FactFilter(FactKind.Rated, AtLeast: 4)),
        Of("dissatisfied", "不满意", "dissatisfied", "评价中1分、2分的次数", "ratings of 1 or 2", new FactFilter(FactKind.Rated, AtMost: 2)),
        Of("escalated", "逐级上报", "escalated", "时段内因超时升级的次数", "steps that lateness climbed in the period", new FactFilter(FactKind.Escalated)),
        Of("extended", "延期", "extended", "时段内批准延期的次数", "extensions granted in the period", new FactFilter(FactKind.Extended)),
        Of("suspended", "挂账", "suspended", "时段内批准挂账的次数", "suspensions approved in the period", new FactFilter(FactKind.Suspended)),
        Of("appealed", "超时申诉", "lateness appealed", "时段内提出超时申诉的次数", "appeals against lateness in the period", new FactFilter(FactKind.Appealed)),
        Of("exempted", "申诉成立", "appeals upheld", "时段内超时申诉成立的次数", "appeals upheld in the period", new FactFilter(FactKind.Exempted)),
    ];

    public static IReadOnlyList<Figure> All { get; } =
    [
        .. Counts,

        Share("filing_rate", "立案率", "filing rate", "filed", "reported"),
        Share("return_rate", "回退率", "return rate", "returned", "dispatched"),
        Share("on_time_handling_rate", "按期处置率", "on-time handling rate", "handled_on_time", "handling_due"),
        Share("verification_rate", "核查通过率", "verification rate", "verified", "checked"),
        Share("rework_rate", "返工率", "rework rate", "reworked", "checked"),
        Share("closing_rate", "结案率", "closing rate", "closed", "closing_due"),
        Share("on_time_closing_rate", "按期结案率", "on-time closing rate", "closed_on_time", "closing_due"),
        Share("local_resolution_rate", "基层化解率", "local resolution rate", "closed_locally", "closed"),
        Share("self_solving_rate", "自行处置率", "self-solving rate", "solved_on_spot", "closed"),
        Share("reopening_rate", "重办率", "reopening rate", "reopened", "closed"),
        Share("satisfaction_rate", "满意率", "satisfaction rate", "satisfied", "rated"),

        Time("filing_mean", FigureKind.Mean, "平均立案用时", "mean time to file", "上报至立案用时之和 ÷ 立案", "time from report to filing, summed ÷ filed", FactKind.Filed),
        Time("handling_mean", FigureKind.Mean, "平均处置用时", "mean handling time", "派遣至处置完成用时之和 ÷ 处置", "time from dispatch to completion, summed ÷ handled", FactKind.Handled),
        Time("closing_mean", FigureKind.Mean, "平均结案用时", "mean time to close", "上报至结案用时之和 ÷ 结案", "time from report to closing, summed ÷ closed", FactKind.Closed),
        Time("handling_p90", FigureKind.NinetiethPercentile, "处置用时九成位", "handling time, 90th percentile", "处置中九成不超过的用时", "what nine of ten completions took at most", FactKind.Handled),
        Time("closing_p90", FigureKind.NinetiethPercentile, "结案用时九成位", "time to close, 90th percentile", "结案中九成不超过的用时", "what nine of ten closings took at most", FactKind.Closed),
    ];

    private static readonly Dictionary<string, Figure> ByCode = All.ToDictionary(figure => figure.Code, StringComparer.Ordinal);

    /// <summary>Null when there is none of that code.</summary>
    public static Figure? Find(string code) => ByCode.GetValueOrDefault(code);

    /// <summary>The figure of that code.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static Figure Get(string code) => ByCode[code];

    private static Figure Of(string code, string name, string nameEn, string formula, string formulaEn, params FactFilter[] facts) =>
        new(code, FigureKind.Count, new Message(name, nameEn), new Message(formula, formulaEn), facts);

    private static Figure Time(string code, FigureKind kind, string name, string nameEn, string formula, string formulaEn, FactKind of) =>
        new(code, kind, new Message(name, nameEn), new Message(formula, formulaEn), [new FactFilter(of)]);

    private static Figure Share(string code, string name, string nameEn, string numerator, string denominator)
    {
        var (above, below) = (Counts.Single(count => count.Code == numerator).Name, Counts.Single(count => count.Code == denominator).Name);
        return new Figure(code, FigureKind.Share, new Message(name, nameEn), new Message($"{above.Zh} ÷ {below.Zh}", $"{above.En} ÷ {below.En}"), Over: (numerator, denominator));
    }
}
