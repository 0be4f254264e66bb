using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Cases;

public sealed class RecallTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private Town Town => fixture.Town;

    [Fact]
    public async Task A_case_at_a_post_that_nobody_holds_is_taken_back_by_the_dispatcher_and_goes_elsewhere()
    {
        var which = await Town.ACaseThatWasDispatched(Town.AReport("校门口围挡破损。", "school-surroundings"), "education-health-culture");
        (await Town.Read(which, People.Dispatcher)).Possible.ShouldBe(["reassign", "recall", "raise-level", "lower-level", "urge", "link", "give-feedback"]);

        which = await Town.After(which, "recall", new RecallCaseRequest("岗位空缺"), People.Dispatcher);

        var detail = await Town.Read(which, People.Dispatcher);
        (detail.Stage, detail.Assignment).ShouldBe((CaseStage.Filed, null));
        (await Town.EventsOf(which)).ShouldContain("case_recalled");
        await Town.After(which, "dispatch", new DispatchCaseRequest(Unit.OfPost("village-construction")), People.Dispatcher);
    }

    [Fact]
    public async Task The_lead_of_the_sector_takes_a_claimed_case_back_and_the_lead_of_another_does_not()
    {
        var which = await Town.ACaseThatWasClaimed();

        (await Town.As("sector-lead-03").CommandAsync(which.Id, "recall", new RecallCaseRequest("人员调离"))).Problem(403, "access.denied").Message.Zh.ShouldBe("您的岗位不能进行这项操作；这里可由以下岗位进行：调度员、板块负责人、镇街主要领导、区级督办。");
        (await Town.As(People.SectorLead).CommandAsync(which.Id, "recall", new RecallCaseRequest("人员调离"))).Status.ShouldBe(200);
    }
}
