using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace ChatFunctions.Local.Entra;

/// <summary>What a refresh token stands for. Like Entra ID's of single-page apps, its successors do not outlive it.</summary>
internal sealed record RefreshGrant(LocalUser User, IReadOnlyList<string> Scopes, DateTimeOffset ExpiresAt);

/// <summary>
/// Gives tokens for codes, refresh tokens and, locally alone, for plain user names, which scripts like. Answers and errors
/// as https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow describes.
/// </summary>
internal sealed class TokenEndpoint(
    UserTokens tokens, OneTimeSecrets<AuthorizationCode> codes, OneTimeSecrets<RefreshGrant> refreshGrants, TimeProvider time)
{
    public const string Warning =
        "LOCAL DEVELOPMENT ONLY: this issuer signs in anybody as anybody, and its password grant checks no password.";

    private static readonly TimeSpan RefreshLifetime = TimeSpan.FromHours(24);

    public async Task<IResult> PostAsync(HttpRequest request)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        try
        {
            if (!request.HasFormContentType) throw new OAuthException("invalid_request", "The request must be a form.");
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return Results.Json(Answer(LocalTenant.AuthorityAt(request.HttpContext.Connection.LocalPort), form));
        }
        catch (OAuthException error)
        {
            return Results.Json(
                new { error = error.Error, error_description = error.Message }, statusCode: StatusCodes.Status400BadRequest);
        }
    }

    private Dictionary<string, object> Answer(string authority, IFormCollection form)
    {
        if (form["client_id"] != LocalTenant.WebClientId)
        {
            throw new OAuthException("unauthorized_client", $"The client_id must be {LocalTenant.WebClientId}.");
        }

        return form["grant_type"].ToString() switch
        {
            "authorization_code" => RedeemCode(authority, form),
            "refresh_token" => Refresh(authority, form),
            "password" => SignIn(authority, form),
            _ => throw new OAuthException(
                "unsupported_grant_type", "The grant_type must be authorization_code, refresh_token or, locally, password."),
        };
    }

    private Dictionary<string, object> RedeemCode(string authority, IFormCollection form)
    {
        if (codes.Take(form["code"].ToString()) is not { } code)
        {
            throw new OAuthException("invalid_grant", "The code is unknown, expired, or was redeemed before.");
        }

        if (form["redirect_uri"] != code.RedirectUri)
        {
            throw new OAuthException("invalid_grant", "The redirect_uri is not the one that the code was sent to.");
        }

        // RFC 7636, 4.6.
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (challenge != code.CodeChallenge) throw new OAuthException("invalid_grant", "The code_verifier is wrong or missing.");

        return Tokens(authority, form, new(code.User, code.Scopes, time.GetUtcNow() + RefreshLifetime), code.Nonce);
    }

    private Dictionary<string, object> Refresh(string authority, IFormCollection form)
    {
        if (refreshGrants.Take(form["refresh_token"].ToString()) is not { } grant)
        {
            throw new OAuthException("invalid_grant", "The refresh token is unknown, expired, or was used before.");
        }

        var scopes = form.ContainsKey("scope") ? Scopes.Parse(form["scope"]) : grant.Scopes;
        if (scopes.Except(grant.Scopes).Any()) throw new OAuthException("invalid_scope", "The user did not grant that much.");
        return Tokens(authority, form, grant with { Scopes = scopes }, nonce: null);
    }

    private Dictionary<string, object> SignIn(string authority, IFormCollection form)
    {
        if (LocalUser.Parse(form["username"]) is not { } user)
        {
            throw new OAuthException("invalid_grant", "The username must have 1 to 64 characters.");
        }

        var scopes = form.ContainsKey("scope") ? Scopes.Parse(form["scope"]) : Scopes.All;
        var answer = Tokens(authority, form, new(user, scopes, time.GetUtcNow() + RefreshLifetime), nonce: null);
        answer["warning"] = Warning;
        return answer;
    }

    private Dictionary<string, object> Tokens(string authority, IFormCollection form, RefreshGrant grant, string? nonce)
    {
        var answer = new Dictionary<string, object>
        {
            ["token_type"] = "Bearer",
            ["scope"] = string.Join(' ', grant.Scopes),
            ["expires_in"] = (int)SigningKey.Lifetime.TotalSeconds,
            ["access_token"] = tokens.AccessToken(authority, grant.User, grant.Scopes),
        };
        if (grant.Scopes.Contains(Scopes.OpenId)) answer["id_token"] = tokens.IdToken(authority, grant.User, grant.Scopes, nonce);
        if (grant.Scopes.Contains(Scopes.OfflineAccess)) answer["refresh_token"] = refreshGrants.Add(grant, grant.ExpiresAt);
        if (form["client_info"] == "1") answer["client_info"] = UserTokens.ClientInfo(grant.User);
        return answer;
    }
}
