using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Telemetry;

public sealed class AzureMonitorTests(TestCloud cloud)
{
    [Fact]
    public async Task Probe()
    {
        await using var insights = await ApplicationInsights.StartAsync();
        await using (var app = await cloud.StartAppAsync(new() { ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = insights.ConnectionString }))
        {
            using var alice = cloud.Client(app, "alice");
            await alice.TokenAsync();
            await alice.GetAsync("chats/aa");
        }
        foreach (var t in new[] { "MessageData", "RequestData", "RemoteDependencyData", "MetricData", "ExceptionData" })
            foreach (var r in insights.Rows(t)) Console.WriteLine(t + " " + r);
    }
}
