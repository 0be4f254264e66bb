using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Hotline;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;
using CommandCenter.Domain.Spots;
using CommandCenter.Domain.Tasks;
using CommandCenter.Domain.Whistles;

namespace CommandCenter.Domain.Tests;

/// <summary>One instance of every event with all its fields, and one with only what it cannot do without.</summary>
public static class EventInstances
{
    private static readonly DateTimeOffset At = Sample.Instant("2026-03-02T01:02:03.456789Z");
    private static readonly DateTimeOffset Due = Sample.Instant("2026-03-09T01:02:03.456789Z");
    private static readonly string Sealed = "sealed:1:00112233445566778899aabbccddeeff:AAECAwQFBgcICQoLDA0ODw";
    private static readonly string Photo = $"sha256:{new string('a', 64)}";
    private static readonly MarkedText Marked = new("桥头路面塌陷,请打 ⟦1⟧ 联系", [Sealed]);
    private static readonly MarkedText Plain = new("路面塌陷", []);
    private static readonly Guid Notice = new("0199c2f0-a0b0-7c0d-8e0f-000000000002");
    private static readonly Recipient Told = new("p-017", Role.SectorLead, RecipientReason.VacancyAbove);

    private static readonly SpotRule ByRule = new("bin-17", 12);

    private static readonly Attachment Attached = new(Photo, MediaKind.Document, "application/pdf", 123_456, Sealed);

    // Before the list of all, which is filled from it.
    private static IReadOnlyList<(object Full, object Minimal)> Tasks { get; } =
    [
        (new TaskListDrafted(Marked, [new TaskItem(1, Marked, Marked, "road-damage", Due, new EvidenceRule(true, 2), new Quantity("户", 30), [Town.Yard])], [Town.Grid], "water"),
            new TaskListDrafted(Plain, [new TaskItem(1, Plain, Plain, "road-damage", Due, new EvidenceRule())], [Town.Grid])),
        (new TaskListRevised(Marked, [new TaskItem(1, Marked, Marked, "road-damage", Due, new EvidenceRule(true, 2), new Quantity("户", 30), [Town.Yard])], [Town.Grid]),
            new TaskListRevised(Plain, [], [])),
        (new TaskListPublished(500, ["500999101/1"]), new TaskListPublished(1, [])),
        (new TaskListWithdrawn(Marked), new TaskListWithdrawn(Plain)),
        (new TaskListClosed("tasks-1", [new TargetScore(Town.Grid, 9, 4, 1, 2, 2, 3, 1, 5, 53)], Marked), new TaskListClosed("tasks-1", [new TargetScore(Town.Grid, 1, 0, 0, 0, 1, 0, 0, 0)])),
        (new TaskListReminded(Due, Due, At, 3, [Told], true), new TaskListReminded(Due, Due, At, 1, [])),
        (new TaskAssigned(Sample.CaseId, 1, Town.Grid, "road-damage", Due, new EvidenceRule(true, 2), new Quantity("户", 30), "water"),
            new TaskAssigned(Sample.CaseId, 1, Town.Grid, "road-damage", Due, new EvidenceRule())),
        (new TaskClaimed(), new TaskClaimed()),
        (new TaskReleased(Marked), new TaskReleased(Plain)),
        (new TaskProgressed([Photo], Marked, 12), new TaskProgressed([])),
        (new TaskCompleted([Photo], Marked, 30), new TaskCompleted([])),
        (new TaskReturned(Town.Grid, Marked), new TaskReturned(Town.Grid, Plain)),
        (new TaskResent(2, Town.OtherGrid, Due, Marked, "500999101/1"), new TaskResent(2, Town.Grid, Due)),
        (new TaskAccepted(Marked), new TaskAccepted()),
        (new TaskSentBack(Marked, Due), new TaskSentBack(Plain)),
        (new TaskCancelled(false, Marked), new TaskCancelled(true)),
        (new TaskReminded(Due, Due, At, [Told], true), new TaskReminded(Due, Due, At, [])),
        (new TaskLapsed(), new TaskLapsed()),
        (new AdmissionListAdopted(Town.District, AreaLevel.Grid, ["road-damage"], Marked), new AdmissionListAdopted(Town.Village, AreaLevel.Grid, [])),
        (new AdmissionAdditionRequested(1, Town.Village, "road-damage", Marked, Due), new AdmissionAdditionRequested(1, Town.Code, "road-damage", Plain, Due)),
        (new AdmissionAdditionApproved(1, Marked), new AdmissionAdditionApproved(1)),
        (new AdmissionAdditionRejected(1, Marked), new AdmissionAdditionRejected(1, Plain)),
        (new AdmissionAdditionEnded(1, Marked), new AdmissionAdditionEnded(1, Plain)),
    ];

