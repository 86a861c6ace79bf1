using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;

namespace ChatFunctions.Identity;

/// <summary>
/// Access tokens that have passed every check a moment ago, and whose they are: clients send the same one with each request, and the
/// check of its signature would be most of the request's cost. What is kept of a token is its hash.
/// </summary>
public sealed class KnownTokens(TimeProvider time) : IDisposable
{
    /// <summary>Some 0.5 KB each. Beyond it tokens are checked every time, until older ones have been dropped.</summary>
    private const int MaxTokens = 20_000;

    /// <summary>
    /// How long a token still passes whose key Entra ID has withdrawn. The keys, which are read every 12 hours, say so later.
    /// </summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = MaxTokens });

    private sealed record Entry(Caller Caller, DateTimeOffset GoodUntil);

    /// <param name="authorization">The whole header: what was checked, to the letter.</param>
    /// <param name="caller">Not null exactly when it passed a moment ago and has not expired.</param>
    public bool TryFind(string authorization, [NotNullWhen(true)] out Caller? caller)
    {
        caller = known.Get<Entry>(KeyOf(authorization)) is { } entry && time.GetUtcNow() < entry.GoodUntil ? entry.Caller : null;
        return caller is not null;
    }

    /// <param name="authorization">The whole header.</param>
    /// <param name="caller">Who it says calls.</param>
    /// <param name="expiresAt">When the token ends.</param>
    public void Add(string authorization, Caller caller, DateTimeOffset expiresAt)
    {
        var goodUntil = time.GetUtcNow() + MaxAge;
        if (expiresAt < goodUntil) goodUntil = expiresAt;
        known.Set(KeyOf(authorization), new Entry(caller, goodUntil), new MemoryCacheEntryOptions
        {
            Size = 1,
            AbsoluteExpirationRelativeToNow = MaxAge,
        });
    }

    public void Dispose() => known.Dispose();

    private static string KeyOf(string authorization) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(authorization)));
}
