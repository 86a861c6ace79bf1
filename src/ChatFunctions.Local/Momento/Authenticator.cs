using Grpc.Core;

namespace ChatFunctions.Local.Momento;

/// <summary>Tells what a call may do by its key: the bare text of the <c>authorization</c> header.</summary>
public sealed class Authenticator(ApiKeys apiKeys, DisposableTokens tokens, TimeProvider time)
{
    /// <exception cref="RpcException">UNAUTHENTICATED: no key, an unknown or revoked one, or an expired token.</exception>
    public Grant Authenticate(ServerCallContext call)
    {
        var key = call.RequestHeaders.GetValue("authorization") ?? "";
        if (apiKeys.Contains(key)) return Grant.SuperUser;
        if (tokens.Read(key) is { } claims)
        {
            var grant = Grant.Of(claims);
            if (time.GetUtcNow() < grant.ExpiresAt) return grant;
        }

        throw new RpcException(new Status(StatusCode.Unauthenticated, "Invalid authentication credentials to access Momento."));
    }
}
