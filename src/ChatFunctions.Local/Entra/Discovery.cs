namespace ChatFunctions.Local.Entra;

/// <summary>OpenID Connect Discovery 1.0, with the paths that Entra ID has.</summary>
internal static class Discovery
{
    public const string DocumentPath = "/v2.0/.well-known/openid-configuration";
    public const string KeysPath = "/discovery/v2.0/keys";
    public const string AuthorizePath = "/oauth2/v2.0/authorize";
    public const string TokenPath = "/oauth2/v2.0/token";
    public const string LogoutPath = "/oauth2/v2.0/logout";

    public static IResult Get(HttpContext http) => Results.Json(Document(http.Connection.LocalPort));

    public static object Document(int port)
    {
        var tenant = $"http://localhost:{port}/{LocalTenant.TenantId}";
        return new
        {
            warning = TokenEndpoint.Warning,
            issuer = LocalTenant.AuthorityAt(port),
            authorization_endpoint = tenant + AuthorizePath,
            token_endpoint = tenant + TokenPath,
            end_session_endpoint = tenant + LogoutPath,
            jwks_uri = tenant + KeysPath,
            response_types_supported = new[] { "code" },
            response_modes_supported = new[] { "query", "fragment" },
            grant_types_supported = new[] { "authorization_code", "refresh_token", "password" },
            code_challenge_methods_supported = new[] { "S256" },
            token_endpoint_auth_methods_supported = new[] { "none" },
            scopes_supported = Scopes.All,
            subject_types_supported = new[] { "pairwise" },
            id_token_signing_alg_values_supported = new[] { "RS256" },
        };
    }
}
