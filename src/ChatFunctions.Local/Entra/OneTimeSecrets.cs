using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace ChatFunctions.Local.Entra;

/// <summary>
/// What random strings stand for, until each is shown once or expires. In memory; beyond the capacity, the oldest goes.
/// </summary>
internal sealed class OneTimeSecrets<T>(TimeProvider time, int capacity) where T : class
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (T Value, DateTimeOffset ExpiresAt)> kept = [];
    private readonly Queue<string> oldestFirst = new();

    /// <returns>The secret that stands for the value.</returns>
    public string Add(T value, DateTimeOffset expiresAt)
    {
        var secret = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));
        lock (gate)
        {
            while (oldestFirst.Count >= capacity) kept.Remove(oldestFirst.Dequeue());
            oldestFirst.Enqueue(secret);
            kept.Add(secret, (value, expiresAt));
        }

        return secret;
    }

    /// <returns>Null if the secret is unknown, expired, or was taken before.</returns>
    public T? Take(string secret)
    {
        lock (gate)
        {
            return kept.Remove(secret, out var found) && time.GetUtcNow() < found.ExpiresAt ? found.Value : null;
        }
    }
}
