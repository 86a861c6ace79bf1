using System.Globalization;
using Azure.Core;

namespace ChatFunctions.Local.Entra;

/// <summary>
/// The function app's own identity. Serves tokens as App Service does on <c>IDENTITY_ENDPOINT</c>, for DefaultAzureCredential:
/// https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference.
/// </summary>
internal sealed class ManagedIdentity(SigningKey key, TimeProvider time) : TokenCredential
{
    /// <summary>Entra ID's v1.0 issuer, which signs the tokens of managed identities.</summary>
    private const string Issuer = $"https://sts.windows.net/{LocalTenant.TenantId}/";

    private const string ApiVersion = "2019-08-01";

    /// <summary>
    /// The value of <c>IDENTITY_HEADER</c>, fixed and public. The header is there so that an app which is tricked into fetching
    /// an address does not fetch tokens; it keeps nobody out who runs programs on this machine.
    /// </summary>
    public const string IdentityHeader = "local";

    public IResult Get(HttpContext http)
    {
        var (query, headers) = (http.Request.Query, http.Request.Headers);
        var resource = query["resource"].ToString();
        if (headers["X-IDENTITY-HEADER"] != IdentityHeader)
        {
            return Refuse(StatusCodes.Status403Forbidden, $"The header X-IDENTITY-HEADER must be '{IdentityHeader}'.");
        }

        if (query["api-version"] != ApiVersion || resource.Length == 0)
        {
            return Refuse(StatusCodes.Status400BadRequest, $"The parameters are api-version={ApiVersion} and resource.");
        }

        http.Response.Headers.CacheControl = "no-store";
        var token = TokenFor(resource);
        return Results.Json(new
        {
            access_token = token.Token,
            expires_on = token.ExpiresOn.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            resource,
            token_type = "Bearer",
            client_id = LocalTenant.ManagedIdentityClientId,
        });
    }

    public Task<bool> IsTokenGoodAsync(string token, string resource) => key.IsGoodAsync(token, Issuer, resource);

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        TokenFor(requestContext.Scopes.Single().Replace("/.default", "", StringComparison.Ordinal));

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));

    private AccessToken TokenFor(string resource)
    {
        var token = key.Sign(new()
        {
            ["aud"] = resource,
            ["iss"] = Issuer,
            ["appid"] = LocalTenant.ManagedIdentityClientId,
            ["idtyp"] = "app",
            ["oid"] = LocalTenant.ManagedIdentityClientId,
            ["sub"] = LocalTenant.ManagedIdentityClientId,
            ["tid"] = LocalTenant.TenantId,
            ["ver"] = "1.0",
        });
        return new AccessToken(token, time.GetUtcNow() + SigningKey.Lifetime);
    }

    private static IResult Refuse(int status, string message) =>
        Results.Json(new { statusCode = status, message }, statusCode: status);
}
