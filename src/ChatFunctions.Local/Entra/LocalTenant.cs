namespace ChatFunctions.Local.Entra;

/// <summary>
/// What the local issuer's one tenant holds: an API and the client that may call it. The ids are fixed, so that settings and
/// scripts can name them.
/// </summary>
public static class LocalTenant
{
    public const string TenantId = "10ca1000-0000-4000-8000-000000000000";

    /// <summary>The API's registration, the <c>aud</c> of its access tokens.</summary>
    public const string ApiClientId = "10ca1000-0000-4000-8000-000000000001";

    /// <summary>The web client and every script: a public client, without a secret.</summary>
    public const string WebClientId = "10ca1000-0000-4000-8000-000000000002";

    /// <summary>The API's scope as the claim <c>scp</c> has it.</summary>
    public const string Scope = "Chat.Access";

    /// <summary>The API's scope as a client asks for it.</summary>
    public const string FullScope = $"api://{ApiClientId}/{Scope}";

    /// <summary>The app role of moderators, which <c>mod</c> has.</summary>
    public const string ModeratorRole = "Chat.Moderate";

    /// <summary>What the function app is in Azure.</summary>
    internal const string ManagedIdentityClientId = "10ca1000-0000-4000-8000-000000000003";

    internal static string AuthorityAt(int port) => $"http://localhost:{port}/{TenantId}/v2.0";
}
