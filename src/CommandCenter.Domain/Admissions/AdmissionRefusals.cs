namespace CommandCenter.Domain.Admissions;

/// <summary>Why a move on an admission list is refused: the frozen codes with their words.</summary>
public static class AdmissionRefusals
{
    private static readonly string[] Possible = ["adopt", "request", "approve", "reject", "end"];

    private static readonly Dictionary<string, Message> Words = new(StringComparer.Ordinal)
    {
        ["admission.area_outside"] = new("该区域不在您的管辖范围内；请由其上级办理。", "The area lies outside of your place; somebody above it has to do this."),
        ["admission.level_above"] = new("清单的层级应为镇街、村社、网格或小院，且不高于所在区域。", "A list speaks of towns, villages, grids or yards, and of none above its own area."),
        ["admission.until_passed"] = new("截止时间已过；请重新申请，并写明新的截止时间。", "The end date has passed; request it again with a later one."),
        ["admission.until_too_far"] = new("紧急新增最长 90 天；长期需要的请列入准入清单。", "An urgent addition holds for 90 days at most; what is needed for longer belongs on the admission list."),
        ["admission.own_request"] = new("本人申请的不能由本人批准，请由其他负责人批准。", "Nobody approves their own request; another person in charge has to."),
        ["admission.addition_unknown"] = new("没有这项紧急新增。", "There is no such urgent addition."),
        ["admission.addition_requested"] = new("该项尚未批准；不同意的请不予批准。", "It is not approved yet; to stop it, reject it."),
        ["admission.addition_approved"] = new("该项已批准；需要停止的请提前终止。", "It is approved already; to stop it, end it."),
        ["admission.addition_rejected"] = new("该项未获批准；仍需要的请重新申请。", "It was rejected; if it is still needed, request it again."),
        ["admission.addition_ended"] = new("该项已提前终止；仍需要的请重新申请。", "It was ended; if it is still needed, request it again."),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All => Words;

    /// <exception cref="KeyNotFoundException">The code is not in the list.</exception>
    public static Refusal Of(string code) => new(code, Words[code], Possible);
}
