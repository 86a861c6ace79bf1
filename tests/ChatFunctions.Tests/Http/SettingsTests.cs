using ChatFunctions.Tests.Cloud;
using Microsoft.Extensions.Options;

namespace ChatFunctions.Tests.Http;

public sealed class SettingsTests(TestCloud cloud)
{
    [Theory]
    [InlineData("KeyVault:VaultUri", null)]
    [InlineData("KeyVault:VaultUri", "http://vault.example")]
    [InlineData("KeyVault:VaultUri", "http://localhost:1")]
    [InlineData("KeyVault:VaultUri", "not an address")]
    [InlineData("KeyVault:MomentoApiKeySecret", "no/secret")]
    [InlineData("KeyVault:RefreshInterval", "00:00:00")]
    [InlineData("Momento:CacheName", null)]
    [InlineData("Momento:Endpoint", "http://momento.example")]
    [InlineData("Momento:Endpoint", "momento.example")]
    [InlineData("Momento:Endpoint", "evil.example/.momentohq.com")]
    [InlineData("Momento:Endpoint", "evilmomentohq.com")]
    [InlineData("Momento:TokenLifetime", "00:00:01")]
    [InlineData("Momento:TokenLifetime", "1.01:00:01")]
    [InlineData("Momento:PrivateTokenLifetime", "00:00:01")]
    [InlineData("Momento:PrivateTokenLifetime", "1.01:00:01")]
    [InlineData("Momento:SharedTokenLifetime", "00:00:01")]
    [InlineData("Momento:SharedTokenLifetime", "1.01:00:01")]
    [InlineData("Momento:TopicPrefix", "no-slash")]
    [InlineData("Momento:TopicPrefix", "/")]
    [InlineData("Momento:TopicPrefix", "two/parts/")]
    [InlineData("Momento:TopicPrefix", "Capitals/")]
    [InlineData("Momento:TopicPrefix", "public/")]
    [InlineData("Momento:TopicPrefix", "private/")]
    [InlineData("Momento:TopicPrefix", "events/")]
    [InlineData("Momento:TokenCallsPerSecond", "0")]
    [InlineData("Momento:TokenCallsPerCallerPerMinute", "0")]
    [InlineData("Momento:PublishesPerSecond", "0")]
    [InlineData("Momento:PublishesPerSecond", "10001")]
    [InlineData("Entra:Authority", null)]
    [InlineData("Entra:Authority", "http://login.example/10ca1000-0000-4000-8000-000000000000/v2.0")]
    [InlineData("Entra:Authority", "https://login.example/common/v2.0")]
    [InlineData("Entra:Audiences:0", null)]
    [InlineData("Entra:Audiences:0", "")]
    [InlineData("Entra:Audiences:1", " ")]
    [InlineData("Entra:RequiredScope", " ")]
    [InlineData("Http:RequestTimeout", "1.00:00:00")]
    [InlineData("Http:MessagesPerCallerPerMinute", "0")]
    [InlineData("Http:MessageChangesPerCallerPerMinute", "0")]
    [InlineData("Http:ReactionsPerCallerPerMinute", "0")]
    [InlineData("Http:PresencePerCallerPerMinute", "0")]
    [InlineData("Presence:MaxPeople", "0")]
    [InlineData("Http:WritesPerCallerPerMinute", "0")]
    [InlineData("Messages:Retention", "23:59:59")]
    [InlineData("Http:ReadTransactionsPerCallerPerMinute", "0")]
    [InlineData("Moderation:ReviewTimeout", "00:00:00")]
    [InlineData("Moderation:BlockedWords:0", "?!")]
    [InlineData("Moderation:BlockedWords:1", " ")]
    [InlineData("Moderation:AllowedLinkHosts:0", "example.org")]
    [InlineData("Moderation:AllowedLinkHosts:1", "https://example.org")]
    [InlineData("Moderation:ContentSafety:Endpoint", "")]
    [InlineData("Moderation:ContentSafety:Endpoint", "http://safety.example")]
    [InlineData("Moderation:ContentSafety:Endpoint", "http://localhost:1")]
    [InlineData("Moderation:ContentSafety:Hate", "0")]
    [InlineData("Moderation:ContentSafety:Timeout", "00:00:00")]
    [InlineData("Tables:ConnectionString", null)]
    [InlineData("Tables:ConnectionString", "nonsense")]
    [InlineData("Tables:ServiceUri", "http://tables.example")]
    public async Task A_setting_that_is_missing_or_wrong_stops_the_app_at_start_and_names_itself(string setting, string? value)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => cloud.StartAppAsync(new() { [setting] = value }));
        Assert.Contains(setting.Replace(":Hate", "", StringComparison.Ordinal).TrimEnd(':', '0', '1'), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_Safety_without_its_endpoint_stops_the_app()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => cloud.StartAppAsync(new() { ["Moderation:ContentSafety:Violence"] = "2" }));
        Assert.Contains("Moderation:ContentSafety:Endpoint is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_string_to_plain_http_elsewhere_stops_the_app_and_is_not_repeated()
    {
        const string connection = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=bWFya2Vk;TableEndpoint=http://tables.example";
        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => cloud.StartAppAsync(new() { ["Tables:ConnectionString"] = connection }));
        Assert.Contains("Tables:ConnectionString", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("bWFya2Vk", error.Message, StringComparison.Ordinal);
    }
}
