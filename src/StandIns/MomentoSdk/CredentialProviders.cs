using System.Buffers.Text;
using System.Text.Json;
using Momento.Sdk.Exceptions;

namespace Momento.Sdk.Auth;

public interface ICredentialProvider
{
    string AuthToken { get; }
    string ControlEndpoint { get; }
    string CacheEndpoint { get; }
    string TokenEndpoint { get; }

    /// <summary>Whether to use TLS.</summary>
    bool SecureEndpoints { get; }

    ICredentialProvider WithCacheEndpoint(string cacheEndpoint);
}

/// <summary>For a v2 key, a JWT with claim <c>t: "g"</c>, which does not say where its account lives.</summary>
/// <exception cref="InvalidArgumentException">It is not a v2 key, or the endpoint is empty.</exception>
public class ApiKeyV2TokenProvider(string token, string endpoint) : ICredentialProvider
{
    public string AuthToken { get; } = IsV2(token) && endpoint is not (null or "")
        ? token
        : throw new InvalidArgumentException("This is not a v2 key with an endpoint.");

    public string ControlEndpoint { get; } = $"control.{endpoint}";
    public string CacheEndpoint { get; private set; } = $"cache.{endpoint}";
    public string TokenEndpoint { get; } = $"token.{endpoint}";
    public bool SecureEndpoints => true;

    public ICredentialProvider WithCacheEndpoint(string cacheEndpoint) =>
        new ApiKeyV2TokenProvider(AuthToken, endpoint) { CacheEndpoint = cacheEndpoint };

    private static bool IsV2(string token)
    {
        try
        {
            if (token.Split('.') is not [_, var payload, _]) return false;
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            return claims.RootElement.TryGetProperty("t", out var kind) && kind.ValueEquals("g");
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}

/// <summary>For a v1 key, base64 of <c>{"endpoint": …, "api_key": …}</c>.</summary>
[Obsolete("v1 keys are obsolete, in favour of v2 keys.")]
public class StringMomentoTokenProvider : ICredentialProvider
{
    private readonly string token;

    /// <exception cref="InvalidArgumentException">It is not a v1 key.</exception>
    public StringMomentoTokenProvider(string token)
    {
        this.token = token;
        try
        {
            using var key = JsonDocument.Parse(Convert.FromBase64String(token));
            var endpoint = key.RootElement.GetProperty("endpoint").GetString();
            AuthToken = key.RootElement.GetProperty("api_key").GetString() ?? "";
            if (AuthToken == "" || endpoint is null or "") throw new FormatException();
            ControlEndpoint = $"control.{endpoint}";
            CacheEndpoint = $"cache.{endpoint}";
            TokenEndpoint = $"token.{endpoint}";
        }
        catch (Exception error) when (error is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidArgumentException("This is not a v1 key.");
        }
    }

    public string AuthToken { get; }
    public string ControlEndpoint { get; }
    public string CacheEndpoint { get; private set; }
    public string TokenEndpoint { get; }
    public bool SecureEndpoints => true;

    public ICredentialProvider WithCacheEndpoint(string cacheEndpoint) => new StringMomentoTokenProvider(token) { CacheEndpoint = cacheEndpoint };
}
