using ChatFunctions.Http;
using ChatFunctions.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Momento.Sdk.Auth.AccessControl;
using Momento.Sdk.Exceptions;
using Momento.Sdk.Responses;

namespace ChatFunctions.Momento;

/// <summary>Has Momento make a disposable token: one call, or two where the API key was rotated.</summary>
public sealed partial class TokenCall(
    MomentoClientSource clients, IOptions<MomentoOptions> options, TimeProvider time, ChatMetrics metrics, ILogger<TokenCall> log)
{
    /// <summary>Momento counts by the second.</summary>
    private static readonly TimeSpan PauseWhenExhausted = TimeSpan.FromSeconds(1);

    private readonly CallBudget budget = new(options.Value.TokenCallsPerSecond, time);

    /// <param name="request">Which token.</param>
    /// <param name="cancellation">Ends the waiting; a call under way goes on.</param>
    /// <returns>The token, and the version of the API key that made it.</returns>
    /// <exception cref="ProblemException">503: the share of calls is used up, or Momento fails.</exception>
    public async Task<(GenerateDisposableTokenResponse.Success Token, string KeyVersion)> MakeAsync(
        TokenRequest request, CancellationToken cancellation)
    {
        var client = await clients.GetAsync(cancellation);
        var (response, used) = await CallAsync(client, request, cancellation);
        if (response is GenerateDisposableTokenResponse.Error { ErrorCode: MomentoErrorCode.AUTHENTICATION_ERROR })
        {
            var instead = await clients.GetInsteadOfAsync(used, cancellation);
            if (instead.KeyVersion != used.KeyVersion) (response, used) = await CallAsync(instead, request, cancellation);
        }

        if (response is GenerateDisposableTokenResponse.Success token) return (token, used.KeyVersion);
        throw Failure((GenerateDisposableTokenResponse.Error)response, used);
    }

    private async Task<(GenerateDisposableTokenResponse Response, MomentoClient Used)> CallAsync(
        MomentoClient client, TokenRequest request, CancellationToken cancellation)
    {
        await WaitForTurnAsync(request.EarlierCalls, cancellation);
        while (true)
        {
            var scope = new DisposableTokenScope(request.Permissions);
            var start = time.GetTimestamp();
            var call = client.TryGenerateTokenAsync(scope, ExpiresIn.Seconds((int)request.Lifetime.TotalSeconds), request.TokenId);
            if (await call.WaitAsync(cancellation) is { } response)
            {
                metrics.CallEnded(time.GetElapsedTime(start), (response as GenerateDisposableTokenResponse.Error)?.ErrorCode.ToString());
                return (response, client);
            }

            client = await clients.GetAsync(cancellation);
        }
    }

    private async Task WaitForTurnAsync(int earlierCalls, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var wait = await budget.WaitForTurnAsync(earlierCalls, cancellation);
        metrics.CallWaited(time.GetElapsedTime(start), refused: wait > TimeSpan.Zero);
        if (wait > TimeSpan.Zero) throw new ProblemException(Problem.Unavailable(wait));
    }

    private ProblemException Failure(GenerateDisposableTokenResponse.Error error, MomentoClient used)
    {
        if (error.ErrorCode is MomentoErrorCode.SERVER_UNAVAILABLE or MomentoErrorCode.TIMEOUT_ERROR) clients.Replace(used);
        if (error.ErrorCode == MomentoErrorCode.LIMIT_EXCEEDED_ERROR) budget.Pause(PauseWhenExhausted);
        LogFailure(error.ErrorCode, error.InnerException);
        return new ProblemException(Problem.Unavailable(PauseWhenExhausted), error.InnerException);
    }

    [LoggerMessage(EventName = "MomentoFailed", Level = LogLevel.Warning, Message = "Momento made no token: {Code}.")]
    private partial void LogFailure(MomentoErrorCode code, Exception? error);
}
