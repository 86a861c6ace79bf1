namespace ChatFunctions.Local;

/// <summary>
/// What a developer's shell says of proxies and of Azure identities is not meant for a cloud on this machine: Azure's clients would send
/// every call to the proxy, and sign in as that identity.
/// </summary>
public static class ShellEnvironment
{
    private static readonly string[] NotForLoopback =
    [
        "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
        "AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE",
        "AZURE_USERNAME", "AZURE_PASSWORD", "AZURE_AUTHORITY_HOST",
    ];

    /// <summary>Takes them out of this process, before its first call.</summary>
    public static void Leave()
    {
        foreach (var name in NotForLoopback) Environment.SetEnvironmentVariable(name, null);
        // No credential but the managed identity's, however many the machine offers.
        Environment.SetEnvironmentVariable("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential");
    }
}
