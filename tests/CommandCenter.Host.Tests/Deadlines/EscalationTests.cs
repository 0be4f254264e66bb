using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Board;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Deadlines;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Deadlines;

/// <summary>A case left alone climbs by itself, step by step, and each step tells somebody.</summary>
public sealed class EscalationTests : IAsyncLifetime
{
    private Town? _town;

    private Town Town => _town!;

    public async Task InitializeAsync() => _town = await Town.StartAsync();

    public async Task DisposeAsync() => await Town.DisposeAsync();

    [Fact]
    public async Task A_report_that_nobody_takes_on_climbs_from_the_operators_to_the_town_leader()
    {
        var reported = await Town.ACaseThatWasReported();

        await Town.PassAsync(TimeSpan.FromMinutes(14));
        (await EscalationsOf(People.Operator, reported)).ShouldBeEmpty();

        await Town.PassAsync(TimeSpan.FromMinutes(1));
        foreach (var person in (string[])["center-operator-01", "center-operator-02", "center-operator-03", "dispatcher-02"])
            (await EscalationsOf(person, reported)).ShouldBe([(EscalationLevel.Responsible, Role.CenterOperator, RecipientReason.Holder)], person);
        (await EscalationsOf(People.SectorLead, reported)).ShouldBeEmpty();
        var detail = await Town.Read(reported);
        (detail.Late, detail.Level, detail.Stage).ShouldBe((true, EscalationLevel.Responsible, CaseStage.Reported));

        await Town.PassAsync(TimeSpan.FromMinutes(15));
        (await EscalationsOf(People.SectorLead, reported)).ShouldBe([(EscalationLevel.SectorLead, Role.SectorLead, RecipientReason.Holder)]);
        (await Economy()).Levels.ShouldBe(new LevelFigures(0, 1, 0, 0, 0));

        await Town.PassAsync(TimeSpan.FromMinutes(30));
        foreach (var person in (string[])["town-leader-01", "town-leader-02"])
            (await EscalationsOf(person, reported)).ShouldBe([(EscalationLevel.TownLeader, Role.TownLeader, RecipientReason.Holder)], person);
        var board = await Economy();
        (board.Overdue, board.Levels, board.Urgent[0].Level).ShouldBe((1, new LevelFigures(0, 0, 1, 0, 0), EscalationLevel.TownLeader));

        // The ladder ends; nothing is told twice.
        await Town.PassAsync(TimeSpan.FromDays(40));
        (await EscalationsOf(People.Operator, reported)).Count.ShouldBe(1);
        (await EscalationsOf(People.TownLeader, reported)).Count.ShouldBe(1);
        (await Town.AskAsync<long>($"select count(*) from cc_timers where saga_id = '{reported.Id}'")).ShouldBe(0);
    }

    [Fact]
    public async Task Every_step_is_recorded_with_when_it_was_due_and_when_it_fired_and_for_whom()
    {
        var start = Town.Clock.GetUtcNow();
        var reported = await Town.ACaseThatWasReported();
        await Town.PassAsync(TimeSpan.FromHours(2));

        var steps = await StepsOf(Town, reported);

        steps.Select(step => step.Data["step"]!.GetValue<string>()).ShouldBe(["overdue", "sector-lead", "town-leader"]);
        var due = (int[])[15, 30, 60];
        for (var i = 0; i < steps.Count; i++)
        {
            var (data, item) = (steps[i].Data, steps[i]);
            data["stepDueAt"]!.GetValue<DateTimeOffset>().ShouldBe(start.AddMinutes(due[i]));
            data["firedAt"]!.GetValue<DateTimeOffset>().ShouldBe(start.AddMinutes(due[i]));
            data["told"]!.AsArray().Count.ShouldBeGreaterThan(0);
            item.Causation.ShouldBe($"timer:case_deadlines/{reported.Id}/accept/{data["step"]!.GetValue<string>()}/1");
            item.Actor.Role.ShouldBe(Role.System);
        }
    }

