using ChatFunctions.Local.Entra;
using Microsoft.Net.Http.Headers;

namespace ChatFunctions.Local.KeyVault;

/// <summary>
/// Lets only the managed identity's tokens in, and tells clients where to get one, as
/// https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses describes.
/// </summary>
internal sealed class VaultAccess(EntraServer identity)
{
    /// <summary>What tokens for a vault are for, whatever its address.</summary>
    private const string Resource = "https://vault.azure.net";

    private const string Scheme = "Bearer ";

    /// <exception cref="KeyVaultException">The token is missing or not good.</exception>
    public async Task CheckAsync(HttpContext http)
    {
        var authorization = http.Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw Challenge(http, error: "", "The request has no token.");
        }

        if (!await identity.IsManagedIdentityTokenAsync(authorization[Scheme.Length..], Resource))
        {
            throw Challenge(http, ", error=\"invalid_token\"", "The token is not good: its signature, audience or lifetime.");
        }
    }

    private KeyVaultException Challenge(HttpContext http, string error, string message)
    {
        http.Response.Headers[HeaderNames.WWWAuthenticate] =
            $"Bearer authorization=\"{identity.Address}{LocalTenant.TenantId}\", resource=\"{Resource}\"{error}";
        return KeyVaultException.Unauthorized(message);
    }
}
