namespace CommandCenter.Domain.Meetings;

/// <summary>Why a move on a meeting is refused: the frozen codes with their words.</summary>
public static class MeetingRefusals
{
    private static readonly Dictionary<string, Message> Words = new(StringComparer.Ordinal)
    {
        ["meeting.unknown"] = new("没有这场院坝会，请先登记。", "There is no such meeting; register it first."),
        ["meeting.exists"] = new("院坝会已登记；另一场请另行登记。", "The meeting is registered already; register another one for itself."),
        ["meeting.tier_unknown"] = new("现行办法没有这一层级的院坝会，请改选层级。", "The policy has no meetings of this tier; choose another tier."),
        ["meeting.host_not_of_tier"] = new("这一层级的院坝会不由该岗位主持，请改选层级或主持人岗位。", "Meetings of this tier are not held by this seat; choose another tier or host."),
        ["meeting.area_not_of_tier"] = new("这一层级的院坝会不在该类区域召开，请改选小院、网格或村。", "Meetings of this tier are not held for such an area; choose a yard, grid or village."),
        ["meeting.agenda_unknown"] = new("会议内容不在清单内，请从清单中选择。", "The agenda holds a code that the policy does not know; choose from its list."),
        ["meeting.topic_unknown"] = new("议题不在清单内，请从清单中选择。", "A topic is not in the policy's list; choose from its list."),
        ["meeting.attendance.out_of_range"] = new(
            "参会人数至少 1 人，到场户数不超过人数，群众发言时间占 0 至 100%。", "At least 1 participant, no more households than participants, and a floor time of 0 to 100 percent."),
        ["meeting.differs_from_plan"] = new("层级或区域与计划不符；请取消原计划，另行登记。", "Tier or area differ from the plan; cancel the plan and register this meeting for itself."),
        ["meeting.not_held"] = new("院坝会尚未召开，请先登记召开情况。", "The meeting has not been held yet; register it as held first."),
        ["meeting.already_held"] = new("院坝会已召开，不能再登记召开或取消；请记录纪要或导入清单。", "The meeting was held; it can neither be held again nor cancelled. Record its minutes or import its list."),
        ["meeting.cancelled"] = new("院坝会已取消；如另行召开，请重新登记。", "The meeting was cancelled; if another one is held, register that."),
        ["meeting.minutes_missing"] = new("还没有纪要和清单，请先记录纪要或导入清单。", "There are neither minutes nor a list; record the minutes or import the list first."),
        ["meeting.list_missing"] = new("还没有问题清单，请先导入清单。", "There is no list yet; import it first."),
        ["meeting.list_empty"] = new("清单没有问题；没有问题的院坝会只需记录纪要。", "The list has no lines; a meeting without matters needs its minutes only."),
        ["meeting.line_listed_before"] = new("清单中有本次会议已登记的问题，请删去后再导入。", "The list holds matters that this meeting has already; take them out and import it again."),
        ["meeting.proof_missing"] = new("现场解决的问题缺少照片；请附照片，或先记录带照片的纪要。", "A matter solved on the spot has no photo; add one, or record minutes with photos first."),
        ["meeting.line_unknown"] = new("清单中没有这个序号。", "The list has no line of this number."),
        ["meeting.line_open"] = new("该问题还在办理，有结果后再反馈。", "The matter is still in hand; give feedback once there is a result."),
        ["meeting.already_fed_back"] = new("所选问题中有的不需要或已经反馈，请只选待反馈的问题。", "A chosen matter needs no feedback or has had it; choose only those that wait for it."),
        ["meeting.feedback.proof_missing"] = new("张贴、发群和会上通报须附照片。", "Feedback on a board, in a group or at a meeting needs a photo."),
        ["meeting.lines_open"] = new("还有问题在办理，不能销号。", "Matters are still in hand; the meeting cannot be struck off."),
        ["meeting.feedback_missing"] = new("还有结果未向院坝反馈，请先反馈再销号。", "The yard has not been told of every result; give feedback first, then strike off."),
        ["meeting.struck_off"] = new("院坝会已销号；有遗漏的问题可补充导入清单，问题重新办理时会自动恢复。", "The meeting was struck off; bring in a list with what was forgotten, and it opens again, as it does by itself when one of its cases is reopened."),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All => Words;

    /// <exception cref="KeyNotFoundException">The code is not in the list.</exception>
    public static Refusal Of(string code, Meeting state) => new(code, Words[code], MeetingDecider.Possible(state));
}
