using System.Text.Json.Nodes;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Meetings;
using CommandCenter.Host.Tests.Towns;
using Microsoft.Extensions.DependencyInjection;
using static CommandCenter.Host.Tests.Meetings.MeetingTown;

namespace CommandCenter.Host.Tests.Meetings;

/// <summary>A yard meeting from its plan to its striking off, with what becomes of its matters in between.</summary>
public sealed class MeetingLoopTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private Town Town => fixture.Town;

    [Fact]
    public async Task A_meeting_is_planned_held_written_down_listed_settled_fed_back_and_struck_off()
    {
        var plan = new PlanMeetingRequest(MeetingTier.Village, Town.Area(Yard), Role.VillageSecretary, Town.Clock.GetUtcNow().AddDays(2), Topics: ["village_appearance"], Venue: "白果树下");
        var planned = await Town.As(Secretary).PostAsync("/api/meetings", plan);
        planned.Status.ShouldBe(201, planned.Text);
        var id = planned.Receipt.Id;
        planned.Location.ShouldBe($"/api/meetings/{id}");
        (await Town.ReadMeeting(id)).Possible.ShouldBe(["hold", "cancel"]);

        await Town.Meeting(id, "hold", new HoldMeetingRequest(new AttendanceRequest(31, 18, 60), Agenda: ["opinions", "solving_on_spot"]));
        await Town.Meeting(id, "record-minutes", new RecordMinutesRequest("群众提出三个问题，联系13912345678。", [await Town.APhoto(Secretary)]));
        await Town.Meeting(id, "import-list", AList());
        var detail = await Town.ReadMeeting(id);
        (detail.Stage, detail.Venue, detail.Attendance!.OverHalf, detail.Policy).ShouldBe((MeetingStage.Listed, "白果树下", true, "yard-meetings-2022"));
        detail.Minutes.ShouldBe("群众提出三个问题，联系13912345678。");
        detail.Lines.Select(line => (line.Kind, line.Outcome, line.Open)).ShouldBe(
            [(LineKind.OnSpot, LineOutcome.SolvedOnSpot, false), (LineKind.Village, null, true), (LineKind.Town, null, true)]);

        await Town.SettledByTheVillage(id, 2);
        await Town.ClosedByTheTown(id, 3);
        await Town.MeetingsFollowedAsync();
        var owed = await Town.ReadFeedback(id, YardHead);
        owed.Due.Select(line => (line.Number, line.Outcome)).ShouldBe([(2, LineOutcome.Closed), (3, LineOutcome.Closed)]);
        owed.Due.ShouldAllBe(line => line.CaseNumber != null && line.CaseStage == CaseStage.Closed);

        (await Town.As(People.Dispatcher).PostAsync($"/api/meetings/{id}/strike-off", new StrikeOffMeetingRequest())).Problem(409, "meeting.feedback_missing");
        await Town.Meeting(id, "give-feedback", new GiveFeedbackRequest([2], FeedbackWay.InPerson, "已向提出的三户说明"), YardHead);
        await Town.Meeting(id, "give-feedback", new GiveFeedbackRequest([3], FeedbackWay.NoticeBoard, Photos: [await Town.APhoto(YardHead)]), YardHead);
        var told = await Town.ReadFeedback(id, Secretary);
        told.Due.ShouldBeEmpty();
        told.Given.Select(given => (given.Lines[0], given.Way, given.By.Id, given.Photos.Count)).ShouldBe([(3, FeedbackWay.NoticeBoard, YardHead, 1), (2, FeedbackWay.InPerson, YardHead, 0)]);
        told.Given[1].Note.ShouldBe("已向提出的三户说明");

        await Town.Meeting(id, "reconcile", new ReconcileMeetingRequest(), People.Dispatcher);
        await Town.Meeting(id, "strike-off", new StrikeOffMeetingRequest(), People.Dispatcher);
        (await Town.ReadMeeting(id)).Stage.ShouldBe(MeetingStage.StruckOff);
        (await Town.ColumnAsync($"select type from mt_events where stream_id = 'meeting:{id}' order by version")).ShouldBe(
            [
                "meeting_planned", "meeting_held", "meeting_minutes_recorded", "meeting_list_imported", "meeting_line_settled", "meeting_line_settled", "meeting_feedback_given", "meeting_feedback_given",
                "meeting_lines_reconciled", "meeting_lines_reconciled", "meeting_struck_off",
            ]);
    }

    [Fact]
    public async Task Every_line_is_a_case_that_knows_its_meeting_and_all_of_them_came_in_one_append()
    {
        var id = await Town.AMeetingWithAList();
        await Town.CaughtUpAsync();
        var lines = (await Town.ReadMeeting(id)).Lines;

        var reports = new List<JsonObject>();
        foreach (var line in lines)
            reports.Add(JsonNode.Parse((await Town.ColumnAsync($"select data::text from mt_events where stream_id = 'case:{line.CaseId}' and version = 1"))[0])!.AsObject());
        reports.ShouldAllBe(report => report["source"]!.GetValue<string>() == "meeting" && report["origin"]!["reference"]!.GetValue<string>() == $"meeting:{id}");
        reports.Select(report => report["origin"]!["line"]!.GetValue<int>()).ShouldBe([1, 2, 3]);
        reports.Select(report => report["level"]?.GetValue<string>()).ShouldBe([null, "village", "town"]);
        lines.Select(line => line.CaseStage).ShouldBe([CaseStage.Closed, CaseStage.Assessing, CaseStage.Reported]);

        // Nothing of others stands in between, and each case has its deadline and its notices with it.
        var streams = string.Join(',', lines.Select(line => $"'case:{line.CaseId}'"));
        (await Town.AskAsync<bool>(
            $"""
            with import as (select seq_id from mt_events where stream_id = 'meeting:{id}' and type = 'meeting_list_imported'),
                 part as (select seq_id from mt_events where correlation_id in ({streams}))
            select (select min(seq_id) from part) = (select seq_id from import) + 1 and (select max(seq_id) - min(seq_id) + 1 = count(*) from part)
            """)).ShouldBeTrue();
        (await Town.Events($"case:{lines[2].CaseId}", "case_clock_started")).ShouldBe(1);
        (await Town.ColumnAsync($"select data ->> 'kind' from mt_events where type = 'notice_sent' and data ->> 'subject' = 'case:{lines[1].CaseId}'")).ShouldBe(["assessment_due"]);
    }

    [Fact]
    public async Task A_case_of_a_meeting_happened_when_the_meeting_was_and_keeps_personal_data_sealed()
    {
        var heldAt = Town.Clock.GetUtcNow().AddDays(-3);
        var id = (await Town.As(Secretary).PostAsync("/api/meetings/held", AMeeting() with { HappenedAt = heldAt })).Receipt.Id;
        await Town.Meeting(id, "import-list", AList(AList().Lines[1], AList().Lines[2]));

        var which = await Town.CaseOfLine(id, 1);
        (await Town.Read(which)).HappenedAt.ShouldBe(heldAt, TimeSpan.FromMilliseconds(1));
        (await Town.AskAsync<long>("select count(*) from mt_events where data::text like '%13912345678%' or data::text like '%13800138000%' or data::text like '%群众甲%'")).ShouldBe(0);
        (await Town.AskAsync<long>("select count(*) from board_meetings_v1 where summary::text like '%13912345678%' or summary::text like '%13800138000%'")).ShouldBe(0);
        (await Town.ReadMeeting(id)).Lines[1].Text.ShouldBe("与邻村交界支路无人清扫，请打⟦personal⟧联系");
        (await Town.Read(which, People.Operator)).Reporter!.Phone!.Value.ShouldBe("13912345678");
    }

    [Fact]
    public async Task When_a_case_ends_the_yards_head_and_the_host_are_told_once_whoever_closed_it()
    {
        var id = await Town.AMeetingWithAList();
        await Town.After(await Town.CaseOfLine(id, 3), "refuse", new RefuseCaseRequest(RefusalReason.OutOfScope, "由区级管养"), People.Operator);

        await Town.CaughtUpAsync();
        var follower = Town.Services.GetRequiredService<MeetingFollower>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => follower.FollowAsync(default)));
        await Town.CaughtUpAsync();

        (await Town.Events($"meeting:{id}", "meeting_line_settled")).ShouldBe(1);
        (await Town.ColumnAsync($"select stream_id from mt_events where type = 'notice_sent' and data ->> 'subject' = 'meeting:{id}' order by stream_id")).ShouldBe([$"inbox:{Secretary}", $"inbox:{YardHead}"]);
        var notice = (await Town.As(YardHead).GetAsync<InboxPage>("/api/inbox")).Items.Single(item => item.Subject == $"meeting:{id}");
        (notice.Kind, notice.Role).ShouldBe((NoticeKind.FeedbackDue, Role.YardHead));
        (await Town.ReadFeedback(id)).Due.Select(line => (line.Number, line.Outcome)).ShouldBe([(3, LineOutcome.Refused)]);
    }

    [Fact]
    public async Task The_host_itself_tells_meetings_of_their_cases_without_being_asked()
    {
        var id = await Town.AMeetingWithAList();
        await Town.SettledByTheVillage(id, 2);

        await Town.UntilAsync(async () => (await Town.ReadFeedback(id)).Due.Count == 1, "the yard is owed an answer");

        (await Town.As(null).GetAsync("/health/ready")).Text.ShouldContain("\"name\":\"meetings\",\"state\":\"ok\"");
    }

    [Fact]
    public async Task A_meeting_opens_again_when_a_case_of_it_is_taken_up_again_after_it_was_struck_off()
    {
        var id = await Town.AMeetingThatWasHeld();
        await Town.Meeting(id, "import-list", AList(AList().Lines[1]));
        await Town.SettledByTheVillage(id, 1);
        await Town.MeetingsFollowedAsync();
        await Town.Meeting(id, "give-feedback", new GiveFeedbackRequest([1], FeedbackWay.InPerson), YardHead);
        await Town.Meeting(id, "strike-off", new StrikeOffMeetingRequest());

        await Town.After(await Town.CaseOfLine(id, 1), "reopen", new ReopenCaseRequest("又垂下来了"), Secretary);
        await Town.MeetingsFollowedAsync();

        var detail = await Town.ReadMeeting(id);
        (detail.Stage, detail.Lines[0].Open, detail.Lines[0].Feedback).ShouldBe((MeetingStage.Listed, true, null));
    }

    [Fact]
    public async Task A_matter_whose_case_was_merged_into_another_is_settled_when_that_one_is()
    {
        var id = await Town.AMeetingThatWasHeld();
        await Town.Meeting(id, "import-list", AList(AList().Lines[2]));
        var main = await Town.ACaseThatWasFiled();
        await Town.After(await Town.CaseOfLine(id, 1), "merge", new MergeCaseRequest(main.Id), People.Operator);
        await Town.MeetingsFollowedAsync();
        (await Town.ReadFeedback(id)).Due.ShouldBeEmpty();

        main = await Town.After(main with { Version = main.Version + 1 }, "redirect", new RedirectCaseRequest(EmergencyService.Police, "属公安"), People.Operator);
        await Town.MeetingsFollowedAsync();

        (await Town.ReadFeedback(id)).Due.Select(line => line.Outcome).ShouldBe([LineOutcome.Redirected]);
        // The same by the cases' own streams.
        var standings = await Town.Services.GetRequiredService<MeetingStreams>().StandingsAsync(((Meeting.Known)(await Town.Services.GetRequiredService<MeetingStreams>().LoadAsync(id, default)).State).File, default);
        standings.ShouldHaveSingleItem().ShouldBe(new LineStanding(1, await Town.AskAsync<long>($"select seq_id from mt_events where stream_id = 'case:{main.Id}' and type = 'case_redirected'"), LineOutcome.Redirected));
    }

    [Fact]
    public async Task Reconciling_finds_what_nobody_has_told_the_meeting_yet_and_tells_the_yard()
    {
        var id = await Town.AMeetingThatWasHeld();
        await Town.Meeting(id, "import-list", AList(AList().Lines[1]));
        var which = await Town.CaseOfLine(id, 1);
        var settle = Town.As(Secretary).CommandAsync(which.Id, "settle", new SettleCaseRequest("已处理", [await Town.APhoto(Secretary)]));
        (await settle).Status.ShouldBe(200);
        await Town.Meeting(id, "reconcile", new ReconcileMeetingRequest());

        (await Town.ReadFeedback(id)).Due.Count.ShouldBe(1);
        await Town.MeetingsFollowedAsync();
        (await Town.Events($"meeting:{id}", "meeting_line_settled")).ShouldBe(1);
        (await Town.AskAsync<long>($"select count(*) from mt_events where type = 'notice_sent' and data ->> 'subject' = 'meeting:{id}'")).ShouldBe(2);
    }

    [Fact]
    public async Task A_meeting_called_off_asks_for_its_reason_and_takes_no_list()
    {
        var plan = new PlanMeetingRequest(MeetingTier.Village, Town.Area(Yard), Role.YardHead, Town.Clock.GetUtcNow().AddDays(1));
        var id = (await Town.As(YardHead).PostAsync("/api/meetings", plan)).Receipt.Id;
        (await Town.As(YardHead).PostAsync($"/api/meetings/{id}/cancel", new CancelMeetingRequest(" "))).Problem(422, "field.missing", "reason");
        await Town.Meeting(id, "cancel", new CancelMeetingRequest("暴雨"), YardHead);

        (await Town.As(YardHead).PostAsync($"/api/meetings/{id}/import-list", AList())).Problem(409, "meeting.cancelled").Possible.ShouldBe([]);
        (await Town.As(YardHead).PostAsync($"/api/meetings/{id}/import-list?dryRun=true", AList())).Problem(409, "meeting.cancelled");
    }

    [Fact]
    public async Task Nobody_acts_at_another_place_or_in_another_seat_than_their_own()
    {
        var id = await Town.AMeetingWithAList();

        (await Town.As(OtherYardHead).GetAsync($"/api/meetings/{id}")).Problem(403, "access.denied");
        (await Town.As("village-secretary-02").PostAsync("/api/meetings/held", AMeeting())).Problem(403, "access.denied");
        (await Town.As(People.Handler).PostAsync("/api/meetings/held", AMeeting())).Problem(403, "access.denied");
        (await Town.As(People.Handler).PostAsync($"/api/meetings/{id}/give-feedback", new GiveFeedbackRequest([2], FeedbackWay.InPerson))).Problem(403, "access.denied");
        (await Town.As(YardHead).PostAsync($"/api/meetings/{id}/strike-off", new StrikeOffMeetingRequest())).Problem(403, "access.denied");
        (await Town.As(People.Resident).GetAsync($"/api/meetings/{id}")).Problem(403, "access.denied");
        (await Town.As(Secretary).GetAsync("/api/meetings/0199c2f0b1d87c3e9a4b5c6d7e8f9999")).Problem(404, "meeting.unknown");
        (await Town.ReadMeeting(id, People.Handler)).PhotosHidden.ShouldBe(1);
    }

    [Fact]
    public async Task A_photo_of_a_meeting_is_for_the_yard_and_for_who_keeps_the_account()
    {
        var id = await Town.AMeetingWithAList();
        var photo = (await Town.ReadMeeting(id)).Photos.ShouldHaveSingleItem();

        (await Town.As(YardHead).GetAsync($"/api/meetings/{id}/photos/{photo}")).MediaType.ShouldBe("image/png");
        (await Town.As(People.Handler).GetAsync($"/api/meetings/{id}/photos/{photo}")).Problem(403, "access.denied");
        (await Town.As(YardHead).GetAsync($"/api/meetings/{id}/photos/sha256:{new string('0', 64)}")).Problem(404, "photo.unknown");
        // It is the proof in the case that was solved on the spot, too.
        (await Town.EventsOf(await Town.CaseOfLine(id, 1))).ShouldBe(["case_reported", "case_solved_on_spot"]);
        (await Town.AskAsync<bool>($"select data -> 'photos' ? '{photo}' from mt_events where stream_id = 'case:{(await Town.CaseOfLine(id, 1)).Id}' and version = 2")).ShouldBeTrue();
    }

    [Fact]
    public async Task What_cannot_have_been_is_refused_in_both_languages()
    {
        (await Town.As(Secretary).PostAsync("/api/meetings/held", AMeeting() with { Attendance = new AttendanceRequest(3, 9) })).Problem(422, "meeting.attendance.out_of_range");
        (await Town.As(Secretary).PostAsync("/api/meetings/held", AMeeting() with { Tier = MeetingTier.Group })).Problem(409, "meeting.tier_unknown").Possible.ShouldBe(["plan", "register"]);
        (await Town.As(Secretary).PostAsync("/api/meetings/held", AMeeting() with { Topics = ["weather"] })).Problem(409, "meeting.topic_unknown");
        (await Town.As(Secretary).PostAsync("/api/meetings/held", AMeeting("500153003001001999"))).Problem(422, "area.unknown", "area");
        (await Town.As(Secretary).PostAsync("/api/meetings/held", AMeeting() with { HappenedAt = Town.Clock.GetUtcNow().AddDays(2) })).Problem(422, "time.out_of_range", "happenedAt");
        (await Town.As(Secretary).PostAsync("/api/meetings", new PlanMeetingRequest(MeetingTier.Village, Town.Area(Yard), Role.VillageSecretary, Town.Clock.GetUtcNow().AddDays(-1))))
            .Problem(422, "meeting.start_out_of_range", "startsAt");
        var id = await Town.AMeetingWithAList();
        (await Town.As(YardHead).PostAsync($"/api/meetings/{id}/give-feedback", new GiveFeedbackRequest([], FeedbackWay.InPerson))).Problem(422, "field.missing", "lines");
        (await Town.As(YardHead).PostAsync($"/api/meetings/{id}/give-feedback", new GiveFeedbackRequest([9], FeedbackWay.InPerson))).Problem(409, "meeting.line_unknown");
        (await Town.As(YardHead).PostAsync($"/api/meetings/{id}/give-feedback", new GiveFeedbackRequest([2], FeedbackWay.InPerson))).Problem(409, "meeting.line_open");
    }

    [Fact]
    public async Task Of_two_people_who_strike_off_by_what_they_saw_the_second_is_told_who_came_first()
    {
        var id = await Town.AMeetingThatWasHeld();
        var seen = (await Town.As(People.Dispatcher).GetAsync($"/api/meetings/{id}")).ETag;
        await Town.Meeting(id, "record-minutes", new RecordMinutesRequest("没有提出问题。"));

        var stale = (await Town.As(People.Dispatcher).PostAsync($"/api/meetings/{id}/strike-off", new StrikeOffMeetingRequest(), ifMatch: seen)).Problem(412, "meeting.stale", "If-Match");
        (stale.Last!.Actor, stale.Last.Event).ShouldBe((Secretary, "meeting_minutes_recorded"));
        await Town.Meeting(id, "strike-off", new StrikeOffMeetingRequest(), People.Dispatcher);
    }

    [Fact]
    public async Task Lists_show_the_meetings_of_a_scope_and_of_the_areas_that_hold_it()
    {
        var ofTheYard = await Town.AMeetingWithAList();
        var ofTheVillage = await Town.AMeetingThatWasHeld(Places.Village);
        await Town.SettledByTheVillage(ofTheYard, 2);
        await Town.MeetingsFollowedAsync();

        var seen = await ListAsync(YardHead, "");
        seen.Select(item => item.Id).ShouldContain(ofTheYard);
        seen.Select(item => item.Id).ShouldContain(ofTheVillage);
        var item = seen.Single(item => item.Id == ofTheYard);
        (item.Lines, item.OnSpot, item.Open, item.FeedbackDue, item.Participants).ShouldBe((3, 1, 1, 1, 31));
        (await ListAsync(YardHead, "?feedbackDue=true")).ShouldContain(row => row.Id == ofTheYard);
        (await ListAsync(YardHead, "?feedbackDue=true")).ShouldNotContain(row => row.Id == ofTheVillage);
        (await ListAsync(OtherYardHead, "")).Select(row => row.Id).ShouldNotContain(ofTheYard);
        (await ListAsync(People.Dispatcher, "?stage=held&tier=village&form=on_site&open=true")).Select(row => row.Id).ShouldContain(ofTheVillage);
        (await ListAsync(People.Dispatcher, "?tier=district")).ShouldBeEmpty();
        (await Town.As("village-secretary-02").GetAsync($"/api/meetings?scope={Yard}")).Problem(403, "access.denied");
        (await Town.As(Secretary).GetAsync("/api/meetings?tier=group2")).Problem(400, "request.malformed", "tier");

        var page = await Town.As(People.Dispatcher).GetAsync<MeetingPage>("/api/meetings?limit=1");
        (await Town.As(People.Dispatcher).GetAsync<MeetingPage>($"/api/meetings?limit=1&cursor={page.Next}")).Items[0].Id.ShouldNotBe(page.Items[0].Id);

        async Task<IReadOnlyList<MeetingListItem>> ListAsync(string by, string query) => (await Town.As(by).GetAsync<MeetingPage>($"/api/meetings{query}")).Items;
    }

    [Fact]
    public async Task A_yard_finds_what_became_of_everything_that_it_raised_in_its_own_meetings_and_in_its_villages()
    {
        await using var town = await Towns.Town.StartAsync();
        var own = await town.AMeetingWithAList();
        var ofTheVillage = await town.AMeetingThatWasHeld(Places.Village);
        await town.Meeting(ofTheVillage, "import-list", AList(new ListLineRequest(LineKind.Village, "小院路灯不亮", "street-light", Town.Area(Yard)), new ListLineRequest(LineKind.Village, "村道积水", "drainage", Town.Area(Places.Grid))));
        await town.SettledByTheVillage(own, 2);
        await town.MeetingsFollowedAsync();
        await town.Meeting(own, "give-feedback", new GiveFeedbackRequest([2], FeedbackWay.InPerson), YardHead);
        await town.MeetingsFollowedAsync();

        // In its own meeting also what lies outside of it; in the village's only what lies in it.
        var yard = (await town.As(Secretary).GetAsync<YardAccounts>("/api/meetings/yards")).Items.ShouldHaveSingleItem();
        (yard.Area.Value, yard.Meetings, yard.Lines, yard.Open, yard.FeedbackDue, yard.Told).ShouldBe((Yard, 2, 4, 2, 0, 1));
        var history = await town.As(YardHead).GetAsync<YardHistory>($"/api/meetings/history?scope={Yard}");
        history.Items.Select(item => (item.Meeting.Id, item.Lines.Count)).ShouldBe([(ofTheVillage, 1), (own, 3)]);
        history.Items[1].Lines[1].ShouldSatisfyAllConditions(line => line.Outcome.ShouldBe(LineOutcome.Closed), line => line.Feedback!.Way.ShouldBe(FeedbackWay.InPerson), line => line.CaseNumber.ShouldNotBeNull());
        (await town.As(Secretary).GetAsync<YardHistory>($"/api/meetings/history?scope={Places.Village}")).Items.Select(item => item.Lines.Count).ShouldBe([2, 3]);

        var page = await town.As(YardHead).GetAsync<YardHistory>($"/api/meetings/history?scope={Yard}&limit=1");
        (await town.As(YardHead).GetAsync<YardHistory>($"/api/meetings/history?scope={Yard}&limit=1&cursor={page.Next}")).ShouldSatisfyAllConditions(
            rest => rest.Items.ShouldHaveSingleItem().Meeting.Id.ShouldBe(own), rest => rest.Next.ShouldBeNull());
        (await town.As(OtherYardHead).GetAsync<YardAccounts>("/api/meetings/yards")).Items.ShouldBeEmpty();
        foreach (var path in (string[])["yards", "history"])
        {
            (await town.As("village-secretary-02").GetAsync($"/api/meetings/{path}?scope={Yard}")).Problem(403, "access.denied");
            (await town.As(Secretary).GetAsync($"/api/meetings/{path}?scope=there")).Problem(400, "request.malformed", "scope");
        }

        (await town.As(Secretary).GetAsync("/api/meetings/history?limit=51")).Problem(422, "field.out_of_range", "limit");
        (await town.As(Secretary).GetAsync("/api/meetings/history?cursor=there")).Problem(400, "request.malformed", "cursor");
    }

    [Fact]
    public async Task The_policy_of_today_is_there_for_whoever_fills_in_a_form()
    {
        var policy = await Town.As(YardHead).GetAsync<MeetingPolicy>("/api/meetings/policy");

        policy.Version.ShouldBe("yard-meetings-2022");
        policy.Agenda.ShouldContain(code => code.Code == "feedback" && code.Name == "反馈办理情况");
    }

    [Fact]
    public async Task Read_tables_that_were_emptied_are_filled_from_the_log_with_the_same_rows()
    {
        await using var town = await Towns.Town.StartAsync();
        var id = await town.AMeetingWithAList();
        await town.SettledByTheVillage(id, 2);
        await town.MeetingsFollowedAsync();
        var before = await RowsAsync();
        before.Count.ShouldBe(1 + 3);
        await town.StopAsync();
        await using (var command = town.Database.CreateCommand(
            $"truncate board_meetings_v1, board_meeting_cases_v1; update mt_event_progression set last_seq_id = 0 where name = '{MeetingTable.TableName}:All'"))
            await command.ExecuteNonQueryAsync();

        await town.StartAgainAsync();
        await town.MeetingsFollowedAsync();
        (await RowsAsync()).ShouldBe(before);

        // Applied twice over what is there.
        await town.StopAsync();
        await using (var command = town.Database.CreateCommand($"update mt_event_progression set last_seq_id = 0 where name = '{MeetingTable.TableName}:All'"))
            await command.ExecuteNonQueryAsync();
        await town.StartAgainAsync();
        await town.MeetingsFollowedAsync();
        (await RowsAsync()).ShouldBe(before);

        async Task<IReadOnlyList<string>> RowsAsync() =>
            [.. await town.ColumnAsync("select t::text from board_meetings_v1 t order by id"), .. await town.ColumnAsync("select t::text from board_meeting_cases_v1 t order by case_id")];
    }
}
