using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace ChatFunctions.Local.Entra;

/// <summary>
/// The tokens that a user's sign-in yields, with the claims of Entra ID's v2.0 tokens:
/// https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference and id-token-claims-reference.
/// </summary>
internal sealed class UserTokens(SigningKey key)
{
    /// <summary>
    /// A client that forgets the API's scope gets a token for Microsoft Graph, which the API refuses: here as in Azure.
    /// </summary>
    private const string GraphClientId = "00000003-0000-0000-c000-000000000000";

    public string AccessToken(
        string authority, LocalUser user, IReadOnlyCollection<string> scopes, Action<IDictionary<string, object>>? change = null)
    {
        var forApi = scopes.Contains(LocalTenant.FullScope);
        var claims = Claims(authority, user, scopes, forApi ? LocalTenant.ApiClientId : GraphClientId);
        claims["azp"] = LocalTenant.WebClientId;
        // A public client: it has not authenticated.
        claims["azpacr"] = "0";
        claims["scp"] = forApi ? LocalTenant.Scope : string.Join(' ', scopes);
        if (forApi && user.IsModerator) claims["roles"] = new[] { LocalTenant.ModeratorRole };
        return key.Sign(claims, change);
    }

    /// <param name="authority">The issuer.</param>
    /// <param name="user">Who signed in.</param>
    /// <param name="scopes">What was granted.</param>
    /// <param name="nonce">The client's, which finds it here again.</param>
    public string IdToken(string authority, LocalUser user, IReadOnlyCollection<string> scopes, string? nonce)
    {
        var claims = Claims(authority, user, scopes, LocalTenant.WebClientId);
        if (nonce is not null) claims["nonce"] = nonce;
        if (scopes.Contains(Scopes.Email)) claims["email"] = user.UserName;
        return key.Sign(claims);
    }

    /// <summary>What MSAL keys its accounts on.</summary>
    public static string ClientInfo(LocalUser user) =>
        Base64UrlEncoder.Encode(JsonSerializer.Serialize(new { uid = user.ObjectId, utid = LocalTenant.TenantId }));

    private static Dictionary<string, object> Claims(
        string authority, LocalUser user, IReadOnlyCollection<string> scopes, string audience)
    {
        var claims = new Dictionary<string, object>
        {
            ["aud"] = audience,
            ["iss"] = authority,
            ["sub"] = PairwiseId(user, audience),
            ["uti"] = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(16)),
            ["ver"] = "2.0",
        };
        if (scopes.Contains(Scopes.Profile))
        {
            claims["name"] = user.DisplayName;
            claims["oid"] = user.ObjectId.ToString();
            claims["preferred_username"] = user.UserName;
            claims["tid"] = LocalTenant.TenantId;
        }

        return claims;
    }

    /// <summary>Another one for each audience, so that nobody comes to rely on <c>sub</c> to tell users.</summary>
    private static string PairwiseId(LocalUser user, string audience) =>
        Base64UrlEncoder.Encode(SHA256.HashData(Encoding.UTF8.GetBytes($"{audience}/{user.ObjectId}")));
}
