using Npgsql;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Clientele.Server.Operations;

/// <summary>
/// Traces, metrics and logs by OTLP, and metrics for Prometheus at <c>/metrics</c>. What is not configured does not run and costs nothing.
/// </summary>
internal static class Telemetry
{
    /// <summary>The meter of all figures of ours.</summary>
    public const string MeterName = "Clientele";

    public const string MetricsPath = "/metrics";
    private const string Service = "clientele";

    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<TelemetrySettings>("Telemetry");
        if (configuration["Telemetry:OtlpEndpoint"] is { Length: > 0 } endpoint)
        {
            // As a variable, so that it means the same: for HTTP, the SDK appends the path of each signal.
            configuration[Key("")] = endpoint;
        }

        var isScraped = configuration["Telemetry:MetricsToken"] is { Length: > 0 };
        var (traces, metrics, logs) = (IsSent(configuration, "TRACES_"), IsSent(configuration, "METRICS_"), IsSent(configuration, "LOGS_"));
        if (!traces && !metrics && !logs && !isScraped)
        {
            return;
        }

        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource
            .AddService(Service, serviceVersion: BuildInfo.Version)
            // Last, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
            .AddEnvironmentVariableDetector());
        if (traces)
        {
            telemetry.WithTracing(tracing => tracing
                .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddNpgsql().AddProcessor(new SpanCleaner()).AddOtlpExporter());
            SpanCleaner.Listen();
        }

        if (metrics || isScraped)
        {
            telemetry.WithMetrics(meters => AddMeters(meters, metrics, isScraped));
            services.AddSingleton<GaugeReader>().AddHostedService(provider => provider.GetRequiredService<GaugeReader>());
        }

        if (logs)
        {
            telemetry.WithLogging(logging => logging.AddOtlpExporter(), options => options.IncludeFormattedMessage = true);
        }
    }

    /// <summary>Maps the page for Prometheus, if there is a token for it.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<TelemetrySettings>>().Value.MetricsToken is { Length: > 0 } token)
        {
            app.MapPrometheusScrapingEndpoint(MetricsPath, meterProvider: null, branch => branch.UseMetricsToken(token), optionsName: null)
                .WithMetadata(new HttpMethodMetadata([HttpMethods.Get])).For(Who.Public);
        }
    }

    private static void AddMeters(MeterProviderBuilder meters, bool isSent, bool isScraped)
    {
        meters.AddMeter(MeterName).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddNpgsqlInstrumentation();
        if (isSent)
        {
            meters.AddOtlpExporter();
        }

        if (isScraped)
        {
            meters.AddPrometheusExporter();
        }
    }

    /// <summary>Only the response to the right token is a page of metrics.</summary>
    private static void UseMetricsToken(this IApplicationBuilder branch, string token)
    {
        var expected = SHA256.HashData(Encoding.UTF8.GetBytes($"Bearer {token}"));
        branch.Use((context, next) =>
        {
            // Hashes have one length, so the time of the comparison tells nothing about the token.
            var sent = SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString()));
            return CryptographicOperations.FixedTimeEquals(sent, expected)
                ? next(context)
                : Problems.WriteAsync(context, new Problem("invalid_token", "Send the token of Telemetry:MetricsToken as Authorization: Bearer <token>."));
        });
    }

    private static bool IsSent(IConfiguration configuration, string signal) =>
        configuration[Key("")] is { Length: > 0 } || configuration[Key(signal)] is { Length: > 0 };

    /// <summary>The SDK reads these from the configuration, which includes the environment.</summary>
    private static string Key(string signal) => $"OTEL_EXPORTER_OTLP_{signal}ENDPOINT";
}
