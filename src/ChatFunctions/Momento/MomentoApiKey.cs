using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Azure.Security.KeyVault.Secrets;
using Momento.Sdk.Auth;

namespace ChatFunctions.Momento;

/// <summary>
/// The two kinds of Momento API key. A v1 key is base64 of <c>{"endpoint": …, "api_key": …}</c> and says where its account
/// lives. A v2 key is a JWT with the claim <c>t: "g"</c>, and does not.
/// </summary>
public static class MomentoApiKey
{
    /// <summary>The secret's tag that says where the account of a v2 key lives: it comes and goes with the key.</summary>
    public const string EndpointTag = "momento-endpoint";

    private const string TokenService = "token.";

    /// <param name="secret">What the vault holds.</param>
    /// <param name="endpoint"><see cref="MomentoOptions.Endpoint"/>: for a Momento on this machine, or a secret without <see cref="EndpointTag"/>.</param>
    /// <inheritdoc cref="Parse(string, string?)" path="/exception"/>
    public static ICredentialProvider Parse(KeyVaultSecret secret, string? endpoint) =>
        (endpoint is null || !MomentoEndpointAttribute.IsPlaintext(endpoint)) && secret.Properties.Tags.TryGetValue(EndpointTag, out var told)
            ? Parse(secret.Value, told)
            : Parse(secret.Value, endpoint);

    /// <param name="secret">What the vault holds.</param>
    /// <param name="endpoint">Where the account of a v2 key lives, or a Momento on this machine.</param>
    /// <exception cref="FormatException">It is neither, or its account is said to live at a host that is not Momento's; the message never
    /// holds the secret.</exception>
    public static ICredentialProvider Parse(string secret, string? endpoint)
    {
        var v1 = TryDecode(secret, Convert.FromBase64String);
        if (v1 is not { } key || !IsText(key, "endpoint") || !IsText(key, "api_key")) v1 = null;
        if (v1 is null && !IsV2(secret)) throw new FormatException("The secret is not a Momento API key, neither v1 nor v2.");
        if (endpoint is not null && MomentoEndpointAttribute.IsPlaintext(endpoint))
        {
            return new PlaintextCredentials(v1?.GetProperty("api_key").GetString() ?? secret, new Uri(endpoint).Authority);
        }

        var host = v1?.GetProperty("endpoint").GetString() ?? endpoint;
        if (string.IsNullOrEmpty(host))
        {
            throw new FormatException($"The Momento API key is v2: the secret's tag {EndpointTag}, or Momento:Endpoint, must say where its account lives.");
        }

        if (!MomentoEndpointAttribute.IsMomentos(host)) throw new FormatException($"'{host}' is not a host of Momento's: the API key stays here.");
#pragma warning disable CS0618 // The SDK marks its only provider for v1 keys obsolete, in favour of v2 keys.
        return v1 is not null ? new StringMomentoTokenProvider(secret) : new ApiKeyV2TokenProvider(secret, host);
#pragma warning restore CS0618
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
