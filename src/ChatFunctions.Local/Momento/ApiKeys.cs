using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;

namespace ChatFunctions.Local.Momento;

/// <summary>The super-user keys of the account. They are random, and live in memory only.</summary>
public sealed class ApiKeys
{
    /// <summary>By what clients send in the <c>authorization</c> header; the value is the key as it was given out.</summary>
    private readonly ConcurrentDictionary<string, string> keys = new();

    /// <summary>A v2 key. It is sent as it is.</summary>
    public string Create()
    {
        var key = RandomJwt();
        keys[key] = key;
        return key;
    }

    /// <summary>A v1 key. Clients send what is in its <c>api_key</c>.</summary>
    public string CreateV1(string endpoint)
    {
        var sent = RandomText();
        var key = Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new { endpoint, api_key = sent }));
        keys[sent] = key;
        return key;
    }

    public void Revoke(string key)
    {
        foreach (var sent in keys.Where(entry => entry.Value == key).Select(entry => entry.Key))
            keys.TryRemove(sent, out _);
    }

    /// <param name="sent">The <c>authorization</c> header.</param>
    public bool Contains(string sent) => keys.ContainsKey(sent);

    /// <summary>Clients read the claims and cannot check the signature, so that it may be noise.</summary>
    private static string RandomJwt() => string.Join('.', Encode(new { alg = "HS256", typ = "JWT" }), Encode(new { t = "g" }), RandomText());

    private static string Encode(object json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));

    private static string RandomText() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
