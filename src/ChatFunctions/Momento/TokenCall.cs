using ChatFunctions.Errors;
using ChatFunctions.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Momento.Sdk.Auth.AccessControl;
using Momento.Sdk.Exceptions;
using Momento.Sdk.Responses;

namespace ChatFunctions.Momento;

/// <summary>Has Momento make a disposable token: one call, and one more where the API key was rotated or the token id is refused.</summary>
public sealed partial class TokenCall(
    MomentoClientSource clients, ServiceFailure failures, IOptions<MomentoOptions> options, TimeProvider time, ChatMetrics metrics,
    ILogger<TokenCall> log)
{
    private static readonly TimeSpan RetryAfterFailure = TimeSpan.FromSeconds(1);

    private readonly CallBudget budget = new(options.Value.TokenCallsPerSecond, time, Random.Shared);

    /// <param name="request">Which token.</param>
    /// <param name="cancellation">Ends the waiting; a call under way goes on.</param>
    /// <returns>The token, and the client that made it, maybe with a newer API key than the one before the call.</returns>
    /// <exception cref="ChatException"><see cref="ErrorCode.Unavailable"/>: the share of calls is used up, or Momento fails in a way that may
    /// pass; <see cref="ErrorCode.Unexpected"/>: it refuses what it is asked.</exception>
    public async Task<(GenerateDisposableTokenResponse.Success Token, MomentoClient Client)> MakeAsync(
        TokenRequest request, CancellationToken cancellation)
    {
        var client = await clients.GetAsync(cancellation);
        var (response, used) = await CallAsync(client, request, cancellation);
        if (response is GenerateDisposableTokenResponse.Error { ErrorCode: MomentoErrorCode.AUTHENTICATION_ERROR })
        {
            var instead = await clients.GetInsteadOfAsync(used, cancellation);
            if (instead.KeyVersion != used.KeyVersion) (response, used) = await CallAsync(instead, request, cancellation);
        }

        if (response is GenerateDisposableTokenResponse.Error { ErrorCode: MomentoErrorCode.INVALID_ARGUMENT_ERROR }
            && request.TokenId is not null && request.TokenId != request.Caller.UserId)
        {
            // Of all that is sent it is the name in the token id that nobody here has made up.
            (response, used) = await CallAsync(used, request with { TokenId = request.Caller.UserId }, cancellation);
        }

        if (response is GenerateDisposableTokenResponse.Success token) return (token, used);
        throw Failure((GenerateDisposableTokenResponse.Error)response, used);
    }

    private async Task<(GenerateDisposableTokenResponse Response, MomentoClient Used)> CallAsync(
        MomentoClient client, TokenRequest request, CancellationToken cancellation)
    {
        var call = budget.Enter(request.Caller, request.EarlierCalls);
        while (true)
        {
            await WaitForTurnAsync(call, cancellation);
            (var response, client) = await SendAsync(call, client, request, cancellation);
            // Others were faster this second: it waits for another turn.
            if (response is not GenerateDisposableTokenResponse.Error { ErrorCode: MomentoErrorCode.LIMIT_EXCEEDED_ERROR } refused)
            {
                return (response, client);
            }

            LogFailure(LogLevel.Warning, refused.ErrorCode, refused.InnerException);
        }
    }

    private async Task<(GenerateDisposableTokenResponse Response, MomentoClient Used)> SendAsync(
        QueuedCall call, MomentoClient client, TokenRequest request, CancellationToken cancellation)
    {
        MomentoErrorCode? error = MomentoErrorCode.UNKNOWN_ERROR;
        try
        {
            while (true)
            {
                var scope = new DisposableTokenScope(request.Permissions);
                var start = time.GetTimestamp();
                var sent = client.TryGenerateTokenAsync(
                    scope, ExpiresIn.Seconds((int)request.Lifetime.TotalSeconds), request.TokenId);
                if (await sent.WaitAsync(cancellation) is { } response)
                {
                    error = (response as GenerateDisposableTokenResponse.Error)?.ErrorCode;
                    metrics.CallEnded(time.GetElapsedTime(start), error?.ToString());
                    return (response, client);
                }

                client = await clients.GetAsync(cancellation);
            }
        }
        finally
        {
            budget.Ended(call, error);
        }
    }

    private async Task WaitForTurnAsync(QueuedCall call, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var wait = await budget.WaitForTurnAsync(call, cancellation);
        metrics.CallWaited(time.GetElapsedTime(start), refused: wait > TimeSpan.Zero);
        if (wait > TimeSpan.Zero) throw ChatException.Unavailable(wait);
    }

    private ChatException Failure(GenerateDisposableTokenResponse.Error error, MomentoClient used)
    {
        if (error.ErrorCode is MomentoErrorCode.SERVER_UNAVAILABLE or MomentoErrorCode.TIMEOUT_ERROR) clients.Replace(used);
        var mayPass = failures.MayPass(error.InnerException);
        LogFailure(mayPass ? LogLevel.Warning : LogLevel.Error, error.ErrorCode, error.InnerException);
        return mayPass
            ? ChatException.Unavailable(RetryAfterFailure, error.InnerException)
            : new ChatException(ErrorCode.Unexpected, error.InnerException);
    }

    [LoggerMessage(EventName = "MomentoFailed", Message = "Momento made no token: {Code}.")]
    private partial void LogFailure(LogLevel level, MomentoErrorCode code, Exception? error);
}
