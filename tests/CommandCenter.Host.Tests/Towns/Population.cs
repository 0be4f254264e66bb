using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Cases;
using Microsoft.Extensions.DependencyInjection;

namespace CommandCenter.Host.Tests.Towns;

/// <summary>Many cases with lives of their own, over days, every move a legal one.</summary>
public sealed class Population(Town town, int seed)
{
    private readonly Random _random = new(seed);
    private readonly OrganizationDirectory _organization = town.Services.GetRequiredService<OrganizationDirectory>();
    private readonly List<(string Id, Person Reporter)> _alive = [];

    // Those whose closing standard asks for a photo or a rating have tests of their own.
    private readonly List<Category> _categories = [.. town.Services.GetRequiredService<OrganizationDirectory>().Categories.Where(category => category.Closing is not ({ PhotoNeeded: true } or { RatingNeeded: true }))];

    /// <param name="cases">How many are reported.</param>
    /// <param name="over">The time over which they are.</param>
    public async Task LiveAsync(int cases, TimeSpan over)
    {
        var pause = over / cases;
        for (var n = 0; n < cases; n++)
        {
            await ReportAsync();
            for (var moves = _random.Next(0, 8); moves > 0 && _alive.Count > 0; moves--)
                await MoveAsync();
            await town.PassAsync(pause * (2 * _random.NextDouble()));
        }
    }

    private async Task ReportAsync()
    {
        var worker = Pick(_organization.People.Where(person => person.Roles[0].Role == Role.GridWorker && Town.Area(Places.Town).Contains(person.Roles[0].Place)));
        var category = Pick(_categories);
        var receipt = (await town.As(worker.Id).ReportAsync(new ReportCaseRequest("随机生成的事件", category.Code, Pick(Enum.GetValues<Urgency>()), Area: worker.Roles[0].Place))).Receipt;
        _alive.Add((receipt.Id, worker));
    }

    private async Task MoveAsync()
    {
        var index = _random.Next(_alive.Count);
        var (id, reporter) = _alive[index];
        var detail = await town.As(People.Dispatcher).GetAsync<CaseDetail>($"/api/cases/{id}");
        var post = _organization.FindCategory(detail.Category)!.DefaultPost;
        var handler = detail.Assignment?.ClaimedBy
            ?? _organization.People.FirstOrDefault(person => person.Roles.Any(seat => seat.Role == Role.PostHandler && seat.Post == (detail.Assignment?.Unit.Post ?? post)))?.Id;
        (string Command, string By, object Body)? move = detail.Stage switch
        {
            CaseStage.Reported when _random.Next(8) == 0 => ("refuse", People.Operator, new RefuseCaseRequest(RefusalReason.Other, "不予立案")),
            CaseStage.Reported => ("file", People.Operator, new FileCaseRequest(Pick(_categories).Code, Pick(Enum.GetValues<Urgency>()))),
            // Who sent it back does not get it again unless a leader says so.
            CaseStage.Filed => ("dispatch", detail.Details.ReturnedBy.Count > 0 ? People.TownLeader : People.Dispatcher, new DispatchCaseRequest(Unit.OfPost(post))),
            CaseStage.Dispatched or CaseStage.Handling when handler is null => null,
            CaseStage.Dispatched when _random.Next(6) == 0 => ("return", handler, new ReturnCaseRequest("不属本岗")),
            CaseStage.Dispatched => ("claim", handler, new ClaimCaseRequest()),
            CaseStage.Handling => ("complete", handler, new CompleteCaseRequest("完成")),
            CaseStage.Completed => ("verify", reporter.Id, new VerifyCaseRequest(_random.Next(5) > 0, "已到现场")),
            CaseStage.Verified when _random.Next(3) == 0 => ("close", People.Dispatcher, new CloseCaseRequest()),
            CaseStage.Verified => ("rate", reporter.Id, new RateCaseRequest(_random.Next(1, 6), Pick(Enum.GetValues<FixResult>()))),
            CaseStage.Rated when detail.Rating!.Result == FixResult.NotFixed => ("dispatch", detail.Details.ReturnedBy.Count > 0 ? People.TownLeader : People.Dispatcher, new DispatchCaseRequest(Unit.OfPost(post))),
            CaseStage.Rated => ("close", People.Dispatcher, new CloseCaseRequest()),
            _ => null,
        };
        if (move is not { } next)
        {
            if (detail.Stage is CaseStage.Closed or CaseStage.Refused)
                _alive.RemoveAt(index);
            return;
        }

        var answer = await town.As(next.By).CommandAsync(id, next.Command, next.Body);
        answer.Status.ShouldBe(200, $"{next.Command} by {next.By} in {detail.Stage} (seed {seed}): {answer.Text}");
    }

    private T Pick<T>(IEnumerable<T> from)
    {
        var list = from as IReadOnlyList<T> ?? [.. from];
        return list[_random.Next(list.Count)];
    }
}
