using System.Text;
using CommandCenter.Domain;
using CommandCenter.Domain.Inbox;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Inbox.Channels;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Testing.Clock;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace CommandCenter.Host.Tests.Inbox;

/// <summary>The one way out of the house, against a real receiver.</summary>
public sealed class WebhookChannelTests : IAsyncLifetime
{
    private static readonly OutgoingMessage AMessage = new(
        new Guid("0199c2f0-a0b0-7c0d-8e0f-00000000000a"), "post-handler-05", 2,
        [
            Item(NoticeKind.Dispatched, "广顺2026-0007", new Message("河道污染", "River pollution")),
            Item(NoticeKind.TaskAssigned, null, null),
        ]);

    private Receiver? _receiver;

    private Receiver Receiver => _receiver!;

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync();

    public async Task DisposeAsync() => await Receiver.DisposeAsync();

    [Fact]
    public async Task A_message_is_signed_over_its_id_its_time_and_its_body()
    {
        await SendAsync(ChannelKind.Webhook);

        var received = Receiver.At("/here").ShouldHaveSingleItem();
        received.Id.ShouldBe("0199c2f0-a0b0-7c0d-8e0f-00000000000a");
        received.Timestamp.ShouldBe(new VirtualClock().GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        received.Signature.ShouldNotBe(WebhookChannel.Sign(Receiver.Secret, received.Id, received.Timestamp + "0", received.Body));
        // As the standard's own example has it, so that any of its libraries can check ours.
        WebhookChannel.Sign(Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", Encoding.UTF8.GetBytes("""{"test": 2432232314}"""))
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    [Fact]
    public async Task A_system_gets_everything_and_both_languages()
    {
        await SendAsync(ChannelKind.Webhook);

        var body = Receiver.At("/here").Single().Json;
        (body["person"]!.GetValue<string>(), body["count"]!.GetValue<int>(), body["items"]!.AsArray().Count).ShouldBe(("post-handler-05", 2, 2));
        body["text"]!["zh"]!.GetValue<string>().ShouldBe("【指挥中心】您有 2 条通知：新任务,请签收 广顺2026-0007 河道污染；任务下派,请签收");
        body["text"]!["en"]!.GetValue<string>().ShouldBe("Command center, 2 for you: New work, please claim 广顺2026-0007 River pollution; A task for you, please claim");
        body["items"]![0]!["kind"]!.GetValue<string>().ShouldBe("dispatched");
    }

    [Fact]
    public async Task A_gateway_gets_a_text_for_a_person_in_the_language_and_words_of_its_settings()
    {
        await SendAsync(ChannelKind.Sms, language: ChannelLanguage.En, text: new Message("共{count}条", "{count} new: {items}"));

        var body = Receiver.At("/here").Single().Json;
        body["to"]!.GetValue<string>().ShouldBe("post-handler-05");
        body["text"]!.GetValue<string>().ShouldStartWith("2 new: New work");
    }

    [Fact]
    public async Task A_robot_gets_a_text_message_and_is_believed_only_without_an_error_code()
    {
        Receiver.Answer = Receiver.First(1, context => context.Response.WriteAsync("""{"errcode":45009,"errmsg":"api freq out of limit"}"""));

        (await Should.ThrowAsync<DeliveryFailedException>(() => SendAsync(ChannelKind.Robot))).Message.ShouldBe("here answered errcode 45009.");
        Receiver.Answer = context => context.Response.WriteAsync("""{"errcode":0,"errmsg":"ok"}""");
        await SendAsync(ChannelKind.Robot);

        var body = Receiver.At("/here")[1].Json;
        // Whom it is for, as WeCom and as DingTalk are told.
        body["text"]!["mentioned_list"]!.AsArray().Select(person => person!.GetValue<string>()).ShouldBe(["post-handler-05"]);
        body["at"]!["atUserIds"]!.AsArray().Select(person => person!.GetValue<string>()).ShouldBe(["post-handler-05"]);
        (body["msgtype"]!.GetValue<string>(), body["text"]!["content"]!.GetValue<string>()[..6]).ShouldBe(("text", "【指挥中心】"));
    }

    [Fact]
    public async Task Of_an_answer_no_more_is_read_than_is_allowed()
    {
        Receiver.Answer = async context =>
        {
            var chunk = new byte[64 * 1024];
            Array.Fill(chunk, (byte)' ');
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        };

        // A system's answer is not read at all, a robot's only so far.
        await SendAsync(ChannelKind.Webhook);
        (await Should.ThrowAsync<DeliveryFailedException>(() => SendAsync(ChannelKind.Robot))).Message.ShouldBe("here gave an answer that is not JSON, or longer than 64 KiB.");
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_is_not_followed(int status)
    {
        Receiver.Answer = context => context.Request.Path == "/here" ? Receiver.Status(status, "Location", new Uri(Receiver.Address, "/elsewhere").ToString())(context) : Task.CompletedTask;

        (await Should.ThrowAsync<UndeliverableException>(() => SendAsync(ChannelKind.Webhook))).Message.ShouldBe($"here answered {status}, a redirect, which is not followed.");
        Receiver.At("/elsewhere").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task What_the_receiver_refuses_is_not_sent_again_by_itself(int status)
    {
        Receiver.Answer = Receiver.Status(status);

        (await Should.ThrowAsync<UndeliverableException>(() => SendAsync(ChannelKind.Webhook))).Message.ShouldBe($"here answered {status}.");
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task What_the_receiver_cannot_take_now_comes_again_when_it_asks_for_it(int status)
    {
        Receiver.Answer = Receiver.Status(status, "Retry-After", "120");

        (await Should.ThrowAsync<DeliveryFailedException>(() => SendAsync(ChannelKind.Webhook))).RetryAfter.ShouldBe(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task An_instant_to_come_again_is_taken_by_the_clock_of_the_receiver()
    {
        Receiver.Answer = context =>
        {
            // Its clock is years away from ours.
            context.Response.Headers.Date = "Sun, 06 Nov 1994 08:49:37 GMT";
            return Receiver.Status(429, "Retry-After", "Sun, 06 Nov 1994 08:51:37 GMT")(context);
        };

        (await Should.ThrowAsync<DeliveryFailedException>(() => SendAsync(ChannelKind.Webhook))).RetryAfter.ShouldBe(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task While_secrets_are_changed_a_message_is_signed_with_the_new_one_and_the_old_one()
    {
        byte[] next = [.. Enumerable.Range(101, 32).Select(n => (byte)n)];
        var settings = ChannelSettings.Read(Section(("Secret", $"whsec_{Convert.ToBase64String(next)} whsec_{Convert.ToBase64String(Receiver.Secret)}"))).Single();
        using var channel = new WebhookChannel(settings with { Url = new Uri(Receiver.Address, "/here") }, new VirtualClock());
        await channel.SendAsync(AMessage, CancellationToken.None);

        var received = Receiver.Unchecked.ShouldHaveSingleItem();
        received.Signature.ShouldBe($"{WebhookChannel.Sign(next, received.Id, received.Timestamp, received.Body)} {WebhookChannel.Sign(Receiver.Secret, received.Id, received.Timestamp, received.Body)}");
    }

    [Theory]
    [InlineData(ChannelKind.Sms)]
    [InlineData(ChannelKind.Robot)]
    [InlineData(ChannelKind.Webhook)]
    public async Task A_text_holds_as_many_items_as_its_kind_takes_and_says_how_many_more_there_are(ChannelKind kind)
    {
        Receiver.Answer = context => context.Response.WriteAsync("{}");
        var message = AMessage with { Count = 300, Items = [.. Enumerable.Range(1, 300).Select(number => Item(NoticeKind.Dispatched, $"广顺2026-{number:0000}", new Message("河道污染", "River pollution")))] };
        await SendAsync(kind, message: message);

        var body = Receiver.At("/here").Single().Json;
        var text = (kind switch { ChannelKind.Sms => body["text"], ChannelKind.Robot => body["text"]!["content"], _ => body["text"]!["zh"] })!.GetValue<string>();
        (kind == ChannelKind.Robot ? Encoding.UTF8.GetByteCount(text) <= 2048 : text.Length <= (kind == ChannelKind.Sms ? 500 : 2000)).ShouldBeTrue(text);
        var shown = text.Split("广顺").Length - 1;
        shown.ShouldBeGreaterThan(10);
        text.ShouldStartWith("【指挥中心】您有 300 条通知：");
        text.ShouldEndWith($"；另有 {300 - shown} 条");
        if (kind == ChannelKind.Webhook)
            body["items"]!.AsArray().Count.ShouldBe(300);
    }

    [Fact]
    public async Task A_receiver_that_has_not_answered_is_asked_by_one_message_at_a_time_until_it_does()
    {
        Receiver.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        using var channel = Channel(ChannelKind.Webhook);
        (await Should.ThrowAsync<DeliveryFailedException>(() => channel.SendAsync(AMessage, CancellationToken.None))).Message.ShouldBe("here did not answer within 1 s.");

        (await Should.ThrowAsync<DeliveryFailedException>(() => channel.SendAsync(AMessage, CancellationToken.None))).Message.ShouldBe("here has not answered of late; it is asked again in a moment.");
        Receiver.At("/here").Count.ShouldBe(1);

        Receiver.Answer = Receiver.Taken;
        await Town.UntilAsync(
            async () =>
            {
                try
                {
                    await channel.SendAsync(AMessage, CancellationToken.None);
                    return true;
                }
                catch (DeliveryFailedException)
                {
                    return false;
                }
            },
            "it is asked again");
        await channel.SendAsync(AMessage, CancellationToken.None);
        Receiver.At("/here").Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_is_not_waited_for()
    {
        Receiver.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

        (await Should.ThrowAsync<DeliveryFailedException>(() => SendAsync(ChannelKind.Webhook))).Message.ShouldBe("here did not answer within 1 s.");
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_is_said_to_be_unreachable()
    {
        var address = Receiver.Address;
        await Receiver.DisposeAsync();
        _receiver = await Receiver.StartAsync();

        (await Should.ThrowAsync<DeliveryFailedException>(() => SendAsync(ChannelKind.Webhook, address))).Message.ShouldBe("here could not be reached (ConnectionError).");
    }

    [Theory]
    [InlineData("Name", "短信", "is not 1 to 40 lower-case")]
    [InlineData("Kind", "fax", "is none of webhook, sms, robot")]
    [InlineData("Url", "http://example.org/hook", "is not an https address")]
    [InlineData("Url", "https://user:word@example.org/hook", "is not an https address")]
    [InlineData("Url", "/hook", "is not an https address")]
    [InlineData("Secret", "word", "is not whsec_")]
    [InlineData("Secret", "whsec_AAAA", "is not whsec_")]
    [InlineData("Secret", "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA= word", "is not whsec_")]
    [InlineData("Language", "fr", "is none of zh, en")]
    [InlineData("Zh", "{person}", "is not a text")]
    [InlineData("TimeoutSeconds", "60", "is not 1 to 20 seconds")]
    [InlineData("Colour", "red", "is none of Name, Kind")]
    public void A_setting_that_cannot_be_used_keeps_the_host_from_starting_and_is_named(string key, string value, string why)
    {
        var refused = Should.Throw<StartRefusedException>(() => ChannelSettings.Read(Section((key, value))));

        refused.Message.ShouldStartWith($"The setting CommandCenter__NoticeChannels__0__{key} {why}");
        if (key == "Secret")
            refused.Message.ShouldNotContain(value);
    }

    [Fact]
    public void Settings_that_are_right_are_read()
    {
        var channel = ChannelSettings.Read(Section()).ShouldHaveSingleItem();

        (channel.Name, channel.Kind, channel.Language, channel.Timeout, channel.Text).ShouldBe(("sms", ChannelKind.Sms, ChannelLanguage.Zh, TimeSpan.FromSeconds(10), ChannelSettings.DefaultText));
        channel.Secrets.ShouldHaveSingleItem().ShouldBe(Receiver.Secret);
    }

    private static IConfigurationSection Section(params (string Key, string Value)[] changes)
    {
        var values = new Dictionary<string, string?>
        {
            ["CommandCenter:NoticeChannels:0:Name"] = "sms",
            ["CommandCenter:NoticeChannels:0:Kind"] = "sms",
            ["CommandCenter:NoticeChannels:0:Url"] = "https://example.org/hook",
            ["CommandCenter:NoticeChannels:0:Secret"] = $"whsec_{Convert.ToBase64String(Receiver.Secret)}",
        };
        foreach (var (key, value) in changes)
            values[$"CommandCenter:NoticeChannels:0:{key}"] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection("CommandCenter:NoticeChannels");
    }

    private async Task SendAsync(ChannelKind kind, Uri? address = null, ChannelLanguage language = ChannelLanguage.Zh, Message? text = null, OutgoingMessage? message = null)
    {
        using var channel = Channel(kind, address, language, text);
        await channel.SendAsync(message ?? AMessage, CancellationToken.None);
    }

    private WebhookChannel Channel(ChannelKind kind, Uri? address = null, ChannelLanguage language = ChannelLanguage.Zh, Message? text = null) => new(
        new ChannelSettings("here", kind, new Uri(address ?? Receiver.Address, "/here"), [Receiver.Secret], language, text ?? ChannelSettings.DefaultText, TimeSpan.FromSeconds(1)), new VirtualClock());

    private static OutgoingItem Item(NoticeKind kind, string? number, Message? matter) =>
        new(Guid.Empty, kind, NoticeWords.Of(kind), "case:1", number, matter, NoticeUrgency.Ordinary, null, new VirtualClock().GetUtcNow(), null, null, null);
}