    public static IReadOnlyList<(object Full, object Minimal)> All { get; } =
    [.. Bare().Select(pair => pair.Full is Attaching and IBringsAttachments ? (((Attaching)pair.Full) with { Attachments = [Attached] }, pair.Minimal) : pair)];

    private static IEnumerable<(object Full, object Minimal)> Bare() =>
    [
        (new CaseReported(
            CaseSource.Resident, Marked, Town.Yard, "road-damage", Urgency.Emergency, [Photo], new ReportedPoint(295912345, 1062345678, CoordinateSystem.Gcj02, 12),
            new SealedReporter(Sealed, Sealed), Sealed, new CaseOrigin("meeting:0199c2f0a0b07c0d8e0f000000000009", 3, Sample.OtherCase, At, "party-member", Role.GridWorker, [Town.BuildingUnit], [Town.Village], [Town.OtherTown], [Town.NeighbourGrid], new Suspension(SuspensionReason.Funding, Due, "handler", "town-leader", At, At, 1), [new FormerReturn(Town.OtherTown, Town.BuildingUnit)]), MatterLevel.District, true, "bin-17"),
            new CaseReported(CaseSource.GridWorker, Plain, Town.Grid, "road-damage", Urgency.Normal, [])),
        (new CaseFiled("road-damage", Sector.Economy, Urgency.Urgent, Marked, MatterLevel.District, ByRule), new CaseFiled("road-damage", Sector.Economy, Urgency.Normal)),
        (new SpotCaseBegun(Sample.OtherCase), new SpotCaseBegun(Sample.OtherCase)),
        (new HotlineOrderRegistered(Sample.OtherCase, "12345-2026-0001"), new HotlineOrderRegistered(Sample.OtherCase, "1")),
        (new CaseRefused(RefusalReason.OutOfScope, Marked), new CaseRefused(RefusalReason.Duplicate, Plain)),
        (new CaseDispatched(2, Sector.SafetyAndLaw, Town.BuildingUnit, Marked, "handler", "500999101/1", ByRule), new CaseDispatched(1, Sector.Economy, Unit.OfVillage(Town.Village))),
        (new CaseClaimed(Town.BuildingUnit), new CaseClaimed(Town.WaterUnit)),
        (new CaseRecalled(Marked, Town.BuildingUnit), new CaseRecalled(Plain)),
        (new CaseReturned(Town.BuildingUnit, Marked), new CaseReturned(Unit.OfGrid(Town.Grid), Plain)),
        (new CaseCompleted(Marked, [Photo]), new CaseCompleted(Plain, [])),
        (new CaseVerified([Photo], Marked), new CaseVerified([])),
        (new CaseReworkOrdered(2, Marked, [Photo]), new CaseReworkOrdered(1, Plain, [])),
        (new CaseRated(3, FixResult.HalfFixed, Marked), new CaseRated(5, FixResult.Fixed)),
        (new CaseClosed(Marked, new NotRated("not-rated", Due, Due, At)), new CaseClosed()),
        (new CaseSolvedOnSpot(Marked, [Photo]), new CaseSolvedOnSpot(Plain, [])),
        (new CaseSentToVillage(Marked), new CaseSentToVillage()),
        (new CasePassedUp(Marked, MatterLevel.District, 39, 10_000_000), new CasePassedUp(Plain, MatterLevel.Town)),
        (new CaseSettledByVillage(Marked, [Photo]), new CaseSettledByVillage(Plain, [])),
        (new CaseCheckOrdered("grid-worker", Marked), new CaseCheckOrdered()),
        (new CaseChecked(CheckFinding.Partly, Marked, [Photo]), new CaseChecked(CheckFinding.NotFound, Plain, [])),
        (new CaseRedirected(EmergencyService.Ambulance, Marked), new CaseRedirected(EmergencyService.Police, Plain)),
        (new CaseMerged(Sample.OtherCase, Marked, ByRule), new CaseMerged(Sample.OtherCase)),
        (new CaseUnmerged(Sample.OtherCase, Marked), new CaseUnmerged(Sample.OtherCase, Plain)),
        (new CaseAbsorbed(Sample.OtherCase, "grid-worker", Role.GridWorker), new CaseAbsorbed(Sample.OtherCase, "resident", Role.Resident)),
        (new CaseReleased(Sample.OtherCase), new CaseReleased(Sample.OtherCase)),
        (new CaseSplit([Sample.OtherCase, Sample.ThirdCase], Marked), new CaseSplit([Sample.OtherCase, Sample.ThirdCase])),
        (new CaseLinked(Sample.OtherCase, CaseLink.CausedBy), new CaseLinked(Sample.OtherCase, CaseLink.Related)),
        (new CaseUnlinked(Sample.OtherCase), new CaseUnlinked(Sample.OtherCase)),
        (new CaseReassigned("colleague", Marked), new CaseReassigned("colleague")),
        (new CasePlanPublished(Marked, Due), new CasePlanPublished(Plain)),
        (new CaseProgressed(Marked, [Photo], [Photo]), new CaseProgressed(Plain, [], [])),
        (new CaseSubtaskAdded(1, Marked, "colleague"), new CaseSubtaskAdded(2, Plain)),
        (new CaseSubtaskFinished(1, [Photo], Marked), new CaseSubtaskFinished(1, [])),
        (new CaseSubtaskDropped(1, Marked), new CaseSubtaskDropped(1, Plain)),
        (new CaseFundingRecorded(20_000_000, Marked), new CaseFundingRecorded(1, Plain)),
        (new CaseFundingCorrected(2_000_000, Marked), new CaseFundingCorrected(0, Plain)),
        (new CaseFeedbackGiven(CaseFeedbackWay.InPerson, Marked, [Photo]), new CaseFeedbackGiven(CaseFeedbackWay.Call, Plain, [])),
        (new CaseHandedToEnforcement(2, Sector.SafetyAndLaw, Town.BuildingUnit, Marked), new CaseHandedToEnforcement(2, Sector.SafetyAndLaw, Town.BuildingUnit, Plain)),
        (new CaseReopened(Marked), new CaseReopened()),
        (new CaseUrged(Marked), new CaseUrged()),
        (new CaseAlarmAcknowledged(Town.Code), new CaseAlarmAcknowledged()),
        (new CaseSupervised(SupervisionBy.District, Marked), new CaseSupervised(SupervisionBy.SectorLead, Plain)),
        (new CaseSupervisionAnswered(Marked), new CaseSupervisionAnswered(Plain)),
        (new CaseLevelRaised(MatterLevel.District, Marked), new CaseLevelRaised(MatterLevel.Town, Plain)),
        (new CaseLevelLowered(MatterLevel.Village, Marked), new CaseLevelLowered(MatterLevel.Town, Plain)),
        (new CaseExtensionRequested(new Limit(3, TimeUnit.WorkingDays), Marked), new CaseExtensionRequested(new Limit(3, TimeUnit.WorkingDays), Plain)),
        (new CaseExtensionApproved(true, new Limit(3, TimeUnit.WorkingDays), ["economy-lead", "town-leader"], Marked), new CaseExtensionApproved(false, new Limit(3, TimeUnit.WorkingDays), ["economy-lead"])),
        (new CaseExtensionRefused(Marked), new CaseExtensionRefused(Plain)),
        (new CaseSuspensionRequested(SuspensionReason.Funding, Due, Marked), new CaseSuspensionRequested(SuspensionReason.Materials, Due, Plain)),
        (new CaseSuspensionApproved(SuspensionReason.Funding, Due, Marked), new CaseSuspensionApproved(SuspensionReason.Materials, Due)),
        (new CaseSuspensionRefused(Marked), new CaseSuspensionRefused(Plain)),
        (new CaseSuspensionEnded(Marked), new CaseSuspensionEnded()),
        (new CaseLatenessAppealed(Marked, Town.BuildingUnit), new CaseLatenessAppealed(Plain)),
        (new CaseAppealReviewed(2, true, Marked, true, true), new CaseAppealReviewed(2, false, Plain)),
        (new CasePutOnAgenda(Town.Code, 2, 5, Due, [AgendaReason.Overdue, AgendaReason.OpenLong]), new CasePutOnAgenda(Town.Code, 1, 1, Due, [])),
        (new CaseAgendaLeadNamed(Town.Code, 5, "office-01", Role.Office, Due), new CaseAgendaLeadNamed(Town.Code, 1, "town-leader-01", Role.TownLeader, Due)),
        (new CaseLeftAgenda(Town.Code, 5, AgendaLeaving.Appraised), new CaseLeftAgenda(Town.Code, 1, AgendaLeaving.Struck)),
        (new CaseListed(2, ListingReason.HardLimit, ListingGrade.Concentrated, Due), new CaseListed(1, ListingReason.ByHand, ListingGrade.General, Due)),
        (new CaseListingRecounted(2, Due), new CaseListingRecounted(1, Due)),
        (new CaseDelisted(2), new CaseDelisted(1)),
        (new CasePutUnderReview("0199c2f0b1d87c3e9a4b5c6d7e8f9012", Due, [ReviewReason.Late, ReviewReason.Listed]), new CasePutUnderReview("0199c2f0b1d87c3e9a4b5c6d7e8f9013", Due, [])),
        (new CaseLeftReview("0199c2f0b1d87c3e9a4b5c6d7e8f9012", ReviewOutcome.Learned), new CaseLeftReview("0199c2f0b1d87c3e9a4b5c6d7e8f9013", ReviewOutcome.LeftOut)),
        (new CaseClockRecounted(Clock.Handle, 1, At, RecountCause.Calendar, new Limit(3, TimeUnit.WorkingDays), "default-1", 3, 1, Due, "manhole-missing", true, true),
            new CaseClockRecounted(Clock.Handle, 1, At, RecountCause.Policy, new Limit(3, TimeUnit.WorkingDays), "default-2", 3, 0)),
        (new CaseClockPaused(Clock.Handle, 1, At, PauseCause.Suspension, Town.BuildingUnit, Due, SuspensionReason.Funding, ["town-leader"], Due), new CaseClockPaused(Clock.Handle, 1, At, PauseCause.Return)),
        (new CaseClockResumed(Clock.Handle, 1, At, PauseCause.Return, 1, Due), new CaseClockResumed(Clock.Handle, 1, At, PauseCause.Return, 0)),
        (new CaseClockExtended(Clock.Handle, 1, At, new Limit(3, TimeUnit.WorkingDays), ["economy-lead", "town-leader"], 1, Due),
            new CaseClockExtended(Clock.Handle, 1, At, new Limit(3, TimeUnit.WorkingDays), [], 0)),
        (new CaseTransferRequested(Town.OtherTown, Marked), new CaseTransferRequested(Town.NeighbourGrid, Plain)),
        (new CaseTransferAccepted(Town.NeighbourGrid), new CaseTransferAccepted(Town.NeighbourGrid)),
        (new CaseTransferDeclined(Marked), new CaseTransferDeclined(Plain)),
        (new CaseTransferred(Town.NeighbourGrid, Marked), new CaseTransferred(Town.NeighbourGrid, Plain)),
        (new CaseClockStarted(Clock.HardLimit, 1, At, Urgency.Normal, new Limit(7, TimeUnit.NaturalDays), Due, "default-1", "manhole-missing"),
            new CaseClockStarted(Clock.Accept, 1, At, Urgency.Normal, new Limit(15, TimeUnit.UrgentMinutes), Due, "default-1")),
        (new CaseClockStopped(Clock.Handle, 2, At, true), new CaseClockStopped(Clock.Handle, 1, At, false)),
        (new CaseWarned(Clock.Handle, 1, "warning", Due, At, At, [Told]), new CaseWarned(Clock.Handle, 1, "warning", Due, At, At, [])),
        (new CaseEscalated(Clock.HardLimit, 1, "listed-supervision", EscalationLevel.ListedSupervision, Due, Due, Due, [Told]),
            new CaseEscalated(Clock.Handle, 1, "overdue", EscalationLevel.Responsible, Due, Due, Due, [])),
        (new NoticeSent(
            NoticeKind.Escalation, $"case:{Sample.CaseId}", Role.SectorLead, RecipientReason.Acting, Clock.Handle, EscalationLevel.SectorLead, Due, NoticeUrgency.Urgent, "default-1", ["sms"], At, Due,
            new PassedFrom("p-016", new Guid("0199c2f0-a0b0-7c0d-8e0f-000000000001"), PassOnReason.Undelivered, PassOnStep.SeatAbove, At, ["p-015", "p-016"], new InPlaceOf(Role.CenterOperator, "p-015")),
            3, new ReadLimit(60, MinuteKind.Working), At, true, "p-014", Due),
            new NoticeSent(NoticeKind.Reported, $"case:{Sample.CaseId}", Role.CenterOperator, RecipientReason.Holder)),
        (new NoticeRead(new Guid("0199c2f0-a0b0-7c0d-8e0f-000000000002")), new NoticeRead(new Guid("0199c2f0-a0b0-7c0d-8e0f-000000000002"))),
        (new NoticeQueued(7, "sms", [Notice]), new NoticeQueued(1, "chat", [])),
        (new NoticeDelivered(7), new NoticeDelivered(1)),
        (new NoticeFailed(7, "The receiver answered 410."), new NoticeFailed(1, "TimeoutException")),
        (new NoticePassedOn(Notice, PassOnReason.Unread, PassOnStep.DutyDesk, [Told], true), new NoticePassedOn(Notice, PassOnReason.Undelivered, PassOnStep.SameSeat, [])),
        (new NoticeLapsed(Notice), new NoticeLapsed(Notice)),
        (new NoticeKept(Notice), new NoticeKept(Notice)),
        .. Tasks,
        .. OfMeetings(),
        .. OfTheOrganization(),
        .. OfRosters(),
        .. OfWhistles(),
        .. OfAgendas(),
        .. OfListings(),
        .. OfReviews(),
        .. OfPolicies(),
    ];

