using System.Text;
using ChatFunctions.Momento;
using Microsoft.AspNetCore.WebUtilities;
using Momento.Sdk;
using Momento.Sdk.Auth.AccessControl;
using Momento.Sdk.Config;

namespace ChatFunctions.Tests.Tokens;

/// <summary>Where the two kinds of key lead, and what becomes of a client whose key was replaced.</summary>
public sealed class MomentoApiKeyTests
{
    private static readonly string V1 = Convert.ToBase64String("""{"endpoint":"cell-1.example","api_key":"secret"}"""u8);
    private static readonly string V2 = $"head.{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes("""{"t":"g"}"""))}.signature";

    [Fact]
    public void A_v1_key_says_itself_where_its_account_lives_and_is_sent_over_TLS()
    {
        var key = MomentoApiKey.Parse(V1, "ignored.example");
        Assert.Equal(("secret", "token.cell-1.example", true), (key.AuthToken, key.TokenEndpoint, key.SecureEndpoints));
    }

    [Fact]
    public void A_v2_key_needs_the_setting_and_is_sent_over_TLS()
    {
        var key = MomentoApiKey.Parse(V2, "cell-2.example");
        Assert.Equal((V2, "token.cell-2.example", true), (key.AuthToken, key.TokenEndpoint, key.SecureEndpoints));
        Assert.Contains("Momento:Endpoint", Assert.Throws<FormatException>(() => MomentoApiKey.Parse(V2, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void On_this_machine_both_are_sent_without_TLS_and_neither_shows_in_a_log()
    {
        foreach (var (secret, sent) in new[] { (V1, "secret"), (V2, V2) })
        {
            var key = MomentoApiKey.Parse(secret, "http://localhost:7074/");
            Assert.Equal((sent, "localhost:7074", false), (key.AuthToken, key.TokenEndpoint, key.SecureEndpoints));
            Assert.DoesNotContain(sent, $"{key}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_retired_client_ends_when_its_last_call_has_and_takes_no_more()
    {
        // Nobody listens there: the call fails, and until then it is under way.
        var credentials = MomentoApiKey.Parse(V2, "http://localhost:9/");
        var client = new MomentoClient(
            "1",
            new AuthClient(AuthConfigurations.Default.Latest(), credentials),
            new TopicClient(TopicConfigurations.InRegion.Default.Latest(), credentials));
        var scope = new DisposableTokenScope([]);
        var underWay = client.TryGenerateTokenAsync(scope, ExpiresIn.Seconds(60), "id");
        var published = client.TryPublishAsync("cache", "topic", "text");
        client.Retire();
        Assert.NotNull(await underWay);
        Assert.NotNull(await published);
        Assert.Null(await client.TryGenerateTokenAsync(scope, ExpiresIn.Seconds(60), "id"));
        Assert.Null(await client.TryPublishAsync("cache", "topic", "text"));
    }
}
