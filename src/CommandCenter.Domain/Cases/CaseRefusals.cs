namespace CommandCenter.Domain.Cases;

/// <summary>Why a move on a case is refused: the frozen codes with their words, which say what is possible instead.</summary>
public static class CaseRefusals
{
    private static readonly Dictionary<string, Message> Words = new(StringComparer.Ordinal)
    {
        ["case.unknown"] = new("没有这个案件；请核对编号，或从列表中打开。", "There is no such case; check its number, or open it from a list."),
        ["case.exists"] = new("案件已存在；请打开它继续办理。", "The case exists already; open it and go on there."),
        ["case.solved.proof_missing"] = new("现场解决须附照片；没有照片请正常上报。", "What was solved on the spot needs a photo as proof; without one report it as usual."),
        ["case.solved.elsewhere"] = new("不在您负责的范围内，不能现场办结；请正常上报，由当地办理。", "It does not lie where you are responsible, so you do not close it there; report it as usual, and those of the place go on with it."),
        ["case.with_village"] = new("案件正由村(社区)研判，等待其上报或办结；需要时可先收回。", "The village is assessing the case; wait until it passes it up or settles it, or recall it."),
        ["case.not_with_village"] = new("案件不在村级研判环节；在中心立案前可转村研判。", "The case is not with the village for assessment; before it is filed the center can send it there."),
        ["case.village.assessed_before"] = new("村(社区)已研判上报，不得再转回；请立案办理。", "The village has assessed it and passed it up; it does not go back there. File it."),
        ["case.being_checked"] = new("正在现场核查，等待反馈；需要时可先收回。", "Somebody is looking on the spot; wait for what they find, or recall it."),
        ["case.not_being_checked"] = new("案件没有待反馈的核查；在中心立案前可派人核查。", "Nobody was asked to look at this case; before it is filed the center can send somebody."),
        ["case.not_filed"] = new("案件尚未立案，请先立案。", "The case is not filed yet; file it first."),
        ["case.already_filed"] = new("案件已立案，请派遣或按所在环节办理。", "The case is filed already; dispatch it, or go on where it is."),
        ["case.not_dispatched"] = new("案件尚未派遣，请先派遣。", "The case is not dispatched; dispatch it first."),
        ["case.already_dispatched"] = new("案件已派遣；需要改变时先由单位退回，或由中心收回。", "The case is dispatched already; first the unit returns it or the center recalls it."),
        ["case.dispatch.level"] = new("不是区级大事，不能派给区级部门；请派给本镇街岗位，或由镇街领导提级。", "It is no district matter, so no department of the district gets it: dispatch it to a post, or have the town's leader raise it."),
        ["case.dispatch.not_admitted"] = new("不在该村(社区)、网格的准入清单内，不得下派；请派给镇街岗位。", "It is not on the list of what this village or grid may be given; dispatch it to a post of the town."),
        ["case.dispatch.not_of_town"] = new("不在本镇街事项清单内；请由镇街主要领导定为区级大事，再派区级部门，或先申请紧急新增。", "The town's list of matters does not hold this one; let the town's leader raise it to the district and send it to a department, or ask for an urgent addition first."),
        ["case.dispatch.addition_ends"] = new("紧急新增在处置时限届满前到期；请申请更长的紧急新增，或派给清单内的单位。", "The urgent addition ends before the work would be due; ask for a longer one, or dispatch the case to a unit whose list holds it."),
        ["case.dispatch.returned_before"] = new("该单位已退回过，不得再次推给它；请派给其他单位，或请板块、镇街领导决定。", "This unit has sent it back before; dispatch it to another, or have the sector lead or the town's leader decide."),
        ["case.take_on.level"] = new("只有区级大事可由部门主动认领。", "A department takes on district matters only; others are dispatched by the town."),
        ["case.take_on.not_competent"] = new("不属本部门职责范围，不能认领。", "It is not in the department's remit; leave it to the one that is competent."),
        ["case.not_claimed"] = new("尚未签收，请先签收。", "The case is not claimed yet; claim it first."),
        ["case.claimed_by_another"] = new("案件已由同单位另一人签收；需要换人请其改派。", "Another person of the unit has claimed the case; to change that the case is reassigned."),
        ["case.named_another"] = new("案件已指定由另一人办理；需要换人请改派。", "The case was given to another person by name; to change that the case is reassigned."),
        ["case.subtask.unknown"] = new("没有这个未完成的子任务；请刷新后从列表中选择，或另加一项。", "There is no such open subtask; read the case again and choose one, or add another."),
        ["case.funding.not_positive"] = new("金额应大于零，请重新填写。", "An amount of money is more than nothing; give another."),
        ["case.funding.none"] = new("没有已记录的资金可更正；请在处置中记录资金。", "No money is recorded that could be corrected; whoever handles the case records it."),
        ["case.complete.subtasks_open"] = new("还有子任务未完成，请先完成或取消。", "There are open subtasks; finish or drop them first."),
        ["case.complete.photo_missing"] = new("该事项结案标准要求处置后照片，请附上。", "The matter's closing standard asks for a photo of the result; attach one."),
        ["case.not_completed"] = new("处置尚未完成；承办人办结后再核实、评价、结案。", "Handling is not completed; it is verified, rated and closed after that."),
        ["case.already_completed"] = new("处置已完成，等待核实。", "Handling is completed and waits for verification."),
        ["case.not_fixed"] = new("群众评价为未解决，等待重新派遣；也可调整级别、移送或拆分。", "The reporter says it is not fixed, and it waits to be dispatched again; it can also change its level, be transferred or split."),
        ["case.waits_for_closing"] = new("已核实并评价，等待结案；结案后仍未解决可申请重新办理。", "It is verified and rated, and waits to be closed; if it is not solved it can be reopened after that."),
        ["case.not_verified"] = new("尚未现场核实，请先核实。", "The result is not verified on the spot; verify it first."),
        ["case.already_verified"] = new("已核实；等待评价或结案。", "The result is verified already and waits to be rated or closed."),
        ["case.already_rated"] = new("已评价，一件只评一次；仍未解决可申请重新办理。", "The case is rated already, and each result once; if it is not solved it can be reopened."),
        ["case.rate.too_late"] = new("结案已超过三十天，不再评价；问题仍在请重新上报。", "It was closed more than thirty days ago and is no longer rated; if it is still there, report it anew."),
        ["case.close.not_fixed"] = new("群众评价为未解决，不能结案，请重新派遣。", "The reporter says it is not fixed; it cannot be closed. Dispatch it again."),
        ["case.close.rating_missing"] = new("该事项结案标准要求群众评价，请先回访评价。", "The matter's closing standard asks for the reporter's rating; call back first."),
        ["case.closed"] = new("案件已结案；仍未解决可申请重新办理。", "The case is closed; if it is not solved it can be reopened."),
        ["case.not_closed"] = new("案件未结案，正在办理；可催办。", "The case is not closed; it is being worked on and can be urged."),
        ["case.reopen.too_late"] = new("结案已超过三十天，请重新上报。", "It was closed more than thirty days ago; report it anew."),
        ["case.refused"] = new("案件已作废(不予立案)；情况有变请重新上报。", "The report was refused; if things have changed, report it anew."),
        ["case.redirected"] = new("案件已转紧急服务；后续问题请重新上报。", "The case was given to the emergency services; what is left over is reported anew."),
        ["case.merged"] = new("案件已并入另一件，请到主案办理，或先撤销并案。", "The case was merged into another; work on that one, or undo the merge first."),
        ["case.not_merged"] = new("案件没有并入其他案件，可直接办理。", "The case is not merged into another; work on it here."),
        ["case.merge.has_absorbed"] = new("已有其他案件并入本案，请先撤销并案，或以本案为主案。", "Other cases were merged into this one: undo that first, or make this one the main case."),
        ["case.split_up"] = new("案件已拆分，请到拆分后的各件办理。", "The case was split up; work on its parts."),
        ["case.split.too_few"] = new("拆分至少两件；只有一件请直接派遣。", "A case is split into at least two; one alone is dispatched as it is."),
        ["case.not_linked"] = new("两件没有关联；需要时先关联。", "The cases are not linked; link them first if they belong together."),
        ["case.transferring"] = new("正在移送另一镇街，等待接收；需要时可先收回。", "Another town is asked to take it; wait for its answer, or recall it."),
        ["case.not_transferring"] = new("案件没有待接收的移送；需要时先申请移送。", "No town is asked to take this case; ask for its transfer first."),
        ["case.transfer.same_town"] = new("地点就在本镇街，无需移送；请立案派遣。", "It lies in this very town; file and dispatch it here."),
        ["case.transfer.not_asked"] = new("只能落在被请求的镇街内；不在本镇街请拒收。", "It can be placed only in the town that was asked; if it lies elsewhere, decline it."),
        ["case.transfer.declined_before"] = new("对方已拒收，不得再推；请由区级指定，或自行办理。", "It was declined before and is not pushed again: the district decides, or the town works on it."),
        ["case.level.not_higher"] = new("事项已是这一级或更高；请选更高一级，或直接办理。", "The matter is at this level or above already; choose a higher one, or go on with it."),
        ["case.level.not_lower"] = new("事项已是这一级或更低；请选更低一级，或直接办理。", "The matter is at this level or below already; choose a lower one, or go on with it."),
        ["case.level.not_yours"] = new("是否属区级大事，由镇街主要领导或区级决定；请先按镇级立案、办理，并报其提级。", "Whether it is a district matter the town's leader or the district decides: file it and go on with it as the town's, and ask them to raise it."),
        ["case.level.weighed"] = new("已由镇街主要领导或区级定为区级大事，请按区级立案；需要降级请其决定。", "The town's leader or the district decided that it is a district matter: file it as one, and ask them if it is to be lowered."),
        ["case.level.with_department"] = new("案件正由区级部门办理，请先收回再降级。", "A department of the district has the case; recall it before it is lowered."),
        ["case.extension.no_limit"] = new("没有正在计时的处置时限，无需延期。", "No limit for handling runs, so there is nothing to extend."),
        ["case.extension.asked_already"] = new("已有延期申请待审批，请等待结果。", "More time is asked for already; wait for the answer."),
        ["case.extension.used_up"] = new("同一单位最多延期两次；确需暂停请申请挂账。", "A unit's limit is extended twice at most; if the case has to wait, ask for its suspension."),
        ["case.extension.too_late"] = new("时限已到，不能再延期；可在结案后申诉。", "The limit has run out and is not extended any more; after closing the unit can appeal."),
        ["case.extension.too_long"] = new("每次延期至少为一，且不超过原时限。", "An extension is at least one and at most as long as the original limit."),
        ["case.extension.not_asked"] = new("没有待审批的延期申请；由承办单位在到期前申请。", "Nobody has asked for more time; the unit asks before its limit runs out."),
        ["case.extension.same_rank"] = new("延期须由不同级别的两人审批，请另一级别的负责人审批。", "An extension needs two people of different rank; somebody of the other rank approves it."),
        ["case.approval.own"] = new("不能审批自己的申请，请由他人审批。", "Nobody approves or refuses what they asked for themselves; somebody else does."),
        ["case.suspension.asked_already"] = new("已有挂账申请待审批，请等待结果。", "A suspension is asked for already; wait for the answer."),
        ["case.suspension.once"] = new("一件只能挂账一次；确需更多时间请申请延期。", "A case is suspended once only; for more time ask for an extension."),
        ["case.suspension.until"] = new("恢复日期应在现在之后、一年之内，请重新填写。", "The day on which it goes on lies ahead and within a year; give another."),
        ["case.suspension.not_asked"] = new("没有待审批的挂账申请；由承办单位申请。", "Nobody has asked for a suspension; the unit asks for it."),
        ["case.not_suspended"] = new("案件没有挂账，照常办理。", "The case is not suspended; go on with it."),
        ["case.appeal.once"] = new("一件只能申诉一次；结果已记录，统计时一并列出。", "A case is appealed once only; what came of it is recorded and named in statistics."),
        ["case.appeal.not_late"] = new("案件没有超期，无需申诉。", "The case was not late, so there is nothing to appeal."),
        ["case.appeal.none"] = new("没有待审核的申诉；由承办单位在结案后提出。", "No appeal waits for a review; the unit appeals after the case is closed."),
        ["case.approval.nobody"] = new("除您以外没有人可以审批，请先请区级补齐岗位。", "Nobody but you could approve it; have a seat above you filled first."),
        ["case.appeal.nobody"] = new("除您以外没有人可以审核申诉，请先请区级补齐岗位。", "Nobody but you could review the appeal; have a seat above you filled first."),
        ["case.appeal.top_rank"] = new("初审由板块负责人或镇街领导进行，区级督查人员只作复审；请等待初审。", "The first review is by the sector lead or the town's leader, and the district's supervisor gives the second; wait for the first."),
        ["case.appeal.higher_rank"] = new("复审须由级别更高的另一人进行。", "The second review is by another person of higher rank."),
        ["case.supervised_already"] = new("已在同级或上级督办中，等待回复。", "It is supervised at this level or above already; wait for the answer."),
        ["case.urged_already"] = new("您一小时内已催办过，承办方已收到；满一小时可再催。", "You urged it within the last hour, and those who have it were told; you can urge it again an hour after that."),
        ["case.alarm.none"] = new("案件不是特急，没有警报要确认；需要加快请催办。", "The case is no emergency, so there is no alarm to acknowledge; to hurry it, urge it."),
        ["case.alarm.acknowledged"] = new("已有人确认过这个警报，各大屏都已静音；请打开案件继续办理。", "Somebody has acknowledged this alarm already and every wall is silent; open the case and go on with it."),
        ["case.not_supervised"] = new("没有待回复的督办；进展请按进展上报。", "No supervision waits for an answer; record progress as such."),
        ["case.supervision.unanswered"] = new("督办尚未回复；请先回复督办，再结案、作废、转办、并案或拆分。", "A supervision waits for its answer; answer it first, then close, refuse, redirect, merge or split the case."),
        ["case.rework.reason_missing"] = new("核实不通过必须写明原因，请补充。", "A failed verification needs its reason; add it."),
        ["case.verify.photo_missing"] = new("由中心或其上级核实须附现场照片；网格员、村(社区)在场也可核实。", "What the center, or whoever is above it, verifies needs a photo from the spot; a worker of the grid or the village can verify it too."),
        ["case.enforcement.same_unit"] = new("案件已在该执法岗，请继续办理。", "This very post has the case already; go on with it."),
        ["case.rate.call_missing"] = new("代报告人评价须写明回访情况：何时问了谁、怎么说；报告人也可自行评价。", "A rating on the reporter's behalf says in its comment who was called and what they said; the reporter may rate it too."),
        ["case.rating.out_of_range"] = new("满意度为 1 至 5 级，请重新选择。", "Satisfaction goes from 1 to 5; choose again."),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All => Words;

    /// <exception cref="KeyNotFoundException">The code is not in the list.</exception>
    /// <summary>With whose supervision it is that stands.</summary>
    public static Refusal SupervisedAlready(Supervision running, Case state)
    {
        var (zh, en) = running.Order switch
        {
            SupervisionBy.District => ("区级督导", "the district's supervisor"),
            SupervisionBy.TownLeader => ("本镇街领导", "the town's leader"),
            _ => ("板块分管领导", "the lead of the sector"),
        };
        return Of("case.supervised_already", state) with
        {
            Message = new($"{zh}已在督办，正等待回复；可以催办，或由更上级督办。", $"{char.ToUpperInvariant(en[0])}{en[1..]} has it supervised already and waits for the answer; it can be urged, or supervised from further above."),
        };
    }

    public static Refusal Of(string code, Case state) => new(code, Words[code], [.. CaseDecider.Possible(state).Where(command => !IsOver(code, command))]);

    // What a state would accept in time is not possible any more.
    private static bool IsOver(string code, string command) => (code is "case.reopen.too_late" or "case.rate.too_late") && (command is "reopen" or "rate");
}
