using System.Text.Json;

namespace ChatFunctions.Tests.Deployment;

/// <summary>What asks Azure AI Content Safety about messages is there where a parameter says so.</summary>
[Collection(nameof(InfraBicep))]
public sealed class ContentSafetyTests(InfraBicep infra)
{
    private const string CognitiveServicesUser = "a97b65f3-24c7-4388-baec-2e87135dc908";
    private const string Account = "Microsoft.CognitiveServices/accounts";

    [Fact]
    public async Task A_stage_without_it_has_no_account_no_role_and_no_setting()
    {
        var dev = await infra.StageAsync("dev");
        Assert.Empty(dev.OfType(Account));
        Assert.DoesNotContain(CognitiveServicesUser, dev.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(dev.AppSettings.Keys, name => name.StartsWith("Moderation", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stage_with_it_has_an_account_that_takes_identities_only_the_apps_role_on_just_it_and_its_address()
    {
        var dev = await infra.DevWithAsync("param stageName = 'dev'", "param stageName = 'dev'\nparam contentSafety = true");
        var account = dev.One(Account);
        var properties = account.GetProperty("properties");
        Assert.Equal("ContentSafety", account.GetProperty("kind").GetString());
        Assert.True(properties.GetProperty("disableLocalAuth").GetBoolean());
        Assert.Equal(account.GetProperty("name").GetString(), properties.GetProperty("customSubDomainName").GetString());
        Assert.StartsWith("dev", account.GetProperty("tags").GetProperty("azd-env-name").GetString(), StringComparison.Ordinal);

        var role = Assert.Single(dev.OfType("Microsoft.Authorization/roleAssignments"), each => Role(each).EndsWith(CognitiveServicesUser, StringComparison.Ordinal));
        Assert.Contains($"extensionResourceId('{account.GetProperty("id").GetString()}'", role.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("ServicePrincipal", role.GetProperty("properties").GetProperty("principalType").GetString());

        // Only Azure knows it, and so it stays an expression here.
        var endpoint = Assert.Single(dev.AppSettings, setting => setting.Key.StartsWith("Moderation", StringComparison.Ordinal));
        Assert.Equal("Moderation:ContentSafety:Endpoint", endpoint.Key);
        Assert.Matches($@"^\[reference\(.*{account.GetProperty("name").GetString()}.*\.endpoint\]$", endpoint.Value);
    }

    private static string Role(JsonElement assignment) => assignment.GetProperty("properties").GetProperty("roleDefinitionId").GetString()!;
}
