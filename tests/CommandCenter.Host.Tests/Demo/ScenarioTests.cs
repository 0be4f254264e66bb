using System.Globalization;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Inbox;
using CommandCenter.Host.Agendas;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Deadlines;
using CommandCenter.Host.Demo;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Testing.Clock;
using Microsoft.Extensions.DependencyInjection;

namespace CommandCenter.Host.Tests.Demo;

/// <summary>The stories that were told of the town, played on their own dates to their ends.</summary>
public sealed class ScenarioTests
{
    [Fact]
    public async Task The_sewage_of_39_households_is_assessed_by_the_village_first_climbs_to_the_committee_while_money_is_found_and_ends_within_thirty_days()
    {
        await using var played = await PlayAsync(ScenarioFolder.Sewage);

        var detail = await played.DetailAsync();
        (detail.Stage, detail.Source, detail.Rating!.Result).ShouldBe((CaseStage.Closed, CaseSource.PartyMember, FixResult.Fixed));
        (detail.Details.Assessment!.Households, detail.Details.Assessment.CostFen, detail.Details.FundingFen).ShouldBe((39, 10_500_000, 10_500_000));
        (await played.EventsAsync()).ShouldBe(
            ["case_reported", "case_passed_up", "case_filed", "case_dispatched", "case_claimed", "case_plan_published", "case_funding_recorded", "case_progressed", "case_completed", "case_verified", "case_rated", "case_closed"]);
        // Three weeks of handling are late under a limit of seven days: that is what the ladder is there for.
        (await played.Town.ColumnAsync("select data ->> 'level' from mt_events where type = 'case_escalated' order by seq_id")).ShouldBe(["responsible", "sector_lead", "town_leader", "committee"]);
    }

    [Fact]
    public async Task A_full_bin_reported_by_its_code_goes_to_the_one_driver_by_name_and_is_emptied_within_two_hours()
    {
        await using var played = await PlayAsync(ScenarioFolder.Bins);

        var detail = await played.DetailAsync();
        (detail.Stage, detail.Source, detail.Details.Reference).ShouldBe((CaseStage.Closed, CaseSource.QrCode, "bin-17"));
        (await played.Town.AskAsync<string>("select data ->> 'person' from mt_events where type = 'case_dispatched'")).ShouldBe("post-handler-07");
        (await played.EventsAsync()).ShouldBe(["case_reported", "case_filed", "case_dispatched", "case_claimed", "case_completed", "case_verified", "case_rated", "case_closed"]);
        // With the driver in the very append of the scan.
        (await played.Town.ColumnAsync(
            "select distinct causation_id from mt_events where type in ('case_reported', 'case_filed', 'case_dispatched', 'spot_case_begun') or (type = 'notice_sent' and data ->> 'kind' = 'dispatched')")).ShouldHaveSingleItem();
        (await played.Town.AskAsync<TimeSpan>("select max(timestamp) filter (where type = 'case_completed') - min(timestamp) filter (where type = 'case_reported') from mt_events")).ShouldBeLessThan(TimeSpan.FromHours(2));
        (await played.Town.AskAsync<long>("select count(*) from mt_events where type = 'case_escalated'")).ShouldBe(0);
    }