    private static IEnumerable<(object Full, object Minimal)> OfListings()
    {
        var limit = new Limit(10, TimeUnit.NaturalDays);
        yield return (new ListingOpened(2, Town.Code, "road-damage", Sector.Economy, ListingReason.ByHand, ListingGrade.Concentrated, 4, limit, At, Due, "default-2", [Told], Marked, true),
            new ListingOpened(1, Town.Code, "road-damage", Sector.Economy, ListingReason.HardLimit, ListingGrade.General, 1, limit, At, Due, "default-2", []));
        yield return (new ListingProgressed(Marked), new ListingProgressed(Plain));
        yield return (new ListingStepTaken("main-leader", Due, Due, Due, [Told], true), new ListingStepTaken("warning", Due, At, At, []));
        yield return (new ListingRecounted(At, Due, 5, 1, true, true), new ListingRecounted(At, Due, 5, 0));
        yield return (new ListingLifted(Marked), new ListingLifted(Plain));
    }

    private static IEnumerable<(object Full, object Minimal)> OfReviews()
    {
        yield return (new GuidancePlanned(Town.Grid, At, Due, ["supervisor"], Marked, Sample.CaseId), new GuidancePlanned(Town.Code, At, Due, ["supervisor"], Plain));
        yield return (new GuidanceBegun(Town.Grid, At), new GuidanceBegun(Town.Code, At));
        yield return (new GuidanceCalledOff(Marked), new GuidanceCalledOff(Plain));
        yield return (new GuidanceReminded(GuidanceStep.Arrival, Due, At, [Told]), new GuidanceReminded(GuidanceStep.Record, Due, At, []));
        yield return (new GuidanceRecorded(Town.Grid, At, Due, ["supervisor"], Marked, Marked, Sample.CaseId, Due), new GuidanceRecorded(Town.Code, At, Due, ["supervisor"], Plain, Plain));
        yield return (new GuidanceOverdue(Due, At, [Told]), new GuidanceOverdue(Due, At, []));
        yield return (new GuidanceFollowedUp(true, Marked), new GuidanceFollowedUp(false, Plain));
        yield return (new ReviewPrepared(Town.Code, At, Due, Due, "default-2", [new ReviewEntry(Sample.CaseId, [ReviewReason.Late])], [new Recipient("office-01", Role.Office, RecipientReason.Holder)]), new ReviewPrepared(Town.Code, At, Due, Due, "default-2", []));
        yield return (new ReviewLessonRecorded(1, Marked, [new ReviewMeasure(1, Marked, "office-01", Role.Office, Due)]), new ReviewLessonRecorded(1, Plain, []));
        yield return (new ReviewItemLeftOut(1, Marked), new ReviewItemLeftOut(1, Plain));
        yield return (new ReviewConcluded(Marked), new ReviewConcluded());
        yield return (new ReviewCancelled(Marked), new ReviewCancelled(Plain));
        yield return (new ReviewMeasureReminded(1, Due, Due, At, [Told], true), new ReviewMeasureReminded(1, Due, At, At, []));
        yield return (new ReviewMeasureDone(1, Marked), new ReviewMeasureDone(1, Plain));
    }

