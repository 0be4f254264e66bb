using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CommandCenter.Domain;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Inbox;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Inbox.Channels;

/// <summary>
/// Posts messages to one configured address, signed as Standard Webhooks says: headers <c>webhook-id</c>, <c>webhook-timestamp</c> and <c>webhook-signature</c>, which is
/// <c>v1,</c> and the base64 of HMAC-SHA-256 over <c>{id}.{timestamp}.{body}</c>, one for each secret with a space between. Redirects are not followed, nothing is waited for longer than the channel's limit, and of an answer no
/// more than 64 KiB is read.
/// </summary>
public sealed class WebhookChannel : INoticeChannel, IDisposable
{
    private const int LongestAnswer = 64 * 1024;

    private readonly ChannelSettings _settings;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;
    // Milliseconds since the machine started; 0 while the receiver answers.
    private long _restUntil;

    public WebhookChannel(ChannelSettings settings, TimeProvider clock)
    {
        _settings = settings;
        _clock = clock;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !settings.Url.IsLoopback,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 16,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public string Name => _settings.Name;

    public async Task SendAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        // One that just did not answer is asked by one message at a time, else all places of the relay would wait for it and no other channel got any.
        if (!MayAsk())
            throw new DeliveryFailedException($"{Name} has not answered of late; it is asked again in a moment.");
        // By real time, whatever the town's clock says: somebody's network is waited for.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_settings.Timeout);
        try
        {
            using var request = Request(message);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            Interlocked.Exchange(ref _restUntil, 0);
            await JudgeAsync(response, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _restUntil, Environment.TickCount64 + (long)_settings.Timeout.TotalMilliseconds);
            throw new DeliveryFailedException($"{Name} did not answer within {_settings.Timeout.TotalSeconds:0} s.");
        }
        catch (HttpRequestException e)
        {
            throw new DeliveryFailedException($"{Name} could not be reached ({e.HttpRequestError}).", inner: e);
        }
        catch (IOException e)
        {
            throw new DeliveryFailedException($"The connection to {Name} was lost.", inner: e);
        }
    }

    public void Dispose() => _http.Dispose();

    // Whoever asks after the rest rests the others for as long as the answer may take.
    private bool MayAsk()
    {
        var (until, now) = (Interlocked.Read(ref _restUntil), Environment.TickCount64);
        return until == 0 || (now >= until && Interlocked.CompareExchange(ref _restUntil, now + (long)_settings.Timeout.TotalMilliseconds, until) == until);
    }

    /// <summary>The signature of a body, as the receiver computes it.</summary>
    public static string Sign(ReadOnlySpan<byte> secret, string id, string timestamp, ReadOnlySpan<byte> body) =>
        $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]))}";

    private HttpRequestMessage Request(OutgoingMessage message)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(Body(message), DomainJson.Options);
        var id = message.Id.ToString("D");
        var timestamp = _clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, _settings.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", string.Join(' ', _settings.Secrets.Select(secret => Sign(secret, id, timestamp, body))));
        return request;
    }

    private object Body(OutgoingMessage message)
    {
        var text = new Message(Text(_settings.Text.Zh, message, zh: true), Text(_settings.Text.En, message, zh: false));
        var chosen = _settings.Language == ChannelLanguage.Zh ? text.Zh : text.En;
        return _settings.Kind switch
        {
            ChannelKind.Sms => new SmsBody(message.Id, message.Person, chosen),
            ChannelKind.Robot => new RobotBody("text", new RobotText(chosen, [message.Person]), new RobotAt([message.Person])),
            _ => new WebhookBody(message.Id, message.Person, message.Count, text, message.Items),
        };
    }

    /// <summary>A text with as many of the items as the kind of channel takes, and how many more there are.</summary>
    private string Text(string template, OutgoingMessage message, bool zh)
    {
        var counted = template.Replace("{count}", message.Count.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var lines = message.Items.Select(item => Line(item, zh)).ToList();
        for (var shown = lines.Count; ; shown--)
        {
            var left = lines.Count - shown;
            IEnumerable<string> parts = [.. lines.Take(shown), .. left == 0 ? (string[])[] : [More(left, zh)]];
            var text = counted.Replace("{items}", string.Join(zh ? "；" : "; ", parts), StringComparison.Ordinal);
            if (shown == 0 || Fits(text))
                return text;
        }
    }

    private static string More(int left, bool zh) => zh ? string.Create(CultureInfo.InvariantCulture, $"另有 {left} 条") : string.Create(CultureInfo.InvariantCulture, $"and {left} more");

    // A long text message, and what the robots of WeCom take at most.
    private bool Fits(string text) => _settings.Kind switch
    {
        ChannelKind.Sms => text.Length <= 500,
        ChannelKind.Robot => Encoding.UTF8.GetByteCount(text) <= 2048,
        _ => text.Length <= 2000,
    };

    private static string Line(OutgoingItem item, bool zh)
    {
        string?[] parts = [zh ? item.Title.Zh : item.Title.En, item.Number, zh ? item.Matter?.Zh : item.Matter?.En];
        return string.Join(' ', parts.Where(part => part is not null));
    }

    private async Task JudgeAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        if (status is >= 200 and < 300)
        {
            if (_settings.Kind == ChannelKind.Robot)
                await CheckErrorCodeAsync(response, cancellation);
            return;
        }

        // Somebody has to look: an address that moved, a secret that is not the receiver's, a body that it does not take. It is replayed when that is mended.
        if (status is >= 300 and < 500 and not (408 or 425 or 429))
            throw new UndeliverableException($"{Name} answered {status}{(status < 400 ? ", a redirect, which is not followed" : "")}.");
        throw new DeliveryFailedException($"{Name} answered {status}.", Wait(response.Headers));
    }

    // Robots say 200 in any case, and the truth in the body.
    private async Task CheckErrorCodeAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var buffer = new byte[LongestAnswer];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        int code;
        try
        {
            using var answer = JsonDocument.Parse(buffer.AsMemory(0, length));
            code = answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("errcode", out var error) && error.TryGetInt32(out var number) ? number : 0;
        }
        catch (JsonException e)
        {
            throw new DeliveryFailedException($"{Name} gave an answer that is not JSON, or longer than {LongestAnswer / 1024} KiB.", inner: e);
        }

        if (code != 0)
            throw new DeliveryFailedException($"{Name} answered errcode {code.ToString(CultureInfo.InvariantCulture)}.");
    }

    // An instant by the receiver's clock, which may go otherwise than ours. The relay sees to it that it is neither too long nor too short.
    private TimeSpan? Wait(HttpResponseHeaders headers) => headers.RetryAfter?.Delta ?? headers.RetryAfter?.Date - (headers.Date ?? _clock.GetUtcNow());

    private sealed record WebhookBody(Guid Id, string Person, int Count, Message Text, IReadOnlyList<OutgoingItem> Items);

    private sealed record SmsBody(Guid Id, string To, string Text);

    // A robot speaks to a group: whom it means, the two say in ways of their own.
    private sealed record RobotText(string Content, [property: JsonPropertyName("mentioned_list")] IReadOnlyList<string> Mentioned);

    private sealed record RobotAt(IReadOnlyList<string> AtUserIds);

    private sealed record RobotBody(string Msgtype, RobotText Text, RobotAt At);
}
