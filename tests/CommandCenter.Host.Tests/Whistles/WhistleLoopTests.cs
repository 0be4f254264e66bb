using System.Globalization;
using System.Text.Json.Nodes;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using CommandCenter.EventStore;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Files;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Host.Whistles;
using Microsoft.Extensions.DependencyInjection;
using static CommandCenter.Host.Tests.Whistles.WhistleTown;

namespace CommandCenter.Host.Tests.Whistles;

/// <summary>A whistle from the grid to the last rating, and every command on the way.</summary>
public sealed class WhistleLoopTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private Town Town => fixture.Town;

    [Fact]
    public async Task A_grid_whistles_two_units_are_routed_report_in_advise_bring_a_result_and_are_rated_by_the_whistler()
    {
        var started = Town.Clock.GetUtcNow();
        var id = await Town.AWhistleThatWasBlown();
        (await Town.ToldOf(id, People.Operator)).ShouldBe([NoticeKind.WhistleBlown]);

        await Town.PassAsync(TimeSpan.FromMinutes(4));
        await Town.Whistle(id, "calls/1/route", new RouteCallRequest(Note: "请十分钟内联系网格员"), People.Operator);
        await Town.Whistle(id, "calls/2/route", new RouteCallRequest(), People.Dispatcher);
        (await Town.ToldOf(id, Ecology)).ShouldBe([NoticeKind.WhistleCalled]);
        (await Town.ToldOf(id, People.Handler)).ShouldBe([NoticeKind.WhistleCalled]);
        (await Town.ToldOf(id, People.HandlerOfSamePost)).ShouldBe([NoticeKind.WhistleCalled]);

        // A kilometre north of the grid's middle is outside, and is kept with its distance.
        await Town.PassAsync(TimeSpan.FromMinutes(30));
        await Town.Whistle(id, "calls/1/arrive", new ArriveRequest(OnTheSpot), Ecology);
        await Town.Whistle(id, "calls/2/arrive", new ArriveRequest(OnTheSpot with { Latitude = Places.Latitude + 0.02 }), People.Handler);
        (await Town.ToldOf(id, People.GridWorker)).ShouldBe([NoticeKind.WhistleArrived, NoticeKind.WhistleArrived]);

        await Town.Whistle(id, "calls/1/advise", new AdviseRequest("先关阀停水，联系张先生13812345678"), Ecology);
        var photo = (await Town.As(Ecology).PostAsync("/api/photos", Images.Png(61), mediaType: "image/png")).Ok<PhotoReceipt>().Photo;
        await Town.Whistle(id, "calls/1/resolve", new ResolveCallRequest("更换管段六米", [photo]), Ecology);
        await Town.Whistle(id, "calls/2/resolve", new ResolveCallRequest("路面已恢复"), People.HandlerOfSamePost);
        var before = await Town.ReadWhistle(id);
        before.Calls.Select(call => (call.Number, call.Stage)).ShouldBe([(1, CallStage.Resolved), (2, CallStage.Resolved)]);
        before.Calls[0].Possible.ShouldBe(["rate"]);
        before.Photos.ShouldBe([photo]);
        (await Town.As(People.GridWorker).GetAsync($"/api/whistles/{id}/photos/{photo}")).Body.ShouldBe(Images.Png(61));

        await Town.Whistle(id, "calls/1/rate", Fixed, People.GridWorker);
        (await Town.ReadWhistle(id)).Stage.ShouldBe(WhistleStage.Open);
        await Town.Whistle(id, "calls/2/rate", new RateCallRequest(4, FixResult.HalfFixed), People.GridWorker);
        (await Town.ToldOf(id, Ecology))[^1].ShouldBe(NoticeKind.WhistleRated);

        var detail = await Town.ReadWhistle(id);
        (detail.Stage, detail.Area.Value, detail.BlownBy.Id, detail.Possible.Count).ShouldBe((WhistleStage.Ended, Places.Grid, People.GridWorker, 0));
        var (first, second) = (detail.Calls[0], detail.Calls[1]);
        // What is recorded at one instant is a microsecond apart.
        first.AskedAt.ShouldBe(started, TimeSpan.FromSeconds(1));
        first.RoutedAt.ShouldNotBeNull().ShouldBe(started.AddMinutes(4), TimeSpan.FromSeconds(1));
        first.ArrivedAt.ShouldNotBeNull().ShouldBe(started.AddMinutes(34), TimeSpan.FromSeconds(1));
        (first.DistanceMetres, first.ArrivedBy, first.Satisfaction, first.Result).ShouldBe((0, Ecology, 5, FixResult.Fixed));
        second.DistanceMetres.ShouldNotBeNull().ShouldBeInRange(500, 2300);
        detail.History.Select(item => item.Type).ShouldBe(
        [
            "whistle_blown", "whistle_call_routed", "whistle_call_routed", "whistle_call_arrived", "whistle_call_arrived", "whistle_call_advised", "whistle_call_resolved", "whistle_call_resolved",
            "whistle_call_rated", "whistle_call_rated",
        ]);
        detail.History[5].Text.ShouldBe("先关阀停水，联系张先生13812345678");
        detail.History[3].Point.ShouldNotBeNull().AccuracyMetres.ShouldBe(10);

        // What is personal is open to those who have to do with it, masked to others, and nowhere in the clear.
        (await Town.ReadWhistle(id, People.TownLeader)).History[5].Text.ShouldBe("先关阀停水，联系张先生⟦phone⟧");
        (await Town.As(People.TownLeader).GetAsync($"/api/whistles/{id}/photos/{photo}")).Problem(403, "access.denied");
        (await Town.As(People.GridWorkerElsewhere).GetAsync($"/api/whistles/{id}")).Problem(403, "access.denied");
        foreach (var table in (string[])["mt_events", "board_whistles_v1", "board_whistle_calls_v1", "inbox_notices_v2"])
            (await Town.AskAsync<long>($"select count(*) from {table} t where t::text like '%13812345678%'")).ShouldBe(0, table);
    }

    [Fact]
    public async Task A_call_that_nobody_answers_climbs_by_the_policys_steps_until_somebody_does()
    {
        // Nobody routes it in ten minutes: the center is told, then its dispatcher, then the town's leader.
        var id = await Town.AWhistleThatWasBlown(EcologyBureau);
        await Town.PassAsync(TimeSpan.FromMinutes(41));
        foreach (var person in (string[])[People.Operator, People.Dispatcher, People.TownLeader])
            (await Town.ToldOf(id, person)).Count(kind => kind == NoticeKind.WhistleOverdue).ShouldBe(1, person);
        (await Town.ReadWhistle(id)).Calls[0].Level.ShouldBe(WhistleLevel.TownLeader);

        // The unit has an hour from when it was brought to it, is warned a quarter before, and comes in time: nothing climbs any more.
        await Town.Whistle(id, "calls/1/route", new RouteCallRequest(), People.Operator);
        await Town.PassAsync(TimeSpan.FromMinutes(46));
        (await Town.ToldOf(id, Ecology)).ShouldBe([NoticeKind.WhistleCalled, NoticeKind.WhistleDue]);
        await Town.Whistle(id, "calls/1/arrive", new ArriveRequest(OnTheSpot), Ecology);
        await Town.Whistle(id, "calls/1/resolve", new ResolveCallRequest("已更换管段"), Ecology);
        await Town.PassAsync(TimeSpan.FromDays(7));
        (await Town.ToldOf(id, Ecology)).ShouldBe([NoticeKind.WhistleCalled, NoticeKind.WhistleDue]);
        (await Town.AskAsync<long>($"select count(*) from cc_timers where saga = 'whistle_limits' and saga_id = '{id}'")).ShouldBe(0);

        var detail = await Town.ReadWhistle(id);
        detail.Calls[0].Level.ShouldBeNull();
        var steps = detail.History.Where(item => item.Type == "whistle_step_taken").ToList();
        steps.Select(item => (item.Clock, item.Level)).ShouldBe(
            [(WhistleClock.Route, WhistleLevel.Responsible), (WhistleClock.Route, WhistleLevel.Lead), (WhistleClock.Route, WhistleLevel.TownLeader), (WhistleClock.Arrive, null)]);
        steps[2].Told.ShouldNotBeNull().Select(person => person.Id).ShouldContain(People.TownLeader);
    }

    [Fact]
    public async Task Where_exactly_it_is_and_where_somebody_reported_in_is_shown_only_to_those_who_have_to_do_with_it()
    {
        var id = (await Town.As(People.GridWorker).PostAsync("/api/whistles", new BlowWhistleRequest("桥头路面塌陷", [EcologyBureau, HousingCommittee], Point: OnTheSpot))).Receipt.Id;
        await Town.Whistle(id, "calls/1/route", new RouteCallRequest(), People.Operator);
        await Town.Whistle(id, "calls/1/arrive", new ArriveRequest(OnTheSpot with { AccuracyMetres = 12 }), Ecology);

        foreach (var person in (string[])[People.GridWorker, People.Operator, Ecology])
        {
            var seen = await Town.ReadWhistle(id, person);
            seen.Point.ShouldBe(new PointView(Places.Latitude, Places.Longitude, CoordinateSystem.Wgs84, 10), person);
            seen.History.Where(item => item.Point is not null).Select(item => (item.Type, item.Point!.AccuracyMetres)).ShouldBe([("whistle_blown", 10), ("whistle_call_arrived", 12)], person);
        }

        // The leader, another department, one that is called but has not the call yet, and one whose call was dropped have the area and the distance.
        await HasNoPoint(People.TownLeader);
        await HasNoPoint(Housing);
        await HasNoPoint(People.Handler);
        await Town.Whistle(id, "calls/2/drop", new DropCallRequest("无需住建委"), People.GridWorker);
        await HasNoPoint(Housing);
        await Town.Whistle(id, "withdraw", new WithdrawWhistleRequest("误报"), People.GridWorker);
        await HasNoPoint(Ecology);

        async Task HasNoPoint(string person)
        {
            var seen = await Town.ReadWhistle(id, person);
            seen.Point.ShouldBeNull(person);
            seen.History.ShouldAllBe(item => item.Point == null, person);
            (seen.Area.Value, seen.Calls[0].DistanceMetres, seen.History.Single(item => item.Type == "whistle_call_arrived").DistanceMetres).ShouldBe((Places.Grid, 0, 0), person);
        }
    }

    [Fact]
    public async Task A_yard_head_whistles_by_a_point_in_the_yards_grid_and_nobody_by_a_point_in_none()
    {
        var request = new BlowWhistleRequest("沟渠堵塞", [EcologyBureau], Point: OnTheSpot);

        var answer = await Town.As("yard-head-01").PostAsync("/api/whistles", request);
        answer.Status.ShouldBe(201, answer.Text);
        (await Town.ReadWhistle(answer.Receipt.Id, "yard-head-01")).Area.Value.ShouldBe("500153003001001001");
        (await Town.As("yard-head-04").PostAsync("/api/whistles", request)).Problem(403, "access.denied");
        (await Town.As(People.GridWorker).PostAsync("/api/whistles", request with { Area = Town.Area(Places.Grid), Point = new PointRequest(39.9, 116.4) })).Problem(422, "place.outside_district", "point");
    }

    [Fact]
    public async Task A_one_matter_calls_all_its_departments_at_once_and_tells_the_leads_of_its_sectors()
    {
        var answer = await Town.As("yard-head-01").PostAsync("/api/whistles", new BlowWhistleRequest("沟渠黑臭，蚊虫多", [BuildingPost, EcologyBureau], "black-water", Town.Area("500153003001001001")));
        answer.Status.ShouldBe(201, answer.Text);
        answer.Location.ShouldBe($"/api/whistles/{answer.Receipt.Id}");

        var detail = await Town.ReadWhistle(answer.Receipt.Id, "yard-head-01");
        detail.Calls.Select(call => call.Unit).ShouldBe([EcologyBureau, HousingCommittee, WaterBureau, BuildingPost]);
        (detail.OneMatter, detail.Sectors.ShouldHaveSingleItem()).ShouldBe(("black-water", Sector.Economy));
        (await Town.ToldOf(answer.Receipt.Id, People.SectorLead)).ShouldBe([NoticeKind.WhistleBlown]);
        (await Town.ToldOf(answer.Receipt.Id, People.Operator)).ShouldBe([NoticeKind.WhistleBlown]);
        (await Town.As(null).GetAsync("/api/organization")).Object["oneMatters"]!.AsArray().Select(matter => matter!["code"]!.GetValue<string>()).ShouldContain("black-water");

        // A lead may route too; and where nobody sits in the department the district's supervisor is told.
        await Town.Whistle(answer.Receipt.Id, "calls/3/route", new RouteCallRequest(), People.SectorLead);
        (await Town.ToldOf(answer.Receipt.Id, People.Supervisor)).ShouldBe([NoticeKind.WhistleCalled]);
        await Town.Whistle(answer.Receipt.Id, "calls/3/drop", new DropCallRequest("请水利局另派"), People.Supervisor);
        (await Town.ToldOf(answer.Receipt.Id, "yard-head-01")).ShouldBe([NoticeKind.WhistleDropped]);
    }

    [Fact]
    public async Task What_is_not_a_departments_matter_goes_back_with_a_reason_and_on_to_the_one_whose_it_is()
    {
        var id = await Town.AWhistleThatWasRouted();

        await Town.Whistle(id, "calls/1/decline", new DeclineCallRequest("市政管网，不属我局职责", HousingCommittee), Ecology);
        (await Town.ToldOf(id, People.Operator)).ShouldBe([NoticeKind.WhistleBlown, NoticeKind.WhistleDeclined]);
        (await Town.ToldOf(id, People.GridWorker)).ShouldBe([NoticeKind.WhistleDeclined]);
        var call = (await Town.ReadWhistle(id, People.Operator)).Calls.ShouldHaveSingleItem();
        (call.Stage, call.Proposed).ShouldBe((CallStage.Declined, HousingCommittee));
        call.Possible.ShouldBe(["route", "drop"]);

        // Not to the same again by the center, but by the town's leader; here it goes where it was proposed.
        (await Town.TryTo(id, "calls/1/route", new RouteCallRequest(), People.Operator)).Problem(409, "whistle.call.declined_before").Possible.ShouldBe(["route", "drop"]);
        await Town.Whistle(id, "calls/1/route", new RouteCallRequest(HousingCommittee), People.Operator);
        (await Town.ToldOf(id, Housing)).ShouldBe([NoticeKind.WhistleCalled]);
        (await Town.ToldOf(id, People.GridWorker))[^1].ShouldBe(NoticeKind.WhistleMoved);
        (await Town.TryTo(id, "calls/1/arrive", new ArriveRequest(OnTheSpot), Ecology)).Problem(409, "whistle.call.with_another").Last.ShouldNotBeNull().Event.ShouldBe("whistle_call_routed");
        (await Town.TryTo(id, "call", new CallUnitsRequest([EcologyBureau]), People.Operator)).Problem(409, "whistle.call.declined_before").Possible.ShouldBe(["call", "withdraw"]);
        await Town.Whistle(id, "calls/1/arrive", new ArriveRequest(OnTheSpot), Housing);

        call = (await Town.ReadWhistle(id)).Calls.ShouldHaveSingleItem();
        (call.Unit, call.Past.ShouldHaveSingleItem().Unit, call.Past[0].Declined).ShouldBe((HousingCommittee, EcologyBureau, true));
        (await Town.ReadWhistle(id, Ecology)).Calls[0].Possible.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_department_that_does_not_come_loses_the_call_and_hears_of_it()
    {
        var id = await Town.AWhistleThatWasRouted();

        await Town.Whistle(id, "calls/1/route", new RouteCallRequest(HousingCommittee, "请住建委到场"), People.Dispatcher);

        (await Town.ToldOf(id, Ecology)).ShouldBe([NoticeKind.WhistleCalled, NoticeKind.WhistleDropped]);
        (await Town.ToldOf(id, Housing)).ShouldBe([NoticeKind.WhistleCalled]);
        await Town.Whistle(id, "calls/1/drop", new DropCallRequest("群众已自行处理"), People.GridWorker);
        (await Town.ToldOf(id, Housing)).ShouldBe([NoticeKind.WhistleCalled, NoticeKind.WhistleDropped]);
        (await Town.ReadWhistle(id)).Stage.ShouldBe(WhistleStage.Ended);
        (await Town.TryTo(id, "call", new CallUnitsRequest([EcologyBureau]), People.GridWorker)).Problem(409, "whistle.ended").Possible.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_fixed_goes_on_with_the_unit_until_it_is()
    {
        var id = await Town.AWhistleThatWasResolved();

        (await Town.TryTo(id, "calls/1/rate", new RateCallRequest(1, FixResult.NotFixed), People.GridWorker)).Problem(409, "whistle.rating.reason_missing");
        (await Town.TryTo(id, "calls/1/rate", new RateCallRequest(6, FixResult.Fixed), People.GridWorker)).Problem(422, "whistle.rating.out_of_range");
        await Town.Whistle(id, "calls/1/rate", new RateCallRequest(1, FixResult.NotFixed, "仍在渗水"), People.GridWorker);
        (await Town.ToldOf(id, Ecology)).ShouldBe([NoticeKind.WhistleCalled, NoticeKind.WhistleNotFixed]);
        (await Town.ReadWhistle(id)).Calls[0].ShouldSatisfyAllConditions(call => call.Stage.ShouldBe(CallStage.Advised), call => call.SentBacks.ShouldBe(1));

        await Town.Whistle(id, "calls/1/resolve", new ResolveCallRequest("已整段更换"), Ecology);
        await Town.Whistle(id, "calls/1/rate", Fixed, People.GridWorker);
        (await Town.ReadWhistle(id)).Stage.ShouldBe(WhistleStage.Ended);
    }

    [Fact]
    public async Task The_center_whistles_for_a_grid_without_routing_to_itself_and_more_are_called_later()
    {
        var id = await Town.AWhistleThatWasBlown(People.Dispatcher, EcologyBureau);
        (await Town.ReadWhistle(id, People.Dispatcher)).Calls[0].Stage.ShouldBe(CallStage.Routed);
        (await Town.ToldOf(id, Ecology)).ShouldBe([NoticeKind.WhistleCalled]);
        (await Town.ToldOf(id, People.Operator)).ShouldBeEmpty();

        (await Town.TryTo(id, "call", new CallUnitsRequest([EcologyBureau]), People.Dispatcher)).Problem(409, "whistle.called_already");
        await Town.Whistle(id, "call", new CallUnitsRequest([HousingCommittee], "需要住建委会商"), People.Dispatcher);
        (await Town.ToldOf(id, Housing)).ShouldBe([NoticeKind.WhistleCalled]);
        (await Town.ReadWhistle(id, People.Dispatcher)).Calls.Select(call => call.Stage).ShouldBe([CallStage.Routed, CallStage.Routed]);
    }

    [Fact]
    public async Task A_whistle_is_withdrawn_but_not_over_the_head_of_who_reported_a_result()
    {
        var id = await Town.AWhistleThatWasRouted();
        (await Town.TryTo(id, "withdraw", new WithdrawWhistleRequest("误报"), People.GridWorkerElsewhere)).Problem(403, "access.denied");
        await Town.Whistle(id, "withdraw", new WithdrawWhistleRequest("误报"), People.GridWorker);
        (await Town.ToldOf(id, Ecology)).ShouldBe([NoticeKind.WhistleCalled, NoticeKind.WhistleDropped]);
        (await Town.ReadWhistle(id)).ShouldSatisfyAllConditions(
            detail => detail.Stage.ShouldBe(WhistleStage.Withdrawn), detail => detail.History[^1].Text.ShouldBe("误报"), detail => detail.Calls[0].Possible.ShouldBeEmpty());
        (await Town.TryTo(id, "calls/1/arrive", new ArriveRequest(OnTheSpot), Ecology)).Problem(409, "whistle.withdrawn");

        var resolved = await Town.AWhistleThatWasResolved();
        (await Town.TryTo(resolved, "withdraw", new WithdrawWhistleRequest("误报"), People.GridWorker)).Problem(409, "whistle.result_waits").Possible.ShouldBe(["call"]);
    }

    [Fact]
    public async Task Two_officers_of_one_department_report_in_at_once_and_two_departments_do_not_disturb_each_other()
    {
        var id = await Town.AWhistleThatWasBlown(People.Dispatcher, EcologyBureau, HousingCommittee, BuildingPost);

        var answers = await Task.WhenAll(
            Town.TryTo(id, "calls/1/arrive", new ArriveRequest(OnTheSpot), Ecology), Town.TryTo(id, "calls/2/arrive", new ArriveRequest(OnTheSpot), Housing),
            Town.TryTo(id, "calls/3/arrive", new ArriveRequest(OnTheSpot), People.Handler), Town.TryTo(id, "calls/3/arrive", new ArriveRequest(OnTheSpot), People.HandlerOfSamePost));

        answers.Take(2).ShouldAllBe(answer => answer.Status == 200);
        answers.Skip(2).Count(answer => answer.Status == 200).ShouldBe(1);
        answers.Single(answer => answer.Status != 200).Problem(409, "whistle.call.arrived").Last.ShouldNotBeNull().Event.ShouldBe("whistle_call_arrived");
        (await Town.ReadWhistle(id, People.Dispatcher)).Calls.ShouldAllBe(call => call.Stage == CallStage.Arrived);
    }

    [Fact]
    public async Task A_command_that_is_sent_again_gets_its_first_answer_and_an_older_version_is_not_overwritten()
    {
        var key = TownClient.NewKey();
        var request = new BlowWhistleRequest("重复发送", [EcologyBureau], Area: Town.Area(Places.Grid));
        var first = await Town.As(People.GridWorker).PostAsync("/api/whistles", request, key);
        var again = await Town.As(People.GridWorker).PostAsync("/api/whistles", request, key);
        (again.Receipt, again.Replayed).ShouldBe((first.Receipt, true));
        (await Town.As(People.GridWorker).PostAsync("/api/whistles", request with { Text = "另一件" }, key)).Problem(422, "command.id_reused", "Idempotency-Key");

        await Town.Whistle(first.Receipt.Id, "calls/1/route", new RouteCallRequest(), People.Operator);
        (await Town.TryTo(first.Receipt.Id, "withdraw", new WithdrawWhistleRequest("误报"), People.GridWorker, ifMatch: "\"1\"")).Problem(412, "whistle.stale", "If-Match").Current.ShouldBe(2);
        await Town.Whistle(first.Receipt.Id, "calls/1/route", new RouteCallRequest(), People.Operator);
        (await Town.ReadWhistle(first.Receipt.Id)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task Nobody_rates_their_own_work_answers_for_another_unit_or_whistles_for_a_strange_grid()
    {
        var id = await Town.AWhistleThatWasResolved();
        (await Town.TryTo(id, "calls/1/rate", Fixed, Ecology)).Problem(403, "access.denied");
        (await Town.TryTo(id, "calls/1/rate", Fixed, People.GridWorkerElsewhere)).Problem(403, "access.denied");
        (await Town.TryTo(id, "calls/1/rate", Fixed, People.TownLeader)).Problem(403, "access.denied");
        (await Town.TryTo(id, "call", new CallUnitsRequest([HousingCommittee]), People.SectorLead)).Problem(403, "access.denied");
        (await Town.TryTo(id, "calls/1/advise", new AdviseRequest("代办"), Housing)).Problem(403, "access.denied");
        (await Town.TryTo(id, "calls/1/route", new RouteCallRequest(HousingCommittee), People.GridWorker)).Problem(403, "access.denied");
        (await Town.As(People.GridWorker).PostAsync("/api/whistles", new BlowWhistleRequest("路面塌陷", [EcologyBureau], Area: Town.Area(Places.OtherGrid)))).Problem(403, "access.denied");
        (await Town.As(Ecology).PostAsync("/api/whistles", new BlowWhistleRequest("路面塌陷", [EcologyBureau], Area: Town.Area(Places.Grid)))).Problem(403, "access.denied");
        (await Town.As(People.Resident).PostAsync("/api/whistles", new BlowWhistleRequest("路面塌陷", [EcologyBureau], Area: Town.Area(Places.Grid)))).Problem(403, "access.denied");
    }

    [Fact]
    public async Task What_is_wrong_with_a_whistle_is_said_by_its_field_and_nothing_is_kept()
    {
        var head = await Town.HeadAsync();
        var good = new BlowWhistleRequest("路面塌陷", [EcologyBureau], Area: Town.Area(Places.Grid));

        await Refused(good with { Text = " " }, 422, "field.missing", "text");
        await Refused(good with { Text = new string('长', 2001) }, 422, "field.too_long", "text");
        await Refused(good with { Area = null }, 422, "field.missing", "area");
        await Refused(good with { Area = Town.Area("500153003001099") }, 422, "area.unknown", "area");
        await Refused(good with { Area = Town.Area(Places.Town) }, 422, "area.unknown", "area");
        await Refused(good with { Area = null, Point = new PointRequest(39.9, 116.4) }, 422, "place.outside_district", "point");
        await Refused(good with { Point = new PointRequest(91, 0) }, 422, "field.out_of_range", "point");
        await Refused(good with { Point = OnTheSpot with { AccuracyMetres = -1 } }, 422, "field.out_of_range", "point.accuracyMetres");
        await Refused(good with { Units = [Unit.OfDepartment("no-such-bureau")] }, 422, "unit.unknown", "units");
        await Refused(good with { Units = [Unit.OfPost("no-such-post")] }, 422, "unit.unknown", "units");
        await Refused(good with { Units = [Unit.OfGrid(Town.Area(Places.Grid))] }, 422, "unit.unknown", "units");
        await Refused(good with { OneMatter = "no-such-matter" }, 422, "one_matter.unknown", "oneMatter");
        await Refused(good with { CaseId = "0199c2f0b1d87c3e9a4b5c6d7e8f9012" }, 422, "case.other_unknown", "caseId");
        await Refused(good with { CaseId = "nonsense/../" }, 422, "case.other_unknown", "caseId");
        await Refused(good with { Photos = [$"sha256:{new string('0', 64)}"] }, 422, "photo.unknown", "photos");
        await Refused(good with { Units = null }, 409, "whistle.nobody_called", null);
        (await Town.As(People.GridWorker).PostAsync("/api/whistles", """{"text":"路面塌陷","units":["village"],"area":"500153003001001"}""")).Status.ShouldBe(400);
        (await Town.As(People.GridWorker).PostAsync("/api/whistles", """{"text":"路面塌陷","units":[null],"area":"500153003001001"}""")).Status.ShouldBe(400);

        var id = "0199c2f0b1d87c3e9a4b5c6d7e8f9012";
        (await Town.TryTo(id, "withdraw", new WithdrawWhistleRequest("误报"), People.GridWorker)).Problem(404, "whistle.unknown");
        (await Town.TryTo("nonsense", "calls/1/route", new RouteCallRequest(), People.Operator)).Problem(404, "whistle.unknown");
        (await Town.As(People.GridWorker).GetAsync($"/api/whistles/{id}")).Problem(404, "whistle.unknown");
        (await Town.HeadAsync()).ShouldBe(head);

        var blown = await Town.AWhistleThatWasBlown(EcologyBureau);
        (await Town.TryTo(blown, "calls/2/route", new RouteCallRequest(), People.Operator)).Problem(409, "whistle.call.unknown");
        (await Town.TryTo(blown, "calls/two/route", new RouteCallRequest(), People.Operator)).Status.ShouldBe(404);
        (await Town.TryTo(blown, "calls/1/arrive", new ArriveRequest(OnTheSpot), Ecology)).Problem(409, "whistle.call.not_routed");
        (await Town.TryTo(blown, "calls/1/rate", Fixed, People.GridWorker)).Problem(409, "whistle.call.not_resolved");
        (await Town.TryTo(blown, "calls/1/route", new RouteCallRequest(Unit.OfPost("nowhere")), People.Operator)).Problem(422, "unit.unknown", "unit");
        (await Town.TryTo(blown, "calls/1/drop", """{"reason":""}""", People.GridWorker)).Problem(422, "field.missing", "reason");

        async Task Refused(BlowWhistleRequest request, int status, string code, string? field) =>
            (await Town.As(People.GridWorker).PostAsync("/api/whistles", request)).Problem(status, code, field);
    }

    [Fact]
    public async Task Whistles_are_listed_by_place_unit_case_and_whether_they_are_open_and_a_point_finds_its_grid()
    {
        var which = await Town.ACaseThatWasReported();
        var linked = (await Town.As(People.GridWorker).PostAsync("/api/whistles", new BlowWhistleRequest("请打13812345678", [HousingCommittee], Point: OnTheSpot, CaseId: which.Id))).Receipt.Id;
        var gone = await Town.AWhistleThatWasRouted();
        await Town.Whistle(gone, "calls/1/decline", new DeclineCallRequest("不属我局"), Ecology);
        await Town.CaughtUpAsync();

        var item = (await List($"caseId={which.Id}")).ShouldHaveSingleItem();
        (item.Id, item.Area.Value, item.Text, item.CaseId, item.OpenCalls).ShouldBe((linked, Places.Grid, "请打⟦personal⟧", which.Id, 1));
        (await List($"scope={Places.Grid}&open=true")).Select(row => row.Id).ShouldContain(gone);
        (await List($"scope={Places.OtherGrid}")).ShouldBeEmpty();
        (await List($"unit=department:ecology-bureau")).Select(row => row.Id).ShouldContain(gone);
        (await List($"unit=department:ecology-bureau&open=true")).Select(row => row.Id).ShouldNotContain(gone, "it was sent back: the open call is nobody's");
        (await List($"unit=department:housing-construction-committee&open=true")).Select(row => row.Id).ShouldContain(linked);
        (await List("stage=withdrawn&oneMatter=black-water")).ShouldBeEmpty();

        var all = (await List("limit=200")).Select(row => row.Id).ToList();
        List<string> paged = [];
        string? cursor = null;
        do
        {
            var page = await Town.As(People.Dispatcher).GetAsync<WhistlePage>($"/api/whistles?limit=1{(cursor is null ? "" : $"&cursor={cursor}")}");
            paged.AddRange(page.Items.Select(row => row.Id));
            cursor = page.Next;
        }
        while (cursor is not null);
        paged.ShouldBe(all);

        (await Town.As(People.GridWorker).GetAsync($"/api/whistles?scope={Places.Town}")).Problem(403, "access.denied");
        (await Town.As(People.Resident).GetAsync("/api/whistles")).Problem(403, "access.denied");
        (await Town.As(People.Dispatcher).GetAsync("/api/whistles?unit=nobody")).Problem(400, "request.malformed", "unit");
        (await Town.As(People.Dispatcher).GetAsync("/api/whistles?stage=done")).Problem(400, "request.malformed", "stage");
        (await Town.As(People.Dispatcher).GetAsync("/api/whistles?limit=0")).Problem(422, "field.out_of_range", "limit");
        (await Town.As(People.Dispatcher).GetAsync("/api/whistles?cursor=x")).Problem(400, "request.malformed", "cursor");

        async Task<IReadOnlyList<WhistleListItem>> List(string query) => (await Town.As(People.Dispatcher).GetAsync<WhistlePage>($"/api/whistles?{query}")).Items;
    }

    [Fact]
    public async Task Whoever_looks_for_what_waits_longest_finds_it_first()
    {
        // Longer ago than anything that other tests leave open may wait for its next step: only the order among these counts.
        var first = await Town.AWhistleThatWasBlown(EcologyBureau, HousingCommittee);
        await Town.PassAsync(TimeSpan.FromMinutes(61));
        var second = await Town.AWhistleThatWasBlown(EcologyBureau);
        await Town.Whistle(first, "calls/1/route", new RouteCallRequest(), People.Operator);
        await Town.PassAsync(TimeSpan.FromMinutes(61));
        var third = await Town.AWhistleThatWasBlown(EcologyBureau);
        var over = await Town.AWhistleThatWasBlown(EcologyBureau);
        await Town.Whistle(over, "withdraw", new WithdrawWhistleRequest("误报"), People.GridWorker);
        await Town.CaughtUpAsync();

        string[] own = [first, second, third, over];
        var all = await List("sort=waiting");
        all.Select(row => row.WaitingSince.ShouldNotBeNull()).ShouldBeInOrder();
        all.Select(row => row.Id).Where(own.Contains).ShouldBe([first, second, third]);
        (await List("sort=waiting&waitingMinutes=90")).Select(row => row.Id).Where(own.Contains).ShouldBe([first]);
        (await List("sort=waiting&waitingMinutes=60")).Select(row => row.Id).Where(own.Contains).ShouldBe([first, second]);
        // Asked for a unit, it is that unit's own call that waits: the first one's moved on when it was routed.
        (await List("sort=waiting&unit=department:ecology-bureau")).Select(row => row.Id).Where(own.Contains).ShouldBe([second, first, third]);
        (await List("waitingMinutes=90&unit=department:ecology-bureau")).Select(row => row.Id).ShouldNotContain(first);
        (await List("waitingMinutes=90&unit=department:housing-construction-committee")).Select(row => row.Id).ShouldContain(first);

        List<string> paged = [];
        string? cursor = null;
        do
        {
            var page = await Town.As(People.Dispatcher).GetAsync<WhistlePage>($"/api/whistles?sort=waiting&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            paged.AddRange(page.Items.Select(row => row.Id));
            cursor = page.Next;
        }
        while (cursor is not null);
        paged.ShouldBe(all.Select(row => row.Id));

        (await Town.As(People.Dispatcher).GetAsync("/api/whistles?sort=newest")).Problem(400, "request.malformed", "sort");
        (await Town.As(People.Dispatcher).GetAsync("/api/whistles?waitingMinutes=0")).Problem(422, "field.out_of_range", "waitingMinutes");
        (await Town.As(People.Dispatcher).GetAsync("/api/whistles?sort=waiting&cursor=42")).Problem(400, "request.malformed", "cursor");

        async Task<IReadOnlyList<WhistleListItem>> List(string query) => (await Town.As(People.Dispatcher).GetAsync<WhistlePage>($"/api/whistles?limit=200&{query}")).Items;
    }

    [Fact]
    public async Task Units_are_ranked_by_how_soon_they_are_on_the_spot_and_the_tables_are_nothing_but_the_log_read_again()
    {
        // One call with two turns, so that the tables have one that is over.
        var moved = await Town.AWhistleThatWasRouted();
        await Town.Whistle(moved, "calls/1/route", new RouteCallRequest(HousingCommittee), People.Operator);

        // Days of their own, so that what other tests did does not count.
        await Town.PassAsync(TimeSpan.FromDays(3));
        var from = Day();
        foreach (var minutes in (int[])[10, 20, 30])
            await Answered(EcologyBureau, Ecology, minutes);
        foreach (var minutes in (int[])[5, 50, 55])
            await Answered(HousingCommittee, Housing, minutes);
        await Town.AWhistleThatWasBlown(People.Dispatcher, WaterBureau);
        await Town.CaughtUpAsync();

        var response = await Town.As(People.Supervisor).GetAsync<WhistleResponse>($"/api/whistles/response?from={from}&minimum=3");
        response.Minimum.ShouldBe(3);
        response.Items.Select(unit => (unit.Unit, unit.Rank, unit.Arrived.Answered, unit.Arrived.MedianSeconds, unit.Arrived.P90Seconds)).ShouldBe(
            [(EcologyBureau, 1, 3, 1200, 1800), (HousingCommittee, 2, 3, 3000, 3300), (WaterBureau, null, 0, null, null)]);
        response.Items[0].ShouldSatisfyAllConditions(unit => unit.Routed.MedianSeconds.ShouldBe(60), unit => unit.Opinion.MedianSeconds.ShouldBe(1200), unit => (unit.Rated, unit.SatisfactionTenths).ShouldBe((3, 50)));
        response.Items[2].Arrived.Waiting.ShouldBe(1);
        var old = await Town.As(People.Supervisor).GetAsync<WhistleResponse>("/api/whistles/response?to=2020-01-01");
        (old.From, old.To, old.Items.Count).ShouldBe((new DateOnly(2019, 10, 4), new DateOnly(2020, 1, 1), 0));
        (await Town.As(People.Supervisor).GetAsync("/api/whistles/response?from=2019-01-01&to=2020-01-01")).Status.ShouldBe(200);
        (await Town.As(People.Supervisor).GetAsync("/api/whistles/response?from=2018-12-31&to=2020-01-01")).Problem(422, "field.out_of_range", "from");
        (await Town.As(People.Supervisor).GetAsync("/api/whistles/response?from=2020-01-02&to=2020-01-01")).Problem(422, "field.out_of_range", "from");
        (await Town.As(People.GridWorker).GetAsync($"/api/whistles/response?scope={Places.Town}")).Problem(403, "access.denied");
        (await Town.As(People.Supervisor).GetAsync("/api/whistles/response?minimum=0")).Problem(422, "field.out_of_range", "minimum");
        (await Town.As(People.Supervisor).GetAsync("/api/whistles/response?from=yesterday")).Problem(400, "request.malformed", "from");

        var before = await RowsAsync();
        (await Town.Services.GetRequiredService<CoverageAudit>().SweepAsync()).ShouldBeEmpty();
        await RunAsync($"update board_whistle_calls_v1 set routed_at = routed_at + interval '1 minute' where whistle = '{moved}' and turn = 2");
        (await Town.Services.GetRequiredService<CoverageAudit>().SweepAsync()).Select(missing => missing.Projection).Distinct().ShouldBe([WhistleTable.TableName], "the last turn is another");
        await RunAsync($"update board_whistle_calls_v1 set routed_at = routed_at - interval '1 minute' where whistle = '{moved}' and turn = 2");
        (await Town.Services.GetRequiredService<CoverageAudit>().SweepAsync()).ShouldBeEmpty();
        await RunAsync($"delete from board_whistle_calls_v1 where whistle = '{moved}' and turn = 1");
        (await Town.Services.GetRequiredService<CoverageAudit>().SweepAsync()).Select(missing => missing.Projection).Distinct().ShouldBe([WhistleTable.TableName], "a turn that is over is missing");
        await Town.StopAsync();
        await RunAsync($"truncate board_whistles_v1, board_whistle_calls_v1; update mt_event_progression set last_seq_id = 0 where name = '{WhistleTable.TableName}:All'");
        await Town.StartAgainAsync();
        await Town.CaughtUpAsync();
        (await RowsAsync()).ShouldBe(before);
        (await Town.Services.GetRequiredService<CoverageAudit>().SweepAsync()).ShouldBeEmpty();

        async Task Answered(Unit unit, string officer, int minutes)
        {
            var id = await Town.AWhistleThatWasBlown(unit);
            await Town.PassAsync(TimeSpan.FromMinutes(1));
            await Town.Whistle(id, "calls/1/route", new RouteCallRequest(), People.Operator);
            await Town.PassAsync(TimeSpan.FromMinutes(minutes));
            await Town.Whistle(id, "calls/1/arrive", new ArriveRequest(OnTheSpot), officer);
            await Town.Whistle(id, "calls/1/resolve", new ResolveCallRequest("完成"), officer);
            await Town.Whistle(id, "calls/1/rate", Fixed, People.GridWorker);
        }
    }

    [Fact]
    public async Task Every_request_about_whistles_has_an_example_that_the_host_accepts()
    {
        var document = (await Town.As(null).GetAsync("/openapi/v1.json")).Object;
        var examples = document["paths"]!.AsObject()
            .Where(path => path.Value!["post"] is not null && path.Key.StartsWith("/api/whistles", StringComparison.Ordinal))
            .ToDictionary(path => path.Key, path => Example(document, path.Value!["post"]!));
        examples.Count.ShouldBe(10);

        var id = await Try("/api/whistles", "", People.GridWorker, 201);
        await Try("/api/whistles/{id}/call", id, People.GridWorker);
        await Try("/api/whistles/{id}/calls/{call}/route", id, People.Operator, call: 2);
        await Try("/api/whistles/{id}/calls/{call}/arrive", id, People.Handler, call: 2);
        await Try("/api/whistles/{id}/calls/{call}/advise", id, People.Handler, call: 2);
        await Try("/api/whistles/{id}/calls/{call}/resolve", id, People.Handler, call: 2);
        await Try("/api/whistles/{id}/calls/{call}/rate", id, People.GridWorker, call: 2);
        await Try("/api/whistles/{id}/calls/{call}/route", id, People.Operator, call: 3);
        await Try("/api/whistles/{id}/calls/{call}/decline", id, Ecology, call: 3);
        await Try("/api/whistles/{id}/calls/{call}/drop", id, People.GridWorker, call: 3);
        await Try("/api/whistles/{id}/withdraw", id, People.GridWorker);

        async Task<string> Try(string path, string whistle, string by, int status = 200, int call = 0)
        {
            var answer = await Town.As(by).PostAsync(path.Replace("{id}", whistle).Replace("{call}", call.ToString(CultureInfo.InvariantCulture)), examples[path]);
            answer.Status.ShouldBe(status, $"{path}: {answer.Text}");
            return answer.Receipt.Id;
        }
    }

    private static string Example(JsonObject document, JsonNode operation)
    {
        var reference = operation["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>();
        return document["components"]!["schemas"]![reference.Split('/')[^1]]!["examples"].ShouldNotBeNull(reference)[0]!.ToJsonString();
    }

    private string Day() => $"{TimeZoneInfo.ConvertTime(Town.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")):yyyy-MM-dd}";

    private async Task<IReadOnlyList<string>> RowsAsync() =>
        [.. await Town.ColumnAsync("select t::text from board_whistles_v1 t order by 1"), .. await Town.ColumnAsync("select t::text from board_whistle_calls_v1 t order by 1")];

    private async Task RunAsync(string sql)
    {
        await using var command = Town.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
