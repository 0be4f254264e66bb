using System.Text.Json;
using System.Text.Json.Serialization;
using CommandCenter.Domain;
using CommandCenter.Domain.Formats;
using CommandCenter.EventStore;
using Npgsql;

namespace CommandCenter.Host.Http;

/// <summary>The body of every error (RFC 9457 with <c>code</c> and <c>message</c> in both languages).</summary>
[Example(
    """
    {"type":"/problems/case.not_filed","title":"The case is not filed yet; file it first.","status":409,"code":"case.not_filed","message":{"zh":"案件尚未立案，请先立案。","en":"The case is not filed yet; file it first."},"possible":["file","refuse"]}
    """)]
public sealed record Problem(
    string Type, string Title, int Status, string Code, Message Message, string? Detail = null, string? Field = null, IReadOnlyList<string>? Possible = null, long? Current = null, string? TraceId = null,
    LastChangeView? Last = null, IReadOnlyList<RefusalLine>? Lines = null);

/// <summary>Turns every failure into a problem document; what nobody expected is logged and answered without its inside.</summary>
public sealed partial class ProblemWriter(RequestDelegate next, ILogger<ProblemWriter> logger)
{
    private static readonly JsonSerializerOptions Json = WebJson();

    // Classes of errors that pass by themselves: connections, others in the way, out of resources, stopping, the system. Any other is a fault of ours.
    private static readonly string[] Passing = ["08", "40", "53", "55", "57", "58"];

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, ContentLength: null, ContentType: null, StatusCode: >= 400 } response)
                await WriteAsync(context, ForStatus(response.StatusCode));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone; there is nobody to answer.
            context.Response.StatusCode = 499;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, ForException(exception, context));
        }
    }

    private ProblemException ForException(Exception exception, HttpContext context)
    {
        switch (exception)
        {
            case ProblemException problem:
                return problem;
            case BadHttpRequestException { StatusCode: 413 }:
                // JSON is cut at its own smaller limit before the server's is met.
                return Problems.BodyTooLarge(Domain.Files.FileType.LongestImage);
            case BadHttpRequestException bad:
                return Problems.Malformed(bad.Message);
            case LogBusyException busy:
                LogUnavailable(logger, exception, context.Request.Path);
                return Problems.Busy(busy.RetryAfter);
            case UnknownCommitException:
                LogUnavailable(logger, exception, context.Request.Path);
                return Problems.CommitUnknown();
            case BrokenTreeException:
                LogUnexpected(logger, exception, context.Request.Method, context.Request.Path);
                return Problems.LogBroken();
            case EventDataException data:
                return Problems.Malformed(data.Message);
            case NpgsqlException or TimeoutException when exception is not PostgresException { SqlState: var state } || Passing.Contains(state[..2]):
                LogUnavailable(logger, exception, context.Request.Path);
                return Problems.DatabaseAway();
            default:
                LogUnexpected(logger, exception, context.Request.Method, context.Request.Path);
                return new ProblemException(500, "server.unexpected", new("系统出错，已记录。", "Something unexpected went wrong; it was logged."));
        }
    }

    private static ProblemException ForStatus(int status) => status switch
    {
        404 => Problems.NotFound(),
        405 => new(405, "request.method", new("不支持这种请求方式。", "This method is not supported here.")),
        413 => Problems.BodyTooLarge(RequestBody.MaximumBytes),
        415 => new(415, "request.media_type", new("不支持这种内容类型。", "This media type is not taken here."), "Content-Type"),
        _ => new(status, "request.failed", new("请求未能完成。", "The request could not be completed.")),
    };

    private static async Task WriteAsync(HttpContext context, ProblemException problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        if (problem.RetryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (problem.Current is { } version)
            response.Headers.ETag = ETags.Of(version);
        var body = new Problem(
            $"/problems/{problem.Code}", problem.Words.En, problem.Status, problem.Code, problem.Words, problem.Detail, problem.Field, problem.Possible, problem.Current,
            System.Diagnostics.Activity.Current?.TraceId.ToString(), problem.Last, problem.Lines);
        await JsonSerializer.SerializeAsync(response.Body, body, Json, context.RequestAborted);
    }

    private static JsonSerializerOptions WebJson()
    {
        var options = new JsonSerializerOptions { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        DomainJson.Apply(options);
        return options;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log did not answer for {Path}")]
    private static partial void LogUnavailable(ILogger logger, Exception exception, string path);
}
