using System.Text.Json;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Attack;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Telemetry;
using ChatFunctions.Tests.Tokens;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Tests.Worker;

/// <summary>The app under both hosts, on the same cloud: the embedded one that <c>dotnet run</c> has, and the real worker's.</summary>
public sealed class ConformanceLab(TestCloud cloud) : IAsyncLifetime
{
    private readonly LogRecorder embeddedLog = new(LogLevel.Information);
    private FunctionHost embedded = null!;

    public WorkerApp Worker { get; private set; } = null!;

    public ConformanceWorld EmbeddedWorld { get; private set; } = null!;

    public ConformanceWorld WorkerWorld { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        embedded = await cloud.StartAppAsync([], logs: embeddedLog);
        Worker = await WorkerApp.StartAsync(cloud);
        EmbeddedWorld = await ConformanceWorld.CreateAsync(cloud, embedded.Address);
        WorkerWorld = await ConformanceWorld.CreateAsync(cloud, Worker.Host.Address);
    }

    /// <summary>What one host makes of a request: status, headers, body, and the line in the log. No two hosts may differ in it.</summary>
    public async Task<string> AskAsync(ConformanceWorld world, Exchange exchange)
    {
        var traceId = TracedClient.NewTraceId();
        using var client = new RawClient(world.Address);
        using var answer = await client.SendAsync(
            new HttpMethod(exchange.Method), exchange.ToBytes(world, $"00-{traceId}-{TracedClient.SpanId}-00"));
        var body = await answer.Content.ReadAsStringAsync();
        if (exchange.Keep is { } field) world.Keep(field, JsonElement.Parse(body).Text(field));
        var isProblem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json";
        var answeredId = isProblem ? JsonElement.Parse(body).Text("traceId") : traceId;
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(IsOfTheApp).OrderBy(header => header.Key, StringComparer.Ordinal)
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
        var isLogged = answer.Headers.Contains("Access-Control-Expose-Headers") && !IsProbe(exchange);
        var line = isLogged ? await LineAsync(world, answeredId) : "";
        return string.Join('\n', [
            $"{(int)answer.StatusCode}", .. headers.Select(world.Normalize), Sorted(world.Normalize(body)), world.Normalize(line),
            $"client's trace: {answeredId == traceId}"]);
    }

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        await embedded.DisposeAsync();
    }

    /// <summary>A list without its order, which follows from ids that differ.</summary>
    private static string Sorted(string body) => body.StartsWith('[')
        ? string.Join('\n', JsonElement.Parse(body).EnumerateArray().Select(item => item.GetRawText()).Order(StringComparer.Ordinal))
        : body;

    /// <summary>Of the two servers are the time and their name, and how a body is framed.</summary>
    private static bool IsOfTheApp(KeyValuePair<string, IEnumerable<string>> header) =>
        header.Key is not ("Date" or "Server" or "Transfer-Encoding" or "Content-Length");

    /// <summary>Its line has a level that the Functions host does not log.</summary>
    private static bool IsProbe(Exchange exchange) =>
        exchange.Path.StartsWith("health/", StringComparison.Ordinal) || exchange.Path.StartsWith("openapi.json", StringComparison.Ordinal);

    /// <summary>Waits for the line of a request.</summary>
    private async Task<string> LineAsync(ConformanceWorld world, string traceId)
    {
        string? line = null;
        await TokenLab.UntilAsync(() => (line = Lines(world).FirstOrDefault(each => each.Contains(traceId, StringComparison.Ordinal))) is not null);
        return line!.Trim();
    }

    private IEnumerable<string> Lines(ConformanceWorld world) =>
        world == EmbeddedWorld ? embeddedLog.Entries(LogLevel.Information) : Worker.Host.Logs.Select(entry => entry.Message);
}
