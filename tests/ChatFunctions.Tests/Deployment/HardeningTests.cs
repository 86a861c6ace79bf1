using System.Text.Json;
using System.Text.RegularExpressions;
using ChatFunctions.Tables;

namespace ChatFunctions.Tests.Deployment;

/// <summary>What no stage lets in or out.</summary>
[Collection(nameof(InfraBicep))]
public sealed partial class HardeningTests(InfraBicep infra)
{
    // Microsoft's ids of its built-in roles.
    private const string StorageBlobDataOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    private const string StorageTableDataContributor = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";
    private const string MonitoringMetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";
    private const string KeyVaultSecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";

    public static readonly TheoryData<string> Stages = ["dev", "prod", "FEAT-ABP-1734", "longest"];

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task Storage_has_no_shared_key_no_public_blob_and_no_old_TLS(string stage)
    {
        var snapshot = await infra.StageAsync(stage);
        var account = Properties(snapshot.One("Microsoft.Storage/storageAccounts"));
        Assert.False(account.GetProperty("allowSharedKeyAccess").GetBoolean());
        Assert.False(account.GetProperty("allowBlobPublicAccess").GetBoolean());
        Assert.True(account.GetProperty("supportsHttpsTrafficOnly").GetBoolean());
        Assert.Equal("TLS1_2", account.GetProperty("minimumTlsVersion").GetString());
        Assert.All(
            snapshot.OfType("Microsoft.Storage/storageAccounts/blobServices/containers"),
            container => Assert.Equal("None", Properties(container).GetProperty("publicAccess").GetString()));
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task The_app_takes_https_of_TLS_1_2_only_and_no_password_for_deployments(string stage)
    {
        var snapshot = await infra.StageAsync(stage);
        var app = Properties(snapshot.One("Microsoft.Web/sites"));
        Assert.True(app.GetProperty("httpsOnly").GetBoolean());
        Assert.Equal("1.2", app.GetProperty("siteConfig").GetProperty("minTlsVersion").GetString());
        Assert.Equal("Disabled", app.GetProperty("siteConfig").GetProperty("ftpsState").GetString());
        var deployment = app.GetProperty("functionAppConfig").GetProperty("deployment").GetProperty("storage");
        Assert.Equal("UserAssignedIdentity", deployment.GetProperty("authentication").GetProperty("type").GetString());
        var passwords = snapshot.OfType("Microsoft.Web/sites/basicPublishingCredentialsPolicies").ToList();
        Assert.Equal(2, passwords.Count);
        Assert.All(passwords, policy => Assert.False(Properties(policy).GetProperty("allow").GetBoolean()));
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task The_only_origin_that_CORS_allows_is_that_of_the_stages_web_client(string stage)
    {
        var snapshot = await infra.StageAsync(stage);
        var cors = Properties(snapshot.One("Microsoft.Web/sites")).GetProperty("siteConfig").GetProperty("cors");
        var origin = Assert.Single(cors.GetProperty("allowedOrigins").EnumerateArray());
        Assert.Equal(snapshot.Outputs.GetProperty("WEB_URL").GetString(), origin.GetString());
        Assert.DoesNotContain("\"*\"", snapshot.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task Telemetry_is_taken_from_identities_only(string stage)
    {
        var snapshot = await infra.StageAsync(stage);
        Assert.True(Properties(snapshot.One("Microsoft.Insights/components")).GetProperty("DisableLocalAuth").GetBoolean());
        var logs = Properties(snapshot.One("Microsoft.OperationalInsights/workspaces"));
        Assert.True(logs.GetProperty("features").GetProperty("disableLocalAuth").GetBoolean());
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task The_app_has_a_role_on_each_thing_that_it_uses_none_wider_than_it_needs_and_nobody_else_has_any(string stage)
    {
        var snapshot = await infra.StageAsync(stage);
        var roles = snapshot.OfType("Microsoft.Authorization/roleAssignments").ToLookup(
            role => Properties(role).GetProperty("roleDefinitionId").GetString()!.Split('/')[^1],
            role => Scope().Match(role.GetProperty("id").GetString()!).Groups[1].Value);
        var account = snapshot.One("Microsoft.Storage/storageAccounts").GetProperty("id").GetString();
        var insights = snapshot.One("Microsoft.Insights/components").GetProperty("id").GetString();
        var ownsSecret = stage is "dev" or "prod";

        Assert.Equal(ownsSecret ? 4 : 3, roles.Count);
        Assert.Equal([account], roles[StorageBlobDataOwner]);
        Assert.Equal(TableNames.All.Select(table => $"{account}/tableServices/default/tables/{table}"), roles[StorageTableDataContributor]);
        Assert.Equal([insights], roles[MonitoringMetricsPublisher]);
        if (ownsSecret) Assert.Equal([snapshot.One("Microsoft.KeyVault/vaults/secrets").GetProperty("id").GetString()], roles[KeyVaultSecretsUser]);
        Assert.All(snapshot.OfType("Microsoft.Authorization/roleAssignments"), role =>
        {
            Assert.Equal("ServicePrincipal", Properties(role).GetProperty("principalType").GetString());
            // In the name too, so that an identity that is made anew gets an assignment of its own.
            var principal = Properties(role).GetProperty("principalId").GetString()!.Trim('[', ']');
            Assert.EndsWith(".outputs.principalId.value", principal, StringComparison.Ordinal);
            Assert.Contains(principal, role.GetProperty("name").GetString(), StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public async Task The_Momento_API_key_is_in_the_vault_only_and_the_vault_asks_for_roles(string stage)
    {
        var snapshot = await infra.StageAsync(stage);
        Assert.True(Properties(snapshot.One("Microsoft.KeyVault/vaults")).GetProperty("enableRbacAuthorization").GetBoolean());
        var secret = snapshot.One("Microsoft.KeyVault/vaults/secrets").GetRawText();
        Assert.Contains("parameters('momentoApiKey')", secret, StringComparison.Ordinal);
        Assert.DoesNotContain("momentoApiKey", snapshot.Text.Replace(secret, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task No_output_setting_or_other_property_is_a_secret(string stage)
    {
        var snapshot = await infra.StageAsync(stage);
        Assert.DoesNotContain("the-momento-api-key", snapshot.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch(Listing(), snapshot.Text);
        Assert.DoesNotMatch("(?i)(AccountKey|SharedAccessKey|ClientSecret|Password)", snapshot.Text);
        Assert.DoesNotContain(snapshot.AppSettings.Keys, name => name.EndsWith("ConnectionString", StringComparison.Ordinal));
    }

    private static JsonElement Properties(JsonElement resource) => resource.GetProperty("properties");

    [GeneratedRegex(@"^\[extensionResourceId\('([^']+)', 'Microsoft\.Authorization/roleAssignments'")]
    private static partial Regex Scope();

    /// <summary>The functions of templates that tell keys.</summary>
    [GeneratedRegex(@"\blist\w*\(")]
    private static partial Regex Listing();
}
