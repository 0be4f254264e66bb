namespace CommandCenter.Domain.Whistles;

/// <summary>Why a move on a whistle is refused: the frozen codes with their words.</summary>
public static class WhistleRefusals
{
    private static readonly Dictionary<string, Message> Words = new(StringComparer.Ordinal)
    {
        ["whistle.unknown"] = new("没有这次吹哨。", "There is no such whistle."),
        ["whistle.exists"] = new("这次吹哨已存在。", "The whistle exists already."),
        ["whistle.nobody_called"] = new("请至少点一个部门或岗位，或选用一件事模块。", "Call at least one department or post, or choose a one-matter template."),
        ["whistle.too_many"] = new("一次吹哨最多叫三十个单位；更多的请另行吹哨。", "One whistle calls at most thirty units; blow another for more."),
        ["whistle.called_already"] = new("该单位已在应哨，无需重复点叫。", "This unit is called already; it need not be called twice."),
        ["whistle.result_waits"] = new("已有单位报来结果，请先评价；其余的可逐个撤销。", "A unit has reported its result: rate that first; the other calls can be dropped one by one."),
        ["whistle.withdrawn"] = new("吹哨已撤回；仍需部门到场的请重新吹哨。", "The whistle was withdrawn; blow a new one if somebody still has to come."),
        ["whistle.ended"] = new("吹哨已办结；仍有问题的请重新吹哨。", "The whistle has ended; blow a new one if something is left."),
        ["whistle.call.unknown"] = new("这次吹哨没有这一路应哨单位。", "The whistle has no call of this number."),
        ["whistle.call.not_routed"] = new("中心尚未流转，请等待流转。", "The center has not routed the call yet; wait for it."),
        ["whistle.call.declined"] = new("单位已退回，由中心另行流转或撤销。", "The unit has sent the call back; the center routes it elsewhere or drops it."),
        ["whistle.call.declined_before"] = new("该单位已退回过，不得再次推给它；请选其他单位，或请镇街主要领导、区级决定。", "This unit has sent it back before; choose another, or have the town's leader or the district decide."),
        ["whistle.call.with_another"] = new("这一路已改由其他单位应哨，贵单位无需再办。", "The call has gone to another unit since; yours has nothing left to do."),
        ["whistle.call.too_many_turns"] = new("这一路已流转过十个单位；请撤销后另行点叫。", "The call has been with ten units; drop it and call the one whose matter it is."),
        ["whistle.call.too_many_opinions"] = new("意见已达二十条，请报处置结果。", "Twenty opinions were given; report the result now."),
        ["whistle.call.not_fixed"] = new("结果已被评价为未解决，不能再退回；请继续办理并报结果，或请中心改派。", "Its result was rated as not fixed, so it cannot be sent back; go on and report a result, or ask the center to give it to another."),
        ["whistle.call.arrived"] = new("同单位已有人报到，可直接给出意见或结果。", "A colleague has reported in already; give an opinion or a result."),
        ["whistle.call.not_arrived"] = new("尚未到场报到，请先报到。", "Nobody has reported in on the spot yet; do that first."),
        ["whistle.call.resolved"] = new("单位已报结果，等待吹哨人评价。", "The unit has reported its result, which waits for the whistler's rating."),
        ["whistle.call.not_resolved"] = new("单位尚未报来结果，不能评价。", "The unit has not reported a result yet, so there is nothing to rate."),
        ["whistle.call.rated"] = new("这一路已评价办结。", "This call was rated and has ended."),
        ["whistle.call.dropped"] = new("这一路已撤销；仍需该单位的请再次点叫。", "This call was dropped; call the unit again if it is needed."),
        ["whistle.rating.out_of_range"] = new("满意度为 1 至 5 级。", "Satisfaction goes from 1 to 5."),
        ["whistle.rating.reason_missing"] = new("评价为未解决必须写明原因，单位据此继续办理。", "Say why it is not fixed; the unit goes on from there."),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All => Words;

    /// <param name="possible">What would be accepted instead, of the call or of the whole.</param>
    /// <exception cref="KeyNotFoundException">The code is not in the list.</exception>
    public static Refusal Of(string code, IReadOnlyList<string> possible) => new(code, Words[code], possible);
}
