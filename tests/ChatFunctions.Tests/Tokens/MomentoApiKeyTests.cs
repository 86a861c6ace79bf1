using System.Text;
using Azure.Security.KeyVault.Secrets;
using ChatFunctions.Momento;
using Microsoft.AspNetCore.WebUtilities;
using Momento.Sdk;
using Momento.Sdk.Auth.AccessControl;
using Momento.Sdk.Config;

namespace ChatFunctions.Tests.Tokens;

/// <summary>Where the two kinds of key lead, and what becomes of a client whose key was replaced.</summary>
public sealed class MomentoApiKeyTests
{
    private static readonly string V1 = Convert.ToBase64String("""{"endpoint":"cell-1.momentohq.com","api_key":"secret"}"""u8);
    private static readonly string V2 = $"head.{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes("""{"t":"g"}"""))}.signature";

    [Fact]
    public void A_v1_key_says_itself_where_its_account_lives_and_is_sent_over_TLS()
    {
        var key = MomentoApiKey.Parse(V1, "ignored.momentohq.com");
        Assert.Equal(("secret", "token.cell-1.momentohq.com", true), (key.AuthToken, key.TokenEndpoint, key.SecureEndpoints));
    }

    [Fact]
    public void A_v2_key_needs_to_be_told_and_is_sent_over_TLS()
    {
        var key = MomentoApiKey.Parse(V2, "cell-2.momentohq.com");
        Assert.Equal((V2, "token.cell-2.momentohq.com", true), (key.AuthToken, key.TokenEndpoint, key.SecureEndpoints));
        Assert.Contains(MomentoApiKey.EndpointTag, Assert.Throws<FormatException>(() => MomentoApiKey.Parse(V2, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_secret_says_beside_a_v2_key_goes_before_the_setting_but_not_before_a_Momento_on_this_machine()
    {
        var secret = new KeyVaultSecret("momento-api-key", V2);
        Assert.Equal("token.set.momentohq.com", MomentoApiKey.Parse(secret, "set.momentohq.com").TokenEndpoint);
        secret.Properties.Tags[MomentoApiKey.EndpointTag] = "cell-3.momentohq.com";
        Assert.Equal("token.cell-3.momentohq.com", MomentoApiKey.Parse(secret, null).TokenEndpoint);
        Assert.Equal("token.cell-3.momentohq.com", MomentoApiKey.Parse(secret, "set.momentohq.com").TokenEndpoint);
        Assert.Equal("localhost:7074", MomentoApiKey.Parse(secret, "http://localhost:7074/").TokenEndpoint);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("momentohq.com.evil.example")]
    [InlineData("evil.example/.momentohq.com")]
    [InlineData("x@evil.example#.momentohq.com")]
    public void A_key_is_never_sent_to_a_host_that_is_not_Momentos_whoever_names_it(string host)
    {
        var secret = new KeyVaultSecret("momento-api-key", V2);
        secret.Properties.Tags[MomentoApiKey.EndpointTag] = host;
        var v1 = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"endpoint":"{{host}}","api_key":"the key"}"""));
        foreach (var parse in new Action[]
        {
            () => MomentoApiKey.Parse(secret, null), () => MomentoApiKey.Parse(V2, host), () => MomentoApiKey.Parse(v1, null),
        })
        {
            Assert.DoesNotContain("the key", Assert.Throws<FormatException>(parse).Message, StringComparison.Ordinal);
        }
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
    public void A_key_says_where_its_account_lives_or_a_setting_does()
    {
        Assert.Equal("cell.momentohq.com", MomentoApiKey.AccountOf(MomentoApiKey.Parse(V2, "cell.momentohq.com")));
        Assert.Equal("localhost:7074", MomentoApiKey.AccountOf(MomentoApiKey.Parse(V2, "http://localhost:7074/")));
    }

    [Fact]
    public async Task A_retired_client_ends_when_its_last_call_has_and_takes_no_more()
    {
        // Nobody listens there: the call fails, and until then it is under way.
        var credentials = MomentoApiKey.Parse(V2, "http://localhost:9/");
        var client = new MomentoClient(
            "1",
            MomentoApiKey.AccountOf(credentials),
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
