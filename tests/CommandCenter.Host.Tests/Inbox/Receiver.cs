using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CommandCenter.Host.Inbox.Channels;
using CommandCenter.Host.Tests.Towns;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CommandCenter.Host.Tests.Inbox;

/// <summary>A request as it came in.</summary>
public sealed record Received(string Path, string Id, string Timestamp, string Signature, byte[] Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;
}

/// <summary>Somebody else's server on this machine: takes what is posted to it, and answers as a test says.</summary>
public sealed class Receiver : IAsyncDisposable
{
    /// <summary>What the receiver and the town share.</summary>
    public static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(n => (byte)n)];

    private readonly WebApplication _application;
    private readonly ConcurrentQueue<Received> _received = new();

    private Receiver(WebApplication application)
    {
        _application = application;
        application.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var headers = context.Request.Headers;
            _received.Enqueue(new Received(context.Request.Path, headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), body.ToArray()));
            await Answer(context);
        });
    }

    /// <summary>How it answers; 200 by default.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = Taken;

    public Uri Address => new(_application.Urls.First());

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new Receiver(builder.Build());
        await receiver._application.StartAsync();
        return receiver;
    }

    public static Task Taken(HttpContext context) => Task.CompletedTask;

    /// <summary>Answers so for the first times, then takes what comes.</summary>
    public static Func<HttpContext, Task> First(int times, Func<HttpContext, Task> answer)
    {
        var left = times;
        return context => Interlocked.Decrement(ref left) >= 0 ? answer(context) : Taken(context);
    }

    public static Func<HttpContext, Task> Status(int status, string? header = null, string? value = null) => context =>
    {
        context.Response.StatusCode = status;
        if (header is not null)
            context.Response.Headers[header] = value;
        return Task.CompletedTask;
    };

    /// <summary>Everything that came, however it was signed.</summary>
    public IReadOnlyList<Received> Unchecked => [.. _received];

    /// <summary>Everything that came to a path, each with a signature that is right.</summary>
    public IReadOnlyList<Received> At(string path)
    {
        var came = _received.Where(received => received.Path == path).ToList();
        foreach (var received in came)
            received.Signature.ShouldBe(WebhookChannel.Sign(Secret, received.Id, received.Timestamp, received.Body));
        return came;
    }

    /// <summary>Those of a path whose body says so.</summary>
    public IReadOnlyList<Received> At(string path, Func<JsonNode, bool> which) => [.. At(path).Where(received => which(received.Json))];

    public Task UntilAsync(Func<bool> condition, string what) => Town.UntilAsync(() => Task.FromResult(condition()), what);

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