    private static IEnumerable<(object Full, object Minimal)> OfAgendas()
    {
        yield return (new AgendaMeetingPrepared(2, Due, "default-2", [new AgendaEntry(Sample.CaseId, [AgendaReason.Overdue, AgendaReason.FundingWanted])], At), new AgendaMeetingPrepared(1, Due, "default-2", [], At));
        yield return (new AgendaMeetingCancelled(1, Marked), new AgendaMeetingCancelled(1, Plain));
        yield return (new AgendaMeetingConcluded(2, [new MissedReport(1, "office-01")], Marked), new AgendaMeetingConcluded(1, []));
        yield return (new AgendaItemAdded(Sample.CaseId, Marked), new AgendaItemAdded(Sample.CaseId, Plain));
        yield return (new AgendaLeadNamed(1, "office-01", Role.Office, Due, Marked), new AgendaLeadNamed(1, "office-01", Role.Office, Due));
        yield return (new AgendaItemStruck(1, Marked), new AgendaItemStruck(1, Plain));
        yield return (new AgendaProgressReported(1, 2, Marked), new AgendaProgressReported(1, 2, Plain));
        yield return (new AgendaLeadOverdue(1, Due, At, [new Recipient("office-01", Role.Office, RecipientReason.Holder)]), new AgendaLeadOverdue(1, Due, At, []));
        yield return (new AgendaReportsReminded(2, [1]), new AgendaReportsReminded(2, []));
        yield return (new AgendaItemSolved(1, LineOutcome.Closed, 90), new AgendaItemSolved(1, LineOutcome.Refused, 1));
        yield return (new AgendaItemTakenUpAgain(1, 95), new AgendaItemTakenUpAgain(1, 1));
        yield return (new AgendaItemAppraised(1, 5, Marked), new AgendaItemAppraised(1, 1, Plain));
    }

