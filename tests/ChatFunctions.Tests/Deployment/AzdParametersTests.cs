using System.Text.Json;
using System.Text.RegularExpressions;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Deployment;

/// <summary>What main.bicepparam makes of the values of an azd environment.</summary>
[Collection(nameof(InfraBicep))]
public sealed partial class AzdParametersTests(InfraBicep infra)
{
    [Fact]
    public async Task A_new_environment_is_a_stage_with_a_secret_of_its_own_from_the_shell_that_runs_azd()
    {
        var parameters = await infra.ParametersAsync(AzdEnvironments.New);
        Assert.Equal("dev", Text(parameters["stageName"]));
        Assert.Equal("dev", Text(parameters["secretStageName"]));
        Assert.Equal("westeurope", Text(parameters["location"]));
        Assert.Equal("2", Text(parameters["momentoTokenCallsPerSecond"]));
        Assert.False(parameters["shareMomentoCache"].GetBoolean());
        Assert.False(parameters["contentSafety"].GetBoolean());
        Assert.True(parameters["deployWeb"].GetBoolean());
        Assert.Equal("the key", Text(parameters["momentoApiKey"]));
    }

    [Fact]
    public async Task An_environment_on_anothers_secret_needs_no_key_and_its_values_are_the_parameters()
    {
        var parameters = await infra.ParametersAsync(AzdEnvironments.Full);
        Assert.Equal("", Text(parameters["momentoApiKey"]));
        Assert.Equal("FEAT-ABP-1734", Text(parameters["stageName"]));
        Assert.Equal("dev", Text(parameters["secretStageName"]));
        Assert.Equal("eastus2", Text(parameters["webLocation"]));
        Assert.Equal("cell-1-eu-central-1-1.prod.a.momentohq.com", Text(parameters["momentoEndpoint"]));
        Assert.Equal("a-cache", Text(parameters["momentoCacheName"]));
        Assert.True(parameters["shareMomentoCache"].GetBoolean());
        Assert.Equal("0.5", Text(parameters["momentoTokenCallsPerSecond"]));
        Assert.Equal("https://chat.ciamlogin.com/00000000-0000-0000-0000-00000000001a/v2.0", Text(parameters["entraAuthority"]));
        Assert.Equal("the-api", Text(parameters["entraApiClientId"]));
        Assert.Equal("the-web-client", Text(parameters["entraWebClientId"]));
        Assert.Equal("operators@chat.example", Text(parameters["alertEmail"]));
        Assert.True(parameters["contentSafety"].GetBoolean());
        Assert.False(parameters["deployWeb"].GetBoolean());
        Assert.Equal(["https://own.example", "http://localhost:3000"], parameters["extraOrigins"].Deserialize<string[]>()!);
        Assert.Equal(["an-app", "another-app"], parameters["extraClientIds"].Deserialize<string[]>()!);
        Assert.Equal(
            (7, 512, 2),
            (parameters["maximumInstanceCount"].GetInt32(), parameters["instanceMemoryMB"].GetInt32(), parameters["alwaysReadyInstances"].GetInt32()));
        Assert.All(["zoneRedundant", "deleteLocks", "diagnosticLogs"], name => Assert.True(parameters[name].GetBoolean()));
    }

    [Fact]
    public async Task A_value_that_was_taken_back_is_as_one_that_was_never_set()
    {
        var (never, back) = (await infra.ParametersAsync(AzdEnvironments.New), await infra.ParametersAsync(AzdEnvironments.TakenBack));
        Assert.Equal(never.Keys, back.Keys);
        Assert.All(
            never.Where(parameter => parameter.Key != "momentoApiKey"),
            parameter => Assert.True(JsonElement.DeepEquals(parameter.Value, back[parameter.Key]), parameter.Key));
    }

    [Fact]
    public async Task Every_value_that_is_read_is_documented_and_is_set_in_these_tests()
    {
        var parameters = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "infra-bicep", "main.bicepparam"));
        var names = Value().Matches(parameters).Select(match => match.Groups[1].Value).Except(["AZURE_ENV_NAME", "AZURE_LOCATION"]).ToList();
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "deploy.md"));
        Assert.All(names, name => Assert.Contains(name, page, StringComparison.Ordinal));
        Assert.Empty(names.Except(["MOMENTO_API_KEY"]).Except(AzdEnvironments.All[AzdEnvironments.Full].Keys));
    }

    [Fact]
    public async Task The_outputs_are_the_values_that_hooks_and_the_web_client_read() =>
        Assert.Equal(
            [
                "API_BASE_URL", "API_NAME", "API_PRINCIPAL_ID", "AZURE_TENANT_ID", "ENTRA_API_SCOPE", "KEY_VAULT_NAME",
                "MOMENTO_CACHE_NAME_IN_USE", "RESOURCE_GROUP", "REUSED_SECRET_ID", "WEB_NAME", "WEB_URL",
            ],
            (await infra.StageAsync("dev")).Outputs.EnumerateObject().Select(output => output.Name).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"readEnvironmentVariable\('(\w+)'")]
    private static partial Regex Value();

    private static string? Text(JsonElement value) => value.GetString();
}
