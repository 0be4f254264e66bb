namespace CommandCenter.Domain.Inbox;

/// <summary>What each kind of notice says, for texts that leave the house; the pages have their own.</summary>
public static class NoticeWords
{
    public static Message Of(NoticeKind kind) => kind switch
    {
        NoticeKind.Reported => new("新上报,请受理", "New report, please file"),
        NoticeKind.Dispatched => new("新任务,请签收", "New work, please claim"),
        NoticeKind.Returned => new("岗位退回,请重新派遣", "Returned, please dispatch again"),
        NoticeKind.VerificationDue => new("处置完成,请现场核实", "Completed, please verify on the spot"),
        NoticeKind.Rework => new("核实不通过,请返工", "Verification failed, please do it again"),
        NoticeKind.NotFixed => new("群众评价未解决", "Rated as not fixed"),
        NoticeKind.Warning => new("时限预警", "Due soon"),
        NoticeKind.Escalation => new("超期升级", "Overdue"),
        NoticeKind.AssessmentDue => new("新上报,请研判", "New report, please assess"),
        NoticeKind.CheckDue => new("请现场核查", "Please check on the spot"),
        NoticeKind.Checked => new("核查已反馈,请受理", "Checked, please file"),
        NoticeKind.Filed => new("已立案,请派遣", "Filed, please dispatch"),
        NoticeKind.TransferRequested => new("他镇街请求移送,请接收", "Another town asks you to take a case"),
        NoticeKind.TransferDeclined => new("移送被拒收", "A transfer was declined"),
        NoticeKind.Reassigned => new("改派给您", "Reassigned to you"),
        NoticeKind.SubtaskAdded => new("子任务交给您", "A subtask for you"),
        NoticeKind.Urged => new("催办", "Urged"),
        NoticeKind.Supervised => new("督办", "Supervised"),
        NoticeKind.SupervisionAnswered => new("督办已回复", "Your supervision was answered"),
        NoticeKind.LevelChanged => new("事项级别调整", "The level of a matter changed"),
        NoticeKind.RatingDue => new("核实通过,请评价", "Verified, please rate"),
        NoticeKind.ClosingDue => new("已评价,请结案", "Rated, please close"),
        NoticeKind.Reopened => new("重新办理,请派遣", "Taken up again, please dispatch"),
        NoticeKind.Feedback => new("您上报的案件有结果", "What you reported has come out"),
        NoticeKind.TaskListPublished => new("新任务清单,请签收", "New task list, please claim"),
        NoticeKind.TaskListWithdrawn => new("任务清单已撤回", "A task list was withdrawn"),
        NoticeKind.TaskListClosed => new("任务清单已销号,得分已出", "A task list was closed and scored"),
        NoticeKind.TaskAssigned => new("任务下派,请签收", "A task for you, please claim"),
        NoticeKind.TaskReturned => new("任务退回,请重新下派或取消", "A task was returned"),
        NoticeKind.TaskToCheck => new("任务办结上报,请核查", "A task was completed, please check"),
        NoticeKind.TaskSentBack => new("核查不通过,请继续办理", "A check failed, please go on"),
        NoticeKind.TaskCancelled => new("任务已取消", "A task was cancelled"),
        NoticeKind.AdmissionRequested => new("紧急新增,请审批", "An urgent addition, please approve"),
        NoticeKind.AdmissionDecided => new("紧急新增已审批", "An urgent addition was decided"),
        NoticeKind.FeedbackDue => new("院坝会问题有结果,请向院坝反馈", "A yard's matter has come out, please tell the yard"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "It has no words."),
    };
}
