using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;

namespace ChatFunctions.Local.Momento;

/// <summary>
/// Vends disposable tokens to the holders of API keys. The key is in the request: the JavaScript SDK sends no header with it.
/// </summary>
public sealed class TokenService(
    Authenticator authenticator, DisposableTokens tokens, MomentoServerOptions options, TimeProvider time) : Token.TokenBase
{
    private readonly CallLimit limit = new(options.TokenCallsPerSecond, time);
    private int calls;

    /// <summary>How many came in, whatever became of them.</summary>
    public int Calls => Volatile.Read(ref calls);

    /// <exception cref="RpcException">UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT; RESOURCE_EXHAUSTED: too many calls
    /// or permissions.</exception>
    public override Task<_GenerateDisposableTokenResponse> GenerateDisposableToken(
        _GenerateDisposableTokenRequest request, ServerCallContext context)
    {
        Interlocked.Increment(ref calls);
        authenticator.Authenticate(request.AuthToken).DemandSuperUser();
        if (!limit.TryTake()) throw LimitExceeded.Operations($"{options.TokenCallsPerSecond} calls for a token in a second.");
        TokenRequestRules.Check(request, options);

        var validUntil = time.GetUtcNow().ToUnixTimeSeconds() + request.Expires.ValidForSeconds;
        return Task.FromResult(new _GenerateDisposableTokenResponse
        {
            ApiKey = tokens.Issue(new DisposableTokenClaims
            {
                ValidUntil = validUntil,
                TokenId = request.TokenId,
                Permissions = request.Permissions.Explicit,
            }),
            Endpoint = $"localhost:{context.GetHttpContext().Connection.LocalPort}",
            ValidUntil = (ulong)validUntil,
        });
    }
}
