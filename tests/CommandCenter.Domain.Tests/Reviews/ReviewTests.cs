using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>Stays on the spot, and review meetings: each closed late or listed case with its lesson, each lesson with measures that have an owner and a day.</summary>
public class ReviewTests
{
    private static readonly DateTimeOffset Due = T0 + 30.Days();
    private static readonly By Desk = new("office", Role.Office, Town.Code);

    public static IReadOnlyList<(string State, GuidanceEvent[] Events)> GuidanceStates { get; } =
    [
        ("Not recorded", []),
        ("Recorded 待落实", [Stay()]),
        ("Followed up, not done", [Stay(), new GuidanceFollowedUp(false, Words("进行中"))]),
        ("Settled 已落实", [Stay(), new GuidanceFollowedUp(true, Words("已落实"))]),
    ];

    public static IReadOnlyList<(string Way, GuidanceCommand Command)> GuidanceCommands { get; } =
    [
        ("record", new RecordGuidance(Stay(), T0)),
        ("record: left before they came", new RecordGuidance(Stay() with { To = T0 - 9.Hours() }, T0)),
        ("record: in the future", new RecordGuidance(Stay(), T0 - 2.Hours())),
        ("follow-up: done", new FollowUpGuidance(true, Words("已落实"))),
        ("follow-up: not done", new FollowUpGuidance(false, Words("进行中"))),
    ];

    public static IReadOnlyList<(string State, ReviewEvent[] Events)> States { get; } =
    [
        ("Not prepared", []),
        ("Prepared, two cases undecided", [Prepared()]),
        ("Prepared, one with a lesson", [Prepared(), Lesson()]),
        ("Prepared, all decided", [Prepared(), Lesson(), LeftOut()]),
        ("Concluded 措施落实中", [Prepared(), Lesson(), LeftOut(), new ReviewConcluded()]),
        ("Settled 措施已落实", [Prepared(), Lesson(), LeftOut(), new ReviewConcluded(), new ReviewMeasureDone(1, Words("已建台账"))]),
        ("Concluded without measures", [Prepared(), LeftOut(1), LeftOut(), new ReviewConcluded()]),
        ("Cancelled 已取消", [Prepared(), new ReviewCancelled(Words("改期"))]),
    ];

    public static IReadOnlyList<(string Way, ReviewCommand Command, By By)> Commands { get; } =
    [
        ("prepare", Prepare(), Desk),
        ("prepare: nothing found", Prepare() with { Cases = [] }, Desk),
        ("prepare: a span that is not over", Prepare() with { To = T0 + 1.Days() }, Desk),
        ("prepare: begins at once", Prepare() with { StartsAt = T0 }, Desk),
        ("prepare: in more than sixty days", Prepare() with { StartsAt = T0 + 61.Days() }, Desk),
        ("record-lesson", Record(1), Desk),
        ("record-lesson: the other case", Record(2), Desk),
        ("record-lesson: without measures", Record(1) with { Measures = [] }, Desk),
        ("record-lesson: a day that has passed", Record(1) with { At = Due }, Desk),
        ("record-lesson: no such case", Record(7), Desk),
        ("leave-out", new LeaveOutItem(2, Words("因不可抗力")), Desk),
        ("leave-out: no such case", new LeaveOutItem(7, Words("没有")), Desk),
        ("conclude", new ConcludeReview(null, T0 + 2.Days()), Desk),
        ("conclude: before it begins", new ConcludeReview(null, T0 + 2.Days() - 1.Minutes()), Desk),
        ("cancel", new CancelReview(Words("改期")), Desk),
        ("finish-measure, by its owner", new FinishMeasure(1, Words("已建台账")), Town.Handler),
        ("finish-measure, by somebody else", new FinishMeasure(1, Words("已建台账")), Town.GridWorker),
        ("finish-measure: no such measure", new FinishMeasure(7, Words("没有")), Desk),
    ];

