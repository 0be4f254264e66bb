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
        Told(Blown(), Routed(), Routed(to: River)).ShouldBe([("river-handler", NoticeKind.WhistleCalled), ("water-officer", NoticeKind.WhistleDropped)]);
        Told(Blown(), Routed(), Declined(), Routed(to: River)).ShouldBe([("river-handler", NoticeKind.WhistleCalled)]);
        Told(Blown(), Routed(), Dropped()).ShouldBe([("water-officer", NoticeKind.WhistleDropped), ("grid-worker", NoticeKind.WhistleDropped)]);
        Told(Blown(), Dropped()).ShouldBe([("operator", NoticeKind.WhistleDropped), ("grid-worker", NoticeKind.WhistleDropped)]);
        Told(Blown(), Routed(), Dropped(2), WithdrawnEvent()).ShouldBe([("water-officer", NoticeKind.WhistleDropped)]);
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

    private static IEnumerable<(string Person, NoticeKind Kind)> Told(OrganizationDirectory organization, params WhistleEvent[] events)
    {
        var notices = WhistleNotices.Of(WhistleId, Fold(events), [events[^1]], organization);
        notices.ShouldAllBe(notice => notice.Sent.Subject == $"whistle:{WhistleId}");
        return notices.Select(notice => (notice.Person, notice.Sent.Kind));
    }
}
