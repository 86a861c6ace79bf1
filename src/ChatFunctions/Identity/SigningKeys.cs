using System.Security.Cryptography;
using System.Text;
using ChatFunctions.Errors;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect.Configuration;

namespace ChatFunctions.Identity;

/// <summary>
/// The keys that Entra ID signs with. ConfigurationManager reads them on first use and twice a day; asked to read them again it does
/// so in its own time, and once in a while only, which anyone can use up by naming a key that nobody has. Here whoever brings a token of
/// a key that is not known waits until they have been read, so that the first token of a new key is good.
/// </summary>
public sealed partial class SigningKeys(IOptions<EntraOptions> entra, TimeProvider time, ILogger<SigningKeys> log)
    : IConfigurationManager<OpenIdConnectConfiguration>, IDisposable
{
    /// <summary>Some 0.3 KB each. Beyond it a key that nobody has may be looked for every time.</summary>
    private const int MaxUnknown = 10_000;

    /// <summary>From the beginning of one read to that of the next, however many wait for it.</summary>
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a key is not looked for again: one of Entra ID's servers may not have heard yet of a key that another uses.</summary>
    private static readonly TimeSpan UnknownFor = TimeSpan.FromMinutes(2);

    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(4),
        MaxResponseContentBufferSize = 1024 * 1024,
    };

    /// <summary>When a key was not found, in timestamps, by its hash: a name is as long as whoever made it up wants.</summary>
    private readonly MemoryCache unknown = new(new MemoryCacheOptions { SizeLimit = MaxUnknown });

    private readonly Lock gate = new();

    /// <summary>What was read last, null before the first time. It is replaced as a whole, by one that has read.</summary>
    private volatile ConfigurationManager<OpenIdConnectConfiguration>? current;

    /// <summary>The read that is under way or waits for its turn, or the last one: its number.</summary>
    private Task<int>? read;

    private int readsBegun;
    private long lastBegun;

    /// <summary>Whether Entra ID has a key of this name, which the token says that it is signed with.</summary>
    /// <param name="keyId">The token's <c>kid</c>.</param>
    /// <param name="cancellation">Gives up to wait, and leaves what others wait for alone.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.Unavailable"/>: the key is not known, and Entra ID does not tell its
    /// keys. Refused as not valid, the client would sign in again for nothing.</exception>
    public async Task<bool> HasAsync(string keyId, CancellationToken cancellation)
    {
        var before = Volatile.Read(ref readsBegun);
        var latest = before;
        while (true)
        {
            if (current is not null && await IsCurrentAsync(keyId)) return true;
            if (IsUnknown(keyId)) return false;
            // What began before this was asked may have been told before the key was there.
            if (latest > before) break;
            latest = await ReadAgain().WaitAsync(cancellation);
        }

        RememberUnknown(keyId);
        return false;
    }

    /// <summary>What JwtBearer checks tokens by.</summary>
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (current is null) await ReadAgain().WaitAsync(cancel);
        return await current!.GetConfigurationAsync(cancel);
    }

    /// <summary>Does nothing: what JwtBearer asks for after a token of an unknown key has been done before it saw the token.</summary>
    public void RequestRefresh()
    {
    }

    public void Dispose()
    {
        http.Dispose();
        unknown.Dispose();
    }

    private async Task<bool> IsCurrentAsync(string keyId) =>
        (await current!.GetConfigurationAsync(CancellationToken.None)).SigningKeys.Any(key => key.KeyId == keyId);

    private Task<int> ReadAgain()
    {
        lock (gate)
        {
            // Nothing of it runs under the lock.
            if (read is null || read.IsCompleted) read = Task.Run(ReadAsync);
            return read;
        }
    }

    private async Task<int> ReadAsync()
    {
        var wait = readsBegun == 0 ? TimeSpan.Zero : ReadInterval - time.GetElapsedTime(lastBegun);
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time);
        lastBegun = time.GetTimestamp();
        var number = Interlocked.Increment(ref readsBegun);
        try
        {
            // Each has a first read, which can be waited for and says why it fails.
            var next = CreateManager();
            await next.GetConfigurationAsync(CancellationToken.None);
            current = next;
            return number;
        }
        catch (Exception error) when (error is InvalidOperationException or IOException)
        {
            LogNoKeys(error);
            throw ChatException.Unavailable(ReadInterval, error);
        }
    }

    private ConfigurationManager<OpenIdConnectConfiguration> CreateManager()
    {
        var authority = entra.Value.Authority.TrimEnd('/');
        var documents = new HttpDocumentRetriever(http) { RequireHttps = !new Uri(authority).IsLoopback };
        return new ConfigurationManager<OpenIdConnectConfiguration>(
            $"{authority}/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), documents,
            new OpenIdConnectConfigurationValidator());
    }

    private bool IsUnknown(string keyId) =>
        unknown.TryGetValue(HashOf(keyId), out long since) && time.GetElapsedTime(since) < UnknownFor;

    private void RememberUnknown(string keyId) => unknown.Set(HashOf(keyId), time.GetTimestamp(), new MemoryCacheEntryOptions
    {
        Size = 1,
        AbsoluteExpirationRelativeToNow = UnknownFor,
    });

    private static string HashOf(string keyId) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(keyId)));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Entra ID does not tell the keys that its tokens are signed with.")]
    private partial void LogNoKeys(Exception error);
}
