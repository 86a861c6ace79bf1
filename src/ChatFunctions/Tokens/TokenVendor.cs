using System.Collections.Concurrent;
using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.Momento;
using ChatFunctions.Telemetry;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatFunctions.Tokens;

/// <summary>
/// Vends each caller a token of their own, with as few calls to Momento as can be: a token is served again while half of its
/// life is left, and simultaneous requests for the same one share a call, which none of them can cancel for the others.
/// </summary>
public sealed partial class TokenVendor(
    TokenCall momento, MomentoClientSource clients, IOptions<MomentoOptions> options, TimeProvider time, ChatMetrics metrics,
    ILogger<TokenVendor> log) : IDisposable
{
    /// <summary>Some 1.5 KB each. Beyond it tokens are served but not kept, until older ones have been dropped.</summary>
    private const int MaxKeptTokens = 20_000;

    /// <summary>Momento's client gives up after 15 s, and is then known to reach nobody.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(20);

    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = MaxKeptTokens });
    private readonly ConcurrentDictionary<TokenKey, Lazy<Task<VendedToken>>> underWay = new();
    private readonly CallerLimit callerLimit = new(options.Value.TokenCallsPerCallerPerMinute, time);

    /// <summary>What makes two requests the same.</summary>
    private sealed record TokenKey(Caller Caller, TopicScope Scope, TimeSpan Lifetime, string KeyVersion);

    /// <param name="caller">Whom the token says its messages are from.</param>
    /// <param name="scope">What the token opens.</param>
    /// <param name="lifetime">Whole seconds, at most 25 hours.</param>
    /// <param name="cancellation">Of this request alone.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.TooManyRequests"/>: this caller caused too many calls;
    /// <see cref="ErrorCode.Unavailable"/>: Momento or the vault fails in a way that may pass, or the share of calls is used up;
    /// <see cref="ErrorCode.Unexpected"/>: one of them refuses what it is asked.</exception>
    public async Task<VendedToken> VendAsync(Caller caller, TopicScope scope, TimeSpan lifetime, CancellationToken cancellation)
    {
        var outcome = TokenOutcome.Failed;
        try
        {
            var client = await clients.GetAsync(cancellation);
            var key = new TokenKey(caller, scope, lifetime, client.KeyVersion);
            (var token, outcome) = FindKept(key) is { } kept ? (kept, TokenOutcome.Reused) : await ShareCallAsync(key, cancellation);
            return token;
        }
        catch (ChatException error) when (error.Code == ErrorCode.TooManyRequests)
        {
            outcome = TokenOutcome.Limited;
            throw;
        }
        finally
        {
            metrics.TokenVended(outcome);
            LogVended(caller.ShortId, outcome);
        }
    }

    public void Dispose() => kept.Dispose();

    private async Task<(VendedToken Token, string Outcome)> ShareCallAsync(TokenKey key, CancellationToken cancellation)
    {
        var own = new Lazy<Task<VendedToken>>(() => Task.Run(() => MakeAsync(key)));
        var call = underWay.GetOrAdd(key, own);
        try
        {
            return (await call.Value.WaitAsync(cancellation), call == own ? TokenOutcome.Made : TokenOutcome.Shared);
        }
        catch (OperationCanceledException end) when (end is not NoAnswerException)
        {
            throw new NoAnswerException(ServiceFailure.Momento, end);
        }
    }

    private VendedToken? FindKept(TokenKey key) =>
        kept.Get<VendedToken>(key) is { } token && token.ExpiresAt - time.GetUtcNow() >= key.Lifetime / 2 ? token : null;

    private async Task<VendedToken> MakeAsync(TokenKey key)
    {
        try
        {
            // A call that ended between the look and this one has left its token.
            return FindKept(key) ?? await CallAsync(key);
        }
        finally
        {
            underWay.TryRemove(key, out _);
        }
    }

    private async Task<VendedToken> CallAsync(TokenKey key)
    {
        var earlierCalls = callerLimit.Take(key.Caller);
        try
        {
            return await CallAsync(key, earlierCalls);
        }
        catch
        {
            // Nothing in the request can make a call fail: no turn, Momento, our key and the vault are not the caller's doing.
            callerLimit.GiveBack(key.Caller);
            throw;
        }
    }

    private async Task<VendedToken> CallAsync(TokenKey key, int earlierCalls)
    {
        using var timeout = new CancellationTokenSource(CallTimeout, time);
        var cacheName = options.Value.CacheName;
        var request = new TokenRequest(key.Scope.PermissionsIn(cacheName), key.Lifetime, key.Caller, earlierCalls);
        var (made, client) = await momento.MakeAsync(request, timeout.Token);

        var token = VendedToken.Of(made, cacheName);
        kept.Set(key with { KeyVersion = client.KeyVersion }, token, new MemoryCacheEntryOptions
        {
            Size = 1,
            AbsoluteExpirationRelativeToNow = key.Lifetime / 2,
        });
        return token;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A token for {Caller}: {Outcome}.")]
    private partial void LogVended(string caller, string outcome);
}
