using System.Text.Json;
using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;
using Momento.Sdk.Auth;
using Momento.Sdk.Auth.AccessControl;
using Momento.Sdk.Config;
using Momento.Sdk.Exceptions;
using Momento.Sdk.Responses;

namespace Momento.Sdk;

public interface IAuthClient : IDisposable
{
    Task<GenerateDisposableTokenResponse> GenerateDisposableTokenAsync(DisposableTokenScope scope, ExpiresIn expiresIn, string? tokenId = null);
}

/// <summary>
/// The call of <c>/token.Token/GenerateDisposableToken</c> as the package makes it: the bare key in the header and again in the
/// request, 15 s at most, no retries.
/// </summary>
public class AuthClient(IAuthConfiguration config, ICredentialProvider authProvider) : IAuthClient
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private readonly ServiceChannel channel = new(authProvider, authProvider.TokenEndpoint, config.LoggerFactory);

    public async Task<GenerateDisposableTokenResponse> GenerateDisposableTokenAsync(
        DisposableTokenScope scope, ExpiresIn expiresIn, string? tokenId = null)
    {
        if (expiresIn.Seconds() < 0)
        {
            return new GenerateDisposableTokenResponse.Error(new InvalidArgumentException("A disposable token expires in the future."));
        }

        try
        {
            var request = new _GenerateDisposableTokenRequest
            {
                Expires = new() { ValidForSeconds = (uint)expiresIn.Seconds()!.Value },
                AuthToken = authProvider.AuthToken,
                Permissions = new Permissions { Explicit = new() { Permissions = { scope.Permissions.Select(ToWire) } } },
                TokenId = tokenId ?? "",
            };
            var response = await new Token.TokenClient(channel.CreateCallInvoker())
                .GenerateDisposableTokenAsync(request, channel.NextCall(Deadline));
            var token = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["endpoint"] = response.Endpoint, ["api_key"] = response.ApiKey });
            return new GenerateDisposableTokenResponse.Success(
                Convert.ToBase64String(token), response.Endpoint, ExpiresAt.FromEpoch((int)response.ValidUntil));
        }
        catch (Exception error) when (error is RpcException or ObjectDisposedException)
        {
            return new GenerateDisposableTokenResponse.Error(new CallException(error));
        }
    }

    public void Dispose()
    {
        channel.Dispose();
        GC.SuppressFinalize(this);
    }

    private static PermissionsType ToWire(DisposableTokenPermission permission)
    {
        var topics = (DisposableToken.TopicPermission)permission;
        return new PermissionsType
        {
            TopicPermissions = new()
            {
                Role = topics.Role switch
                {
                    Auth.AccessControl.TopicRole.PublishSubscribe => ChatFunctions.Local.Momento.Wire.TopicRole.TopicReadWrite,
                    Auth.AccessControl.TopicRole.SubscribeOnly => ChatFunctions.Local.Momento.Wire.TopicRole.TopicReadOnly,
                    _ => ChatFunctions.Local.Momento.Wire.TopicRole.TopicWriteOnly,
                },
                CacheSelector = new() { CacheName = ((CacheSelector.SelectByCacheName)topics.CacheSelector).CacheName },
                TopicSelector = topics.TopicSelector switch
                {
                    TopicSelector.SelectByTopicNamePrefix prefix => new() { TopicNamePrefix = prefix.TopicNamePrefix },
                    var name => new() { TopicName = ((TopicSelector.SelectByTopicName)name).TopicName },
                },
            },
        };
    }
}
