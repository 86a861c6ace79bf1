using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Momento.Sdk.Auth;

namespace ChatFunctions.Momento;

/// <summary>
/// The two kinds of Momento API key. A v1 key is base64 of <c>{"endpoint": …, "api_key": …}</c> and says where its account
/// lives. A v2 key is a JWT with the claim <c>t: "g"</c>, and does not.
/// </summary>
public static class MomentoApiKey
{
    private const string TokenService = "token.";

    /// <param name="secret">What the vault holds.</param>
    /// <param name="endpoint"><see cref="MomentoOptions.Endpoint"/>.</param>
    /// <exception cref="FormatException">It is neither; the message never holds the secret.</exception>
    public static ICredentialProvider Parse(string secret, string? endpoint)
    {
        var v1 = TryDecode(secret, Convert.FromBase64String);
        if (v1 is not { } key || !IsText(key, "endpoint") || !IsText(key, "api_key")) v1 = null;
        if (v1 is null && !IsV2(secret)) throw new FormatException("The secret is not a Momento API key, neither v1 nor v2.");
        if (endpoint is not null && MomentoEndpointAttribute.IsPlaintext(endpoint))
        {
            return new PlaintextCredentials(v1?.GetProperty("api_key").GetString() ?? secret, new Uri(endpoint).Authority);
        }

#pragma warning disable CS0618 // The SDK marks its only provider for v1 keys obsolete, in favour of v2 keys.
        if (v1 is not null) return new StringMomentoTokenProvider(secret);
#pragma warning restore CS0618
        return string.IsNullOrEmpty(endpoint)
            ? throw new FormatException("The Momento API key is v2: Momento:Endpoint must say where its account lives.")
            : new ApiKeyV2TokenProvider(secret, endpoint);
    }

    /// <summary>The host where an account lives; its services' hosts begin with their names.</summary>
    public static string AccountOf(ICredentialProvider credentials) =>
        credentials.SecureEndpoints && credentials.TokenEndpoint.StartsWith(TokenService, StringComparison.Ordinal)
            ? credentials.TokenEndpoint[TokenService.Length..]
            : credentials.TokenEndpoint;

    private static bool IsV2(string secret) =>
        secret.Split('.') is [_, var payload, _] &&
        TryDecode(payload, text => Base64Url.DecodeFromChars(text)) is { } claims && IsText(claims, "t", "g");

    private static JsonElement? TryDecode(string text, Func<string, byte[]> decode)
    {
        try
        {
            return JsonElement.Parse(Encoding.UTF8.GetString(decode(text)));
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            return null;
        }
    }

    private static bool IsText(JsonElement json, string property, string? expected = null) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(property, out var value) &&
        value.ValueKind == JsonValueKind.String && (expected is null ? value.GetString() != "" : value.ValueEquals(expected));

    /// <summary>Without TLS, which the SDK's own providers do not offer with a key; one host serves everything.</summary>
    private sealed record PlaintextCredentials(string AuthToken, string CacheEndpoint) : ICredentialProvider
    {
        public string ControlEndpoint => CacheEndpoint;
        public string TokenEndpoint => CacheEndpoint;
        public bool SecureEndpoints => false;
        public ICredentialProvider WithCacheEndpoint(string cacheEndpoint) => this with { CacheEndpoint = cacheEndpoint };

        /// <summary>Without the key.</summary>
        public override string ToString() => $"{nameof(PlaintextCredentials)} {{ {CacheEndpoint} }}";
    }
}
