namespace ChatFunctions.Tests.Deployment;

/// <summary>Values of azd environments, as <c>azd env set</c> and the hooks leave them.</summary>
internal static class AzdEnvironments
{
    /// <summary>As <c>azd env new</c> makes it, with the key in the shell.</summary>
    public const string New = "NEW";

    /// <summary>Every value is set, and the key is another stage's.</summary>
    public const string Full = "FULL";

    /// <summary>Every value was set once and taken back, which azd does by an empty text.</summary>
    public const string TakenBack = "TAKEN_BACK";

    private static readonly Dictionary<string, string> Everything = new()
    {
        ["AZURE_ENV_NAME"] = "FEAT-ABP-1734",
        ["AZURE_LOCATION"] = "qatarcentral",
        ["SECRET_STAGE_NAME"] = "dev",
        ["WEB_LOCATION"] = "eastus2",
        ["MOMENTO_ENDPOINT"] = "cell-1-eu-central-1-1.prod.a.momentohq.com",
        ["MOMENTO_CACHE_NAME"] = "a-cache",
        ["MOMENTO_SHARE_CACHE"] = "true",
        ["MOMENTO_TOKEN_CALLS_PER_SECOND"] = "0.5",
        ["ENTRA_AUTHORITY"] = "https://chat.ciamlogin.com/00000000-0000-0000-0000-00000000001a/v2.0",
        ["ENTRA_API_CLIENT_ID"] = "the-api",
        ["ENTRA_WEB_CLIENT_ID"] = "the-web-client",
        ["CONTENT_SAFETY"] = "true",
        ["ALERT_EMAIL"] = "operators@chat.example",
        ["DEPLOY_WEB"] = "false",
        ["EXTRA_ORIGINS"] = "https://own.example, http://localhost:3000",
        ["EXTRA_CLIENT_IDS"] = "an-app,another-app",
        ["MAXIMUM_INSTANCE_COUNT"] = "7",
        ["INSTANCE_MEMORY_MB"] = "512",
        ["ALWAYS_READY_INSTANCES"] = "2",
        ["ZONE_REDUNDANT"] = "true",
        ["DELETE_LOCKS"] = "true",
        ["DIAGNOSTIC_LOGS"] = "true",
    };

    public static Dictionary<string, Dictionary<string, string>> All { get; } = new()
    {
        [New] = new() { ["AZURE_ENV_NAME"] = "dev", ["AZURE_LOCATION"] = "westeurope", ["MOMENTO_API_KEY"] = "the key" },
        [Full] = Everything,
        [TakenBack] = Everything.ToDictionary(value => value.Key, value => value.Key switch
        {
            "AZURE_ENV_NAME" => "dev",
            "AZURE_LOCATION" => "westeurope",
            _ => "",
        }),
    };
}
