using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests;

/// <summary>Events and commands of a broken road, the same wherever a test does not care.</summary>
public static class Sample
{
    public const string CaseId = "0199c2f0a0b07c0d8e0f000000000001";

    /// <summary>09:00 in the district, a Monday.</summary>
    public static DateTimeOffset T0 { get; } = Instant("2026-03-02T01:00:00Z");

    public static DateTimeOffset Instant(string text) => Json.Read<DateTimeOffset>($"\"{text}\"");

    /// <summary>An instant as a person in the district reads it from the clock.</summary>
    public static DateTimeOffset Local(string wallTime, TimeZoneInfo? zone = null)
    {
        var time = DateTime.Parse(wallTime, System.Globalization.CultureInfo.InvariantCulture);
        return new DateTimeOffset(time, (zone ?? Town.Shanghai).GetUtcOffset(time)).ToUniversalTime();
    }

    public static TimeSpan Minutes(this int count) => TimeSpan.FromMinutes(count);

    public static TimeSpan Hours(this int count) => TimeSpan.FromHours(count);

    /// <summary>Natural days; the sample district's zone has no clock changes.</summary>
    public static TimeSpan Days(this int count) => TimeSpan.FromDays(count);

    public static MarkedText Words(string text = "路面塌陷") => new(text, []);

    public static CaseReported Reported(Urgency urgency = Urgency.Normal, CaseSource source = CaseSource.GridWorker, AreaCode? area = null) =>
        new(source, Words(), area ?? Town.Grid, "road-damage", urgency, []);

    public static CaseFiled Filed(Urgency urgency = Urgency.Normal) => new("road-damage", Sector.Economy, urgency);

    public static CaseRefused Refused() => new(RefusalReason.Duplicate, Words("重复"));

    public static CaseDispatched Dispatched(int round = 1) => new(round, Sector.Economy, Town.BuildingUnit);

    public static CaseClaimed Claimed() => new(Town.BuildingUnit);

    public static CaseReturned Returned() => new(Town.BuildingUnit, Words("不属本岗"));

    public static CaseCompleted Completed() => new(Words("已修复"), []);

    public static CaseVerified Verified() => new([]);

    public static CaseReworkOrdered ReworkOrdered(int round = 1) => new(round, Words("仍有坑"), []);

    public static CaseRated Rated(FixResult result = FixResult.Fixed) => new(result == FixResult.NotFixed ? 1 : 5, result, Words("电话回访"));

    public static CaseClosed Closed() => new();

    public static ReportCase Report(Urgency urgency = Urgency.Normal) => new(Reported(urgency));

    public static FileCase File(Urgency urgency = Urgency.Normal) => new("road-damage", Sector.Economy, urgency, null);

    public static RefuseCase Refuse() => new(RefusalReason.Duplicate, Words("重复"));

    public static DispatchCase Dispatch() => new(Sector.Economy, Town.BuildingUnit, null);

    public static ClaimCase Claim() => new();

    public static CaseRecalled Recalled() => new(Words("岗位空缺"), Town.BuildingUnit);

    public static RecallCase Recall() => new(Words("岗位空缺"));

    public static ReturnCase Return() => new(Words("不属本岗"));

    public static CompleteCase Complete() => new(Words("已修复"), []);

    public static VerifyCase Pass() => new(true, null, []);

    public static VerifyCase Fail() => new(false, Words("仍有坑"), []);

    public static RateCase Rate(FixResult result = FixResult.Fixed) => new(result == FixResult.NotFixed ? 1 : 5, result, Words("电话回访"));

    public static CloseCase Close() => new((MarkedText?)null);

    public const string OtherCase = "0199c2f0a0b07c0d8e0f000000000002";
    public const string ThirdCase = "0199c2f0a0b07c0d8e0f000000000003";
    public const string Photo = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

    public static CaseReported ReportedToVillage() => Reported() with { Source = CaseSource.PartyMember, VillageFirst = true };

    public static CaseSolvedOnSpot SolvedOnSpot() => new(Words("当场清理"), [Photo]);

