using System.Diagnostics;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ChatFunctions.Telemetry;

/// <summary>
/// Sends traces, metrics and logs by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, and to Azure Monitor where
/// <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is. Where neither is, nothing is collected.
/// </summary>
public static class TelemetryExport
{
    /// <summary>
    /// What the app does, without the server's part of a request: that is its host's to add, which is the Functions host's own when
    /// deployed, and would be there twice if this added it, too.
    /// </summary>
    /// <returns>Null where nothing is collected.</returns>
    public static IOpenTelemetryBuilder? AddTelemetryExport(this IServiceCollection services, IConfiguration configuration)
    {
        var toOtlp = !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var toAzureMonitor = !string.IsNullOrEmpty(configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"]);
        if (!toOtlp && !toAzureMonitor) return null;

        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => AddStage(resource, configuration["Stage"]))
            .WithTracing(Trace)
            .WithMetrics(metrics => metrics.AddMeter(ChatMetrics.MeterName, "System.Net.Http", "System.Runtime"))
            .WithLogging(null, logs => logs.IncludeFormattedMessage = true);
        if (toOtlp) telemetry.UseOtlpExporter();
        if (toAzureMonitor) telemetry.UseAzureMonitorExporter(exporter => Configure(exporter, configuration));
        return telemetry;
    }

    private static void AddStage(ResourceBuilder resource, string? stage)
    {
        if (!string.IsNullOrEmpty(stage)) resource.AddAttributes([new("deployment.environment.name", stage)]);
    }

    /// <summary>
    /// The Azure clients' own spans need the switch <c>Azure.Experimental.EnableActivitySource</c>, which Directory.Build.props sets.
    /// Below the span of a gRPC call, and of an Azure client's HTTP request, the same request would show again.
    /// </summary>
    private static void Trace(TracerProviderBuilder traces) => traces
        .AddSource("Azure.*")
        .AddProcessor<EntityAddress>()
        .AddGrpcClientInstrumentation(grpc => grpc.SuppressDownstreamInstrumentation = true)
        .AddHttpClientInstrumentation(http => http.FilterHttpRequestMessage =
            _ => Activity.Current?.Parent?.Source.Name != "Azure.Core.Http");

    private static void Configure(AzureMonitorExporterOptions exporter, IConfiguration configuration)
    {
        exporter.ConnectionString = configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"];
        // Set, as the Functions host wants it, where telemetry is taken from known identities only.
        var needsIdentity = !string.IsNullOrEmpty(configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]);
        if (needsIdentity) exporter.Credential = new DefaultAzureCredential();
        // The log has one line a request, and the alerts count lines: none may go with a trace that is not sampled.
        exporter.EnableTraceBasedLogsSampler = false;
    }
}
