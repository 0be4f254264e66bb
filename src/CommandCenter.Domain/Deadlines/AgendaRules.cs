using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;

namespace CommandCenter.Domain.Deadlines;

/// <summary>
/// By which cases are collected as the last item of a party work committee's meeting (党工委会议末议题制, S3-10…13). A rule that is missing collects nothing.
/// </summary>
/// <param name="FromLevel">A case that has climbed so high while it is late.</param>
/// <param name="Matter">A matter of this weight or above.</param>
/// <param name="Returns">A case that units have sent back so often, 1–20.</param>
/// <param name="OpenDays">A case that has been open for so many natural days since its report, 1–365.</param>
/// <param name="FundingWanted">A case that waits for money.</param>
/// <param name="RestDays">What was struck from the agenda is not collected again for so many natural days, 0–365.</param>
/// <param name="RemindHours">How long before a meeting the leads whose reports are missing are told again, in hours round the clock, 1–336.</param>
public sealed record AgendaRules(
    EscalationLevel? FromLevel = null, MatterLevel? Matter = null, int? Returns = null, int? OpenDays = null, bool? FundingWanted = null, int RestDays = 30, int RemindHours = 24)
{
    /// <summary>What holds under a policy that says nothing of agendas.</summary>
    public static AgendaRules Standard { get; } = new(EscalationLevel.Committee, MatterLevel.District, 2, 30, true);

    /// <summary>Why a case belongs on the agenda, in the order of the rules; empty where it does not. Only what is open is collected.</summary>
    /// <param name="at">When the meeting is prepared.</param>
    public IReadOnlyList<AgendaReason> ReasonsFor(CaseSummary row, DateTimeOffset at)
    {
        if (!row.IsOpen)
            return [];
        List<AgendaReason> reasons = [];
        if (FromLevel is { } level && row.Level >= level)
            reasons.Add(AgendaReason.Overdue);
        if (Matter is { } matter && row.Matter >= matter)
            reasons.Add(AgendaReason.Weighty);
        if (Returns is { } returns && row.Returns >= returns)
            reasons.Add(AgendaReason.SentBackOften);
        if (OpenDays is { } days && at - row.ReportedAt >= TimeSpan.FromDays(days))
            reasons.Add(AgendaReason.OpenLong);
        if (FundingWanted == true && row.FundingWanted)
            reasons.Add(AgendaReason.FundingWanted);
        return reasons;
    }

    /// <summary>What is wrong with the rules, one sentence each, with where in them.</summary>
    public static IEnumerable<(string At, Message Words)> Check(AgendaRules rules)
    {
        if (rules is { FromLevel: null, Matter: null, Returns: null, OpenDays: null, FundingWanted: not true })
            yield return ("", new("没有收集规则的末议题不起作用，请删去。", "an agenda that no rule fills says nothing; leave it out."));
        if (rules.Returns is < 1 or > 20)
            yield return ("/returns", new("退回次数为 1 至 20。", "returns are counted from 1 to 20."));
        if (rules.OpenDays is < 1 or > 365)
            yield return ("/openDays", new("久拖天数为 1 至 365。", "a case is open long after 1 to 365 days."));
        if (rules.RestDays is < 0 or > 365)
            yield return ("/restDays", new("不列入后的间隔为 0 至 365 天。", "what was struck rests for 0 to 365 days."));
        if (rules.RemindHours is < 1 or > 336)
            yield return ("/remindHours", new("会前催报为 1 至 336 小时。", "leads are told again 1 to 336 hours before the meeting."));
    }
}
