using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.WhistleSample;

namespace CommandCenter.Domain.Tests;

public class WhistleNoticeTests
{
    [Fact]
    public void Each_step_tells_those_whose_turn_it_is_and_the_whistler_of_every_answer()
    {
        Told(Blown()).ShouldBe([("operator", NoticeKind.WhistleBlown)]);
        Told(Blown(), Routed()).ShouldBe([("water-officer", NoticeKind.WhistleCalled)]);
        Told(Blown(), Routed(2, Building)).ShouldBe([("handler", NoticeKind.WhistleCalled), ("colleague", NoticeKind.WhistleCalled)], ignoreOrder: true);
        Told(Blown(), Routed(), Declined()).ShouldBe([("operator", NoticeKind.WhistleDeclined), ("grid-worker", NoticeKind.WhistleDeclined)]);
        Told(Blown(), Routed(), Arrived()).ShouldBe([("grid-worker", NoticeKind.WhistleArrived)]);
        Told(Blown(), Routed(), Arrived(), Advised()).ShouldBe([("grid-worker", NoticeKind.WhistleAdvised)]);
        Told(Blown(), Routed(), Arrived(), Resolved()).ShouldBe([("grid-worker", NoticeKind.WhistleResolved)]);
        Told(Blown(), Routed(), Arrived(), Resolved(), CallRated()).ShouldBe([("water-officer", NoticeKind.WhistleRated)]);
        Told(Blown(), Routed(), Arrived(), Resolved(), CallRated(result: FixResult.NotFixed)).ShouldBe([("water-officer", NoticeKind.WhistleNotFixed)]);
    }

    [Fact]
    public void Who_loses_a_call_hears_of_it_before_setting_out()
    {
        Told(Blown(), Routed(), Routed(to: River)).ShouldBe([("river-handler", NoticeKind.WhistleCalled), ("water-officer", NoticeKind.WhistleDropped), ("grid-worker", NoticeKind.WhistleMoved)]);
        Told(Blown(), Routed(), Dropped()).ShouldBe([("water-officer", NoticeKind.WhistleDropped)]);
        Told(Blown(), Dropped()).ShouldBe([("operator", NoticeKind.WhistleDropped)]);
        Told(Blown(), Routed(), Dropped(2), WithdrawnEvent()).ShouldBe([("water-officer", NoticeKind.WhistleDropped)]);
    }

    [Fact]
    public void The_whistler_hears_where_a_call_went_who_rated_it_and_who_called_it_off_for_them()
    {
        Told(Blown(), Routed(to: River)).ShouldBe([("river-handler", NoticeKind.WhistleCalled), ("grid-worker", NoticeKind.WhistleMoved)]);
        Told(Blown(), Routed(), Declined(), Routed(to: River)).ShouldBe([("river-handler", NoticeKind.WhistleCalled), ("grid-worker", NoticeKind.WhistleMoved)]);
        Told(Blown(), Routed(), Declined(), Routed()).ShouldBe([("water-officer", NoticeKind.WhistleCalled)], "a leader's word brings it to the unit that was called");

        ToldBy(Town.Leader, Blown(), Dropped()).ShouldBe([("operator", NoticeKind.WhistleDropped), ("grid-worker", NoticeKind.WhistleDropped)]);
        ToldBy(Town.Secretary, Blown(), Routed(), Dropped(2), WithdrawnEvent()).ShouldBe([("water-officer", NoticeKind.WhistleDropped), ("grid-worker", NoticeKind.WhistleDropped)]);
        ToldBy(Town.Secretary, Blown(), Routed(), Arrived(), Resolved(), CallRated()).ShouldBe([("water-officer", NoticeKind.WhistleRated), ("grid-worker", NoticeKind.WhistleRated)]);
        ToldBy(Town.Secretary, Blown(), Routed(), Arrived(), Resolved(), CallRated(result: FixResult.NotFixed)).ShouldBe([("water-officer", NoticeKind.WhistleNotFixed), ("grid-worker", NoticeKind.WhistleRated)]);
    }

    [Fact]
    public void Nobody_is_told_of_what_they_did_themselves()
    {
        ToldBy(Center, Blown(), Dropped()).ShouldBe([("grid-worker", NoticeKind.WhistleDropped)]);
        ToldBy(Town.Department, Blown(), Routed(), Dropped()).ShouldBe([("grid-worker", NoticeKind.WhistleDropped)]);

        var own = Whistle.Fold([Fact(Blown(), T0, Center), Fact(Routed(), T0), Fact(Routed(to: River), T0)]);
        WhistleNotices.Of(WhistleId, own, [Routed(to: River)], Town.Organization, Sample.Plan).Select(notice => (notice.Person, notice.Sent.Kind)).ShouldBe(
            [("river-handler", NoticeKind.WhistleCalled), ("water-officer", NoticeKind.WhistleDropped)]);
    }

