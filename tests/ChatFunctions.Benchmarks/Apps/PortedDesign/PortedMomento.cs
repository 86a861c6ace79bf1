using System.Security.Claims;
using Azure.Security.KeyVault.Secrets;
using ChatFunctions.Identity;
using ChatFunctions.Momento;
using ChatFunctions.Rooms;
using ChatFunctions.Tokens;
using Microsoft.Extensions.Options;
using Momento.Sdk;
using Momento.Sdk.Auth.AccessControl;
using Momento.Sdk.Config;
using Momento.Sdk.Responses;

namespace ChatFunctions.Benchmarks.Apps.PortedDesign;

/// <summary>
/// A token for all public rooms, made anew for each request. The API key is read again by time, and by nothing else.
/// </summary>
internal sealed class PortedMomento(
    SecretClient vault, IOptions<KeyVaultOptions> keyVault, IOptions<MomentoOptions> options, TopicNames topics)
{
    private AuthClient? client;
    private DateTimeOffset refreshAt;

    public async Task<VendedToken> MakeTokenAsync(ClaimsPrincipal user)
    {
        var momento = await GetClientAsync();
        var settings = options.Value;
        var scope = new DisposableTokenScope(TopicScope.OfPrefixes(topics.AllPublic, publishes: true).PermissionsIn(settings.CacheName));
        var caller = new Caller(
            Guid.Parse(user.FindFirstValue("tid")!), Guid.Parse(user.FindFirstValue("oid")!), user.FindFirstValue("name")!);
        var response = await momento.GenerateDisposableTokenAsync(
            scope, ExpiresIn.Seconds((int)settings.TokenLifetime.TotalSeconds), caller.PublisherId);
        var made = (GenerateDisposableTokenResponse.Success)response;
        return new VendedToken(
            made.Endpoint, made.AuthToken, settings.CacheName, DateTimeOffset.FromUnixTimeSeconds(made.ExpiresAt.Epoch()!.Value));
    }

    private async Task<AuthClient> GetClientAsync()
    {
        if (client is not null && DateTimeOffset.UtcNow < refreshAt) return client;
        var secret = (await vault.GetSecretAsync(keyVault.Value.MomentoApiKeySecret)).Value;
        client = new AuthClient(AuthConfigurations.Default.Latest(), MomentoApiKey.Parse(secret.Value, options.Value.Endpoint));
        refreshAt = DateTimeOffset.UtcNow + keyVault.Value.RefreshInterval;
        return client;
    }
}
