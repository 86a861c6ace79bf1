using System.Security.Claims;
using ChatFunctions.Errors;
using ChatFunctions.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ChatFunctions.Identity;

/// <summary>Tells from a request's access token who calls. Signature, issuer, audience and lifetime are JwtBearer's part.</summary>
public sealed class Authenticator(IOptions<EntraOptions> entra, KnownTokens known, SigningKeys keys)
{
    private readonly Guid tenant = entra.Value.GetTenantId();

    /// <exception cref="ChatException">There is no valid token of a user, or it lacks the scope, or Entra ID does not tell its
    /// keys.</exception>
    public async Task<Caller> AuthenticateAsync(HttpContext http)
    {
        var sent = http.Request.Headers.Authorization.Count;
        if (sent == 0) throw new ChatException(ErrorCode.TokenMissing);
        // Of two, whatever stands before the app may have looked at the other one.
        if (sent > 1) throw new ChatException(ErrorCode.TokenInvalid);

        var authorization = http.Request.Headers.Authorization.ToString();
        if (known.TryFind(authorization, out var knownCaller)) return knownCaller;
        if (KeyIdOf(authorization) is not { } keyId || !await keys.HasAsync(keyId, http.RequestAborted))
        {
            throw new ChatException(ErrorCode.TokenInvalid);
        }

        var result = await http.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        var caller = result.Succeeded ? CallerOf(result.Principal) : null;
        if (caller is null) throw new ChatException(ErrorCode.TokenInvalid);
        if (!HasScope(result.Principal!)) throw new ChatException(ErrorCode.ScopeMissing) { Argument = entra.Value.RequiredScope };
        known.Add(authorization, caller, result.Properties!.ExpiresUtc!.Value);
        return caller;
    }

    /// <summary>The name of the key that the token says it is signed with: Entra ID's tokens all do.</summary>
    /// <returns>Null if there is none, or no token.</returns>
    private static string? KeyIdOf(string authorization)
    {
        const string scheme = "Bearer ";
        if (!authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return null;
        try
        {
            return new JsonWebToken(authorization[scheme.Length..].Trim()).Kid is { Length: > 0 } keyId ? keyId : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <returns>Null if the token does not say which user of the tenant it is for. There is no second best: <c>sub</c> is
    /// another for each client.</returns>
    private Caller? CallerOf(ClaimsPrincipal user)
    {
        if (!Guid.TryParseExact(user.FindFirstValue("oid"), "D", out var objectId)) return null;
        if (!Guid.TryParseExact(user.FindFirstValue("tid"), "D", out var tenantId) || tenantId != tenant) return null;
        // Nothing stands in for a missing name: preferred_username is an e-mail address mostly, and the name is shown to all.
        return new Caller(tenantId, objectId, NameText.Mend(user.FindFirstValue("name") ?? ""));
    }

    private bool HasScope(ClaimsPrincipal user) =>
        user.FindFirstValue("scp")?.Split(' ').Contains(entra.Value.RequiredScope) ?? false;
}
