using System.Text.Json.Nodes;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Operations;
using CommandCenter.Host.Tests.Towns;
using Microsoft.Extensions.DependencyInjection;

namespace CommandCenter.Host.Tests.Inbox;

/// <summary>A town with two channels, and whoever receives what it sends.</summary>
public sealed class NoticeTownFixture : IAsyncLifetime
{
    private Receiver? _receiver;
    private Town? _town;

    public Receiver Receiver => _receiver!;

    public Town Town => _town!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _town = await Town.StartAsync(null, [.. Channel(0, "sms", "sms"), .. Channel(1, "chat", "webhook")]);
    }

    public async Task DisposeAsync()
    {
        await Town.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    private string[] Channel(int index, string name, string kind) =>
    [
        $"--CommandCenter:NoticeChannels:{index}:Name={name}",
        $"--CommandCenter:NoticeChannels:{index}:Kind={kind}",
        $"--CommandCenter:NoticeChannels:{index}:Url={new Uri(Receiver.Address, $"/{name}")}",
        $"--CommandCenter:NoticeChannels:{index}:Secret=whsec_{Convert.ToBase64String(Receiver.Secret)}",
        $"--CommandCenter:NoticeChannels:{index}:TimeoutSeconds=20",
    ];
}

/// <summary>Notices from the moment somebody is told until somebody read them, over HTTP and out of the house.</summary>
public sealed class NoticeLoopTests(NoticeTownFixture fixture) : IClassFixture<NoticeTownFixture>, IDisposable
{
    private const string Administrator = "administrator-01";

    private Town Town => fixture.Town;

    private Receiver Receiver => fixture.Receiver;

    public void Dispose() => Receiver.Answer = Receiver.Taken;