    [Fact]
    public async Task Filing_in_time_leaves_nothing_to_climb()
    {
        var filed = await Town.ACaseThatWasFiled();
        await Town.After(filed, "dispatch", new DispatchCaseRequest(Unit.OfPost("village-construction")), People.Dispatcher);

        await Town.PassAsync(TimeSpan.FromHours(3));

        (await StepsOf(Town, filed)).ShouldBeEmpty();
        (await EscalationsOf(People.Operator, filed)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_the_sector_has_no_lead_whoever_acts_in_the_seat_is_told()
    {
        var reported = await Town.ACaseThatWasReported(Town.AReport("夜间施工噪声", "noise"));

        await Town.PassAsync(TimeSpan.FromMinutes(30));

        (await EscalationsOf("post-handler-11", reported)).ShouldBe([(EscalationLevel.SectorLead, Role.SectorLead, RecipientReason.Acting)]);
    }

    [Fact]
    public async Task Where_a_post_has_nobody_its_sector_lead_is_told()
    {
        var dispatched = await Town.ACaseThatWasDispatched(Town.AReport("校门口占道", "school-surroundings"), "education-health-culture");

        var notices = (await Town.As("sector-lead-03").GetAsync<InboxPage>($"/api/inbox?minPosition={dispatched.Position}")).Items.Where(item => item.CaseId == dispatched.Id).ToList();
        notices.Select(item => (item.Kind, item.Role, item.Reason)).ShouldBe([(NoticeKind.Dispatched, Role.SectorLead, RecipientReason.VacancyAbove)]);

        await Town.PassAsync(TimeSpan.FromDays(7));
        (await EscalationsOf("sector-lead-03", dispatched)).ShouldBe([(EscalationLevel.Responsible, Role.SectorLead, RecipientReason.VacancyAbove)]);
    }

    [Fact]
    public async Task A_post_is_warned_a_day_before_and_the_hard_limit_of_30_days_lists_the_case_for_supervision()
    {
        var claimed = await Town.ACaseThatWasClaimed();

        await Town.PassAsync(TimeSpan.FromDays(6));
        (await NoticesOf(People.Handler, claimed)).ShouldBe([NoticeKind.Warning, NoticeKind.Dispatched]);
        (await Economy()).DueSoon.ShouldBe(1);
        (await Town.Read(claimed)).Late.ShouldBeFalse();

        await Town.PassAsync(TimeSpan.FromDays(23.9));
        (await EscalationsOf(People.Supervisor, claimed)).ShouldBeEmpty();
        await Town.PassAsync(TimeSpan.FromDays(0.1));

        (await EscalationsOf(People.Supervisor, claimed)).ShouldBe([(EscalationLevel.ListedSupervision, Role.DistrictSupervisor, RecipientReason.Holder)]);
        (await Economy()).Levels.ListedSupervision.ShouldBe(1);
        (await Town.As(People.Supervisor).GetAsync<CaseList>($"/api/cases?level=listed_supervision")).Items.ShouldHaveSingleItem().Id.ShouldBe(claimed.Id);
        (await StepsOf(Town, claimed)).Select(step => $"{step.Data["clock"]}/{step.Data["step"]}").ShouldBe(
            ["handle/warning", "handle/overdue", "handle/sector-lead", "handle/town-leader", "handle/committee", "hard_limit/warning", "hard_limit/listed-supervision"]);
    }

    [Fact]
    public async Task Steps_missed_while_the_host_was_down_are_each_recorded_once_and_in_order()
    {
        var start = Town.Clock.GetUtcNow();
        var first = await Town.ACaseThatWasReported();
        await Town.PassAsync(TimeSpan.FromMinutes(20));
        var second = await Town.ACaseThatWasReported(Town.AReport("夜间施工噪声", "noise"));
        await Town.StopAsync();
        Town.Clock.Advance(TimeSpan.FromHours(5));
        var back = Town.Clock.GetUtcNow();

        await Town.StartAgainAsync();
        await Town.PassAsync(TimeSpan.Zero);

        var steps = await StepsOf(Town, first);
        steps.Select(Instants).ShouldBe(
        [
            ("overdue", start.AddMinutes(15), start.AddMinutes(15)), ("sector-lead", start.AddMinutes(30), back), ("town-leader", start.AddMinutes(60), back),
        ]);
        var later = start.AddMinutes(20);
        (await StepsOf(Town, second)).Select(Instants).ShouldBe(
            [("overdue", later.AddMinutes(15), back), ("sector-lead", later.AddMinutes(30), back), ("town-leader", later.AddMinutes(60), back)]);

        // A restart with nothing due adds nothing.
        var head = await Town.HeadAsync();
        await Town.StopAsync();
        await Town.StartAgainAsync();
        await Town.PassAsync(TimeSpan.FromDays(1));
        (await Town.HeadAsync()).ShouldBe(head);
    }

    [Fact]
    public async Task A_deadline_met_late_says_so_and_stops_climbing()
    {
        var reported = await Town.ACaseThatWasReported();
        await Town.PassAsync(TimeSpan.FromMinutes(20));

        var filed = await Town.After(reported, "file", new FileCaseRequest("river-pollution", Urgency.Normal), People.Operator);
        await Town.PassAsync(TimeSpan.FromMinutes(14));

        var accept = (await Town.As(People.Operator).GetAsync<CaseDeadlines>($"{filed.Path}/deadlines")).Clocks[0];
        (accept.State, accept.Level, accept.Next).ShouldBe((ClockState.Late, EscalationLevel.Responsible, null));
        accept.Why.Zh.ShouldContain("超期停止");
        (await Town.Read(filed)).Late.ShouldBeFalse();
        (await EscalationsOf(People.SectorLead, filed)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Time_that_was_granted_is_told_with_how_much_of_it_is_used_and_by_whom()
    {
        var which = await Town.ACaseThatWasClaimed();
        await Town.PassAsync(TimeSpan.FromHours(30));
        which = await Town.After(which, "ask-extension", new AskExtensionRequest(2, "等待材料进场"), People.Handler);
        which = await Town.After(which, "approve-extension", new ApproveExtensionRequest(), People.SectorLead);
        which = await Town.After(which, "approve-extension", new ApproveExtensionRequest(), People.TownLeader);
        which = await Town.After(which, "ask-suspension", new AskSuspensionRequest(SuspensionReason.Funding, Town.Clock.GetUtcNow().AddDays(20), "等待资金"), People.Handler);
        await Town.After(which, "approve-suspension", new ApproveSuspensionRequest(), People.TownLeader);
        await Town.PassAsync(TimeSpan.FromDays(1));

        var handle = (await Town.As(People.Operator).GetAsync<CaseDeadlines>($"{which.Path}/deadlines")).Clocks.Single(clock => clock.Clock == Clock.Handle);
        handle.State.ShouldBe(ClockState.Paused);
        handle.Allowances.Select(allowance => (allowance.Limit.Amount, allowance.Elapsed, allowance.Remaining)).ShouldBe([(7, 1.25m, 5.75m), (2, 0m, 2m)]);
        handle.Allowances[1].ApprovedBy.ShouldBe([People.SectorLead, People.TownLeader]);
        handle.Segments.Select(segment => segment.Kind).ShouldBe([SegmentKind.Counting, SegmentKind.Paused]);
        handle.Segments[1].Causes.ShouldBe([PauseCause.Suspension]);
        // A limit told to the minute is used up a minute at a time, and never seems to be before it is.
        var urgent = (await Town.As(People.Operator).GetAsync<CaseDeadlines>($"{(await Town.ACaseThatWasReported()).Path}/deadlines")).Clocks.ShouldHaveSingleItem();
        urgent.Allowances.ShouldHaveSingleItem().ShouldSatisfyAllConditions(allowance => allowance.Elapsed.ShouldBe(0), allowance => allowance.Remaining.ShouldBe(allowance.Limit.Amount));
    }

    private static (string Step, DateTimeOffset DueAt, DateTimeOffset FiredAt) Instants(HistoryItem step) =>
        (step.Data["step"]!.GetValue<string>(), step.Data["stepDueAt"]!.GetValue<DateTimeOffset>(), step.Data["firedAt"]!.GetValue<DateTimeOffset>());

    private static async Task<IReadOnlyList<HistoryItem>> StepsOf(Town town, TestCase which) =>
        [.. (await town.As(People.Operator).GetAsync<CaseHistory>($"{which.Path}/history")).Items.Where(item => item.Type is "case_warned" or "case_escalated")];

    private async Task<SectorPanel> Economy()
    {
        await Town.BoardSpeaksOfNowAsync();
        return (await Town.As(People.Dispatcher).GetAsync<BoardView>("/api/board")).Sectors.Single(panel => panel.Sector == Sector.Economy);
    }

    private async Task<IReadOnlyList<(EscalationLevel?, Role, RecipientReason)>> EscalationsOf(string person, TestCase which) =>
        [.. (await Town.As(person).GetAsync<InboxPage>("/api/inbox")).Items.Where(item => item.CaseId == which.Id && item.Kind == NoticeKind.Escalation).Select(item => (item.Level, item.Role, item.Reason))];

    private async Task<IReadOnlyList<NoticeKind>> NoticesOf(string person, TestCase which) =>
        [.. (await Town.As(person).GetAsync<InboxPage>("/api/inbox")).Items.Where(item => item.CaseId == which.Id).Select(item => item.Kind)];
}