    [Fact]
    public async Task The_bins_and_the_sewage_go_the_same_way_over_HTTP_by_everybody_in_their_own_name()
    {
        await using var town = await Town.StartAsync(new VirtualClock(ScenarioFolder.Bins.Steps[0].At));

        var bins = await OverHttp.PlayAsync(town, ScenarioFolder.Bins, async (step, id) =>
        {
            if (step.Command == "report")
            {
                // Straight to the one lorry's driver, and to nobody else of the post.
                (await town.As("post-handler-07").GetAsync<InboxPage>("/api/inbox")).Items.ShouldHaveSingleItem().ShouldSatisfyAllConditions(notice => (notice.CaseId, notice.Kind).ShouldBe((id, NoticeKind.Dispatched)));
                (await town.ColumnAsync("select distinct replace(stream_id, 'inbox:', '') from mt_events where type = 'notice_sent' and data ->> 'kind' = 'dispatched'")).ShouldBe(["post-handler-07"]);
            }
        });
        var emptied = await town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{bins}");
        (emptied.Stage, emptied.Source, emptied.Details.Reference, emptied.Rating!.Result, emptied.Assignment!.ClaimedBy).ShouldBe((CaseStage.Closed, CaseSource.QrCode, "bin-17", FixResult.Fixed, "post-handler-07"));

        var sewage = await OverHttp.PlayAsync(town, ScenarioFolder.Sewage, async (step, id) =>
        {
            switch (step.Command)
            {
                case "report":
                    // The village has it first, and the center waits.
                    (await town.As("village-secretary-03").GetAsync<InboxPage>("/api/inbox")).Items.ShouldHaveSingleItem().CaseId.ShouldBe(id);
                    (await town.As(People.Operator).CommandAsync(id, "file", new FileCaseRequest("sewage", Urgency.Normal))).Problem(409, "case.with_village").Possible.ShouldBe(["recall", "urge", "link", "give-feedback"], ignoreOrder: true);
                    break;
                case "pass-up":
                    (await town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{id}")).Details.Assessment.ShouldNotBeNull().ShouldSatisfyAllConditions(said => (said.Level, said.Households, said.CostFen).ShouldBe((MatterLevel.Town, 39, 10_500_000)));
                    break;
            }
        });
        var piped = await town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{sewage}");
        (piped.Stage, piped.Source, piped.Details.FundingFen, piped.Rating!.Result).ShouldBe((CaseStage.Closed, CaseSource.PartyMember, 10_500_000, FixResult.Fixed));
        (await town.As(People.Operator).GetAsync<CaseHistory>($"/api/cases/{sewage}/history")).Items.Where(item => item.Actor.Role != Role.System).Select(item => item.Type).ShouldBe(
            ["case_reported", "case_passed_up", "case_filed", "case_dispatched", "case_claimed", "case_plan_published", "case_funding_recorded", "case_progressed", "case_completed", "case_verified", "case_rated", "case_closed"]);
        // What the demonstration's past plays is what these people did, step by step.
        (await town.AskAsync<long>("select count(*) from mt_events where type = 'case_escalated'")).ShouldBe(4);
    }

    [Fact]
    public async Task The_rotten_road_is_on_the_committee_s_list_three_days_after_the_report_waits_for_money_and_is_repaired_in_a_month()
    {
        await using var played = await PlayAsync(ScenarioFolder.Road);

        var detail = await played.DetailAsync();
        (detail.Stage, detail.Rating!.Result, detail.Details.FundingFen).ShouldBe((CaseStage.Closed, FixResult.Fixed, 20_000_000));

        // Collected because it wants money, led from the meeting of 19 May on, reported on at every meeting after it, solved in September, then appraised.
        var agenda = await played.Town.As("office-01").GetAsync<AgendaDetail>($"/api/agendas/{Places.Town}");
        var item = agenda.Items.ShouldHaveSingleItem();
        item.Item.Reasons.ShouldBe([AgendaReason.FundingWanted]);
        (item.Item.Stage, item.Item.Lead!.Person.Id, item.Score, item.MissedMeetings.Count).ShouldBe((AgendaItemStage.Appraised, "congress-director-01", 5, 0));
        item.Reports.Select(report => report.Meeting).ShouldBe([2, 3, 4]);
        agenda.Meetings[^1].StartsAt.ShouldBe(new DateTimeOffset(2023, 5, 19, 9, 30, 0, TimeSpan.FromHours(8)));
        (agenda.Meetings[^1].StartsAt - ScenarioFolder.Road.Steps[0].At).ShouldBeInRange(TimeSpan.FromDays(3), TimeSpan.FromDays(3.1));

        // The trace of the two clocks that stood still for want of money, with their reasons.
        var clocks = (await played.Town.As(People.Operator).GetAsync<CaseDeadlines>($"/api/cases/{played.Id}/deadlines")).Clocks;
        Trace(clocks.Single(run => run.Clock == Clock.HardLimit)).ShouldBe("""
            Met, due 09-22 03:00, stopped 09-21 18:10
            Counting 05-17 10:00 – 05-19 16:00
            Paused 05-19 16:00 – 08-25 09:00 Suspension
            Counting 08-25 09:00 – 09-21 18:10
            30 个自然日，自 2023-05-17（周三）10:00 起；因等待资金暂停 97 天 17 小时（2023-05-19（周五）16:00 至 2023-08-25（周五）09:00），经 镇街主要领导 01 批准；应于 2023-09-22（周五）03:00 前完成；依据时限规则 default-1；已于 2023-09-21（周四）18:10 按期停止。
            30 natural days from Wed 2023-05-17 10:00; paused 97 days 17 hours for funding (Fri 2023-05-19 16:00 to Fri 2023-08-25 09:00), approved by Town leader 01; due Fri 2023-09-22 03:00; counted under policy default-1; stopped in time at Thu 2023-09-21 18:10.
            """);
        Trace(clocks.Single(run => run.Clock == Clock.Handle)).ShouldBe("""
            Late, due 09-09 03:00, stopped 09-21 16:30
            Counting 05-17 10:00 – 05-19 16:00
            Paused 05-19 16:00 – 08-25 09:00 Suspension
            Counting 08-25 09:00 – 08-30 03:00
            Counting 08-30 03:00 – 09-04 03:00
            Counting 09-04 03:00 – 09-09 03:00
            Overdue 09-09 03:00 – 09-21 16:30
            7 个自然日，自 2023-05-17（周三）10:00 起；因等待资金暂停 97 天 17 小时（2023-05-19（周五）16:00 至 2023-08-25（周五）09:00），经 镇街主要领导 01 批准；2023-08-25（周五）10:40 延期 5 个自然日，经 板块负责人 02、镇街主要领导 01 批准；2023-09-01（周五）10:40 延期 5 个自然日，经 板块负责人 02、镇街主要领导 01 批准；应于 2023-09-09（周六）03:00 前完成；依据时限规则 default-1；已于 2023-09-21（周四）16:30 超期停止。
            7 natural days from Wed 2023-05-17 10:00; paused 97 days 17 hours for funding (Fri 2023-05-19 16:00 to Fri 2023-08-25 09:00), approved by Town leader 01; extended by 5 natural days on Fri 2023-08-25 10:40, approved by Sector lead 02 and Town leader 01; extended by 5 natural days on Fri 2023-09-01 10:40, approved by Sector lead 02 and Town leader 01; due Sat 2023-09-09 03:00; counted under policy default-1; stopped late at Thu 2023-09-21 16:30.
            """);
        // Thirty days were the works, not the case: twice extended it was late all the same, and the hard limit held.
        (await played.Town.ColumnAsync("select data ->> 'level' from mt_events where type = 'case_escalated' order by seq_id")).ShouldBe(["responsible", "sector_lead", "town_leader", "committee"]);
        (await played.Town.AskAsync<long>("select count(*) from mt_events where type = 'listing_opened'")).ShouldBe(0);

        static string Trace(DeadlineView run) => string.Join('\n',
        [
            $"{run.State}, due {Local(run.DueAt!.Value)}, stopped {Local(run.StoppedAt!.Value)}",
            .. run.Segments.Select(segment => $"{segment.Kind} {Local(segment.From)} – {Local(segment.To)}{string.Concat((segment.Causes ?? []).Select(cause => $" {cause}"))}"),
            run.Why.Zh, run.Why.En,
        ]);

        static string Local(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(8)).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    private static async Task<Played> PlayAsync(Scenario scenario)
    {
        var town = await Town.StartAsync(new VirtualClock(scenario.Steps[0].At));
        var driver = ActivatorUtilities.CreateInstance<DemoDriver>(town.Services);
        string? id = null;
        foreach (var step in scenario.Steps)
        {
            // Every deadline on the way fires at its own instant.
            await town.PassAsync(step.At - town.Clock.GetUtcNow());
            id = (await driver.CarryOutAsync(step, id, default)).ShouldNotBeNull($"{step.Command} at {step.At} was refused.");
        }

        await town.CaughtUpAsync();
        return new Played(town, id!);
    }

    private sealed record Played(Town Town, string Id) : IAsyncDisposable
    {
        public Task<CaseDetail> DetailAsync() => Town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{Id}");

        /// <summary>What people did.</summary>
        public Task<IReadOnlyList<string>> EventsAsync() =>
            Town.ColumnAsync($"select type from mt_events where stream_id = 'case:{Id}' and type not like 'case_clock_%' and type not in ('case_warned', 'case_escalated') order by version");

        public ValueTask DisposeAsync() => Town.DisposeAsync();
    }
}
