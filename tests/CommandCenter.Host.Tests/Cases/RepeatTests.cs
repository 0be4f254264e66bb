using CommandCenter.Domain.Organization;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Cases;

public sealed class RepeatTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private Town Town => fixture.Town;

    [Fact]
    public async Task A_key_that_was_answered_with_nothing_to_do_is_used_up_all_the_same()
    {
        var which = await Town.ACaseThatWasClaimed();
        var key = TownClient.NewKey();
        var again = await Town.As(People.Handler).CommandAsync(which.Id, "claim", new ClaimCaseRequest(), key);
        again.Status.ShouldBe(200);
        again.Receipt.Version.ShouldBe(which.Version);

        (await Town.As(People.Handler).CommandAsync(which.Id, "complete", new CompleteCaseRequest("已办"), key)).Problem(422, "command.id_reused", "Idempotency-Key");
        (await Town.As(People.Handler).CommandAsync(which.Id, "claim", new ClaimCaseRequest(), key)).Receipt.ShouldBe(again.Receipt);
    }

    [Fact]
    public async Task A_repeated_report_gets_its_answer_without_new_keys_for_personal_data()
    {
        var key = TownClient.NewKey();
        var report = Town.AReport() with { Reporter = new ReporterRequest("群众甲", "13912345678") };
        var first = await Town.As(People.GridWorker).ReportAsync(report, key);
        var keys = KeyFiles();

        for (var i = 0; i < 3; i++)
        {
            var repeat = await Town.As(People.GridWorker).ReportAsync(report, key);
            (repeat.Status, repeat.Replayed, repeat.Receipt).ShouldBe((201, true, first.Receipt));
        }

        KeyFiles().ShouldBe(keys);
    }

    [Fact]
    public async Task A_repeat_is_answered_even_when_the_same_request_would_now_be_refused_for_its_time()
    {
        var key = TownClient.NewKey();
        var report = Town.AReport() with { HappenedAt = Town.Clock.GetUtcNow().AddDays(-365.9) };
        var first = await Town.As(People.GridWorker).ReportAsync(report, key);
        first.Status.ShouldBe(201);

        await Town.PassAsync(TimeSpan.FromDays(2));

        (await Town.As(People.GridWorker).ReportAsync(report, key)).Receipt.ShouldBe(first.Receipt);
        (await Town.As(People.GridWorker).ReportAsync(report)).Problem(422, "time.out_of_range", "happenedAt");
    }

    [Fact]
    public async Task Nobody_is_protected_from_their_own_last_step()
    {
        var which = await Town.ACaseThatWasReported();
        var filed = await Town.As("dispatcher-02").CommandAsync(which.Id, "file", new FileCaseRequest("river-pollution", Domain.Cases.Urgency.Normal), ifMatch: which.ETag);
        filed.Status.ShouldBe(200);

        var dispatch = new DispatchCaseRequest(Unit.OfPost("village-construction"));
        (await Town.As(People.Dispatcher).CommandAsync(which.Id, "dispatch", dispatch, ifMatch: which.ETag)).Problem(412, "case.stale", "If-Match");
        (await Town.As("dispatcher-02").CommandAsync(which.Id, "dispatch", dispatch, ifMatch: which.ETag)).Status.ShouldBe(200);
    }

    private int KeyFiles() => Directory.EnumerateFiles(Path.Combine(Town.DataFolder, "keys"), "*", SearchOption.AllDirectories).Count();
}
