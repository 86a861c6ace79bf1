using System.Net;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Tokens;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Http;

public sealed class HealthTests(TestCloud cloud)
{
    [Fact]
    public async Task An_app_whose_services_answer_is_live_and_ready()
    {
        Assert.Equal("healthy", (await (await cloud.Client().GetAsync("health/live")).JsonAsync()).Text("status"));
        var ready = await (await cloud.Client().GetAsync("health/ready")).JsonAsync();
        Assert.Equal("""{"status":"healthy","checks":{"tables":"healthy","momentoApiKey":"healthy"}}""", ready.GetRawText());
    }

    [Fact]
    public async Task An_app_without_its_services_is_live_but_not_ready_and_says_which_but_not_why()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var tables = new FaultProxy(cloud.Local.Storage.TableEndpoint);
        await using var app = await cloud.StartAppAsync(new()
        {
            ["Tables:ConnectionString"] = cloud.TablesThrough(tables.Address),
        }, time);
        var client = cloud.Client(app);
        tables.Fault = Fault.Down;
        var notReady = await (await client.GetAsync("health/ready")).JsonAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("""{"status":"unhealthy","checks":{"tables":"unhealthy","momentoApiKey":"healthy"}}""", notReady.GetRawText());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("health/live")).StatusCode);

        // The answer is kept for some seconds, so that asking costs nothing.
        tables.Fault = Fault.None;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("health/ready")).StatusCode);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("health/ready")).StatusCode);
    }

    [Fact]
    public async Task An_app_that_cannot_read_its_key_is_not_ready()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        lab.KeyVaultWire.Fault = Fault.Down;
        var notReady = await (await cloud.Client(lab.App).GetAsync("health/ready")).JsonAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("""{"status":"unhealthy","checks":{"tables":"healthy","momentoApiKey":"unhealthy"}}""", notReady.GetRawText());
    }
}
