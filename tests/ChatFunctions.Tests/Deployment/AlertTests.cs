using System.Text.Json;

namespace ChatFunctions.Tests.Deployment;

[Collection(nameof(InfraBicep))]
public sealed class AlertTests(InfraBicep infra)
{
    [Fact]
    public async Task There_is_an_alert_on_server_errors() =>
        Assert.Equal("requests | where toint(resultCode) >= 500", await QueryAsync("server-errors"));

    [Fact]
    public async Task There_is_an_alert_on_what_the_app_logs_when_Momento_refuses_calls() =>
        Assert.EndsWith(
            "customDimensions.EventName == \"MomentoFailed\" and customDimensions.Code == \"LIMIT_EXCEEDED_ERROR\"",
            await QueryAsync("momento-limit"), StringComparison.Ordinal);

    [Fact]
    public async Task There_is_an_alert_on_what_the_app_logs_when_the_vault_tells_no_key() =>
        Assert.EndsWith(
            "customDimensions.EventName == \"NoApiKey\" or customDimensions.EventName == \"OldApiKeyServes\"",
            await QueryAsync("momento-key"), StringComparison.Ordinal);

    [Fact]
    public async Task Alerts_are_mailed_and_there_are_none_where_nobody_would_be_told()
    {
        var (dev, prod) = (await infra.StageAsync("dev"), await infra.StageAsync("prod"));
        var group = prod.One("Microsoft.Insights/actionGroups");
        var receiver = Assert.Single(group.GetProperty("properties").GetProperty("emailReceivers").EnumerateArray());
        Assert.Equal("operators@chat.example", receiver.GetProperty("emailAddress").GetString());
        Assert.All(
            Alerts(prod), alert => Assert.Equal(group.GetProperty("id").GetString(), Assert.Single(ActionGroups(alert)).GetString()));
        // A fresh workspace has no tables yet.
        Assert.All(Alerts(prod), alert => Assert.True(alert.GetProperty("properties").GetProperty("skipQueryValidation").GetBoolean()));
        Assert.Empty(dev.OfType("Microsoft.Insights/actionGroups"));
        Assert.Empty(Alerts(dev));
    }

    private async Task<string> QueryAsync(string alert)
    {
        var prod = await infra.StageAsync("prod");
        var rule = Assert.Single(Alerts(prod), each => each.GetProperty("name").GetString()!.EndsWith(alert, StringComparison.Ordinal));
        var properties = rule.GetProperty("properties");
        Assert.True(properties.GetProperty("enabled").GetBoolean());
        Assert.Equal(
            prod.One("Microsoft.Insights/components").GetProperty("id").GetString(),
            Assert.Single(properties.GetProperty("scopes").EnumerateArray()).GetString());
        var criterion = Assert.Single(properties.GetProperty("criteria").GetProperty("allOf").EnumerateArray());
        return criterion.GetProperty("query").GetString()!;
    }

    private static IEnumerable<JsonElement> Alerts(Snapshot snapshot) =>
        snapshot.OfType("Microsoft.Insights/scheduledQueryRules");

    private static List<JsonElement> ActionGroups(JsonElement alert) =>
        [.. alert.GetProperty("properties").GetProperty("actions").GetProperty("actionGroups").EnumerateArray()];
}
