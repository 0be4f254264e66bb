namespace CommandCenter.Domain.Cases;

/// <summary>Why a move on a case is refused: the frozen codes with their words, which say what is possible instead.</summary>
public static class CaseRefusals
{
    private static readonly Dictionary<string, Message> Words = new(StringComparer.Ordinal)
    {
        ["case.unknown"] = new("没有这个案件。", "There is no such case."),
        ["case.exists"] = new("案件已存在。", "The case exists already."),
        ["case.solved.proof_missing"] = new("现场解决须附照片；没有照片请正常上报。", "What was solved on the spot needs a photo as proof; without one report it as usual."),
        ["case.with_village"] = new("案件正由村(社区)研判，等待其上报或办结；需要时可先收回。", "The village is assessing the case; wait until it passes it up or settles it, or recall it."),
        ["case.not_with_village"] = new("案件不在村级研判环节。", "The case is not with the village for assessment."),
        ["case.village.assessed_before"] = new("村(社区)已研判上报，不得再转回；请立案办理。", "The village has assessed it and passed it up; it does not go back there. File it."),
        ["case.being_checked"] = new("正在现场核查，等待反馈；需要时可先收回。", "Somebody is looking on the spot; wait for what they find, or recall it."),
        ["case.not_being_checked"] = new("案件没有待反馈的核查。", "Nobody was asked to look at this case."),
        ["case.not_filed"] = new("案件尚未立案，请先立案。", "The case is not filed yet; file it first."),
        ["case.already_filed"] = new("案件已立案。", "The case is filed already."),
        ["case.not_dispatched"] = new("案件尚未派遣，请先派遣。", "The case is not dispatched; dispatch it first."),
        ["case.already_dispatched"] = new("案件已派遣；需要改变时先由单位退回，或由中心收回。", "The case is dispatched already; first the unit returns it or the center recalls it."),
        ["case.dispatch.level"] = new("不是区级大事，不能派给区级部门；请派给本镇街岗位，或由镇街领导提级。", "It is no district matter, so no department of the district gets it: dispatch it to a post, or have the town's leader raise it."),
        ["case.dispatch.not_admitted"] = new("不在该村(社区)、网格的准入清单内，不得下派；请派给镇街岗位。", "It is not on the list of what this village or grid may be given; dispatch it to a post of the town."),
        ["case.dispatch.returned_before"] = new("该单位已退回过，不得再次推给它；请派给其他单位，或请板块、镇街领导决定。", "This unit has sent it back before; dispatch it to another, or have the sector lead or the town's leader decide."),
        ["case.take_on.level"] = new("只有区级大事可由部门主动认领。", "A department takes on district matters only; others are dispatched by the town."),
        ["case.take_on.not_competent"] = new("不属本部门职责范围，不能认领。", "It is not in the department's remit; leave it to the one that is competent."),
        ["case.not_claimed"] = new("尚未签收，请先签收。", "The case is not claimed yet; claim it first."),
        ["case.claimed_by_another"] = new("案件已由同单位另一人签收；需要换人请其改派。", "Another person of the unit has claimed the case; to change that the case is reassigned."),
        ["case.named_another"] = new("案件已指定由另一人办理；需要换人请改派。", "The case was given to another person by name; to change that the case is reassigned."),
        ["case.subtask.unknown"] = new("没有这个未完成的子任务。", "There is no such open subtask."),
        ["case.funding.not_positive"] = new("金额应大于零。", "An amount of money is more than nothing."),
        ["case.complete.subtasks_open"] = new("还有子任务未完成，请先完成或取消。", "There are open subtasks; finish or drop them first."),
        ["case.complete.photo_missing"] = new("该事项结案标准要求处置后照片，请附上。", "The matter's closing standard asks for a photo of the result; attach one."),
        ["case.not_completed"] = new("处置尚未完成。", "Handling is not completed."),
        ["case.already_completed"] = new("处置已完成，等待核实。", "Handling is completed and waits for verification."),
        ["case.not_verified"] = new("尚未现场核实。", "The result is not verified on the spot."),
        ["case.already_verified"] = new("已核实。", "The result is verified already."),
        ["case.already_rated"] = new("已评价；一件只评一次。", "The case is rated already; each result is rated once."),
        ["case.rate.too_late"] = new("结案已超过三十天，不再评价；问题仍在请重新上报。", "It was closed more than thirty days ago and is no longer rated; if it is still there, report it anew."),
        ["case.close.not_fixed"] = new("群众评价为未解决，不能结案，请重新派遣。", "The reporter says it is not fixed; it cannot be closed. Dispatch it again."),
        ["case.close.rating_missing"] = new("该事项结案标准要求群众评价，请先回访评价。", "The matter's closing standard asks for the reporter's rating; call back first."),
        ["case.closed"] = new("案件已结案；仍未解决可申请重新办理。", "The case is closed; if it is not solved it can be reopened."),
        ["case.not_closed"] = new("案件未结案，正在办理。", "The case is not closed; it is being worked on."),
        ["case.reopen.too_late"] = new("结案已超过三十天，请重新上报。", "It was closed more than thirty days ago; report it anew."),
        ["case.refused"] = new("案件已作废(不予立案)。", "The report was refused."),
        ["case.redirected"] = new("案件已转紧急服务。", "The case was given to the emergency services."),
        ["case.merged"] = new("案件已并入另一件，请到主案办理，或先撤销并案。", "The case was merged into another; work on that one, or undo the merge first."),
        ["case.not_merged"] = new("案件没有并入其他案件。", "The case is not merged into another."),
        ["case.merge.has_absorbed"] = new("已有其他案件并入本案，请先撤销并案，或以本案为主案。", "Other cases were merged into this one: undo that first, or make this one the main case."),
        ["case.split_up"] = new("案件已拆分，请到拆分后的各件办理。", "The case was split up; work on its parts."),
        ["case.split.too_few"] = new("拆分至少两件。", "A case is split into at least two."),
        ["case.not_linked"] = new("两件没有关联。", "The cases are not linked."),
        ["case.transferring"] = new("正在移送另一镇街，等待接收；需要时可先收回。", "Another town is asked to take it; wait for its answer, or recall it."),
        ["case.not_transferring"] = new("案件没有待接收的移送。", "No town is asked to take this case."),
        ["case.transfer.same_town"] = new("地点就在本镇街，无需移送；请立案派遣。", "It lies in this very town; file and dispatch it here."),
        ["case.transfer.not_asked"] = new("只能落在被请求的镇街内。", "It can be placed only in the town that was asked."),
        ["case.transfer.declined_before"] = new("对方已拒收，不得再推；请由区级指定，或自行办理。", "It was declined before and is not pushed again: the district decides, or the town works on it."),
        ["case.level.not_higher"] = new("事项已是这一级或更高。", "The matter is at this level or above already."),
        ["case.level.not_lower"] = new("事项已是这一级或更低。", "The matter is at this level or below already."),
        ["case.level.not_yours"] = new("提为区级大事或从区级降下，由镇街主要领导或区级决定。", "To and from the district's level the town's leader or the district decides."),
        ["case.level.with_department"] = new("案件正由区级部门办理，请先收回再降级。", "A department of the district has the case; recall it before it is lowered."),
        ["case.supervised_already"] = new("已在同级或上级督办中，等待回复。", "It is supervised at this level or above already; wait for the answer."),
        ["case.not_supervised"] = new("没有待回复的督办。", "No supervision waits for an answer."),
        ["case.rework.reason_missing"] = new("核实不通过必须写明原因。", "A failed verification needs its reason."),
        ["case.rating.out_of_range"] = new("满意度为 1 至 5 级。", "Satisfaction goes from 1 to 5."),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All => Words;

    /// <exception cref="KeyNotFoundException">The code is not in the list.</exception>
    public static Refusal Of(string code, Case state) => new(code, Words[code], CaseDecider.Possible(state));
}
