using System.Collections.Concurrent;
using ChatFunctions.Local;
using ChatFunctions.Tests.Telemetry.Otlp;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ChatFunctions.Tests.Telemetry;

/// <summary>A collector of the OpenTelemetry Protocol over HTTP, which keeps all that it is sent.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<TraceRequest> traces = new();
    private readonly ConcurrentQueue<MetricsRequest> metrics = new();
    private readonly ConcurrentQueue<LogsRequest> logs = new();
    private readonly WebApplication app;

    private OtlpCollector(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>The settings with which an app sends its telemetry here.</summary>
    public Dictionary<string, string?> AppSettings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_SERVICE_NAME"] = "chat",
        ["Stage"] = "test",
    };

    public IReadOnlyList<Span> Spans => [.. from request in traces from each in request.ResourceSpans from scope in each.ScopeSpans from span in scope.Spans select span];

    public IReadOnlyList<Metric> Metrics =>
        [.. from request in metrics from each in request.ResourceMetrics from scope in each.ScopeMetrics from metric in scope.Metrics select metric];

    public IReadOnlyList<LogRecord> Logs => [.. from request in logs from each in request.ResourceLogs from scope in each.ScopeLogs from record in scope.LogRecords select record];

    /// <summary>Whom each delivery says that it is from.</summary>
    public IReadOnlyList<Resource> Resources =>
    [
        .. traces.SelectMany(request => request.ResourceSpans).Select(each => each.Resource),
        .. metrics.SelectMany(request => request.ResourceMetrics).Select(each => each.Resource),
        .. logs.SelectMany(request => request.ResourceLogs).Select(each => each.Resource),
    ];

    public static async Task<OtlpCollector> StartAsync()
    {
        var app = LoopbackServer.CreateBuilder(LocalPort.Free).Build();
        var collector = new OtlpCollector(app);
        app.MapPost("/v1/traces", http => KeepAsync(http, TraceRequest.Parser, collector.traces));
        app.MapPost("/v1/metrics", http => KeepAsync(http, MetricsRequest.Parser, collector.metrics));
        app.MapPost("/v1/logs", http => KeepAsync(http, LogsRequest.Parser, collector.logs));
        collector.Address = await LoopbackServer.StartAsync(app, LocalPort.Free);
        return collector;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static async Task KeepAsync<T>(HttpContext http, MessageParser<T> parser, ConcurrentQueue<T> kept) where T : IMessage<T>
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        kept.Enqueue(parser.ParseFrom(body.ToArray()));
        http.Response.ContentType = "application/x-protobuf";
    }
}
