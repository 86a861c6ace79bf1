using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.Momento;
using ChatFunctions.Tables;
using ChatFunctions.Telemetry;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatFunctions.Tokens;

/// <summary>
/// Tokens that only listen, and say nothing of who does: one for all callers and all instances, so that calls to Momento grow with the
/// rooms that are awake and not with people. An instance keeps them in memory, all of them in a table. Once half of a token's life is
/// over, whoever gets the lease of its row has the next one made; the others go on with the old one, or wait where there is none.
/// </summary>
public sealed partial class SharedTokens(
    TokenCall momento, MomentoClientSource clients, SharedTokenStore store, IOptions<MomentoOptions> options, TimeProvider time,
    ChatMetrics metrics, ILogger<SharedTokens> log) : IDisposable
{
    /// <summary>Some 1.5 KB each. Beyond it the table is read for each request.</summary>
    private const int MaxKeptTokens = 20_000;

    /// <summary>Of all that is done for a token. Momento's client gives up after 15 s.</summary>
    private static readonly TimeSpan WorkTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Of a read or a write of the table, so that a request has time left to do without.</summary>
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How often an instance without a token looks whether the holder of the lease has one.</summary>
    private static readonly TimeSpan WaitInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>How often an instance looks for the next token while it serves the old one, which is being renewed or cannot be.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = MaxKeptTokens });
    private readonly ConcurrentDictionary<string, Lazy<Task<(VendedToken Token, string Outcome)>>> underWay = new();

    /// <summary>Not the limit of a caller's own tokens: only keeps one with very many rooms from having calls made without end.</summary>
    private readonly CallerLimit callerLimit = new(options.Value.TokenCallsPerCallerPerMinute, time);

    /// <summary>A token, and when to look for the next one.</summary>
    private sealed record Kept(VendedToken Token, DateTimeOffset LookAt);

    /// <summary>Work for a token.</summary>
    /// <param name="Key">Of the token's row, and in memory.</param>
    /// <param name="Scope">What the token opens.</param>
    /// <param name="Client">At the begin of the work.</param>
    /// <param name="Caller">Who has asked first.</param>
    private sealed record Work(string Key, TopicScope Scope, MomentoClient Client, Caller Caller);

    /// <param name="scope">Only listens: see <see cref="TopicScope.OfEvents"/>.</param>
    /// <param name="caller">Who asks. The token is the same for all.</param>
    /// <param name="cancellation">Of this request alone.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.TooManyRequests"/>: this caller has had too many made that nobody had asked for;
    /// <see cref="ErrorCode.Unavailable"/>: Momento or the vault fails, or the share of calls is used up.</exception>
    public async Task<VendedToken> GetAsync(TopicScope scope, Caller caller, CancellationToken cancellation)
    {
        var outcome = TokenOutcome.Failed;
        try
        {
            var client = await clients.GetAsync(cancellation);
            var work = new Work(KeyOf(scope, client), scope, client, caller);
            var old = FindKept(work.Key);
            var serves = old is not null && (old.LookAt > time.GetUtcNow() || underWay.ContainsKey(work.Key));
            (var token, outcome) = serves ? (old!.Token, TokenOutcome.Reused) : await ShareAsync(work, cancellation);
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

    /// <summary>What makes two tokens the same. A local cloud that is started anew has another version of the key.</summary>
    private string KeyOf(TopicScope scope, MomentoClient client)
    {
        var lifetime = options.Value.SharedTokenLifetime.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var parts = string.Join('\n', client.Account, options.Value.CacheName, client.KeyVersion, lifetime, scope.Key);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts)));
    }

    private Kept? FindKept(string key) => kept.Get<Kept>(key) is { } found && found.Token.ExpiresAt > time.GetUtcNow() ? found : null;

    private void Keep(string key, VendedToken token, DateTimeOffset lookAt) => kept.Set(key, new Kept(token, lookAt), new MemoryCacheEntryOptions
    {
        Size = 1,
        AbsoluteExpirationRelativeToNow = options.Value.SharedTokenLifetime,
    });

    private async Task<(VendedToken Token, string Outcome)> ShareAsync(Work work, CancellationToken cancellation)
    {
        while (true)
        {
            var own = new Lazy<Task<(VendedToken, string)>>(() => Task.Run(() => RunAsync(work)));
            var shared = underWay.GetOrAdd(work.Key, own);
            try
            {
                var (token, outcome) = await shared.Value.WaitAsync(cancellation);
                return (token, shared == own ? outcome : TokenOutcome.Shared);
            }
            catch (ChatException error) when (error.Code == ErrorCode.TooManyRequests && shared != own)
            {
                // Whoever has asked first has asked too often, and this caller has not.
            }
        }
    }

    /// <summary>Belongs to no caller: whoever gives up does not stop it for the others.</summary>
    private async Task<(VendedToken Token, string Outcome)> RunAsync(Work work)
    {
        try
        {
            using var timeout = new CancellationTokenSource(WorkTimeout, time);
            return await FindOrMakeAsync(work, timeout.Token);
        }
        catch (Exception) when (FindKept(work.Key) is { } old)
        {
            // What has failed is in the log. The old token is still good.
            Keep(work.Key, old.Token, time.GetUtcNow() + LookInterval);
            return (old.Token, TokenOutcome.Reused);
        }
        finally
        {
            underWay.TryRemove(work.Key, out _);
        }
    }

    private async Task<(VendedToken Token, string Outcome)> FindOrMakeAsync(Work work, CancellationToken cancellation)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            // Work that ended between the look and this one has left its token.
            if (FindKept(work.Key) is { } fresh && fresh.LookAt > now) return (fresh.Token, TokenOutcome.Reused);
            SharedTokenEntity? row;
            try
            {
                row = await WithinAsync(each => store.FindAsync(work.Key, each), cancellation);
            }
            catch (Exception error) when (IsOfStore(error, cancellation))
            {
                return await MakeAloneAsync(work, error, cancellation);
            }

            var token = row is null ? null : TokenIn(row, work.Client, now);
            if (token is not null && (row!.RenewAt > now || row.LeasedUntil > now))
            {
                Keep(work.Key, token, row.RenewAt > now ? row.RenewAt : now + LookInterval);
                return (token, TokenOutcome.Shared);
            }

            if (!(row?.LeasedUntil > now) && await TryMakeAsync(work, row, cancellation) is { } made) return made;
            await Task.Delay(WaitInterval, time, cancellation);
        }
    }

    /// <returns>Null if somebody else has got the lease.</returns>
    private async Task<(VendedToken Token, string Outcome)?> TryMakeAsync(Work work, SharedTokenEntity? row, CancellationToken cancellation)
    {
        var earlierCalls = callerLimit.Take(work.Caller);
        SharedTokenEntity? lease = null;
        try
        {
            lease = await WithinAsync(each => store.TryLeaseAsync(work.Key, row, each), cancellation);
            if (lease is not null) return (await MakeAsync(work, lease, earlierCalls, cancellation), TokenOutcome.Made);
            callerLimit.GiveBack(work.Caller);
            return null;
        }
        catch (Exception error) when (lease is null && IsOfStore(error, cancellation))
        {
            callerLimit.GiveBack(work.Caller);
            return await MakeAloneAsync(work, error, cancellation);
        }
        catch
        {
            callerLimit.GiveBack(work.Caller);
            if (lease is not null) await TryStoreAsync(each => store.ReleaseAsync(lease, each));
            throw;
        }
    }

    /// <summary>
    /// Without the table a token for this instance alone: people go on to listen, and it is one call an instance for half of a token's
    /// life. It is only ever the token for all public rooms, since access to a room is read from the tables, too.
    /// </summary>
    private async Task<(VendedToken Token, string Outcome)> MakeAloneAsync(Work work, Exception failure, CancellationToken cancellation)
    {
        LogAlone(failure);
        if (FindKept(work.Key) is { } old)
        {
            Keep(work.Key, old.Token, time.GetUtcNow() + LookInterval);
            return (old.Token, TokenOutcome.Reused);
        }

        var earlierCalls = callerLimit.Take(work.Caller);
        try
        {
            return (await MakeAsync(work, null, earlierCalls, cancellation), TokenOutcome.Made);
        }
        catch
        {
            callerLimit.GiveBack(work.Caller);
            throw;
        }
    }

    /// <param name="work">What for.</param>
    /// <param name="lease">Ends with it if it succeeds; null without the table.</param>
    /// <param name="earlierCalls">How many this caller has had made of late.</param>
    /// <param name="cancellation">Gives up.</param>
    private async Task<VendedToken> MakeAsync(Work work, SharedTokenEntity? lease, int earlierCalls, CancellationToken cancellation)
    {
        var (cacheName, lifetime) = (options.Value.CacheName, options.Value.SharedTokenLifetime);
        // Whoever comes when those who were refused were told to, gets the turn that was kept: it is the token's, not a person's.
        var place = new Caller(Guid.Empty, new Guid(Convert.FromHexString(work.Key.AsSpan(0, 32))), "");
        var request = new TokenRequest(work.Scope.PermissionsIn(cacheName), lifetime, place, earlierCalls) { TokenId = null };
        var (made, client) = await momento.MakeAsync(request, cancellation);

        var token = VendedToken.Of(made, cacheName);
        var renewAt = token.ExpiresAt - (lifetime / 2);
        // The API key may have been rotated meanwhile: the lease is of the old key's row, which nobody asks for any more.
        Keep(KeyOf(work.Scope, client), token, renewAt);
        if (lease is null) return token;
        var isOfKey = client.KeyVersion == work.Client.KeyVersion;
        await TryStoreAsync(each => isOfKey
            ? store.WriteAsync(lease, token.Token, token.ExpiresAt, renewAt, each)
            : store.ReleaseAsync(lease, each));
        return token;
    }

    /// <summary>The token of a row, if it is good for anything. Clients connect to the host that is in the token itself.</summary>
    private VendedToken? TokenIn(SharedTokenEntity row, MomentoClient client, DateTimeOffset now)
    {
        if (row.Token is null || row.ExpiresAt <= now || EndpointIn(row.Token) != client.TokenEndpoint) return null;
        return new VendedToken(client.TokenEndpoint, row.Token, options.Value.CacheName, row.ExpiresAt);
    }

    private static string? EndpointIn(string token)
    {
        try
        {
            return JsonElement.Parse(Convert.FromBase64String(token)).GetProperty("endpoint").GetString();
        }
        catch (Exception error) when (error is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> use, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(StoreTimeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        return await use(end.Token);
    }

    /// <summary>Whatever becomes of it, the token is there, or the lease ends by itself.</summary>
    private async Task TryStoreAsync(Func<CancellationToken, Task> use)
    {
        using var timeout = new CancellationTokenSource(StoreTimeout, time);
        try
        {
            await use(timeout.Token);
        }
        catch (Exception error) when (IsOfStore(error, CancellationToken.None))
        {
            LogNotStored(error);
        }
    }

    /// <summary>Whether the table fails or takes too long, and the work has not been given up.</summary>
    private static bool IsOfStore(Exception error, CancellationToken work) =>
        !work.IsCancellationRequested && ServiceFailure.ServiceOf(error, ServiceFailure.TableStorage) is not null;

    [LoggerMessage(Level = LogLevel.Debug, Message = "A shared token for {Caller}: {Outcome}.")]
    private partial void LogVended(string caller, string outcome);

    [LoggerMessage(EventName = "SharedTokensUnreachable", Level = LogLevel.Warning,
        Message = "The table of shared tokens does not answer: this instance has a token of its own made, or goes on with the old one.")]
    private partial void LogAlone(Exception error);

    [LoggerMessage(EventName = "SharedTokenNotStored", Level = LogLevel.Warning,
        Message = "A shared token or the end of a lease was not written: other instances have another token made.")]
    private partial void LogNotStored(Exception error);
}
