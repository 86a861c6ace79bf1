using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using ChatFunctions.Local;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ChatFunctions.Tests.Telemetry;

/// <summary>Takes what the Azure Monitor exporter sends: gzip of a JSON object a line, which Application Insights calls an envelope.</summary>
public sealed class ApplicationInsights : IAsyncDisposable
{
    private readonly ConcurrentQueue<JsonElement> envelopes = new();
    private readonly WebApplication app;
    private Uri address = null!;

    private ApplicationInsights(WebApplication app) => this.app = app;

    /// <summary>Of Application Insights' connection string, whose key is a Guid that means nothing here.</summary>
    public string ConnectionString =>
        $"InstrumentationKey=10ca1000-0000-4000-8000-00000000000a;IngestionEndpoint={address};LiveEndpoint={address}";

    /// <summary>The data of all envelopes of a type.</summary>
    /// <param name="baseType">Such as <c>MessageData</c>, a row of the table <c>traces</c>.</param>
    public IReadOnlyList<JsonElement> Rows(string baseType) =>
    [
        .. from envelope in envelopes
           let data = envelope.GetProperty("data")
           where data.GetProperty("baseType").GetString() == baseType
           select data.GetProperty("baseData"),
    ];

    public static async Task<ApplicationInsights> StartAsync()
    {
        var app = LoopbackServer.CreateBuilder(LocalPort.Free).Build();
        var insights = new ApplicationInsights(app);
        app.MapPost("/v2.1/track", insights.TrackAsync);
        insights.address = await LoopbackServer.StartAsync(app, LocalPort.Free);
        return insights;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> TrackAsync(HttpRequest request)
    {
        var isZipped = request.Headers.ContentEncoding == "gzip";
        using var body = new StreamReader(isZipped ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body);
        var lines = (await body.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines) envelopes.Enqueue(JsonElement.Parse(line));
        return TypedResults.Ok(new { itemsReceived = lines.Length, itemsAccepted = lines.Length, errors = Array.Empty<object>() });
    }
}