    public static CasePassedUp PassedUp(MatterLevel level = MatterLevel.Town) => new(Words("超出村级能力"), level, 39, 10_000_000);

    public static CaseSettledByVillage Settled() => new(Words("村里已修"), [Photo]);

    public static CaseCheckOrdered CheckOrdered() => new(null, Words("请看现场"));

    public static CaseChecked Checked(CheckFinding finding = CheckFinding.Confirmed) => new(finding, Words("属实"), []);

    public static CaseLevelRaised RaisedToDistrict() => new(MatterLevel.District, Words("镇里办不了"));

    public static CaseMerged Merged() => new(OtherCase);

    public static CaseAbsorbed Absorbed() => new(OtherCase, "grid-worker", Role.GridWorker);

    public static CaseSplit SplitUp() => new([OtherCase, ThirdCase]);

    public static CaseRedirected Redirected() => new(EmergencyService.Fire, Words("已转119"));

    public static CaseTransferRequested TransferRequested() => new(Town.OtherTown, Words("在邻镇"));

    public static CaseTransferDeclined TransferDeclined() => new(Words("不在本镇"));

    public static CaseReopened Reopened() => new(Words("又坏了"));

    public static CaseReported Emergency() => Reported() with { Urgency = Urgency.Emergency };

    public static CaseAlarmAcknowledged Acknowledged() => new(Town.Code);

    public static CaseSupervised Supervised() => new(SupervisionBy.TownLeader, Words("尽快"));

    public static CaseSubtaskAdded SubtaskAdded() => new(1, Words("买材料"));

    public static Limit OneDay { get; } = new(1, TimeUnit.NaturalDays);

    /// <summary>Its clock for handling runs from T0, seven days.</summary>
    public static CaseClockStarted HandleStarted() => new(Clock.Handle, 1, T0, Urgency.Normal, new Limit(7, TimeUnit.NaturalDays), T0 + 7.Days(), "default-1");

    public static CaseExtensionRequested ExtensionRequested() => new(OneDay, Words("等待材料"));

    public static CaseExtensionApproved ExtensionApproved() => new(false, OneDay, ["economy-lead"]);

    public static CaseExtensionApproved ExtensionGranted() => new(true, OneDay, ["economy-lead", "town-leader"]);

    public static CaseClockExtended Extended(int days) => new(Clock.Handle, 1, T0, OneDay, ["economy-lead", "town-leader"], 0, T0 + (7 + days).Days());

    public static CaseSuspensionRequested SuspensionRequested() => new(SuspensionReason.Funding, T0 + 60.Days(), Words("等待资金"));

    public static CaseSuspensionApproved SuspensionApproved() => new(SuspensionReason.Funding, T0 + 60.Days());

    public static CaseClockStopped StoppedLate() => new(Clock.Handle, 1, T0, true);

    public static CaseLatenessAppealed Appealed() => new(Words("连日暴雨"));

    public static CaseAppealReviewed Reviewed(int review, bool upheld = true) => new(review, upheld, Words("属实"));

