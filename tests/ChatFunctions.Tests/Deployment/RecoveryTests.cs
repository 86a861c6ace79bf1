using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Deployment;

/// <summary>The commands of docs/deploy.md that bring back a stage whose vault cannot be purged.</summary>
public sealed partial class RecoveryTests
{
    private const string Group = $"/subscriptions/{AzureCli.Subscription}/resourceGroups/rg-chat-prod";
    private const string Vault = $"{Group}/providers/Microsoft.KeyVault/vaults/kvprod";
    private const string Secret = $"{Vault}/secrets/momento-api-key";

    [Fact]
    public async Task The_vault_comes_back_with_its_key_and_a_stage_that_uses_the_key_gets_its_role_again()
    {
        using var lab = await HookLab.RegisteredAsync();
        lab.Az.DeletedVaults.Add(Deleted("kvtest", "test", "northeurope"));
        lab.Az.DeletedVaults.Add(Deleted("kvprod", "prod", "swedencentral"));

        var run = (await lab.RunCommandsAsync(await CommandsAsync())).Succeeded();

        Assert.Equal("azd up", run.Commands[^1]);
        Assert.Equal("kvtest", (string?)Assert.Single(lab.Az.DeletedVaults)["name"]);
        // azd up needs no key in the shell,
        lab.Environment["AZURE_ENV_NAME"] = "prod";
        lab.Environment.Remove("MOMENTO_API_KEY");
        (await lab.RunAsync("preprovision")).Succeeded();
        // and docs/deploy.md says that this hook gives the other stage's app its role.
        lab.Environment["AZURE_ENV_NAME"] = "FEAT-ABP-1734";
        lab.Environment["SECRET_STAGE_NAME"] = "prod";
        lab.Environment["API_BASE_URL"] = "https://func.azurewebsites.net";
        lab.Environment["API_PRINCIPAL_ID"] = "the app";
        lab.Environment["REUSED_SECRET_ID"] = Secret;
        (await lab.RunAsync("postprovision")).Succeeded();
        Assert.Equal(Secret, (string?)Assert.Single(lab.Az.RoleAssignments)["scope"]);
    }

    private static JsonObject Deleted(string name, string stage, string location) => new()
    {
        ["name"] = name,
        ["properties"] = new JsonObject
        {
            ["location"] = location,
            ["vaultId"] = Vault.Replace("prod", stage, StringComparison.Ordinal),
            ["tags"] = new JsonObject { ["azd-env-name"] = stage },
        },
    };

    private static async Task<string> CommandsAsync() =>
        Block().Match(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "deploy.md"))).Groups[1].Value;

    [GeneratedRegex(@"(?s)\*\*Bring a lasting stage back\.\*\*.*?```sh\n(.*?)```")]
    private static partial Regex Block();
}
