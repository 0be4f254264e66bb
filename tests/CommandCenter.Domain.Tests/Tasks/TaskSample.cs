using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>Events and commands of a list that asks grids to look at their manholes before the rain, the same wherever a test does not care.</summary>
public static class TaskSample
{
    public const string ListId = "0199c2f0a0b07c0d8e0f00000000000a";
    public const string TaskId = $"{ListId}-1-500999101001001";
    public const string Matter = "road-damage";

    public static readonly string[] NoPhotos = [];
    public static readonly string[] TwoPhotos = [$"sha256:{new string('a', 64)}", $"sha256:{new string('b', 64)}"];

    /// <summary>A week after the sample's Monday.</summary>
    public static DateTimeOffset Due { get; } = T0 + 7.Days();

    public static By Worker { get; } = Town.GridWorker;
    public static By Mate { get; } = new("grid-worker-2", Role.GridWorker, Town.Grid);
    public static By Desk { get; } = Town.Dispatcher;

    public static TaskItem Item(int number = 1, DateTimeOffset? due = null, string matter = Matter, EvidenceRule? evidence = null, Quantity? quantity = null, params AreaCode[] targets) =>
        new(number, Words("排查井盖"), Words("排查网格内所有井盖,发现破损立即上报"), matter, due ?? Due, evidence ?? new EvidenceRule(), quantity, targets.Length == 0 ? null : targets);

    public static TaskListDrafted Drafted(params TaskItem[] items) => new(Words("汛前井盖排查"), items.Length == 0 ? [Item()] : items, [Town.Grid, Town.OtherGrid]);

    public static TaskListRevised Revised() => new(Words("汛前井盖排查(二)"), [Item()], [Town.Grid]);

    public static TaskListPublished Published(int tasks = 2, params string[] additions) => new(tasks, additions);

    public static TaskListWithdrawn Withdrawn() => new(Words("任务合并"));

    public static TaskListClosed ListClosed(params TargetScore[] scores) => new(TaskAccounting.Formula, scores);

    public static DraftTaskList Draft() => new(Drafted().Title, Drafted().Items, Drafted().Targets);

    public static ReviseTaskList Revise() => new(Revised().Title, Revised().Items, Revised().Targets);

    public static PublishTaskList Publish(AdmissionBook? admissions = null, DateTimeOffset? at = null) => new(admissions ?? AdmissionBook.Open, at ?? T0);

    public static WithdrawTaskList Withdraw() => new(Words("任务合并"));

    public static CloseTaskList CloseList(DateTimeOffset at, params TaskStanding[] standings) => new(standings, null, at);

    public static TaskAssigned Assigned(EvidenceRule? evidence = null, Quantity? quantity = null, DateTimeOffset? due = null, AreaCode? target = null) =>
        new(ListId, 1, target ?? Town.Grid, Matter, due ?? Due, evidence ?? new EvidenceRule(), quantity);

    public static TaskClaimed TaskClaimed() => new();

    public static TaskReleased Released() => new(Words("人员请假"));

    public static TaskProgressed Progressed(int? number = null) => new([], Words("已查一半"), number);

    public static TaskCompleted TaskCompleted(int? number = null, params string[] photos) => new(photos, Words("全部排查"), number);

    public static TaskReturned TaskReturned(AreaCode? target = null) => new(target ?? Town.Grid, Words("不在本网格"));

    public static TaskResent Resent(int round = 2, AreaCode? target = null, DateTimeOffset? due = null) => new(round, target ?? Town.Grid, due ?? Due);

    public static TaskAccepted Accepted() => new();

    public static TaskSentBack SentBack(DateTimeOffset? due = null) => new(Words("照片不清"), due);

    public static TaskCancelled Cancelled(bool withList = false) => new(withList, withList ? null : Words("不再需要"));

    public static TaskLapsed Lapsed() => new();

    public static AssignTask Assign() => new(Assigned());

    public static ClaimTask ClaimIt() => new();

    public static ReleaseTask Release() => new(Words("人员请假"));

    public static ProgressTask Progress(int? number = null, params string[] photos) => new(Words("已查一半"), photos, number);

    public static CompleteTask Finish(int? number = null, params string[] photos) => new(Words("全部排查"), photos, number);

    public static ReturnTask SendBackUp() => new(Words("不在本网格"));

    public static ResendTask Resend(AreaCode? target = null, DateTimeOffset? due = null, AdmissionBook? admissions = null, DateTimeOffset? at = null) =>
        new(target ?? Town.OtherGrid, due ?? Due, null, admissions ?? AdmissionBook.Open, at ?? T0);

    public static CheckTask PassCheck(DateTimeOffset? at = null) => new(true, null, null, at ?? T0);

    public static CheckTask FailCheck(DateTimeOffset? due = null, DateTimeOffset? at = null) => new(false, Words("照片不清"), due, at ?? T0);

    public static TaskCommand Cancel(bool withList = false) => withList ? new CancelTaskWithList() : new CancelTask(Words("不再需要"));

    public static LapseTask Lapse(DateTimeOffset? at = null) => new(at ?? Due);

    public static AdmissionListAdopted Adopted(params string[] matters) => new(Town.District, AreaLevel.Grid, matters);

    public static AdmissionAdditionRequested AdditionRequested(DateTimeOffset? until = null, string matter = Matter, AreaCode? area = null) =>
        new(1, area ?? Town.Code, matter, Words("强降雨"), until ?? T0 + 30.Days());

    /// <summary>Who usually does it.</summary>
    public static By Doer(TaskEvent happened) => happened is Domain.Tasks.TaskClaimed or TaskProgressed or Domain.Tasks.TaskCompleted or Domain.Tasks.TaskReturned ? Worker : Desk;

    /// <summary>A book of the town's and the district's lists.</summary>
    public static AdmissionBook Book(AdmissionEvent[] district, params AdmissionEvent[] town) => new(new Dictionary<AreaCode, Admission>
    {
        [Town.District] = Admission.Fold(district.Select(happened => new Fact<AdmissionEvent>(happened, new By("supervisor", Role.DistrictSupervisor, Town.District), T0, T0))),
        [Town.Code] = Admission.Fold(town.Select(happened => new Fact<AdmissionEvent>(happened, Desk, T0, T0))),
    });
}