    private static IEnumerable<(object Full, object Minimal)> OfPolicies()
    {
        var limit = new Limit(3, TimeUnit.WorkingDays);
        LadderStep[] ladder = [new("warning", new Limit(-1, TimeUnit.WorkingDays)), new("overdue", new Limit(0, TimeUnit.WorkingDays), EscalationLevel.Responsible), new("not-rated", new Limit(0, TimeUnit.WorkingDays), null, true)];
        var policy = new DeadlinePolicy(
            "2026-12", [new ClockRule(Clock.Handle, Urgency.Normal, limit, ladder, LimitBasis.Sourced, "paper", "三个工作日")], [new PolicySource("paper", "办理时限", "https://example.org/paper")],
            [new NamedLadder("days", ladder)], [new PolicyMatter("manhole-missing", "井盖缺失", "Missing manhole cover", Sector.Economy, [new MatterLimit(Clock.Handle, Urgency.Normal, limit, "days", LimitBasis.Derived, "paper", "同类")])],
            new WhistleRules(new WhistleLimit(limit, LimitBasis.Sourced, "paper", "十分钟"), new WhistleLimit(limit, LimitBasis.Assumed), new WhistleLimit(limit, LimitBasis.Assumed), 5), "policy.schema.json");
        var year = new CalendarYear(
            2027, true, new CalendarSource("国务院办公厅关于2027年部分节假日安排的通知", new DateOnly(2026, 11, 4), "https://example.org/2027"),
            [new HolidayPeriod("元旦", "New Year's Day", new DateOnly(2027, 1, 1), new DateOnly(2027, 1, 3), [new DateOnly(2027, 1, 9)])]);
        var hours = new HoursPlan([new TownHours(["09:00-12:00", "14:00-18:00"], Town.Code, new Season("06-01", "09-30"))]);
        yield return (new DeadlinePolicyAdopted(policy, Due, true), new DeadlinePolicyAdopted(new DeadlinePolicy("2026-12", [new ClockRule(Clock.Accept, Urgency.Normal, limit, [])])));
        yield return (new WorkingCalendarAdopted([year], hours), new WorkingCalendarAdopted([year with { Announced = false, Source = new CalendarSource("推定"), Holidays = [] }]));
        yield return (new RecountAdvanced(3, 42, 500, 17), new RecountAdvanced(3, 42, 500, 0));
        yield return (new RecountFinished(3, 612, 20), new RecountFinished(3, 0, 0));
    }