    [Fact]
    public void Every_command_has_one_outcome_in_every_state()
    {
        var page = new StringBuilder("# What may happen to stays on the spot and to review meetings\n\nEvery state × every command: the events, *nothing* for a repeat, or the code of the refusal with its lines.\n");
        foreach (var (name, events) in GuidanceStates)
        {
            page.Append($"\n## Stay: {name}\n\nPossible: {Possible(GuidanceDecider.Possible(Fold(events)))}.\n\n| command | outcome |\n|---|---|\n");
            foreach (var (way, command) in GuidanceCommands)
                page.Append($"| {way} | {Outcome(GuidanceDecider.Decide(command, Fold(events)))} |\n");
        }

        foreach (var (name, events) in States)
        {
            page.Append($"\n## Review: {name}\n\nPossible: {Possible(ReviewDecider.Possible(Fold(events)))}.\n\n| command | outcome |\n|---|---|\n");
            foreach (var (way, command, by) in Commands)
                page.Append($"| {way} | {Outcome(ReviewDecider.Decide(command, Fold(events), by))} |\n");
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));

        static string Possible(IReadOnlyList<string> commands) => commands.Count > 0 ? string.Join(", ", commands) : "nothing more";
    }

    [Fact]
    public void Every_refusal_code_is_reachable_and_what_is_possible_is_what_can_happen()
    {
        var stays = (from state in GuidanceStates from way in GuidanceCommands select (state.State, way.Command.Name, Decision: GuidanceDecider.Decide(way.Command, Fold(state.Events)))).ToList();
        stays.Select(row => row.Decision).OfType<Decision<GuidanceEvent>.Refuse>().Select(refuse => refuse.Refusal.Code).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(GuidanceDecider.All.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, events) in GuidanceStates)
            GuidanceDecider.Possible(Fold(events)).ShouldBe(stays.Where(row => row.State == name && row.Decision is Decision<GuidanceEvent>.Emit).Select(row => row.Name).Distinct(), name);

        var reviews = (from state in States from way in Commands select (state.State, way.Command.Name, Decision: ReviewDecider.Decide(way.Command, Fold(state.Events), way.By))).ToList();
        var refusals = reviews.Select(row => row.Decision).OfType<Decision<ReviewEvent>.Refuse>().Select(refuse => refuse.Refusal).ToList();
        refusals.Select(refusal => refusal.Code).Distinct().Order(StringComparer.Ordinal).ShouldBe(ReviewDecider.All.Keys.Order(StringComparer.Ordinal));
        refusals.SelectMany(refusal => refusal.Lines ?? []).Select(line => line.Code).Distinct().ShouldBe(ReviewDecider.AllLines.Keys);
        foreach (var (name, events) in States)
        {
            ReviewDecider.Possible(Fold(events)).Order(StringComparer.Ordinal)
                .ShouldBe(reviews.Where(row => row.State == name && row.Decision is Decision<ReviewEvent>.Emit).Select(row => row.Name).Distinct().Order(StringComparer.Ordinal), name);
        }
    }

    [Fact]
    public void What_is_decided_can_be_folded_and_what_cannot_follow_is_no_life()
    {
        foreach (var (_, events) in States)
        {
            foreach (var (_, command, by) in Commands)
            {
                if (ReviewDecider.Decide(command, Fold(events), by) is Decision<ReviewEvent>.Emit emit)
                    Should.NotThrow(() => Fold([.. events, .. emit.Events]));
            }
        }

        foreach (var happened in (ReviewEvent[])[Lesson(), LeftOut(), new ReviewConcluded(), new ReviewCancelled(Words()), new ReviewMeasureDone(1, Words())])
            Should.Throw<InvalidOperationException>(() => Fold(happened));
        Should.Throw<InvalidOperationException>(() => Fold(Prepared(), new ReviewConcluded()));
        Should.Throw<InvalidOperationException>(() => Fold(new GuidanceFollowedUp(true, Words())));
    }

    [Fact]
    public void Those_who_are_to_come_are_told_when_a_review_is_called_and_when_it_is_called_off()
    {
        var called = Prepared() with { Invited = [new Recipient("handler", Role.PostHandler, RecipientReason.Holder)] };

        ReviewNotices.Of("r1", Fold(called)!, [called], Town.Organization, Plan).Select(notice => (notice.Person, notice.Sent.Kind, notice.Sent.Subject, notice.Sent.DueAt)).ShouldBe(
            [("handler", NoticeKind.ReviewCalled, "review:r1", T0 + 2.Days()), ("town-leader", NoticeKind.ReviewCalled, "review:r1", T0 + 2.Days())], ignoreOrder: true);
        var cancelled = new ReviewCancelled(Words("改期"));
        ReviewNotices.Of("r1", Fold(called, cancelled)!, [cancelled], Town.Organization, Plan).Select(notice => (notice.Person, notice.Sent.Kind)).ShouldBe(
            [("handler", NoticeKind.ReviewCalledOff), ("town-leader", NoticeKind.ReviewCalledOff)], ignoreOrder: true);

        var sent = new NoticeSent(NoticeKind.ReviewCalled, "review:r1", Role.PostHandler, RecipientReason.Holder);
        NoticeClaim.Of(sent, Fold(called)).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(sent, Fold(called, cancelled)).ShouldBe(NoticeClaim.Gone, "nobody is to come any more");
    }

    [Fact]
    public void A_lesson_that_is_recorded_anew_replaces_the_first_and_its_measures_are_numbered_on()
    {
        var again = ReviewDecider.Decide(Record(1), Fold(Prepared(), Lesson()), Desk).ShouldBeOfType<Decision<ReviewEvent>.Emit>();
        again.Events.ShouldHaveSingleItem().ShouldBeOfType<ReviewLessonRecorded>().Measures.Select(measure => measure.Number).ShouldBe([2]);
        Fold([Prepared(), Lesson(), .. again.Events])!.Measures.Select(measure => measure.Measure.Number).ShouldBe([2]);
    }

    [Fact]
    public void A_review_is_settled_once_its_last_measure_is_taken()
    {
        Fold(Prepared(), Lesson(), LeftOut(), new ReviewConcluded())!.Stage.ShouldBe(ReviewStage.Concluded);
        Fold(Prepared(), Lesson(), LeftOut(), new ReviewConcluded(), new ReviewMeasureDone(1, Words()))!.Stage.ShouldBe(ReviewStage.Settled);
    }

    [Fact]
    public void Closed_cases_are_collected_for_having_climbed_for_having_been_listed_and_for_being_sent_back_twice()
    {
        var rules = ReviewRules.Standard;
        CaseEvent[] closed = [Reported(), Filed(), Dispatched(), Claimed(), Completed(), Verified(), Sample.Rated(), Closed()];
        rules.ReasonsFor(Row(closed), listed: false).ShouldBeEmpty();
        rules.ReasonsFor(Row(closed), listed: true).ShouldBe([ReviewReason.Listed]);
        rules.ReasonsFor(Row(Reported(), Filed(), Dispatched()), listed: true).ShouldBeEmpty();

        CaseEvent[] climbed = [Reported(), Filed(), Dispatched(), Claimed(), HandleStarted(), Escalated(EscalationLevel.TownLeader), Escalated(EscalationLevel.SectorLead), Completed(), Verified(), Sample.Rated(), Closed()];
        rules.ReasonsFor(Row(climbed), listed: false).ShouldBe([ReviewReason.Late]);
        rules.ReasonsFor(Row([Reported(), Filed(), Dispatched(), Claimed(), HandleStarted(), Escalated(EscalationLevel.SectorLead), Completed(), Verified(), Sample.Rated(), Closed()]), false).ShouldBeEmpty();
        rules.ReasonsFor(Row([Reported(), Filed(), Dispatched(), Returned(), Dispatched(2), Returned(), Dispatched(3), Claimed(), Completed(), Verified(), Sample.Rated(), Closed()]), false)
            .ShouldBe([ReviewReason.SentBackOften]);

        ReviewRules.Check(new ReviewRules()).ShouldHaveSingleItem().Text.ShouldContain("no rule fills");
        ReviewRules.Check(new ReviewRules(Returns: 0)).ShouldHaveSingleItem().Text.ShouldContain("1 to 20");
        DeadlinePolicyReader.Read(RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "policies", "default-2.json")).Policy!.Review.ShouldBe(ReviewRules.Standard);
    }

    [Fact]
    public void The_owner_of_each_measure_is_told_when_the_review_is_concluded_and_asked_until_it_is_taken()
    {
        var concluded = Fold(Prepared(), Lesson(), LeftOut(), new ReviewConcluded())!;
        ReviewNotices.Of("r", concluded, [new ReviewConcluded()], Town.Organization, Plan).Select(notice => (notice.Person, notice.Sent.Kind, notice.Sent.DueAt, notice.Sent.Part))
            .ShouldBe([("handler", NoticeKind.ReviewMeasureGiven, Due, 1)]);
        ReviewNotices.Of("r", concluded, [Lesson()], Town.Organization, Plan).ShouldBeEmpty();

        var sent = new NoticeSent(NoticeKind.ReviewMeasureGiven, "review:r", Role.PostHandler, RecipientReason.Holder, Part: 1);
        NoticeClaim.Of(sent, concluded).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(sent, Fold(Prepared(), Lesson(), LeftOut(), new ReviewConcluded(), new ReviewMeasureDone(1, Words()))).ShouldBe(NoticeClaim.Gone);
    }

    [Fact]
    public void Each_role_may_do_its_part_at_its_own_place_only()
    {
        var stay = Fold(Stay());
        var review = Fold(Prepared(), Lesson())!;
        var page = new StringBuilder("# Who may do what with stays on the spot and review meetings\n\nA stay in a grid of the town, and a review of the town.\n\n| role | place | record a stay | see it | follow it up | hold a review | see it | decide in it | finish a measure |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (var role in Enum.GetValues<Role>())
        {
            foreach (var (name, place) in ((string, AreaCode)[])[("the town", Town.Code), ("the grid", Town.Grid), ("another town", Town.OtherTown), ("the district", Town.District)])
            {
                var caller = new Caller("somebody", new RoleAt(role, place));
                bool[] may =
                [
                    ReviewAccess.MayRecord(caller, Town.Grid), ReviewAccess.MaySee(caller, stay!), ReviewAccess.May(caller, "follow-up", stay), ReviewAccess.MayPrepare(caller, Town.Code),
                    ReviewAccess.MaySee(caller, review), ReviewAccess.May(caller, "conclude", review), ReviewAccess.May(caller, "finish-measure", review),
                ];
                page.Append($"| {role} | {name} | {string.Join(" | ", may.Select(one => one ? "✓" : ""))} |\n");
            }
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
        ReviewAccess.May(Town.As("handler", Role.PostHandler, Town.Code), "finish-measure", review).ShouldBeTrue();
        ReviewAccess.May(Town.As("office", Role.Office, Town.Code), "erase", review).ShouldBeFalse();
    }

    private static string Outcome<TEvent>(Decision<TEvent> decision) => decision switch
    {
        Decision<TEvent>.Emit emit => string.Join(", ", emit.Events.Select(happened => Json.Named(happened!))),
        Decision<TEvent>.Refuse { Refusal: var refusal } => $"refused: `{refusal.Code}`{string.Concat((refusal.Lines ?? []).Select(line => $" {line.Line}: `{line.Code}`"))}",
        _ => "*nothing*",
    };

    private static Guidance? Fold(params GuidanceEvent[] events) => Guidance.Fold(events.Select(happened => new Fact<GuidanceEvent>(happened, Town.Supervisor, T0, T0)));

    private static Review? Fold(params ReviewEvent[] events) => Review.Fold(events.Select(happened => new Fact<ReviewEvent>(happened, Desk, T0, T0)));

    private static GuidanceRecorded Stay() => new(Town.Grid, T0 - 5.Hours(), T0 - 1.Hours(), ["supervisor"], Words("三处坑洞未设围挡"), Words("三日内设围挡"), CaseId, T0 + 3.Days());

    private static ReviewPrepared Prepared() =>
        new(Town.Code, T0 - 31.Days(), T0, T0 + 2.Days(), "default-1", [new ReviewEntry(CaseId, [ReviewReason.Late]), new ReviewEntry(OtherCase, [ReviewReason.Listed])]);

    [Fact]
    public void The_owner_of_a_measure_is_told_three_days_before_its_day_and_with_the_office_when_it_has_passed()
    {
        var concluded = Fold(Prepared(), Lesson(), LeftOut(), new ReviewConcluded())!;
        ReviewSaga.Timers(concluded, [new ReviewConcluded()], ReviewRules.Standard, T0).ShouldBe([new SagaTimer("1/due", 1, Due - 3.Days())]);
        ReviewSaga.Timers(concluded, [new ReviewConcluded()], ReviewRules.Standard, Due - 2.Days()).ShouldBe([new SagaTimer("1/overdue", 1, Due)], "who is given it two days before needs no warning");

        var warned = Fire(concluded, "1/due", Due - 3.Days(), Due - 3.Days());
        warned.Notices.Select(notice => (notice.Person, notice.Sent.Kind, notice.Sent.Part)).ShouldBe([("handler", NoticeKind.ReviewMeasureDue, 1)]);
        warned.Timers.ShouldBe([new SagaTimer("1/overdue", 1, Due)]);
        var after = With(concluded, warned.Events);
        Fire(after, "1/due", Due - 3.Days(), Due - 3.Days()).IsEmpty.ShouldBeTrue("once");

        var late = Fire(after, "1/overdue", Due, Due);
        late.Notices.Select(notice => notice.Person).ShouldContain("handler");
        late.Notices.ShouldAllBe(notice => notice.Sent.Kind == NoticeKind.ReviewMeasureOverdue && notice.Sent.DueAt == Due && notice.Sent.MissedAt == null);
        late.Events.ShouldHaveSingleItem().ShouldBeOfType<ReviewMeasureReminded>().Overdue.ShouldBe(true);
        late.Timers.ShouldBeEmpty();
        Fire(With(after, late.Events), "1/overdue", Due, Due).IsEmpty.ShouldBeTrue("once");
    }

    [Fact]
    public void A_measure_that_was_taken_reminds_nobody_and_what_a_standstill_missed_is_on_record_in_order()
    {
        var concluded = Fold(Prepared(), Lesson(), LeftOut(), new ReviewConcluded())!;
        var done = Fold(Prepared(), Lesson(), LeftOut(), new ReviewConcluded(), new ReviewMeasureDone(1, Words("已建台账")))!;
        ReviewSaga.Timers(done, [new ReviewMeasureDone(1, Words("已建台账"))], ReviewRules.Standard, T0).ShouldBe([new SagaTimer("1/due", 1, null), new SagaTimer("1/overdue", 1, null)]);
        Fire(done, "1/overdue", Due, Due).IsEmpty.ShouldBeTrue();

        var back = Due + 9.Days();
        var overtaken = Fire(concluded, "1/due", Due - 3.Days(), back);
        (overtaken.Notices.Count, overtaken.Events.ShouldHaveSingleItem().ShouldBeOfType<ReviewMeasureReminded>().StepDueAt).ShouldBe((0, Due - 3.Days()));
        var late = Fire(With(concluded, overtaken.Events), "1/overdue", overtaken.Timers.ShouldHaveSingleItem().DueAt!.Value, back);
        late.Notices.ShouldNotBeEmpty();
        late.Notices.ShouldAllBe(notice => notice.Sent.MissedAt == Due);
    }

    [Fact]
    public void Those_who_stayed_and_the_town_are_told_once_when_what_was_agreed_is_not_reported_as_done_by_its_day()
    {
        var stay = Stay() with { By = Due };
        var recorded = Fold(stay)!;
        ReviewSaga.Timers(recorded, [stay], T0).ShouldBe([new SagaTimer("agreed", 1, Due)]);
        ReviewSaga.Timers(recorded, [stay], Due).ShouldBeEmpty("a day that had passed when it was written down reminds nobody");
        ReviewSaga.Timers(Fold(Stay() with { By = null })!, [Stay() with { By = null }], T0).ShouldBeEmpty();

        var reaction = ReviewSaga.OnTimer("g", recorded, Due, Due + 1.Hours(), Town.Organization, Plan);
        reaction.Notices.Select(notice => notice.Person).ShouldContain(stay.People[0]);
        reaction.Notices.Select(notice => notice.Person).ShouldContain("town-leader");
        reaction.Notices.ShouldAllBe(notice => notice.Sent.Kind == NoticeKind.GuidanceOverdue && notice.Sent.DueAt == Due && notice.Sent.MissedAt == Due);
        var told = Guidance.Apply(recorded, new Fact<GuidanceEvent>(reaction.Events.ShouldHaveSingleItem(), Desk, Due, Due))!;
        (told.IsReminded, told.IsOverdue(Due), told.IsOverdue(Due - 1.Hours())).ShouldBe((true, true, false));
        ReviewSaga.OnTimer("g", told, Due, Due, Town.Organization, Plan).IsEmpty.ShouldBeTrue("once");

        var settled = Fold(stay, new GuidanceFollowedUp(true, Words("已落实")))!;
        ReviewSaga.Timers(settled, [new GuidanceFollowedUp(true, Words("已落实"))], T0).ShouldBe([new SagaTimer("agreed", 1, null)]);
        ReviewSaga.OnTimer("g", settled, Due, Due, Town.Organization, Plan).IsEmpty.ShouldBeTrue();
        ReviewSaga.OnTimer("g", Fold(stay, new GuidanceFollowedUp(false, Words("进行中"))), Due, Due, Town.Organization, Plan).Events.ShouldHaveSingleItem();
    }

    private static Reaction<ReviewEvent> Fire(Review state, string timer, DateTimeOffset dueAt, DateTimeOffset firedAt) =>
        ReviewSaga.OnTimer("r", state, timer, dueAt, firedAt, ReviewRules.Standard, Town.Organization, Plan);

    private static Review With(Review state, IReadOnlyList<ReviewEvent> events) => events.Aggregate(state, (known, happened) => Review.Apply(known, new Fact<ReviewEvent>(happened, Desk, T0, T0))!);

    private static ReviewLessonRecorded Lesson() => new(1, Words("研判太晚"), [new ReviewMeasure(1, Words("建立台账"), "handler", Role.PostHandler, Due)]);

    private static ReviewItemLeftOut LeftOut(int item = 2) => new(item, Words("因不可抗力"));

    private static PrepareReview Prepare() => new(Town.Code, T0 - 31.Days(), T0, T0 + 2.Days(), "default-1", Prepared().Cases, T0);

    private static RecordLesson Record(int item) => new(item, Words("研判太晚"), [new WantedMeasure(Words("建立台账"), "handler", Role.PostHandler, Due)], T0);

    private static CaseEscalated Escalated(EscalationLevel level) => new(Clock.Handle, 1, "step", level, T0, T0, T0, []);

    private static CaseSummary Row(params CaseEvent[] events)
    {
        CaseSummary? row = null;
        for (var version = 1; version <= events.Length; version++)
            row = CaseSummary.Apply(row, CaseId, version, version, new Fact<CaseEvent>(events[version - 1], Doer(events[version - 1]), T0, T0), _ => Sector.Economy);
        return row!;
    }
}
