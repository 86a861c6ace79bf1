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
        Assert.All(snapshot.OfType("Microsoft.Storage/storageAccounts").Select(Properties), account =>
        {
            Assert.False(account.GetProperty("allowSharedKeyAccess").GetBoolean());
            Assert.False(account.GetProperty("allowBlobPublicAccess").GetBoolean());
            Assert.True(account.GetProperty("supportsHttpsTrafficOnly").GetBoolean());
            Assert.Equal("TLS1_2", account.GetProperty("minimumTlsVersion").GetString());
        });
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
        var (account, hosts) = (AccountOf(snapshot, "st"), AccountOf(snapshot, "sh"));
        var insights = snapshot.One("Microsoft.Insights/components").GetProperty("id").GetString();
        var ownsSecret = stage is "dev" or "prod";

        Assert.Equal(ownsSecret ? 4 : 3, roles.Count);
        Assert.Equal([hosts], roles[StorageBlobDataOwner]);
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

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task Rooms_and_messages_have_an_account_apart_from_the_hosts_with_its_package(string stage)
    {
        var snapshot = await infra.StageAsync(stage);
        string[] children = [.. snapshot.OfType("Microsoft.Storage/storageAccounts/tableServices/tables").Select(Id)];
        Assert.All(children, table => Assert.StartsWith($"{AccountOf(snapshot, "st")}/", table, StringComparison.Ordinal));
        var container = Id(snapshot.One("Microsoft.Storage/storageAccounts/blobServices/containers"));
        Assert.StartsWith($"{AccountOf(snapshot, "sh")}/", container, StringComparison.Ordinal);
        Assert.Equal(container.Split('/')[8], snapshot.AppSettings["AzureWebJobsStorage:accountName"]);
    }

    [Fact]
    public async Task A_stage_that_says_so_has_data_in_three_zones_locks_against_deletion_and_a_log_of_who_read_the_key_and_none_otherwise()
    {
        const string locks = "Microsoft.Authorization/locks", logs = "Microsoft.Insights/diagnosticSettings";
        var plain = await infra.StageAsync("dev");
        var lasting = await infra.DevWithAsync(
            "param stageName = 'dev'", "param stageName = 'dev'\nparam zoneRedundant = true\nparam deleteLocks = true\nparam diagnosticLogs = true");
        static IEnumerable<string?> Skus(Snapshot stage) =>
            stage.OfType("Microsoft.Storage/storageAccounts").Select(account => account.GetProperty("sku").GetProperty("name").GetString());

        Assert.Equal(["Standard_LRS", "Standard_LRS"], Skus(plain));
        Assert.Equal(["Standard_ZRS", "Standard_ZRS"], Skus(lasting));
        Assert.True(Properties(lasting.One("Microsoft.Web/serverfarms")).GetProperty("zoneRedundant").GetBoolean());
        Assert.Empty(plain.OfType(locks).Concat(plain.OfType(logs)));
        Assert.All(lasting.OfType(locks), each => Assert.Equal("CanNotDelete", Properties(each).GetProperty("level").GetString()));
        Assert.Equal((2, 2), (lasting.OfType(locks).Count(), lasting.OfType(logs).Count()));
    }

    [Fact]
    public async Task Other_front_ends_may_call_the_API_and_their_users_tokens_are_taken_with_and_without_the_web_client()
    {
        var alone = await infra.EnvironmentAsync(AzdEnvironments.Full);
        Assert.Empty(alone.OfType("Microsoft.Web/staticSites"));
        Assert.Equal("", alone.Outputs.GetProperty("WEB_URL").GetString());
        Assert.Equal(["https://own.example", "http://localhost:3000"], Origins(alone));
        Assert.Equal(["the-web-client", "an-app", "another-app"], Clients(alone));
        var both = await infra.DevWithAsync(
            "param stageName = 'dev'", "param stageName = 'dev'\nparam extraOrigins = ['https://own.example']");
        Assert.Equal([both.Outputs.GetProperty("WEB_URL").GetString(), "https://own.example"], Origins(both));
    }

    [Fact]
    public async Task Instances_are_as_many_and_as_large_as_an_environment_says()
    {
        static JsonElement Scale(Snapshot stage) =>
            Properties(stage.One("Microsoft.Web/sites")).GetProperty("functionAppConfig").GetProperty("scaleAndConcurrency");
        var (dev, full) = (Scale(await infra.StageAsync("dev")), Scale(await infra.EnvironmentAsync(AzdEnvironments.Full)));
        Assert.Equal((40, 2048), (dev.GetProperty("maximumInstanceCount").GetInt32(), dev.GetProperty("instanceMemoryMB").GetInt32()));
        Assert.Empty(dev.GetProperty("alwaysReady").EnumerateArray());
        Assert.Equal((7, 512), (full.GetProperty("maximumInstanceCount").GetInt32(), full.GetProperty("instanceMemoryMB").GetInt32()));
        var ready = Assert.Single(full.GetProperty("alwaysReady").EnumerateArray());
        Assert.Equal(("http", 2), (ready.GetProperty("name").GetString(), ready.GetProperty("instanceCount").GetInt32()));
    }

    private static string?[] Origins(Snapshot stage) => [.. Properties(stage.One("Microsoft.Web/sites"))
        .GetProperty("siteConfig").GetProperty("cors").GetProperty("allowedOrigins").EnumerateArray().Select(origin => origin.GetString())];

    private static string[] Clients(Snapshot stage) => Properties(stage.One("Microsoft.Web/sites/config", "authsettingsV2"))
        .GetProperty("identityProviders").GetProperty("azureActiveDirectory").GetProperty("validation")
        .GetProperty("defaultAuthorizationPolicy").GetProperty("allowedApplications").Deserialize<string[]>()!;

    private static string Id(JsonElement resource) => resource.GetProperty("id").GetString()!;

    /// <summary>The id of the storage account whose name begins so.</summary>
    private static string AccountOf(Snapshot snapshot, string prefix) => Id(Assert.Single(
        snapshot.OfType("Microsoft.Storage/storageAccounts"),
        account => account.GetProperty("name").GetString()!.StartsWith(prefix, StringComparison.Ordinal)));

    private static JsonElement Properties(JsonElement resource) => resource.GetProperty("properties");

    [GeneratedRegex(@"^\[extensionResourceId\('([^']+)', 'Microsoft\.Authorization/roleAssignments'")]
    private static partial Regex Scope();

    /// <summary>The functions of templates that tell keys.</summary>
    [GeneratedRegex(@"\blist\w*\(")]
    private static partial Regex Listing();
}