    private static IEnumerable<(object Full, object Minimal)> OfWhistles()
    {
        var spot = new ReportedPoint(295912345, 1062345678, CoordinateSystem.Gcj02, 12);
        yield return (new WhistleBlown(Town.Yard, Marked, [Town.WaterUnit, Town.BuildingUnit], [Photo], [Sector.Economy], spot, Sample.CaseId, "black-water"), new WhistleBlown(Town.Grid, Plain, [Town.WaterUnit], [], []));
        yield return (new WhistleUnitsCalled([Town.RiverUnit], Marked), new WhistleUnitsCalled([Town.RiverUnit]));
        yield return (new WhistleCallRouted(2, Town.BuildingUnit, Marked), new WhistleCallRouted(1, Town.WaterUnit));
        yield return (new WhistleCallDeclined(1, Town.WaterUnit, Marked, Town.RiverUnit), new WhistleCallDeclined(1, Town.WaterUnit, Plain));
        yield return (new WhistleCallArrived(1, Town.WaterUnit, spot, 35), new WhistleCallArrived(1, Town.WaterUnit, spot with { AccuracyMetres = null }));
        yield return (new WhistleCallAdvised(1, Town.WaterUnit, Marked), new WhistleCallAdvised(1, Town.WaterUnit, Plain));
        yield return (new WhistleCallResolved(1, Town.WaterUnit, Marked, [Photo]), new WhistleCallResolved(1, Town.WaterUnit, Plain, []));
        yield return (new WhistleCallRated(1, Town.WaterUnit, 1, FixResult.NotFixed, Marked), new WhistleCallRated(1, Town.WaterUnit, 5, FixResult.Fixed));
        yield return (new WhistleCallDropped(1, Marked), new WhistleCallDropped(1, Plain));
        yield return (new WhistleStepTaken(1, WhistleClock.Arrive, WhistleSample.Water, "lead", Due, Due, At, [Told], WhistleLevel.Lead), new WhistleStepTaken(1, WhistleClock.Advise, WhistleSample.Water, "warning", Due, At, At, []));
        yield return (new WhistleWithdrawn(Marked), new WhistleWithdrawn(Plain));
    }

