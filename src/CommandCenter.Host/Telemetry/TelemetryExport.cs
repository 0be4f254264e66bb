using System.Diagnostics;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CommandCenter.Host.Telemetry;

/// <summary>
/// Traces, metrics and logs over OTLP, when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; the other standard settings (protocol, headers, intervals, sampler, resource attributes) hold as well.
/// </summary>
public static class TelemetryExport
{
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Adds everything that is sent; nothing where no endpoint is set.</summary>
    public static void Add(WebApplicationBuilder builder)
    {
        if (builder.Configuration[EndpointSetting] is not { Length: > 0 })
            return;
        builder.Services.AddHostedService<TelemetryFigures>();
        builder.Services.AddHostedService(_ => new Exporter(builder.Configuration));
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeScopes = false;
            logs.SetResourceBuilder(Resource());
            logs.AddOtlpExporter((_, processor) => processor.ExportProcessorType = ExportProcessorType.Batch);
        });
    }

    /// <summary>Names each request's span by its route: an address would make a name of every case.</summary>
    public static void Use(WebApplication application)
    {
        if (application.Configuration[EndpointSetting] is not { Length: > 0 })
            return;
        application.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            finally
            {
                if (Activity.Current is { } activity)
                {
                    var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
                    activity.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} {route}";
                    activity.SetTag("http.request.method", context.Request.Method);
                    activity.SetTag("http.route", route);
                    activity.SetTag("http.response.status_code", context.Response.StatusCode);
                    if (context.Response.StatusCode >= 500)
                        activity.SetStatus(ActivityStatusCode.Error);
                }
            }
        });
    }

    private static ResourceBuilder Resource() => ResourceBuilder.CreateDefault()
        .AddService("command-center", serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString(), serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}")
        .AddEnvironmentVariableDetector();

    /// <summary>Lives as long as the host: begins to listen at its start, and sends what is left at its end.</summary>
    private sealed class Exporter(IConfiguration configuration) : IHostedService, IDisposable
    {
        private OpenTelemetrySdk? _sdk;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _sdk = OpenTelemetrySdk.Create(sdk =>
            {
                // So that the standard settings count wherever the host takes its own from.
                sdk.Services.AddSingleton(configuration);
                sdk.WithTracing(traces => traces
                    .SetResourceBuilder(Resource())
                    .AddSource("Microsoft.AspNetCore", "Microsoft.AspNetCore.SignalR.Server", "Npgsql", EventStoreTelemetry.Name, HostTelemetry.Name)
                    .AddOtlpExporter());
                sdk.WithMetrics(metrics => metrics
                    .SetResourceBuilder(Resource())
                    .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections", "System.Runtime", "Npgsql", EventStoreTelemetry.Name, HostTelemetry.Name)
                    .AddOtlpExporter());
            });
            // Made when they are first asked for.
            _ = _sdk.TracerProvider;
            _ = _sdk.MeterProvider;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _sdk?.TracerProvider.ForceFlush(5_000);
            _sdk?.MeterProvider.ForceFlush(5_000);
            return Task.CompletedTask;
        }

        public void Dispose() => _sdk?.Dispose();
    }
}
