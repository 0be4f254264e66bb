namespace CommandCenter.Domain.Listings;

/// <summary>Why a move on a listing is refused: the frozen codes with their words, which say what is possible instead.</summary>
public static class ListingRefusals
{
    private static readonly Dictionary<string, Message> Words = new(StringComparer.Ordinal)
    {
        ["listing.unknown"] = new("该案件没有挂牌督办；需要时请区级挂牌。", "The case is not listed for supervision; the district lists it if need be."),
        ["listing.listed_already"] = new("该案件已在挂牌督办中，请报告进展或摘牌。", "The case is listed already; report on it, or lift the listing."),
        ["listing.case_ended"] = new("案件已办结，无需挂牌；未解决可重新办理。", "The case has ended, so there is nothing to list; if it is not solved, reopen it."),
        ["listing.lifted"] = new("已摘牌；需要时请区级重新挂牌。", "The listing was lifted; the district lists the case anew if need be."),
        ["listing.not_done"] = new("案件尚未核实通过，不能摘牌；请核实后再摘牌。", "Nobody has seen on the spot that it is done, so the plate stays; have it verified first."),
        ["listing.proof_missing"] = new("摘牌须附佐证材料（文字和附件），请上传后再摘牌。", "A plate comes down on proof only, a text and an attachment; attach one first."),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All => Words;

    /// <exception cref="KeyNotFoundException">The code is not in the list.</exception>
    public static Refusal Of(string code, Listing state) => new(code, Words[code], ListingDecider.Possible(state));
}
