using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CommandCenter.Domain;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Inbox;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Inbox.Channels;

/// <summary>
/// Posts messages to one configured address, signed as Standard Webhooks says: headers <c>webhook-id</c>, <c>webhook-timestamp</c> and <c>webhook-signature</c>, which is
/// <c>v1,</c> and the base64 of HMAC-SHA-256 over <c>{id}.{timestamp}.{body}</c>. Redirects are not followed, nothing is waited for longer than the channel's limit, and of an answer no
/// more than 64 KiB is read.
/// </summary>
public sealed class WebhookChannel : INoticeChannel, IDisposable
{
    private const int LongestAnswer = 64 * 1024;

    private readonly ChannelSettings _settings;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;

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
        // By real time, whatever the town's clock says: somebody's network is waited for.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_settings.Timeout);
        try
        {
            using var request = Request(message);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            await JudgeAsync(response, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
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
        request.Headers.Add("webhook-signature", Sign(_settings.Secret, id, timestamp, body));
        return request;
    }

    private object Body(OutgoingMessage message)
    {
        var text = new Message(Text(_settings.Text.Zh, message, zh: true), Text(_settings.Text.En, message, zh: false));
        var chosen = _settings.Language == ChannelLanguage.Zh ? text.Zh : text.En;
        return _settings.Kind switch
        {
            ChannelKind.Sms => new SmsBody(message.Id, message.Person, chosen),
            ChannelKind.Robot => new RobotBody("text", new RobotText(chosen)),
            _ => new WebhookBody(message.Id, message.Person, message.Count, text, message.Items),
        };
    }

    private static string Text(string template, OutgoingMessage message, bool zh) => template
        .Replace("{count}", message.Count.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{items}", string.Join(zh ? "；" : "; ", message.Items.Select(item => Line(item, zh))), StringComparison.Ordinal);

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
        throw new DeliveryFailedException($"{Name} answered {status}.", Wait(response.Headers.RetryAfter));
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

    // The relay sees to it that nobody asks for more than it waits.
    private TimeSpan? Wait(RetryConditionHeaderValue? asked) => asked?.Delta ?? asked?.Date - _clock.GetUtcNow();

    private sealed record WebhookBody(Guid Id, string Person, int Count, Message Text, IReadOnlyList<OutgoingItem> Items);

    private sealed record SmsBody(Guid Id, string To, string Text);

    private sealed record RobotText(string Content);

    private sealed record RobotBody(string Msgtype, RobotText Text);
}
