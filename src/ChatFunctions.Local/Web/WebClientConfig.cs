using ChatFunctions.Local.Entra;

namespace ChatFunctions.Local.Web;

/// <summary>Which backends the web client uses.</summary>
/// <param name="Api">The API's origin, without a slash at its end.</param>
/// <param name="Momento">The origin of the Momento for browsers, likewise.</param>
public sealed record WebBackends(string Api, string Momento);

/// <summary>The web client's <c>config.json</c>; src/web/src/config.ts says what each value means.</summary>
internal static class WebClientConfig
{
    public static object For(EntraServer entra, WebBackends backends) => new
    {
        apiBaseUrl = backends.Api,
        entra = new
        {
            // MSAL takes no http authority, but one whose endpoints it is told.
            authority = $"https://localhost/{LocalTenant.TenantId}",
            knownAuthorities = new[] { "localhost" },
            authorityMetadata = Discovery.Document(entra.Address.Port),
            clientId = LocalTenant.WebClientId,
            scope = LocalTenant.FullScope,
        },
        momentoEndpoint = backends.Momento,
    };
}
