using Grpc.Core;

namespace ChatFunctions.Local.Momento;

/// <summary>Tells what a key opens.</summary>
public sealed class Authenticator(ApiKeys apiKeys, DisposableTokens tokens, TimeProvider time)
{
    /// <summary>The key of a call is the bare text of the <c>authorization</c> header.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED: no key, an unknown or revoked one, or an expired token.</exception>
    public Grant Authenticate(ServerCallContext call) => Authenticate(call.RequestHeaders.GetValue("authorization") ?? "");

    /// <exception cref="RpcException">UNAUTHENTICATED: an unknown or revoked key, or an expired token.</exception>
    public Grant Authenticate(string key)
    {
        if (apiKeys.Contains(key)) return Grant.SuperUser;
        if (tokens.Read(key) is { } claims)
        {
            var grant = Grant.Of(claims);
            if (time.GetUtcNow() < grant.ExpiresAt) return grant;
        }

        throw new RpcException(new Status(StatusCode.Unauthenticated, "Invalid authentication credentials to access Momento."));
    }
}
