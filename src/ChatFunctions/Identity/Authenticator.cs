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
public sealed class Authenticator(IOptions<EntraOptions> entra, KnownTokens known, SigningKeys keys, RefusalLog refusals)
{
    /// <summary>Of moderators: one of the values of the claim <c>roles</c>, an app role of the API's registration.</summary>
    public const string ModeratorRole = "Chat.Moderate";

    private readonly Guid tenant = entra.Value.GetTenantId();

    /// <exception cref="ChatException">There is no valid token of a user, or it lacks the scope, or Entra ID does not tell its
    /// keys.</exception>
    public async Task<Caller> AuthenticateAsync(HttpContext http)
    {
        var sent = http.Request.Headers.Authorization.Count;
        if (sent == 0) throw new ChatException(ErrorCode.TokenMissing);
        // Of two, whatever stands before the app may have looked at the other one.
        if (sent > 1) throw Refuse(TokenFault.Form);

        var authorization = http.Request.Headers.Authorization.ToString();
        if (known.TryFind(authorization, out var knownCaller)) return knownCaller;
        // Entra ID's tokens all name their key.
        if (TokenOf(authorization) is not { Kid.Length: > 0 } token) throw Refuse(TokenFault.Form);
        if (!await keys.HasAsync(token.Kid, http.RequestAborted)) throw Refuse(TokenFault.Key);
        var result = await http.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (!result.Succeeded)
        {
            refusals.Write(token, result.Failure);
            throw new ChatException(ErrorCode.TokenInvalid);
        }

        var caller = CallerOf(result.Principal);
        EnsureScope(result.Principal);
        known.Add(authorization, caller, result.Properties!.ExpiresUtc!.Value);
        return caller;
    }

    /// <summary>What the header says, of which nothing has been checked yet.</summary>
    /// <returns>Null if it is no token.</returns>
    private static JsonWebToken? TokenOf(string authorization)
    {
        const string scheme = "Bearer ";
        if (!authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return null;
        try
        {
            return new JsonWebToken(authorization[scheme.Length..].Trim());
        }
        // What is not base64url is the one or the other, by where it stands.
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Which user of the tenant the token is for. There is no second best: <c>sub</c> is another for each client.</summary>
    private Caller CallerOf(ClaimsPrincipal user)
    {
        if (!Guid.TryParseExact(user.FindFirstValue("oid"), "D", out var objectId)) throw Refuse(TokenFault.User);
        if (!Guid.TryParseExact(user.FindFirstValue("tid"), "D", out var tenantId) || tenantId != tenant) throw Refuse(TokenFault.Tenant);
        // Nothing stands in for a missing name: preferred_username is an e-mail address mostly, and the name is shown to all.
        return new Caller(tenantId, objectId, NameText.Mend(user.FindFirstValue("name") ?? ""))
        {
            IsModerator = user.HasClaim("roles", ModeratorRole),
        };
    }

    private void EnsureScope(ClaimsPrincipal user)
    {
        var required = entra.Value.RequiredScope;
        if (user.FindFirstValue("scp")?.Split(' ').Contains(required) ?? false) return;
        refusals.Write(TokenFault.Scope);
        throw new ChatException(ErrorCode.ScopeMissing) { Argument = required };
    }

    private ChatException Refuse(TokenFault fault)
    {
        refusals.Write(fault);
        return new ChatException(ErrorCode.TokenInvalid);
    }
}
