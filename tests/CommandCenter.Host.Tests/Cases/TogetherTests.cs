using CommandCenter.Domain.Organization;
using CommandCenter.Host.Admissions;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Cases;

/// <summary>What a case has to do with others: people who want it at the same moment, other cases, and lists that say who may be given it.</summary>
public sealed class TogetherTests : IAsyncLifetime
{
    private Town? _town;

    private Town Town => _town!;

    public async Task InitializeAsync() => _town = await Town.StartAsync();

    public async Task DisposeAsync() => await Town.DisposeAsync();

    [Fact]
    public async Task Of_two_who_claim_one_case_at_the_same_moment_one_has_it_and_the_other_is_told_who()
    {
        for (var round = 0; round < 8; round++)
        {
            var which = await Town.ACaseThatWasDispatched();
            string[] both = [People.Handler, People.HandlerOfSamePost];

            var answers = await Task.WhenAll(both.Select(person => Town.As(person).CommandAsync(which.Id, "claim", new ClaimCaseRequest())));

            var winner = Array.FindIndex(answers, answer => answer.Status == 200);
            winner.ShouldBeGreaterThanOrEqualTo(0);
            var last = answers[1 - winner].Problem(409, "case.claimed_by_another").Last.ShouldNotBeNull();
            (last.Actor, last.Event).ShouldBe((both[winner], "case_claimed"));
            (await Town.EventsOf(which)).Count(name => name == "case_claimed").ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_merge_and_a_link_are_undone_though_the_other_case_lies_in_another_town_by_now()
    {
        var main = await Town.ACaseThatWasReported();
        var other = await Town.ACaseThatWasReported();
        other = await Town.After(other, "link", new LinkCaseRequest(main.Id), People.Dispatcher);
        other = await Town.After(other, "merge", new MergeCaseRequest(main.Id), People.Operator);
        (await Town.As(People.Supervisor).CommandAsync(main.Id, "transfer", new TransferCaseRequest(AreaCode.Parse(Places.NeighbourGrid), "区级指定"))).Status.ShouldBe(200);

        (await Town.As(People.Operator).CommandAsync(other.Id, "unmerge", new UnmergeCaseRequest("两处不同"))).Status.ShouldBe(200);
        (await Town.As(People.Dispatcher).CommandAsync(other.Id, "unlink", new UnlinkCaseRequest(main.Id))).Status.ShouldBe(200);

        var stands = await Town.As(People.Supervisor).GetAsync<CaseDetail>($"/api/cases/{main.Id}");
        (stands.Details.Absorbed.Count, stands.Details.Links.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_merge_and_its_undoing_stand_in_both_cases_and_who_reported_either_hears_of_the_end()
    {
        var main = await Town.ACaseThatWasReported();
        var other = await Town.ACaseThatWasReported();

        other = await Town.After(other, "merge", new MergeCaseRequest(main.Id), People.Operator);
        (await Town.Read(main)).Details.Absorbed.ShouldBe([other.Id]);
        (await Town.Read(other)).Details.MergedInto.ShouldBe(main.Id);
        (await Town.As(People.Operator).CommandAsync(main.Id, "merge", new MergeCaseRequest(other.Id))).Problem(409, "case.merge.has_absorbed");
        // Who names the one that was merged is told where it goes on.
        await Town.CaughtUpAsync();
        var third = await Town.ACaseThatWasReported();
        (await Town.As(People.Operator).CommandAsync(third.Id, "merge", new MergeCaseRequest(other.Id))).Problem(409, "case.other_ended", "main").Message.Zh.ShouldContain((await Town.Read(main)).Number!);
        (await Town.As(People.Operator).CommandAsync(other.Id, "unmerge", new UnmergeCaseRequest("两处不同"))).Status.ShouldBe(200);

        (await Town.Read(main)).Details.Absorbed.ShouldBeEmpty();
        (await Town.As(People.Operator).CommandAsync(other.Id, "merge", new MergeCaseRequest(other.Id))).Problem(422, "case.other_unknown", "main");
        (await Town.As(People.Operator).CommandAsync(main.Id, "refuse", new RefuseCaseRequest(Domain.Cases.RefusalReason.NotFound, "不属实"))).Status.ShouldBe(200);
        (await Town.As(People.Operator).CommandAsync(other.Id, "merge", new MergeCaseRequest(main.Id))).Problem(409, "case.other_ended", "main");
    }

    [Fact]
    public async Task A_case_of_another_town_is_there_but_not_for_this_center_and_the_refusal_says_for_whom()
    {
        var own = await Town.ACaseThatWasReported();
        var theirs = await Town.ACaseThatWasReported(Town.AReport() with { Area = AreaCode.Parse(Places.NeighbourGrid), Point = null }, People.NeighbourOperator);

        var refused = (await Town.As(People.Operator).CommandAsync(own.Id, "merge", new MergeCaseRequest(theirs.Id))).Problem(403, "case.other_not_yours", "main");

        refused.Message.ShouldBe(new("所指的另一案件不归您的岗位办理；可由以下岗位进行：值班员、调度员。", "The other case is not for your seat; with it this is for: center operator, dispatcher."));
    }

    [Fact]
    public async Task A_grid_is_given_only_what_its_admission_list_holds()
    {
        var grid = Unit.OfGrid(AreaCode.Parse(Places.Grid));
        async Task<Answer> Adopt(params string[] matters) =>
            await Town.As(People.Supervisor).PostAsync($"/api/admissions/{Places.Town}/adopt", new AdoptAdmissionListRequest(AreaCode.Parse(Places.Town), AreaLevel.Grid, matters));
        (await Adopt("street-light")).Status.ShouldBe(200);
        var which = await Town.ACaseThatWasFiled();

        (await Town.As(People.Dispatcher).CommandAsync(which.Id, "dispatch", new DispatchCaseRequest(grid))).Problem(409, "case.dispatch.not_admitted");
        (await Adopt("street-light", "river-pollution")).Status.ShouldBe(200);

        (await Town.As(People.Dispatcher).CommandAsync(which.Id, "dispatch", new DispatchCaseRequest(grid))).Status.ShouldBe(200);
        (await Town.As(People.GridWorker).CommandAsync(which.Id, "claim", new ClaimCaseRequest())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_read_table_that_is_broken_is_a_fault_of_ours_and_no_absent_database()
    {
        await using (var rename = Town.Database.CreateCommand("alter table board_cases_v1 rename to broken"))
            await rename.ExecuteNonQueryAsync();

        (await Town.As(People.Operator).GetAsync("/api/cases")).Problem(500, "server.unexpected");
    }
}
