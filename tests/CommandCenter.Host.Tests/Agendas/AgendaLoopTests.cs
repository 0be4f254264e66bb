using System.Text.Json.Nodes;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Agendas;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Tests.Towns;
using Microsoft.Extensions.DependencyInjection;

namespace CommandCenter.Host.Tests.Agendas;

/// <summary>A matter's way over the list of the party work committee: collected, led, reported on at every meeting, solved, appraised.</summary>
public sealed class AgendaLoopTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private const string Office = "office-01";
    private const string Lead = "sector-lead-02";

    private static readonly string Path = $"/api/agendas/{Places.Town}";

    private Town Town => fixture.Town;

    [Fact]
    public async Task A_case_that_climbs_to_the_committee_leaves_its_meeting_with_a_lead_who_reports_until_it_is_solved_and_appraised()
    {
        await Nothing();
        // Given a case that nobody finished for seventeen days,
        var claimed = await Town.ACaseThatWasClaimed();
        await Town.PassAsync(TimeSpan.FromDays(17));
        (await Told(Office, NoticeKind.Escalation)).ShouldContain(notice => notice.CaseId == claimed.Id);

        // when the office prepares a meeting, it is collected as overdue,
        var startsAt = Town.Clock.GetUtcNow().AddDays(2);
        await Do(Office, "prepare", new PrepareAgendaRequest(startsAt));
        var item = (await Read()).Items.Where(one => one.Item.Case.Id == claimed.Id).ShouldHaveSingleItem();
        item.Item.Stage.ShouldBe(AgendaItemStage.Collected);
        item.Item.Reasons.ShouldBe([AgendaReason.Overdue]);
        item.Item.Case.ShouldSatisfyAllConditions(one => one.Number.ShouldNotBeNull(), one => one.Stage.ShouldBe(CaseStage.Handling), one => one.Category.ShouldBe("river-pollution"));
        (await Town.As(Office).PostAsync($"{Path}/prepare", new PrepareAgendaRequest(startsAt))).Problem(409, "agenda.prepared_already").Possible.ShouldNotBeNull().ShouldContain("cancel");

        // and does not end before it was decided on.
        await Town.PassAsync(TimeSpan.FromDays(2));
        var undecided = (await Town.As(Office).PostAsync($"{Path}/conclude", new ConcludeAgendaRequest())).Problem(409, "agenda.undecided");
        undecided.Lines.ShouldNotBeNull().ShouldContain(line => line.Subject == claimed.Id);
        var until = Town.Clock.GetUtcNow().AddDays(30);
        await Do(Office, "name-lead", new NameAgendaLeadRequest(item.Item.Item, Lead, until, "现场查勘、建立台账。"));
        await ConcludeAsync("末议题一项。");
        // An import names the matter where its lead leaves.
        (await Town.Services.GetRequiredService<OpenWorkList>().ReadAsync(CancellationToken.None)).ShouldNotBeNull().ShouldContain(work => work.Subject == $"agenda:{Places.Town}" && work.Person == Lead);

        // The case says so itself, to whoever works on it, and lists find it by that.
        var on = (await Town.As(People.Handler).GetAsync<CaseDetail>($"/api/cases/{claimed.Id}")).Details.Agendas.ShouldHaveSingleItem();
        (on.Town.Value, on.Item, on.Lead, on.Until).ShouldBe((Places.Town, item.Item.Item, Lead, until));
        (await Town.As(People.Dispatcher).GetAsync<CaseList>("/api/cases?onAgenda=true")).Items.Select(one => one.Id).ShouldContain(claimed.Id);
        (await Told(Lead, NoticeKind.AgendaLeadNamed)).ShouldHaveSingleItem().DueAt.ShouldBe(until);

        // The lead is told before the next meeting, is reminded a day before it, and a report that is missing is on record.
        var second = Town.Clock.GetUtcNow().AddDays(7);
        await Do(Office, "prepare", new PrepareAgendaRequest(second));
        (await Told(Lead, NoticeKind.AgendaReportDue)).Count.ShouldBe(1);
        (await Items(Lead, "mine=true&open=true")).ShouldHaveSingleItem().ShouldSatisfyAllConditions(one => one.ReportDue.ShouldBeTrue(), one => one.Lead!.Person.Id.ShouldBe(Lead));
        await Town.PassAsync(TimeSpan.FromDays(7));
        (await Told(Lead, NoticeKind.AgendaReportDue)).Count.ShouldBe(2);
        await ConcludeAsync();
        (await Told(People.TownLeader, NoticeKind.AgendaReportMissed)).ShouldHaveSingleItem();
        (await Read()).Meetings[0].Missed.ShouldBe([item.Item.Item]);

        // A report of the lead goes with the third, written down by nobody else but the office.
        (await Town.As(People.Dispatcher).PostAsync($"{Path}/report", new ReportAgendaProgressRequest(item.Item.Item, "已查勘"))).Problem(403, "access.denied");
        await Do(Lead, "report", new ReportAgendaProgressRequest(item.Item.Item, "已现场查勘，联系人电话13800000000。"));
        await Do(Office, "prepare", new PrepareAgendaRequest(Town.Clock.GetUtcNow().AddDays(7)));
        (await Told(Lead, NoticeKind.AgendaReportDue)).Count.ShouldBe(2);
        var reported = (await Read()).Items.Single(one => one.Item.Item == item.Item.Item);
        (reported.MissedMeetings.Count, reported.Reports.ShouldHaveSingleItem().Report).ShouldBe((1, "已现场查勘，联系人电话13800000000。"));
        (await Town.As(People.Dispatcher).GetAsync<AgendaDetail>(Path)).Items.Single(one => one.Item.Item == item.Item.Item).Reports[0].Report.ShouldBe("已现场查勘，联系人电话⟦phone⟧。");

        // It is not appraised before it is solved, nor by its lead; then it is, and leaves the list.
        (await Town.As(Office).PostAsync($"{Path}/appraise", new AppraiseAgendaItemRequest(item.Item.Item, 5, "好"))).Problem(409, "agenda.not_solved");
        await Town.PassAsync(TimeSpan.FromDays(7));
        await Town.After(claimed, "complete", new CompleteCaseRequest("已清运"), People.Handler);
        await Town.After(claimed, "verify", new VerifyCaseRequest(true), People.GridWorker);
        await Town.After(claimed, "rate", new RateCaseRequest(5, FixResult.Fixed, "电话回访：已告知结果"), People.Operator);
        await Town.After(claimed, "close", new CloseCaseRequest("办结"), People.Dispatcher);
        var asked = (await Told(Office, NoticeKind.AgendaAppraisalDue)).Count;
        await ConcludeAsync();
        (await Told(Office, NoticeKind.AgendaAppraisalDue)).Count.ShouldBe(asked + 1);
        (await Town.As(Lead).PostAsync($"{Path}/appraise", new AppraiseAgendaItemRequest(item.Item.Item, 5, "好"))).Problem(403, "access.denied");
        await Do(Office, "appraise", new AppraiseAgendaItemRequest(item.Item.Item, 4, "牵头有力，群众满意。"));
        var left = (await Read()).Items.Single(one => one.Item.Item == item.Item.Item);
        (await Town.As(People.Handler).GetAsync<CaseDetail>($"/api/cases/{claimed.Id}")).Details.Agendas.ShouldBeEmpty();
        (await Town.ColumnAsync($"select type from mt_events where stream_id = 'case:{claimed.Id}' and type like '%agenda%' order by version")).ShouldBe(["case_put_on_agenda", "case_agenda_lead_named", "case_left_agenda"]);
        (await Town.As(People.Dispatcher).GetAsync<CaseList>("/api/cases?onAgenda=true")).Items.Select(one => one.Id).ShouldNotContain(claimed.Id);
        (left.Item.Stage, left.Score, left.Appraisal, left.Outcome, left.Possible.Count).ShouldBe((AgendaItemStage.Appraised, 4, "牵头有力，群众满意。", LineOutcome.Closed, 0));
        (await Items(Lead, "mine=true&open=true")).ShouldBeEmpty();
        (await Items(People.Supervisor, $"caseId={claimed.Id}")).ShouldHaveSingleItem().Stage.ShouldBe(AgendaItemStage.Appraised);
    }

    [Fact]
    public async Task A_case_is_put_on_the_list_by_hand_or_struck_with_a_reason_that_stays_readable()
    {
        await Nothing();
        var dispatched = await Town.ACaseThatWasDispatched();
        var other = await Town.ACaseThatWasClosed();
        await Do(Office, "prepare", new PrepareAgendaRequest(Town.Clock.GetUtcNow().AddDays(1)));
        await Do(Office, "add", new AddAgendaItemRequest(dispatched.Id, "群众反映强烈"));
        (await Town.As(Office).PostAsync($"{Path}/add", new AddAgendaItemRequest(dispatched.Id, "再次"))).Problem(409, "agenda.listed_already");
        (await Town.As(Office).PostAsync($"{Path}/add", new AddAgendaItemRequest(other.Id, "已办结"))).Problem(409, "agenda.case_ended");
        (await Town.As(Office).PostAsync($"{Path}/add", new AddAgendaItemRequest(new string('0', 32), "没有"))).Problem(422, "case.unknown", "caseId");
        var item = (await Read()).Items.Single(one => one.Item.Case.Id == dispatched.Id);
        item.Item.Reasons.ShouldBe([AgendaReason.ByHand]);
        item.Note.ShouldBe("群众反映强烈");
        item.Possible.ShouldBe(["name-lead", "strike"]);

        (await Town.As(Office).PostAsync($"{Path}/name-lead", new NameAgendaLeadRequest(item.Item.Item, "nobody", Town.Clock.GetUtcNow().AddDays(9)))).Problem(422, "agenda.person_unknown", "person");
        await Do(Office, "strike", new StrikeAgendaItemRequest(item.Item.Item, "由岗位按期办结即可"));
        var struck = (await Read()).Items.Single(one => one.Item.Case.Id == dispatched.Id);
        (struck.Item.Stage, struck.Note).ShouldBe((AgendaItemStage.Struck, "由岗位按期办结即可"));
        await Do(People.TownLeader, "cancel", new CancelAgendaRequest("改期"));
        (await Read()).Meetings[0].ShouldSatisfyAllConditions(meeting => meeting.Stage.ShouldBe(AgendaMeetingStage.Cancelled), meeting => meeting.Minutes.ShouldBe("改期"));
        (await Town.AskAsync<long>("select count(*) from cc_timers where saga = 'agenda_reports'")).ShouldBe(0);
    }

    [Fact]
    public async Task Only_the_town_and_the_district_see_the_list_and_only_towns_have_one()
    {
        (await Town.As(People.GridWorker).GetAsync(Path)).Problem(403, "access.denied");
        (await Town.As(People.Supervisor).GetAsync(Path)).Status.ShouldBe(200);
        (await Town.As(Office).GetAsync("/api/agendas/500153")).Problem(404, "agenda.unknown");
        (await Town.As(Office).GetAsync("/api/agendas/here")).Problem(404, "agenda.unknown");
        (await Town.As(People.GridWorker).GetAsync("/api/agenda-items")).Status.ShouldBe(200);
        (await Town.As(People.GridWorker).GetAsync($"/api/agenda-items?scope={Places.Town}")).Problem(403, "access.denied");
        (await Town.As(Office).GetAsync("/api/agenda-items?open=maybe")).Problem(400, "request.malformed", "open");
        (await Town.As(People.Dispatcher).PostAsync($"{Path}/prepare", new PrepareAgendaRequest(Town.Clock.GetUtcNow().AddDays(1)))).Problem(403, "access.denied");
    }

    [Fact]
    public async Task Every_request_about_a_list_has_an_example_that_the_host_accepts()
    {
        await Nothing();
        var document = (await Town.As(null).GetAsync("/openapi/v1.json")).Object;
        var examples = document["paths"]!.AsObject().Where(path => path.Value!["post"] is not null && path.Key.StartsWith("/api/agendas", StringComparison.Ordinal))
            .ToDictionary(path => path.Key.Split('/')[^1], path => Example(document, path.Value!["post"]!));
        examples.Keys.Order(StringComparer.Ordinal).ShouldBe(["add", "appraise", "cancel", "conclude", "name-lead", "prepare", "report", "strike"]);

        await Try("prepare", startsAt: Town.Clock.GetUtcNow().AddDays(1));
        await Try("cancel");
        await Try("prepare", startsAt: Town.Clock.GetUtcNow().AddDays(1));
        var (first, second) = (await Town.ACaseThatWasVerified(), await Town.ACaseThatWasReported());
        var number = await AddAsync(first);
        await Try("strike", item: await AddAsync(second));
        await Try("name-lead", item: number);
        await Try("report", item: number);
        await Town.PassAsync(TimeSpan.FromDays(1));
        await Town.After(first, "rate", new RateCaseRequest(5, FixResult.Fixed, "电话回访：已告知结果"), People.Operator);
        await Town.After(first, "close", new CloseCaseRequest("办结"), People.Dispatcher);
        await StrikeTheRest();
        await Try("conclude");
        await Try("appraise", People.TownLeader, item: number);

        async Task<int> AddAsync(TestCase which)
        {
            var body = JsonNode.Parse(examples["add"])!;
            body["caseId"] = which.Id;
            (await Town.As(Office).PostAsync($"{Path}/add", body.ToJsonString())).Status.ShouldBe(200);
            return (await Read()).Items.Max(one => one.Item.Item);
        }

        async Task Try(string command, string by = Office, int? item = null, DateTimeOffset? startsAt = null)
        {
            var body = JsonNode.Parse(examples[command])!;
            if (item is { } which)
                body["item"] = which;
            if (startsAt is { } at)
                body["startsAt"] = at.ToString("O");
            if (body["until"] is not null)
                body["until"] = Town.Clock.GetUtcNow().AddDays(30).ToString("O");
            var answer = await Town.As(by).PostAsync($"{Path}/{command}", body.ToJsonString());
            answer.Status.ShouldBe(200, $"{command}: {answer.Text}");
        }
    }

    private static string Example(JsonObject document, JsonNode operation)
    {
        var reference = operation["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>();
        return document["components"]!["schemas"]![reference.Split('/')[^1]]!["examples"].ShouldNotBeNull(reference)[0]!.ToJsonString();
    }

    /// <summary>The town's list with no meeting prepared, whatever tests before have left.</summary>
    private async Task Nothing()
    {
        if ((await Read()).Possible.Contains("cancel"))
            await Do(Office, "cancel", new CancelAgendaRequest("另行备会"));
    }

    /// <summary>Ends the meeting; what the cases of other tests brought onto its list is struck.</summary>
    private async Task ConcludeAsync(string? minutes = null)
    {
        await StrikeTheRest();
        await Do(Office, "conclude", new ConcludeAgendaRequest(minutes));
    }

    private async Task StrikeTheRest()
    {
        foreach (var left in (await Read()).Items.Where(one => one.Item.Stage == AgendaItemStage.Collected))
            await Do(Office, "strike", new StrikeAgendaItemRequest(left.Item.Item, "由岗位按期办结即可"));
    }

    private async Task<AgendaDetail> Read()
    {
        await Town.CaughtUpAsync();
        return await Town.As(Office).GetAsync<AgendaDetail>(Path);
    }

    private async Task Do(string by, string command, object body)
    {
        var answer = await Town.As(by).PostAsync($"{Path}/{command}", body);
        answer.Status.ShouldBe(200, $"{command} by {by}: {answer.Text}");
    }

    private async Task<IReadOnlyList<AgendaListItem>> Items(string by, string query)
    {
        await Town.CaughtUpAsync();
        return (await Town.As(by).GetAsync<AgendaItems>($"/api/agenda-items?{query}")).Items;
    }

    private async Task<IReadOnlyList<NoticeView>> Told(string person, NoticeKind kind)
    {
        await Town.CaughtUpAsync();
        return [.. (await Town.As(person).GetAsync<InboxPage>("/api/inbox")).Items.Where(notice => notice.Kind == kind)];
    }
}
