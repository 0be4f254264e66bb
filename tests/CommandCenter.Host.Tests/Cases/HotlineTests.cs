using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Files;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Cases;

/// <summary>An order of the hotline 12345 is one case, however often and by whomever it is written down.</summary>
public sealed class HotlineTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private Town Town => fixture.Town;

    private static ReportCaseRequest Order(string number) =>
        new("市民来电反映桥头路面塌陷", "street-light", Area: AreaCode.Parse(Places.Grid), Source: CaseSource.Hotline, Reference: number);

    [Fact]
    public async Task A_number_that_has_its_case_is_answered_with_that_cases_number_however_it_is_written()
    {
        var first = await Town.As(People.Operator).ReportAsync(Order("CQ-2026-0001"));
        first.Status.ShouldBe(201, first.Text);
        await Town.CaughtUpAsync();
        var number = await Town.AskAsync<string>($"select number from board_cases_v1 where id = '{first.Receipt.Id}'");

        var again = await Town.As(People.Dispatcher).ReportAsync(Order("ＣＱ 2026 0001"));

        again.Problem(409, "hotline.registered", "reference").Message.Zh.ShouldContain(number);
        (await Town.As(People.Operator).ReportAsync(Order("CQ-2026-0002"))).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Of_many_who_write_it_down_in_the_same_moment_one_begins_the_case()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Town.As(i % 2 == 0 ? People.Operator : People.Dispatcher).ReportAsync(Order("CQ-2026-0003"))));

        answers.Select(answer => answer.Status).Order().ShouldBe([201, 409, 409, 409, 409, 409, 409, 409]);
        (await Town.AskAsync<long>("select count(*) from mt_events where type = 'case_reported' and data -> 'origin' ->> 'reference' = 'CQ-2026-0003'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_mistake_that_was_refused_is_registered_anew_and_another_source_may_use_the_same_reference()
    {
        var mistake = await Town.As(People.Operator).ReportAsync(Order("CQ-2026-0004"));
        var refused = await Town.As(People.Operator).CommandAsync(mistake.Receipt.Id, "refuse", new RefuseCaseRequest(RefusalReason.OutOfScope, "登记有误"));
        refused.Status.ShouldBe(200, refused.Text);

        (await Town.As(People.Operator).ReportAsync(Order("CQ-2026-0004"))).Status.ShouldBe(201);
        (await Town.As(People.Operator).ReportAsync(Order("CQ-2026-0004"))).Problem(409, "hotline.registered", "reference");
        (await Town.As(People.Operator).ReportAsync(Order("CQ-2026-0004") with { Source = CaseSource.Device })).Status.ShouldBe(201);
    }
}
