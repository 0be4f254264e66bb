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
        ("Planned 已计划", [Plan()]),
        ("Planned, its begin has passed", [Plan(), new GuidanceReminded(GuidanceStep.Arrival, T0 + 1.Days(), T0 + 1.Days(), [])]),
        ("Begun 蹲点中", [Plan(), Come()]),
        ("Recorded after a plan", [Plan(), Come(), Stay() with { From = T0 - 2.Hours() }]),
        ("Called off 已取消", [Plan(), new GuidanceCalledOff(Words("改期"))]),
    ];

    public static IReadOnlyList<(string Way, GuidanceCommand Command)> GuidanceCommands { get; } =
    [
        ("plan", new PlanGuidance(Plan(), T0)),
        ("plan: begins at once", new PlanGuidance(Plan(), T0 + 1.Days())),
        ("plan: in more than sixty days", new PlanGuidance(Plan() with { From = T0 + 61.Days(), To = T0 + 62.Days() }, T0)),
        ("plan: they leave before they come", new PlanGuidance(Plan() with { To = T0 + 1.Hours() }, T0)),
        ("plan: for more than a month", new PlanGuidance(Plan() with { To = T0 + 33.Days() }, T0)),
        ("begin", new BeginGuidance(null, null, T0 + 1.Days())),
        ("begin: in a yard of the grid", new BeginGuidance(Town.Yard, T0 + 23.Hours(), T0 + 1.Days())),
        ("begin: in the future", new BeginGuidance(null, T0 + 2.Days(), T0 + 1.Days())),
        ("begin: elsewhere", new BeginGuidance(Town.OtherTown, null, T0 + 1.Days())),
        ("finish", new FinishGuidance(Words("坑洞三处"), Words("三日内修补"), null, T0 + 3.Days(), T0 + 2.Days())),
        ("finish: left before they came", new FinishGuidance(Words("坑洞三处"), Words("三日内修补"), T0 - 3.Hours(), null, T0 + 2.Days())),
        ("finish: left in the future", new FinishGuidance(Words("坑洞三处"), Words("三日内修补"), T0 + 3.Days(), null, T0 + 2.Days())),
        ("call-off", new CallOffGuidance(Words("改期"))),
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
        foreach (var (_, events) in GuidanceStates)
        {
            foreach (var (_, command) in GuidanceCommands)
            {
                if (GuidanceDecider.Decide(command, Fold(events)) is Decision<GuidanceEvent>.Emit emit)
                    Should.NotThrow(() => Fold([.. events, .. emit.Events]));
            }
        }

        foreach (var happened in (GuidanceEvent[])[new GuidanceFollowedUp(true, Words()), Come(), new GuidanceCalledOff(Words()), new GuidanceReminded(GuidanceStep.Arrival, T0, T0, [])])
            Should.Throw<InvalidOperationException>(() => Fold(happened));
        Should.Throw<InvalidOperationException>(() => Fold(Plan(), Stay()), "nobody has come");
        Should.Throw<InvalidOperationException>(() => Fold(Plan(), new GuidanceReminded(GuidanceStep.Record, T0, T0, [])));
    }

    [Fact]
    public void A_stay_that_began_is_written_down_with_those_who_came_where_they_came_and_when()
    {
        // Given a planned stay in a grid, and those who came to a yard of it an hour early,
        var begun = GuidanceDecider.Decide(new BeginGuidance(Town.Yard, T0 + 23.Hours(), T0 + 1.Days()), Fold(Plan())).ShouldBeOfType<Decision<GuidanceEvent>.Emit>();
        Fold([Plan(), .. begun.Events])!.ShouldSatisfyAllConditions(stay => stay.Place.ShouldBe(Town.Yard), stay => stay.From.ShouldBe(T0 + 23.Hours()), stay => stay.To.ShouldBe(Plan().To));

        // when it is finished, then its record is that of the plan and of the arrival.
        var finished = GuidanceDecider.Decide(new FinishGuidance(Words("坑洞三处"), Words("三日内修补"), null, T0 + 5.Days(), T0 + 2.Days()), Fold([Plan(), .. begun.Events]))
            .ShouldBeOfType<Decision<GuidanceEvent>.Emit>().Events.ShouldHaveSingleItem().ShouldBeOfType<GuidanceRecorded>();
        (finished.Place, finished.From, finished.To, finished.Case, finished.By).ShouldBe((Town.Yard, T0 + 23.Hours(), T0 + 2.Days(), CaseId, T0 + 5.Days()));
        finished.People.ShouldBe(Plan().People);
    }

    [Fact]
    public void Those_who_go_are_told_of_a_stay_and_that_it_was_called_off()
    {
        ReviewNotices.Of("g", Fold(Plan())!, [Plan()], Town.Organization, Sample.Plan).Select(notice => (notice.Person, notice.Sent.Kind, notice.Sent.Subject, notice.Sent.DueAt)).ShouldBe(
            [("supervisor", NoticeKind.GuidancePlanned, "guidance:g", Plan().From), ("economy-lead", NoticeKind.GuidancePlanned, "guidance:g", Plan().From)]);
        var off = new GuidanceCalledOff(Words("改期"));
        ReviewNotices.Of("g", Fold(Plan(), off)!, [off], Town.Organization, Sample.Plan).Select(notice => (notice.Person, notice.Sent.Kind)).ShouldBe(
            [("supervisor", NoticeKind.GuidanceCalledOff), ("economy-lead", NoticeKind.GuidanceCalledOff)]);

        var sent = new NoticeSent(NoticeKind.GuidancePlanned, "guidance:g", Role.SectorLead, RecipientReason.Holder);
        NoticeClaim.Of(sent, Fold(Plan())).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(sent, Fold(Plan(), Come())).ShouldBe(NoticeClaim.Gone, "they have come");
        NoticeClaim.Of(sent, Fold(Plan(), off)).ShouldBe(NoticeClaim.Gone, "nobody is to come any more");
        NoticeClaim.Of(sent with { Kind = NoticeKind.GuidanceNotRecorded }, Fold(Plan(), Come())).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(sent with { Kind = NoticeKind.GuidanceOverdue }, Fold(Stay(), new GuidanceFollowedUp(true, Words()))).ShouldBe(NoticeClaim.Gone, "it is done");
    }

    [Fact]
    public void Whoever_planned_a_stay_is_reminded_once_when_nobody_has_come_by_then_also_after_a_standstill()
    {
        // Given a stay that the town's leader planned,
        var planned = Fold(Plan())!;
        ReviewSaga.Timers(planned, [Plan()], T0).ShouldBe([new SagaTimer("arrival", 1, Plan().From)]);

        // when its begin passes and nobody has come, then the leader is asked, once.
        var reminded = Stand(planned, "arrival", Plan().From, Plan().From);
        reminded.Notices.Select(notice => (notice.Person, notice.Sent.Kind, notice.Sent.DueAt, notice.Sent.MissedAt)).ShouldBe([("town-leader", NoticeKind.GuidanceNotBegun, Plan().From, (DateTimeOffset?)null)]);
        var after = With(planned, reminded.Events);
        Stand(after, "arrival", Plan().From, Plan().From).IsEmpty.ShouldBeTrue("once");
        (after.IsOverdue(Plan().From), planned.IsOverdue(T0)).ShouldBe((true, false));
        Stand(planned, "arrival", Plan().From, Plan().From + 9.Hours()).Notices.ShouldHaveSingleItem().Sent.MissedAt.ShouldBe(Plan().From);

        // Who came, or called it off, is not reminded, and a late timer decides nothing.
        ReviewSaga.Timers(Fold(Plan(), Come())!, [Come()], T0).ShouldBe([new SagaTimer("arrival", 1, null), new SagaTimer("record", 1, Plan().To)]);
        ReviewSaga.Timers(With(after, [Come()]), [Come()], T0).ShouldBe([new SagaTimer("record", 1, Plan().To)], "that timer has fired");
        Stand(Fold(Plan(), Come())!, "arrival", Plan().From, Plan().From).IsEmpty.ShouldBeTrue();
        var off = new GuidanceCalledOff(Words("改期"));
        ReviewSaga.Timers(Fold(Plan(), off)!, [off], T0).ShouldBe([new SagaTimer("arrival", 1, null)]);
        Stand(Fold(Plan(), off)!, "arrival", Plan().From, Plan().From).IsEmpty.ShouldBeTrue();

        // Where whoever planned it has left, whoever leads there is asked.
        var left = Guidance.Fold([new Fact<GuidanceEvent>(Plan(), new By("who-left", Role.Office, Town.Code), T0, T0)])!;
        Stand(left, "arrival", Plan().From, Plan().From).Notices.Select(notice => notice.Person).ShouldBe(["town-leader"]);
    }

    [Fact]
    public void Those_who_stay_and_whoever_planned_it_are_reminded_when_the_planned_time_is_over_and_nothing_is_written_down()
    {
        var begun = Fold(Plan(), Come())!;
        var reminded = Stand(begun, "record", Plan().To, Plan().To);
        reminded.Notices.Select(notice => (notice.Person, notice.Sent.Kind)).ShouldBe(
            [("supervisor", NoticeKind.GuidanceNotRecorded), ("economy-lead", NoticeKind.GuidanceNotRecorded), ("town-leader", NoticeKind.GuidanceNotRecorded)]);
        Stand(With(begun, reminded.Events), "record", Plan().To, Plan().To).IsEmpty.ShouldBeTrue("once");

        var record = Stay() with { From = Come().Arrived, By = Due };
        ReviewSaga.Timers(Fold(Plan(), Come(), record)!, [record], T0).ShouldBe([new SagaTimer("record", 1, null), new SagaTimer("agreed", 1, Due)]);
        Stand(Fold(Plan(), Come(), record)!, "record", Plan().To, Plan().To).IsEmpty.ShouldBeTrue();
        // Who came when it should have been over is not reminded of that at once.
        ReviewSaga.Timers(begun, [Come()], Plan().To).ShouldBe([new SagaTimer("arrival", 1, null)]);
    }

    [Fact]
    public void Those_who_are_to_come_are_told_when_a_review_is_called_and_when_it_is_called_off()
    {
        var called = Prepared() with { Invited = [new Recipient("handler", Role.PostHandler, RecipientReason.Holder)] };

        ReviewNotices.Of("r1", Fold(called)!, [called], Town.Organization, Sample.Plan).Select(notice => (notice.Person, notice.Sent.Kind, notice.Sent.Subject, notice.Sent.DueAt)).ShouldBe(
            [("handler", NoticeKind.ReviewCalled, "review:r1", T0 + 2.Days()), ("town-leader", NoticeKind.ReviewCalled, "review:r1", T0 + 2.Days())], ignoreOrder: true);
        var cancelled = new ReviewCancelled(Words("改期"));
        ReviewNotices.Of("r1", Fold(called, cancelled)!, [cancelled], Town.Organization, Sample.Plan).Select(notice => (notice.Person, notice.Sent.Kind)).ShouldBe(
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

        ReviewRules.Check(new ReviewRules()).ShouldHaveSingleItem().Words.En.ShouldContain("no rule fills");
        ReviewRules.Check(new ReviewRules(Returns: 0)).ShouldHaveSingleItem().Words.En.ShouldContain("1 to 20");
        DeadlinePolicyReader.Read(RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "policies", "default-2.json")).Policy!.Review.ShouldBe(ReviewRules.Standard);
    }

    [Fact]
    public void The_owner_of_each_measure_is_told_when_the_review_is_concluded_and_asked_until_it_is_taken()
    {
        var concluded = Fold(Prepared(), Lesson(), LeftOut(), new ReviewConcluded())!;
        ReviewNotices.Of("r", concluded, [new ReviewConcluded()], Town.Organization, Sample.Plan).Select(notice => (notice.Person, notice.Sent.Kind, notice.Sent.DueAt, notice.Sent.Part))
            .ShouldBe([("handler", NoticeKind.ReviewMeasureGiven, Due, 1)]);
        ReviewNotices.Of("r", concluded, [Lesson()], Town.Organization, Sample.Plan).ShouldBeEmpty();

        var sent = new NoticeSent(NoticeKind.ReviewMeasureGiven, "review:r", Role.PostHandler, RecipientReason.Holder, Part: 1);
        NoticeClaim.Of(sent, concluded).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(sent, Fold(Prepared(), Lesson(), LeftOut(), new ReviewConcluded(), new ReviewMeasureDone(1, Words()))).ShouldBe(NoticeClaim.Gone);
    }

    [Fact]
    public void Each_role_may_do_its_part_at_its_own_place_only()
    {
        var stay = Fold(Stay());
        var review = Fold(Prepared(), Lesson())!;
        var page = new StringBuilder("# Who may do what with stays on the spot and review meetings\n\nA stay in a grid of the town, and a review of the town.\n\n| role | place | plan or record a stay | see it | begin and finish it | call it off | follow it up | hold a review | see it | decide in it | finish a measure |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var role in Enum.GetValues<Role>())
        {
            foreach (var (name, place) in ((string, AreaCode)[])[("the town", Town.Code), ("the grid", Town.Grid), ("another town", Town.OtherTown), ("the district", Town.District)])
            {
                var caller = new Caller("somebody", new RoleAt(role, place));
                bool[] may =
                [
                    ReviewAccess.MayRecord(caller, Town.Grid), ReviewAccess.MaySee(caller, stay!), ReviewAccess.May(caller, "begin", stay), ReviewAccess.May(caller, "call-off", stay), ReviewAccess.May(caller, "follow-up", stay), ReviewAccess.MayPrepare(caller, Town.Code),
                    ReviewAccess.MaySee(caller, review), ReviewAccess.May(caller, "conclude", review), ReviewAccess.May(caller, "finish-measure", review),
                ];
                page.Append($"| {role} | {name} | {string.Join(" | ", may.Select(one => one ? "✓" : ""))} |\n");
            }
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
        ReviewAccess.May(Town.As("handler", Role.PostHandler, Town.Code), "finish-measure", review).ShouldBeTrue();
        // Whoever goes may come and write it down wherever their seat is, and whoever planned it may call it off.
        var planned = Fold(Plan());
        foreach (var command in (string[])["begin", "finish"])
            ReviewAccess.May(Town.As("economy-lead", Role.SectorLead, Town.OtherTown), command, planned).ShouldBeTrue(command);
        ReviewAccess.May(Town.As("economy-lead", Role.SectorLead, Town.OtherTown), "call-off", planned).ShouldBeFalse();
        ReviewAccess.May(Town.As("town-leader", Role.Dispatcher, Town.OtherTown), "call-off", planned).ShouldBeTrue();
        ReviewAccess.MaySee(Town.As("town-leader", Role.Dispatcher, Town.OtherTown), planned!).ShouldBeTrue();
        ReviewAccess.May(Town.As("office", Role.Office, Town.Code), "erase", review).ShouldBeFalse();
    }

    private static string Outcome<TEvent>(Decision<TEvent> decision) => decision switch
    {
        Decision<TEvent>.Emit emit => string.Join(", ", emit.Events.Select(happened => Json.Named(happened!))),
        Decision<TEvent>.Refuse { Refusal: var refusal } => $"refused: `{refusal.Code}`{string.Concat((refusal.Lines ?? []).Select(line => $" {line.Line}: `{line.Code}`"))}",
        _ => "*nothing*",
    };

    private static Guidance? Fold(params GuidanceEvent[] events) => Guidance.Fold(events.Select(happened => new Fact<GuidanceEvent>(happened, Town.Leader, T0, T0)));

    private static Reaction<GuidanceEvent> Stand(Guidance state, string timer, DateTimeOffset dueAt, DateTimeOffset firedAt) =>
        ReviewSaga.OnTimer("g", state, timer, dueAt, firedAt, Town.Organization, Sample.Plan);

    private static Guidance With(Guidance state, IReadOnlyList<GuidanceEvent> events) => events.Aggregate(state, (known, happened) => Guidance.Apply(known, new Fact<GuidanceEvent>(happened, Town.Leader, T0, T0))!);

    private static GuidancePlanned Plan() => new(Town.Grid, T0 + 1.Days(), T0 + 32.Hours(), ["supervisor", "economy-lead"], Words("现场商定修补的责任和期限"), CaseId);

    private static GuidanceBegun Come() => new(Town.Grid, T0 - 2.Hours());

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

        var reaction = ReviewSaga.OnTimer("g", recorded, "agreed", Due, Due + 1.Hours(), Town.Organization, Sample.Plan);
        reaction.Notices.Select(notice => notice.Person).ShouldContain(stay.People[0]);
        reaction.Notices.Select(notice => notice.Person).ShouldContain("town-leader");
        reaction.Notices.ShouldAllBe(notice => notice.Sent.Kind == NoticeKind.GuidanceOverdue && notice.Sent.DueAt == Due && notice.Sent.MissedAt == Due);
        var told = Guidance.Apply(recorded, new Fact<GuidanceEvent>(reaction.Events.ShouldHaveSingleItem(), Desk, Due, Due))!;
        (told.IsReminded, told.IsOverdue(Due), told.IsOverdue(Due - 1.Hours())).ShouldBe((true, true, false));
        ReviewSaga.OnTimer("g", told, "agreed", Due, Due, Town.Organization, Sample.Plan).IsEmpty.ShouldBeTrue("once");

        var settled = Fold(stay, new GuidanceFollowedUp(true, Words("已落实")))!;
        ReviewSaga.Timers(settled, [new GuidanceFollowedUp(true, Words("已落实"))], T0).ShouldBe([new SagaTimer("agreed", 1, null)]);
        ReviewSaga.OnTimer("g", settled, "agreed", Due, Due, Town.Organization, Sample.Plan).IsEmpty.ShouldBeTrue();
        ReviewSaga.OnTimer("g", Fold(stay, new GuidanceFollowedUp(false, Words("进行中"))), "agreed", Due, Due, Town.Organization, Sample.Plan).Events.ShouldHaveSingleItem();
    }

    private static Reaction<ReviewEvent> Fire(Review state, string timer, DateTimeOffset dueAt, DateTimeOffset firedAt) =>
        ReviewSaga.OnTimer("r", state, timer, dueAt, firedAt, ReviewRules.Standard, Town.Organization, Sample.Plan);

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