    [Fact]
    public async Task An_urgent_notice_goes_out_at_once_with_number_and_matter_and_nothing_of_the_reporter()
    {
        var report = Town.AReport("王小明家门口,请打13912345678联系", urgency: Urgency.Emergency) with { Source = CaseSource.Hotline, Reporter = new ReporterRequest("王小明", "13912345678"), Address = "檬梓桥12号" };
        var reported = await Town.ACaseThatWasReported(report, People.Operator);
        await SentAsync(reported, "chat", 4);
        await SentAsync(reported, "sms", 4);

        var mine = Receiver.At("/chat", body => Has(body, reported) && body["person"]!.GetValue<string>() == People.Operator).DistinctBy(received => received.Id).ShouldHaveSingleItem().Json;
        var number = (await Town.Read(reported)).Number;
        mine["count"]!.GetValue<int>().ShouldBe(1);
        mine["text"]!["zh"]!.GetValue<string>().ShouldBe($"【指挥中心】您有 1 条通知：新上报,请受理 {number} 河道污染");
        foreach (var body in Receiver.At("/chat").Concat(Receiver.At("/sms")).Select(received => received.Json.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })))
            foreach (var secret in (string[])["王小明", "13912345678", "檬梓桥12号"])
                body.ShouldNotContain(secret);

        // What waits in the outbox holds none either, and no words at all.
        (await Town.ColumnAsync("select payload::text from cc_outbox")).ShouldAllBe(payload => !payload.Contains("13912345678"));
    }

    [Fact]
    public async Task What_comes_for_one_person_at_the_weekend_goes_out_on_monday_as_one_message()
    {
        await WeekendAsync();
        var cases = new List<TestCase>();
        for (var n = 0; n < 3; n++)
            cases.Add(await Town.ACaseThatWasDispatched());
        await Town.PassAsync(TimeSpan.FromHours(20));
        Receiver.At("/sms", body => body["to"]!.GetValue<string>() == People.Handler).ShouldNotContain(received => received.Json["text"]!.GetValue<string>().Contains("3 条"));
        Receiver.At("/chat", body => cases.Any(which => Has(body, which)) && body["person"]!.GetValue<string>() == People.Handler).ShouldBeEmpty();

        await Town.PassAsync(TimeSpan.FromDays(2));
        await RecordedAsync(cases[0], People.Handler);

        // A message that was under way while the clock moved past its lease comes again under its id.
        var digest = Receiver.At("/chat", body => Has(body, cases[0]) && body["person"]!.GetValue<string>() == People.Handler).DistinctBy(received => received.Id).ShouldHaveSingleItem().Json;
        digest["count"]!.GetValue<int>().ShouldBe(3);
        digest["items"]!.AsArray().Select(item => item!["subject"]!.GetValue<string>()).ShouldBe(cases.Select(which => which.Stream));
        var inbox = (await Town.As(People.Handler).GetAsync<InboxPage>("/api/inbox")).Items.First(item => item.CaseId == cases[0].Id);
        inbox.Noticed.ShouldBe(NoticeUrgency.Ordinary);
        inbox.Receipt.Messages.Select(message => (message.Channel, message.Count, message.DeliveredAt is not null)).ShouldBe([("chat", 3, true), ("sms", 3, true)]);
    }

    [Fact]
    public async Task A_message_that_fails_comes_again_under_the_same_id_and_is_recorded_once()
    {
        Receiver.Answer = Receiver.First(16, Receiver.Status(503));
        var reported = await Town.ACaseThatWasReported(Town.AReport(urgency: Urgency.Emergency));
        await Town.UntilAsync(
            async () =>
            {
                Town.Clock.Advance(TimeSpan.FromSeconds(10));
                return (await ReceiptsAsync(reported)).Items.Count(item => item.Receipt.Messages.Count(message => message.DeliveredAt is not null) == 2) == 4;
            },
            "everybody was sent both");

        var byId = Receiver.At("/chat", body => Has(body, reported)).GroupBy(received => received.Id).ToList();
        byId.Count.ShouldBe(4);
        byId.Max(group => group.Count()).ShouldBeGreaterThan(1);
        byId.ShouldAllBe(group => group.Select(received => received.Json["person"]!.GetValue<string>()).Distinct().Count() == 1);
        (await Town.AskAsync<long>($"select count(*) from mt_events where stream_id = 'inbox:{People.Operator}' and type = 'notice_delivered'")).ShouldBe(
            await Town.AskAsync<long>($"select count(*) from mt_events where stream_id = 'inbox:{People.Operator}' and type = 'notice_queued'"));
    }

    [Fact]
    public async Task An_urgent_message_waits_for_no_other_of_the_same_person_that_fails()
    {
        Receiver.Answer = Receiver.Status(503);
        var first = await Town.ACaseThatWasReported(Town.AReport(urgency: Urgency.Emergency));
        await SentAsync(first, "chat", 4);
        Receiver.Answer = Receiver.Taken;
        // The clock stands still: those that failed wait for their next attempt.
        var second = await Town.ACaseThatWasReported(Town.AReport(urgency: Urgency.Emergency));
        await SentAsync(second, "chat", 4);

        await Town.UntilAsync(
            async () =>
            {
                Town.Clock.Advance(TimeSpan.FromSeconds(10));
                return (await Town.AskAsync<long>("select count(*) from cc_outbox where dead_at is null")) == 0;
            },
            "everything was sent");
    }

    [Fact]
    public async Task After_a_standstill_everybody_gets_one_message_of_all_that_was_missed()
    {
        var cases = new List<TestCase>();
        for (var n = 0; n < 3; n++)
            cases.Add(await Town.ACaseThatWasReported(Town.AReport(urgency: Urgency.Urgent)));
        await Town.StopAsync();
        Town.Clock.Advance(TimeSpan.FromHours(6));
        await Town.StartAgainAsync();
        await Town.PassAsync(TimeSpan.FromMinutes(3));
        foreach (var which in cases)
            await SentAsync(which, "chat", 1, People.TownLeader);

        var late = Receiver.At("/chat", body => cases.Any(which => Has(body, which)) && body["person"]!.GetValue<string>() == People.TownLeader).DistinctBy(received => received.Id).ShouldHaveSingleItem().Json;
        late["items"]!.AsArray().Select(item => item!["subject"]!.GetValue<string>()).Distinct().ShouldBe(cases.Select(which => which.Stream), ignoreOrder: true);
        // Each step stands in its case all the same, with when it was due and when it fired.
        foreach (var which in cases)
            (await Town.AskAsync<long>($"select count(*) from mt_events where stream_id = '{which.Stream}' and type = 'case_escalated' and data->>'firedAt' > data->>'stepDueAt'")).ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task What_a_receiver_refuses_is_a_dead_letter_that_an_administrator_sees_and_replays()
    {
        Receiver.Answer = context => context.Request.Path == "/sms" ? Receiver.Status(302, "Location", new Uri(Receiver.Address, "/elsewhere").ToString())(context) : Task.CompletedTask;
        var dispatched = await Town.ACaseThatWasDispatched(Town.AReport(urgency: Urgency.Urgent));
        await Town.UntilAsync(async () => (await OutboxAsync()).DeadLetters.Any(letter => letter.Key.StartsWith($"{People.Handler}/sms/", StringComparison.Ordinal)), "the message is dead");

        Receiver.At("/elsewhere").ShouldBeEmpty();
        var letter = (await OutboxAsync()).DeadLetters.Last(dead => dead.Key.StartsWith($"{People.Handler}/sms/", StringComparison.Ordinal));
        (letter.Kind, letter.Attempts, letter.Reason).ShouldBe(("notice", 1, "sms answered 302, a redirect, which is not followed."));
        await Town.UntilAsync(async () => (await OfHandlerAsync(dispatched)).Receipt.Messages.Any(message => message.FailedAt is not null), "the failure is recorded");
        var health = (await Town.As(null).GetAsync("/health/ready")).Ok<HealthView>().Checks.Single(check => check.Name == "outbox");
        health.State.ShouldBe("degraded");
        health.Detail!.ShouldEndWith("dead letters: see /api/operations/outbox");
        (await Town.As(People.Operator).GetAsync("/api/operations/outbox")).Status.ShouldBe(403);
        (await Town.As(People.Operator).PostAsync($"/api/operations/outbox/{letter.Id}/replay", new { })).Status.ShouldBe(403);

        Receiver.Answer = Receiver.Taken;
        (await Town.As(Administrator).PostAsync($"/api/operations/outbox/{letter.Id}/replay", new { })).Ok<ReplayedView>().Replayed.ShouldBe(1);
        await Town.UntilAsync(async () => (await OfHandlerAsync(dispatched)).Receipt.Messages.All(message => message.DeliveredAt is not null), "it was delivered after all");

        var sms = (await OfHandlerAsync(dispatched)).Receipt.Messages.Single(message => message.Channel == "sms");
        (sms.FailedAt < sms.DeliveredAt, sms.Failure).ShouldBe((true, letter.Reason));
        Receiver.At("/sms").Count(received => received.Id == letter.Token.ToString("D")).ShouldBe(2);
        (await Town.As(Administrator).PostAsync($"/api/operations/outbox/{letter.Id}/replay", new { })).Problem(404, "outbox.not_dead");

        await Town.As(Administrator).PostAsync("/api/operations/outbox/replay", new { });
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_message_taken_by_a_receiver_while_the_host_went_comes_again_under_the_same_id_and_is_recorded_once()
    {
        var (arrived, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        Receiver.Answer = async _ =>
        {
            arrived.TrySetResult();
            await release.Task;
        };
        var dispatched = await Town.ACaseThatWasDispatched(Town.AReport(urgency: Urgency.Emergency));
        await arrived.Task.WaitAsync(TimeSpan.FromMinutes(5));
        await Town.StopAsync();
        release.SetResult();
        Receiver.Answer = Receiver.Taken;
        var before = Receiver.At("/chat").Concat(Receiver.At("/sms")).Select(received => received.Id).ToHashSet();

        await Town.StartAgainAsync();
        // Its lease has to end first.
        await NothingIsLeftAsync();

        var again = Receiver.At("/chat").Concat(Receiver.At("/sms")).GroupBy(received => received.Id).Where(group => before.Contains(group.Key) && group.Count() > 1).ToList();
        again.ShouldNotBeEmpty();
        foreach (var table in (string[])["notice_queued", "notice_delivered"])
            (await Town.AskAsync<long>($"select count(*) - count(distinct (stream_id, data->>'delivery')) from mt_events where type = '{table}'")).ShouldBe(0, table);
        await Town.CaughtUpAsync();
        (await OfHandlerAsync(dispatched)).Receipt.Messages.ShouldAllBe(message => message.DeliveredAt != null);
    }

    // What is put off, because a channel rests or the lists do not know the case yet, waits by the town's clock.
    private Task NothingIsLeftAsync() => Town.UntilAsync(
        async () =>
        {
            Town.Clock.Advance(TimeSpan.FromSeconds(5));
            return await OutboxAsync() is { Dead: 0, Pending: 0 };
        },
        "nothing is left");

    [Fact]
    public async Task An_unread_urgent_notice_goes_up_to_the_sector_lead_once_and_both_inboxes_and_the_receipts_say_why()
    {
        var dispatched = await Town.ACaseThatWasDispatched(Town.AReport(urgency: Urgency.Urgent));
        await RecordedAsync(dispatched, People.Handler);
        await Town.PassAsync(TimeSpan.FromMinutes(15));
        await Town.PassAsync(TimeSpan.Zero);

        var own = (await Town.As(People.Handler).GetAsync<InboxPage>("/api/inbox")).Items.Single(item => item.CaseId == dispatched.Id && item.Kind == NoticeKind.Dispatched);
        own.Receipt.Standing.ShouldBe(NoticeStanding.PassedOn);
        var lead = (await Town.As(People.SectorLead).GetAsync<InboxPage>("/api/inbox")).Items.Single(item => item.CaseId == dispatched.Id && item.Kind == NoticeKind.Dispatched);
        (lead.Noticed, lead.Receipt.From!.Reason, lead.Receipt.From.Step, lead.Receipt.Standing).ShouldBe((NoticeUrgency.Urgent, PassOnReason.Unread, PassOnStep.SeatAbove, NoticeStanding.Unread));
        lead.Receipt.From.Person.Id.ShouldBeOneOf(People.Handler, People.HandlerOfSamePost);
        lead.Receipt.From.Person.Name!.Zh.ShouldStartWith("岗位人员");

        await Town.As(People.SectorLead).PostAsync($"/api/inbox/{lead.Id}/read", new { });
        await Town.PassAsync(TimeSpan.FromHours(3));

        var receipts = await ReceiptsAsync(dispatched);
        receipts.OwnOnly.ShouldBeFalse();
        var told = receipts.Items.Where(item => item.Kind == NoticeKind.Dispatched).ToList();
        told.Select(item => (item.Person.Id, item.Receipt.Standing, item.ReadAt is not null)).ShouldBe(
        [
            (People.Handler, NoticeStanding.PassedOn, false), (People.HandlerOfSamePost, NoticeStanding.PassedOn, false), (People.SectorLead, NoticeStanding.Unread, true),
        ], ignoreOrder: true);
        told.Select(item => item.Receipt.To?.People[0].Id).OfType<string>().Order().ShouldContain(People.SectorLead);
        // Whoever handles it sees only what they were told themselves, and a resident nothing.
        var ofHandler = await Town.As(People.Handler).GetAsync<CaseNotices>($"{dispatched.Path}/notices");
        ofHandler.OwnOnly.ShouldBeTrue();
        ofHandler.Items.ShouldAllBe(item => item.Person.Id == People.Handler);
        (await Town.As(People.Resident).GetAsync($"{dispatched.Path}/notices")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task What_was_taken_on_is_not_passed_on_though_nobody_marked_it_as_read()
    {
        var claimed = await Town.ACaseThatWasClaimed(Town.AReport(urgency: Urgency.Urgent));
        await Town.PassAsync(TimeSpan.FromHours(2));

        var told = (await ReceiptsAsync(claimed)).Items;
        told.Where(item => item.Kind is NoticeKind.Reported or NoticeKind.Filed or NoticeKind.Dispatched).Select(item => item.Receipt.Standing).Distinct().ShouldBe([NoticeStanding.Lapsed]);
        // What is over asks nobody to read it any more.
        var unread = await Town.As(People.Operator).GetAsync<InboxPage>("/api/inbox?unread=true");
        unread.Items.ShouldNotContain(item => item.CaseId == claimed.Id);
        (await Town.As(People.Operator).GetAsync<InboxPage>("/api/inbox")).Items.ShouldContain(item => item.CaseId == claimed.Id && item.ReadAt == null);
    }

    [Fact]
    public async Task The_plan_is_shown_with_the_channels_that_are_there_and_without_their_secrets()
    {
        var answer = await Town.As(People.GridWorker).GetAsync("/api/notice-plan");

        var view = answer.Ok<NoticePlanView>();
        view.Plan.Version.ShouldBe("default-1");
        view.Channels.ShouldBe([new ChannelView("sms", ChannelKind.Sms, ChannelLanguage.Zh), new ChannelView("chat", ChannelKind.Webhook, ChannelLanguage.Zh)]);
        answer.Text.ShouldNotContain("whsec_");
        answer.Text.ShouldNotContain(Receiver.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        (await Town.As(null).GetAsync("/api/notice-plan")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task The_read_tables_recount_and_rebuild_to_the_same_receipts()
    {
        var dispatched = await Town.ACaseThatWasDispatched(Town.AReport(urgency: Urgency.Emergency));
        await RecordedAsync(dispatched, People.Handler);
        await Town.PassAsync(TimeSpan.FromMinutes(20));
        // What another test let fail waits for its next attempt.
        await Town.UntilAsync(
            async () =>
            {
                Town.Clock.Advance(TimeSpan.FromSeconds(10));
                return (await Town.AskAsync<long>("select count(*) from cc_outbox where dead_at is null")) == 0;
            },
            "everything was sent");
        await Town.CaughtUpAsync();
        var before = await RowsAsync();

        await new ProjectionRebuild(Town.Database, Town.Services.GetRequiredService<IEventLog>(), Town.Services.GetRequiredService<ReadTables>().Find(InboxTable.TableName)!, Town.Clock).RunAsync();

        (await RowsAsync()).ShouldBe(before);
        (await Town.Services.GetRequiredService<CoverageAudit>().SweepAsync()).ShouldBeEmpty();

        async Task<IReadOnlyList<string>> RowsAsync() =>
            [.. await Town.ColumnAsync("select t::text from inbox_notices_v2 t order by position"), .. await Town.ColumnAsync("select t::text from inbox_messages_v2 t order by person, delivery")];
    }

    private static bool Has(JsonNode body, TestCase which) => body["items"] is JsonArray items && items.Any(item => item!["subject"]!.GetValue<string>() == which.Stream);

    /// <summary>Returns once so many messages about a case came by the chat, or as many texts by the gateway.</summary>
    private Task SentAsync(TestCase which, string channel, int count, string? person = null) =>
        Receiver.UntilAsync(
            () => channel == "sms"
                ? Receiver.At("/sms").Count >= count
                : Receiver.At($"/{channel}", body => Has(body, which) && (person is null || body["person"]!.GetValue<string>() == person)).Count >= count,
            $"{count} came by {channel}");

    /// <summary>Returns once everything that was sent to somebody about a case is recorded as delivered.</summary>
    private Task RecordedAsync(TestCase which, string person) => Town.UntilAsync(
        async () =>
        {
            // A message that was under way in a leap of the clock counts as a failed attempt; the next is due by the town's clock.
            var next = await Town.AskAsync<DateTime>("select coalesce(min(next_attempt_at), '-infinity') from cc_outbox where dead_at is null and lease is null");
            if (next > Town.Clock.GetUtcNow().UtcDateTime)
                Town.Clock.AdvanceTo(new DateTimeOffset(next, TimeSpan.Zero));
            return await IsRecordedAsync(which, person);
        },
        $"what went to {person} is delivered");

    private async Task<bool> IsRecordedAsync(TestCase which, string person) =>
        (await Town.As(People.Dispatcher).GetAsync<CaseNotices>($"{which.Path}/notices")).Items.Where(item => item.Person.Id == person && item.Kind == NoticeKind.Dispatched).ToList() is { Count: > 0 } own
            && own.All(item => item.Receipt.Messages is { Count: 2 } messages && messages.All(message => message.DeliveredAt is not null));

    private async Task<CaseNotices> ReceiptsAsync(TestCase which) => await Town.As(People.Dispatcher).GetAsync<CaseNotices>($"{which.Path}/notices");

    private async Task<CaseNoticeView> OfHandlerAsync(TestCase which) =>
        (await ReceiptsAsync(which)).Items.Single(item => item.Person.Id == People.Handler && item.Kind == NoticeKind.Dispatched);

    private Task<OutboxView> OutboxAsync() => Town.As(Administrator).GetAsync<OutboxView>("/api/operations/outbox");

    /// <summary>Moves on to the next Saturday noon.</summary>
    private async Task WeekendAsync()
    {
        var local = TimeZoneInfo.ConvertTime(Town.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        var noon = local.Date.AddDays(((int)DayOfWeek.Saturday - (int)local.DayOfWeek + 7) % 7).AddHours(12);
        var wait = noon - local.DateTime;
        await Town.PassAsync(wait > TimeSpan.Zero ? wait : wait + TimeSpan.FromDays(7));
    }
}