    [Fact]
    public void Who_is_on_the_spot_hears_that_a_colleague_sent_the_call_back()
    {
        var two = Town.With(added: [Town.Holder("water-officer-2", new RoleAt(Role.Department, Town.District, Department: Town.WaterDepartment))]);

        Told(two, OtherOfficer, Blown(), Routed(), Arrived(), Declined()).ShouldBe(
            [("operator", NoticeKind.WhistleDeclined), ("grid-worker", NoticeKind.WhistleDeclined), ("water-officer", NoticeKind.WhistleDropped)]);
        Told(two, OtherOfficer, Blown(), Routed(), Declined()).ShouldBe([("operator", NoticeKind.WhistleDeclined), ("grid-worker", NoticeKind.WhistleDeclined)]);
    }

    [Fact]
    public void The_leads_of_a_one_matters_sectors_are_told_with_the_center()
    {
        Told(Blown() with { Sectors = [Sector.Economy, Sector.Livelihood] }).ShouldBe(
            [("operator", NoticeKind.WhistleBlown), ("economy-lead", NoticeKind.WhistleBlown), ("livelihood-lead", NoticeKind.WhistleBlown)]);
    }

    [Fact]
    public void Where_a_seat_is_vacant_the_next_above_is_told()
    {
        Told(Town.With([Role.CenterOperator, Role.Dispatcher]), Blown()).ShouldBe([("town-leader", NoticeKind.WhistleBlown)]);
        Told(Town.With([Role.Department]), Blown(), Routed()).ShouldBe([("supervisor", NoticeKind.WhistleCalled)]);
        Told(Town.With([Role.PostHandler]), Blown(), Routed(2, Building)).ShouldBe([("economy-lead", NoticeKind.WhistleCalled)]);
        Told(Town.With([Role.GridWorker]), Blown(), Routed(), Arrived(), Resolved()).ShouldBe([("secretary", NoticeKind.WhistleResolved)]);
        Told(Town.With([Role.GridWorker, Role.VillageSecretary, Role.CenterOperator]), Blown(), Routed(), Arrived(), Resolved()).ShouldBe([("dispatcher", NoticeKind.WhistleResolved)]);
    }

    [Fact]
    public void Whoever_did_the_work_is_not_asked_to_rate_it()
    {
        var both = Town.With(added: [Town.Holder("both", new RoleAt(Role.GridWorker, Town.Grid), new RoleAt(Role.Department, Town.District, Department: Town.WaterDepartment))]);
        var by = new By("both", Role.GridWorker, Town.Grid);
        var state = Whistle.Fold(
        [
            Fact(Blown(), T0, by), Fact(Routed(), T0), Fact(Arrived(), T0, by with { Role = Role.Department, Place = Town.District }), Fact(Resolved(), T0, by with { Role = Role.Department, Place = Town.District }),
        ]);

        WhistleNotices.WhoActs(File(state), Call(state), both).ShouldBe([new Recipient("grid-worker", Role.GridWorker, RecipientReason.Holder)]);
    }

    private static IEnumerable<(string Person, NoticeKind Kind)> Told(params WhistleEvent[] events) => Told(Town.Organization, events);

    private static IEnumerable<(string Person, NoticeKind Kind)> Told(OrganizationDirectory organization, params WhistleEvent[] events) => Told(organization, Doer(events[^1]), events);

    /// <summary>Of the last event, by somebody else than its usual doer.</summary>
    private static IEnumerable<(string Person, NoticeKind Kind)> ToldBy(By by, params WhistleEvent[] events) => Told(Town.Organization, by, events);

    private static IEnumerable<(string Person, NoticeKind Kind)> Told(OrganizationDirectory organization, By by, params WhistleEvent[] events)
    {
        var state = Fold(events[..^1]).Apply(Fact(events[^1], T0 + (events.Length - 1).Hours(), by));
        var notices = WhistleNotices.Of(WhistleId, state, [events[^1]], organization, Sample.Plan);
        notices.ShouldAllBe(notice => notice.Sent.Subject == $"whistle:{WhistleId}");
        return notices.Select(notice => (notice.Person, notice.Sent.Kind));
    }
}
