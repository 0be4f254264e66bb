namespace CommandCenter.Domain.Cases;

/// <summary>Why a move on a case is refused: the frozen codes with their words.</summary>
public static class CaseRefusals
{
    private static readonly Dictionary<string, Message> Words = new(StringComparer.Ordinal)
    {
        ["case.unknown"] = new("没有这个案件。", "There is no such case."),
        ["case.exists"] = new("案件已存在。", "The case exists already."),
        ["case.not_filed"] = new("案件尚未立案，请先立案。", "The case is not filed yet; file it first."),
        ["case.already_filed"] = new("案件已立案。", "The case is filed already."),
        ["case.not_dispatched"] = new("案件尚未派遣到岗位。", "The case is not dispatched to a post."),
        ["case.already_dispatched"] = new("案件已派遣；需要改派时由岗位退回。", "The case is dispatched already; to send it elsewhere the post returns it."),
        ["case.not_claimed"] = new("岗位尚未签收，请先签收。", "The post has not claimed the case; claim it first."),
        ["case.claimed_by_another"] = new("案件已由同岗另一人签收。", "Another person of the post has claimed the case."),
        ["case.not_completed"] = new("处置尚未完成。", "Handling is not completed."),
        ["case.already_completed"] = new("处置已完成，等待核实。", "Handling is completed and waits for verification."),
        ["case.not_verified"] = new("尚未现场核实。", "The result is not verified on the spot."),
        ["case.already_verified"] = new("已核实。", "The result is verified already."),
        ["case.already_rated"] = new("已评价；一件只评一次。", "The case is rated already; each result is rated once."),
        ["case.close.not_fixed"] = new("群众评价为未解决，不能结案，请重新派遣。", "The reporter says it is not fixed; it cannot be closed. Dispatch it again."),
        ["case.closed"] = new("案件已结案。", "The case is closed."),
        ["case.refused"] = new("案件已作不予立案处理。", "The report was refused."),
        ["case.rework.reason_missing"] = new("核实不通过必须写明原因。", "A failed verification needs its reason."),
        ["case.rating.out_of_range"] = new("满意度为 1 至 5 级。", "Satisfaction goes from 1 to 5."),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All => Words;

    /// <exception cref="KeyNotFoundException">The code is not in the list.</exception>
    public static Refusal Of(string code, Case state) => new(code, Words[code], CaseDecider.Possible(state));
}