    /// <summary>Who usually does it.</summary>
    public static By Doer(CaseEvent happened) => happened switch
    {
        CaseReported or CaseSolvedOnSpot or CaseChecked or CaseVerified or CaseReworkOrdered => Town.GridWorker,
        CasePassedUp or CaseSettledByVillage => Town.Secretary,
        CaseSentToVillage or CaseCheckOrdered or CaseFiled or CaseRefused or CaseRedirected or CaseRated or CaseMerged or CaseUnmerged or CaseAbsorbed or CaseReleased or CaseFeedbackGiven => Town.Operator,
        CaseDispatched or CaseRecalled or CaseClosed or CaseSplit or CaseLinked or CaseUnlinked or CaseUrged or CaseReopened or CaseTransferRequested or CaseReassigned => Town.Dispatcher,
        CaseTransferAccepted or CaseTransferDeclined => Town.NeighbourOperator,
        CaseTransferred => Town.Supervisor,
        CaseAlarmAcknowledged => Town.Operator,
        CaseSupervised or CaseLevelRaised or CaseLevelLowered => Town.Leader,
        CaseClaimed or CaseReturned or CaseCompleted or CasePlanPublished or CaseProgressed or CaseSubtaskAdded or CaseSubtaskFinished or CaseSubtaskDropped
            or CaseFundingRecorded or CaseFundingCorrected or CaseHandedToEnforcement or CaseSupervisionAnswered or CaseExtensionRequested or CaseSuspensionRequested or CaseLatenessAppealed => Town.Handler,
        CaseExtensionApproved { Granted: false } or CaseExtensionRefused or CaseSuspensionEnded or CaseAppealReviewed { Review: 1 } => Town.Lead,
        CaseExtensionApproved or CaseSuspensionApproved or CaseSuspensionRefused => Town.Leader,
        CaseAppealReviewed => Town.Supervisor,
        _ => new By("system:deadlines", Role.System, Town.Code),
    };

    /// <inheritdoc cref="Doer(CaseEvent)"/>
    public static By Doer(string command) => command switch
    {
        "report" or "report-solved" or "report-check" or "verify" => Town.GridWorker,
        "pass-up" or "settle" => Town.Secretary,
        "send-to-village" or "check" or "file" or "refuse" or "redirect" or "merge" or "absorb" or "unmerge" or "release" or "rate" or "give-feedback" or "acknowledge-alarm" => Town.Operator,
        "dispatch" or "recall" or "reassign" or "close" or "split" or "link" or "unlink" or "drop-link" or "urge" or "reopen" or "request-transfer" => Town.Dispatcher,
        "accept-transfer" or "decline-transfer" => Town.NeighbourOperator,
        "transfer" => Town.Supervisor,
        "supervise" or "raise-level" or "lower-level" => Town.Leader,
        "approve-extension" or "refuse-extension" or "resume" => Town.Lead,
        "approve-suspension" or "refuse-suspension" => Town.Leader,
        "review-appeal" => Town.Supervisor,
        "take-on" => Town.Department,
        _ => Town.Handler,
    };

    /// <summary>The shipped working calendar.</summary>
    public static WorkCalendar Calendar { get; } = ShippedCalendar();

    /// <summary>The shipped policy.</summary>
    public static DeadlinePolicy Policy { get; } = ShippedPolicy();

    public static PolicyBook Policies { get; } = new(Policy, [], Calendar);

    /// <summary>The town's working time under the shipped calendar.</summary>
    public static WorkingTime Time => Calendar.At(Town.Code, Town.Shanghai);

    public static ClockRule Rule(Clock clock, Urgency urgency = Urgency.Normal) => Policy.RuleFor(clock, urgency);

    /// <summary>The shipped plan of notices.</summary>
    public static NoticePlan Plan { get; } = ShippedPlan();

    private static WorkCalendar ShippedCalendar()
    {
        var years = RepositoryFiles.Below("src/CommandCenter.Host/Deadlines/calendar", "2*.json")
            .Select(file => CalendarReader.ReadYear(RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "calendar", file)))
            .Select(read => read.Year ?? throw new InvalidOperationException(string.Join('\n', read.Errors)));
        var (hours, errors) = CalendarReader.ReadHours(RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "calendar", "hours.json"));
        return new WorkCalendar(new DayCalendar([.. years]), hours ?? throw new InvalidOperationException(string.Join('\n', errors)));
    }

    private static NoticePlan ShippedPlan()
    {
        var (plan, errors) = NoticePlanReader.Read(RepositoryFiles.Read("src", "CommandCenter.Host", "Inbox", "plans", "default-1.json"));
        return plan ?? throw new InvalidOperationException(string.Join('\n', errors));
    }

    private static DeadlinePolicy ShippedPolicy()
    {
        var (policy, errors) = DeadlinePolicyReader.Read(RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "policies", "default-1.json"));
        return policy ?? throw new InvalidOperationException(string.Join('\n', errors));
    }
}
