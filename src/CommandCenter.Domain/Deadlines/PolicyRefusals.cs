namespace CommandCenter.Domain.Deadlines;

/// <summary>Why a change of the deadline policy or the calendar is refused: the frozen codes with their words.</summary>
public static class PolicyRefusals
{
    private static readonly string[] Possible = ["adopt", "edit", "adopt-calendar"];

    private static readonly Dictionary<string, Message> Words = new(StringComparer.Ordinal)
    {
        ["policy.version_taken"] = new("该版本号已用于另一份时限规则，正在办理的事项仍以其计时；请换一个版本号。", "Another policy has this version, and cases are counted under it; give this one a version of its own."),
        ["policy.from_passed"] = new("启用时间已过；请从现在或以后起启用。", "The time has gone from when it shall count; let it begin now or later."),
        ["policy.recount_later"] = new("重新计算未结事项只能随立即启用的规则进行；请去掉启用时间，或到时再导入。", "Open cases are counted anew only with a policy that counts at once; leave out from when it counts, or import it then."),
        ["policy.unsound"] = new("修改后的规则有误，未作更改；请按所列各处更正。", "The policy would be broken by this, and nothing was changed; correct what is listed."),
        ["policy.matter_unknown"] = new("规则中没有这个事项；请核对事项代码。", "The policy has no such matter; look up its code."),
        ["policy.nothing_to_change"] = new("没有写明要改什么；请给出规则、事项或吹哨时限。", "Nothing was said to be changed; give rules, matters or the limits of whistles."),
        ["calendar.announced_before"] = new("该年度安排已公布，不能退回为推定；请导入更正后的公布安排。", "The year was announced, and does not become a derived one again; import the corrected announcement."),
        ["calendar.hours_unsound"] = new("没有工作时间，无法计算工作日；请先导入工作时间。", "Without hours no working day can be counted; import the hours first."),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All => Words;

    /// <exception cref="KeyNotFoundException">The code is not in the list.</exception>
    public static Refusal Of(string code, IReadOnlyList<RefusalLine>? lines = null) => new(code, Words[code], Possible, lines);
}
