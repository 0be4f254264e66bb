using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CommandCenter.Host.Tests.Telemetry;

/// <summary>A span as it came over the wire.</summary>
internal sealed record ReceivedSpan(string Trace, string Id, string Parent, string Name, IReadOnlyList<string> LinkedTraces);

/// <summary>Takes OTLP over HTTP in protobuf, and reads as much of it as tests ask for.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _application;

    private OtlpReceiver(WebApplication application) => _application = application;

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = new();

    /// <summary>The names of all metrics that came.</summary>
    public ConcurrentDictionary<string, bool> Metrics { get; } = new();

    /// <summary>All texts of log records.</summary>
    public ConcurrentQueue<string> Logs { get; } = new();

    public string Address => _application.Urls.First();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var receiver = new OtlpReceiver(application);
        application.MapPost("/v1/traces", context => receiver.TakeAsync(context, receiver.ReadTraces));
        application.MapPost("/v1/metrics", context => receiver.TakeAsync(context, receiver.ReadMetrics));
        application.MapPost("/v1/logs", context => receiver.TakeAsync(context, receiver.ReadLogs));
        await application.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task TakeAsync(HttpContext context, Action<byte[]> read)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        read(body.ToArray());
        context.Response.ContentType = "application/x-protobuf";
    }

    // resource_spans = 1, scope_spans = 2, spans = 2; trace_id = 1, span_id = 2, parent_span_id = 4, name = 5, links = 13.
    private void ReadTraces(byte[] body)
    {
        foreach (var span in Fields(body, 1).SelectMany(resource => Fields(resource, 2)).SelectMany(scope => Fields(scope, 2)))
            Spans.Enqueue(new ReceivedSpan(
                Hex(span, 1), Hex(span, 2), Hex(span, 4), Encoding.UTF8.GetString(Fields(span, 5).FirstOrDefault([])), [.. Fields(span, 13).Select(link => Hex(link, 1))]));
    }

    // resource_metrics = 1, scope_metrics = 2, metrics = 2; name = 1.
    private void ReadMetrics(byte[] body)
    {
        foreach (var metric in Fields(body, 1).SelectMany(resource => Fields(resource, 2)).SelectMany(scope => Fields(scope, 2)))
            Metrics[Encoding.UTF8.GetString(Fields(metric, 1).First())] = true;
    }

    // resource_logs = 1, scope_logs = 2, log_records = 2; body = 5, string_value = 1.
    private void ReadLogs(byte[] body)
    {
        foreach (var record in Fields(body, 1).SelectMany(resource => Fields(resource, 2)).SelectMany(scope => Fields(scope, 2)))
            Logs.Enqueue(string.Concat(Fields(record, 5).SelectMany(value => Fields(value, 1)).Select(Encoding.UTF8.GetString)));
    }

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).FirstOrDefault([]));

    // The length-delimited fields of a number.
    private static IEnumerable<byte[]> Fields(byte[] message, int number)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    if ((int)(tag >> 3) == number)
                        yield return message[at..(at + length)];
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7} is not read here.");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