    private static IEnumerable<(object Full, object Minimal)> OfMeetings()
    {
        var setup = new MeetingSetup(MeetingTier.District, MeetingForm.Online, Town.Village, Role.DistrictSupervisor, ["opinions", "feedback"], ["water_price"], Marked);
        var plain = new MeetingSetup(MeetingTier.Village, MeetingForm.OnSite, Town.Yard, Role.YardHead, [], []);
        var line = new ListedLine(3, LineKind.OnSpot, Sample.CaseId, Town.Yard, "road-damage", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
        yield return (new MeetingPlanned(setup, Due, "yard-meetings-2022"), new MeetingPlanned(plain, Due, "yard-meetings-2022"));
        yield return (new MeetingCancelled(Marked), new MeetingCancelled(Plain));
        yield return (new MeetingHeld(setup, new MeetingAttendance(31, 18, 55), "yard-meetings-2022"), new MeetingHeld(plain, new MeetingAttendance(1, 0), "yard-meetings-2022"));
        yield return (new MeetingMinutesRecorded(Marked, [Photo]), new MeetingMinutesRecorded(Plain, []));
        yield return (new MeetingListImported(ListSource.Csv, line.Fingerprint, [line]), new MeetingListImported(ListSource.Form, line.Fingerprint, [line with { Kind = LineKind.District }]));
        yield return (new MeetingFeedbackGiven([2, 3], FeedbackWay.NoticeBoard, [Photo], Marked), new MeetingFeedbackGiven([1], FeedbackWay.InPerson, []));
        yield return (new MeetingLinesReconciled([new LineStanding(1, 9, LineOutcome.Closed)]), new MeetingLinesReconciled([new LineStanding(1, 0)]));
        yield return (new MeetingStruckOff(), new MeetingStruckOff());
        yield return (new MeetingLineSettled(2, 9, LineOutcome.Refused), new MeetingLineSettled(2, 9, LineOutcome.Closed));
        yield return (new MeetingLineReopened(2, 12), new MeetingLineReopened(2, 12));
    }

    private static IEnumerable<(object Full, object Minimal)> OfTheOrganization()
    {
        var on = new DateOnly(2026, 3, 2);
        var post = new Post("ecology", Town.Code, Sector.Economy, "生态环保岗", "Ecology", true);
        var border = new GridBorder(Town.Grid, [[[new(295912345, 1062345678), new(295912345, 1062345679), new(295912346, 1062345678), new(295912345, 1062345678)]]]);
        var seat = new RoleAt(Role.PostHandler, Town.Code, Sector.Economy, "ecology", true, "water", "p-009");
        yield return (new OrganizationDescribed(Town.District, "Asia/Shanghai"), new OrganizationDescribed(Town.District, "Asia/Shanghai"));
        yield return (new AreasChanged([new Area(Town.Yard, "一小院", "Yard 1", 20)], [Town.OtherYard], on), new AreasChanged([new Area(Town.Grid, "一网格", "Grid 1", null)], []));
        yield return (new BordersRedrawn([border], [Town.OtherGrid], on), new BordersRedrawn([], []));
        yield return (new PostsChanged([post], [new PostKey(Town.Code, "river-care")], on), new PostsChanged([], []));
        yield return (new DepartmentsChanged([new Department("water", "区水利局", "Water bureau", ["irrigation"])], ["transport"], on), new DepartmentsChanged([], []));
        yield return (new PeopleChanged([new PersonName("grid-worker-01", "sealed:1:00112233445566778899aabbccddeeff:AAAA", "sealed:1:00112233445566778899aabbccddeeff:BBBB")], ["grid-worker-02"], on), new PeopleChanged([], []));
        yield return (new AppointmentsChanged([new Appointment("p-017", seat, on, on)], [new Appointment("p-018", seat, on, on)], on),
            new AppointmentsChanged([new Appointment("p-017", new RoleAt(Role.GridWorker, Town.Grid))], []));
        yield return (new CategoriesChanged([new Category("road-damage", "道路破损", "Road damage", Sector.Economy, "ecology", new ClosingStandard("路面平整", "The road is even", true, true))], ["sewage"], on),
            new CategoriesChanged([new Category("road-damage", "道路破损", "Road damage", Sector.Economy, "ecology")], []));
        yield return (new OneMattersChanged([new OneMatter("black-water", "黑臭水体", "Black water", ["water"], [Sector.Economy])], ["ferry"], on), new OneMattersChanged([], []));
        yield return (new SpotsChanged([new Spot("bin-17", Town.Yard, "17号垃圾箱", "Bin 17", "bin", "rubbish", Unit.OfPost("ecology"), "p-017", new GeoPoint(295912345, 1062345678), new Message("已满", "Full"))], ["bin-18"], on),
            new SpotsChanged([new Spot("lamp-1", Town.Grid, "1号路灯", "Lamp 1", "lamp", "street-light", Unit.OfGrid(Town.Grid))], []));
        yield return (new SuccessorsNamed([new Succession(Unit.OfPost("river-care"), Unit.OfPost("ecology"), Town.Code)], [new EndedUnit(Unit.OfPost("transport"), Town.Code)], on),
            new SuccessorsNamed([new Succession(Unit.OfGrid(Town.OtherGrid), Unit.OfGrid(Town.Grid))], []));
        yield return (new AbsenceRecorded(1, "p-017", on, on.AddDays(2), "p-018"), new AbsenceRecorded(1, "p-017", on, on, "p-018"));
        yield return (new AbsenceEnded(1, on), new AbsenceEnded(1, on));
    }

    private static IEnumerable<(object Full, object Minimal)> OfRosters()
    {
        var shift = new PlannedShift(1, "p-017", At, Due, DutyRole.Lead);
        DutyGap[] gaps = [new DutyGap(DutyRole.Operator, At, Due)];
        var matter = new OpenMatter(Sample.CaseId, CaseStage.Handling, Urgency.Emergency, "road-damage", Town.Grid, "500999101-20260302-0001", Due);
        yield return (new DutyPlanned([shift], gaps), new DutyPlanned([shift]));
        yield return (new DutyReassigned(1, "p-018", Marked), new DutyReassigned(1, "p-018"));
        yield return (new DutySwapped(1, 2), new DutySwapped(1, 2));
        yield return (new DutyCancelled([1, 2], gaps), new DutyCancelled([1]));
        yield return (new DutyHandedOver(1, 2, Marked, [matter]), new DutyHandedOver(1, 2, Plain, [matter with { Number = null, DueAt = null }]));
        yield return (new DutyAccepted(1, 2, Marked), new DutyAccepted(1, 2));
        yield return (new DutyTakenOver(1, 2, Marked), new DutyTakenOver(1, 2, Plain));
        yield return (new DutyHeldOver(1, 2, true), new DutyHeldOver(1, 2));
    }

    public static (object Full, object Minimal) Of(Type type) => All.Single(pair => pair.Full.GetType() == type);
}
