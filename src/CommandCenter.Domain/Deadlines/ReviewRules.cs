using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Reviews;

namespace CommandCenter.Domain.Deadlines;

/// <summary>By which closed cases are collected for a review meeting (复盘总结会, S3-15). A rule that is missing collects nothing.</summary>
/// <param name="FromLevel">A case that was so late that it climbed so high at any time.</param>
/// <param name="Listed">A case that was listed for supervision.</param>
/// <param name="Returns">A case that units sent back so often, 1–20.</param>
/// <param name="RemindDays">So many natural days before a measure is due its owner is told again, 1–60; missing: 3.</param>
public sealed record ReviewRules(EscalationLevel? FromLevel = null, bool? Listed = null, int? Returns = null, int? RemindDays = null)
{
    /// <summary>How long before a measure is due its owner is told again.</summary>
    public TimeSpan RemindBefore => TimeSpan.FromDays(RemindDays ?? 3);

    /// <summary>What holds under a policy that says nothing of reviews.</summary>
    public static ReviewRules Standard { get; } = new(EscalationLevel.TownLeader, true, 2);

    /// <summary>Why a closed case belongs into a review, in the order of the rules; empty where it does not.</summary>
    /// <param name="listed">Whether it was ever listed for supervision, looked up by the caller.</param>
    public IReadOnlyList<ReviewReason> ReasonsFor(CaseSummary row, bool listed)
    {
        if (row.Stage != CaseStage.Closed)
            return [];
        List<ReviewReason> reasons = [];
        if (FromLevel is { } level && row.Highest >= level)
            reasons.Add(ReviewReason.Late);
        if (Listed == true && listed)
            reasons.Add(ReviewReason.Listed);
        if (Returns is { } returns && row.Returns >= returns)
            reasons.Add(ReviewReason.SentBackOften);
        return reasons;
    }

    /// <summary>What is wrong with the rules, one sentence each, with where in them.</summary>
    public static IEnumerable<(string At, Message Words)> Check(ReviewRules rules)
    {
        if (rules is { FromLevel: null, Listed: not true, Returns: null })
            yield return ("", new("没有收集规则的复盘不起作用，请删去。", "a review that no rule fills says nothing; leave it out."));
        if (rules.Returns is < 1 or > 20)
            yield return ("/returns", new("退回次数为 1 至 20。", "returns are counted from 1 to 20."));
        if (rules.RemindDays is < 1 or > 60)
            yield return ("/remindDays", new("措施到期前 1 至 60 天催办。", "owners are told again 1 to 60 days before a measure is due."));
    }
}
