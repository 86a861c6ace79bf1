using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Monitor.OpenTelemetry.Exporter;
using ChatFunctions.Local;
using ChatFunctions.Local.Momento;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Local;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace ChatFunctions.Tests.Telemetry;

[Collection(nameof(MetricTests))]
public sealed partial class AzureMonitorTests(TestCloud cloud)
{
    [Fact]
    public async Task Application_Insights_gets_the_requests_their_calls_the_log_and_the_metrics()
    {
        await using var insights = await SentAsync();
        Assert.Contains(insights.Rows("RequestData"), row => row.Text("name") == "GET /token");
        Assert.Contains(insights.Rows("RemoteDependencyData"), row => row.Text("name") == "token.Token/GenerateDisposableToken");
        Assert.Contains(insights.Rows("MessageData"), row => row.Text("message").StartsWith("GET /token 503 in ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_queries_for_operators_and_the_alerts_ask_for_is_there()
    {
        await using var insights = await SentAsync();
        var logged = insights.Rows("MessageData").Concat(insights.Rows("ExceptionData")).SelectMany(Properties).ToLookup(each => each.Name, each => each.Value.ToString());
        var measured = insights.Rows("MetricData");
        var dimensions = logged.Select(each => each.Key).Concat(measured.SelectMany(Properties).Select(each => each.Name)).ToHashSet();
        var metrics = measured.SelectMany(Metrics).Select(metric => metric.Text("name")).ToHashSet();

        var queries = await QueriesAsync();
        Assert.All(All(Dimension, queries), name => Assert.Contains(name, dimensions));
        Assert.All(All(MetricName, queries), name => Assert.Contains(name, metrics));
        Assert.All(All(EventName, queries), name => Assert.Contains(name, logged["EventName"]));
        Assert.All(All(ErrorCode, queries), code => Assert.Contains(code, logged["Code"]));
    }

    /// <summary>What is sent of a run with tokens made and reused, calls that Momento refuses, and a vault that fails.</summary>
    private async Task<ApplicationInsights> SentAsync()
    {
        var insights = await ApplicationInsights.StartAsync();
        var settings = new Dictionary<string, string?>
        {
            ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = insights.ConnectionString,
        };
        var momento = new MomentoServerOptions
        {
            Caches = [LocalCloud.CacheName],
            TokenCallsPerSecond = 1,
        };
        using var logs = new LogRecorder();
        await using (var lab = await TokenLab.StartAsync(cloud, settings, momento, logs, SendAllTraces)) await UseAsync(lab, logs);
        // What the exporter sends last, when the app stops.
        await TokenLab.UntilAsync(() => insights.Rows("RequestData").Any(row => row.Text("name") == "GET /token")
            && insights.Rows("MetricData").SelectMany(Metrics).Any(metric => metric.Text("name") == "chat.token.vends"));
        return insights;
    }

    /// <summary>By default it sends some five traces a second, chosen at random.</summary>
    private static void SendAllTraces(IServiceCollection services) =>
        services.Configure<AzureMonitorExporterOptions>(exporter => (exporter.TracesPerSecond, exporter.SamplingRatio) = (null, 1));

    private static async Task UseAsync(TokenLab lab, LogRecorder logs)
    {
        lab.KeyVaultWire.Fault = Fault.Down;
        using var alice = lab.Client("alice");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await alice.GetAsync("token")).StatusCode);
        lab.KeyVaultWire.Fault = Fault.None;
        lab.Time.Advance(TimeSpan.FromSeconds(2));
        await alice.TokenAsync();
        await alice.SayAsync((await alice.RoomAsync(ChatApi.Unique("measured"))).Text("chatId"), "heard");
        using var bob = lab.Client("bob");
        var refused = bob.GetAsync("token");
        await TokenLab.UntilAsync(() => logs.Entries().Any(entry => entry.Contains("LIMIT_EXCEEDED", StringComparison.Ordinal)));
        lab.KeyVaultWire.Fault = Fault.Down;
        lab.Time.Advance(TimeSpan.FromMinutes(6));
        await alice.TokenAsync();
        await lab.UntilWarnedAsync(logs, "serves on");
        await refused;
    }

    private static async Task<string> QueriesAsync()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operate.md"));
        var alerts = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "infra-bicep", "alerts.bicep"));
        return string.Join('\n', KustoBlock.Matches(page).Concat(AlertQuery.Matches(alerts)).Select(match => match.Groups[1].Value));
    }

    /// <summary>What a part of the queries names; there is some.</summary>
    private static List<string> All(Regex part, string queries)
    {
        List<string> names = [.. part.Matches(queries).Select(match => match.Groups[1].Value).Distinct()];
        Assert.NotEmpty(names);
        return names;
    }

    private static IEnumerable<JsonProperty> Properties(JsonElement row) =>
        row.TryGetProperty("properties", out var properties) ? properties.EnumerateObject() : [];

    private static IEnumerable<JsonElement> Metrics(JsonElement row) => row.GetProperty("metrics").EnumerateArray();

    [GeneratedRegex("```kusto\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex KustoBlock { get; }

    [GeneratedRegex("query: '(.*)'")]
    private static partial Regex AlertQuery { get; }

    [GeneratedRegex("customDimensions(?:\\.|\\[\")([a-zA-Z_.]+)")]
    private static partial Regex Dimension { get; }

    [GeneratedRegex("name == \"([^\"]+)\"")]
    private static partial Regex MetricName { get; }

    [GeneratedRegex("customDimensions\\.EventName == \"([^\"]+)\"")]
    private static partial Regex EventName { get; }

    [GeneratedRegex("customDimensions\\.Code == \"([^\"]+)\"")]
    private static partial Regex ErrorCode { get; }
}
