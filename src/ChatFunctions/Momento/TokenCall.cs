using ChatFunctions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Momento.Sdk.Auth.AccessControl;
using Momento.Sdk.Exceptions;
using Momento.Sdk.Responses;

namespace ChatFunctions.Momento;

/// <summary>Has Momento make a disposable token: one call, or two where the API key was rotated.</summary>
public sealed partial class TokenCall(
    MomentoClientSource clients, IOptions<MomentoOptions> options, TimeProvider time, ILogger<TokenCall> log)
{
    /// <summary>Momento counts by the second.</summary>
    private static readonly TimeSpan PauseWhenExhausted = TimeSpan.FromSeconds(1);

    private readonly CallBudget budget = new(options.Value.TokenCallsPerSecond, time);

    /// <param name="permissions">What the token opens.</param>
    /// <param name="lifetime">Whole seconds, at most an hour.</param>
    /// <param name="tokenId">What Momento says of every message that is published with the token; at most 64 characters.</param>
    /// <param name="earlierCalls">How many calls its caller has had of late: whoever has had fewest goes first.</param>
    /// <param name="calling">Is told of every call, when it is made.</param>
    /// <param name="cancellation">Ends the waiting; a call under way goes on.</param>
    /// <returns>The token, and the version of the API key that made it.</returns>
    /// <exception cref="ProblemException">503: the share of calls is used up, or Momento fails.</exception>
    public async Task<(GenerateDisposableTokenResponse.Success Token, string KeyVersion)> MakeAsync(
        List<DisposableTokenPermission> permissions, TimeSpan lifetime, string tokenId, int earlierCalls, Action calling,
        CancellationToken cancellation)
    {
        var client = await clients.GetAsync(cancellation);
        var (response, used) = await CallAsync(client, permissions, lifetime, tokenId, earlierCalls, calling, cancellation);
        if (response is GenerateDisposableTokenResponse.Error { ErrorCode: MomentoErrorCode.AUTHENTICATION_ERROR })
        {
            var instead = await clients.GetInsteadOfAsync(used, cancellation);
            if (instead != used) (response, used) = await CallAsync(instead, permissions, lifetime, tokenId, earlierCalls, calling, cancellation);
        }

        if (response is GenerateDisposableTokenResponse.Success token) return (token, used.KeyVersion);
        throw Failure((GenerateDisposableTokenResponse.Error)response);
    }

    private async Task<(GenerateDisposableTokenResponse Response, MomentoClient Used)> CallAsync(
        MomentoClient client, List<DisposableTokenPermission> permissions, TimeSpan lifetime, string tokenId, int earlierCalls,
        Action calling, CancellationToken cancellation)
    {
        var wait = await budget.WaitForTurnAsync(earlierCalls, cancellation);
        if (wait > TimeSpan.Zero) throw new ProblemException(Problem.Unavailable(wait));
        calling();
        while (true)
        {
            var scope = new DisposableTokenScope(permissions);
            var call = client.TryGenerateTokenAsync(scope, ExpiresIn.Seconds((int)lifetime.TotalSeconds), tokenId);
            if (await call.WaitAsync(cancellation) is { } response) return (response, client);
            client = await clients.GetAsync(cancellation);
        }
    }

    private ProblemException Failure(GenerateDisposableTokenResponse.Error error)
    {
        if (error.ErrorCode == MomentoErrorCode.LIMIT_EXCEEDED_ERROR) budget.Pause(PauseWhenExhausted);
        LogFailure(error.ErrorCode, error.InnerException);
        return new ProblemException(Problem.Unavailable(PauseWhenExhausted), error.InnerException);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Momento made no token: {Code}.")]
    private partial void LogFailure(MomentoErrorCode code, Exception? error);
}
