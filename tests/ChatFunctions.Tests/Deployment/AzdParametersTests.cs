using System.Text.Json;

namespace ChatFunctions.Tests.Deployment;

/// <summary>What main.bicepparam makes of the values of an azd environment.</summary>
[Collection(nameof(InfraBicep))]
public sealed class AzdParametersTests(InfraBicep infra)
{
    private static readonly Dictionary<string, string?> NewEnvironment = new()
    {
        ["AZURE_ENV_NAME"] = "dev",
        ["AZURE_LOCATION"] = "westeurope",
    };

    [Fact]
    public async Task A_new_environment_is_a_stage_with_a_secret_of_its_own_from_the_shell_that_runs_azd()
    {
        var parameters = await BuildAsync(new() { ["MOMENTO_API_KEY"] = "the key" });
        Assert.Equal("dev", Value(parameters, "stageName"));
        Assert.Equal("dev", Value(parameters, "secretStageName"));
        Assert.Equal("westeurope", Value(parameters, "location"));
        Assert.Equal("2", Value(parameters, "momentoTokenCallsPerSecond"));
        Assert.False(parameters.GetProperty("shareMomentoCache").GetProperty("value").GetBoolean());
        Assert.False(parameters.GetProperty("contentSafety").GetProperty("value").GetBoolean());
        Assert.Equal("the key", Value(parameters, "momentoApiKey"));
    }

    [Fact]
    public async Task An_environment_on_anothers_secret_needs_no_key_and_its_values_are_the_parameters()
    {
        var parameters = await BuildAsync(new()
        {
            ["AZURE_ENV_NAME"] = "FEAT-ABP-1734",
            ["SECRET_STAGE_NAME"] = "dev",
            ["WEB_LOCATION"] = "eastus2",
            ["MOMENTO_ENDPOINT"] = "momento.example",
            ["MOMENTO_CACHE_NAME"] = "a-cache",
            ["MOMENTO_SHARE_CACHE"] = "true",
            ["MOMENTO_TOKEN_CALLS_PER_SECOND"] = "0.5",
            ["ENTRA_AUTHORITY"] = "https://chat.ciamlogin.com/00000000-0000-0000-0000-00000000001a/v2.0",
            ["ENTRA_API_CLIENT_ID"] = "the-api",
            ["ENTRA_WEB_CLIENT_ID"] = "the-web-client",
            ["CONTENT_SAFETY"] = "true",
            ["ALERT_EMAIL"] = "operators@chat.example",
        });
        Assert.Equal("not used", Value(parameters, "momentoApiKey"));
        Assert.Equal("FEAT-ABP-1734", Value(parameters, "stageName"));
        Assert.Equal("dev", Value(parameters, "secretStageName"));
        Assert.Equal("eastus2", Value(parameters, "webLocation"));
        Assert.Equal("momento.example", Value(parameters, "momentoEndpoint"));
        Assert.Equal("a-cache", Value(parameters, "momentoCacheName"));
        Assert.True(parameters.GetProperty("shareMomentoCache").GetProperty("value").GetBoolean());
        Assert.Equal("0.5", Value(parameters, "momentoTokenCallsPerSecond"));
        Assert.Equal("https://chat.ciamlogin.com/00000000-0000-0000-0000-00000000001a/v2.0", Value(parameters, "entraAuthority"));
        Assert.Equal("the-api", Value(parameters, "entraApiClientId"));
        Assert.Equal("the-web-client", Value(parameters, "entraWebClientId"));
        Assert.Equal("operators@chat.example", Value(parameters, "alertEmail"));
        Assert.True(parameters.GetProperty("contentSafety").GetProperty("value").GetBoolean());
    }

    [Fact]
    public async Task A_region_without_Flex_Consumption_is_refused()
    {
        var result = await BuildParametersAsync(new() { ["AZURE_LOCATION"] = "qatarcentral" });
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("qatarcentral", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_outputs_are_the_values_that_hooks_and_the_web_client_read() =>
        Assert.Equal(
            [
                "API_BASE_URL", "API_NAME", "API_PRINCIPAL_ID", "ENTRA_API_SCOPE", "KEY_VAULT_NAME", "MOMENTO_CACHE_NAME_IN_USE",
                "RESOURCE_GROUP", "REUSED_SECRET_ID", "WEB_NAME", "WEB_URL",
            ],
            (await infra.StageAsync("dev")).Outputs.EnumerateObject().Select(output => output.Name).Order(StringComparer.Ordinal));

    private async Task<JsonElement> BuildAsync(Dictionary<string, string?> values)
    {
        var result = await BuildParametersAsync(values);
        Assert.True(result.ExitCode == 0, result.Output);
        var built = JsonElement.Parse(result.Output).GetProperty("parametersJson").GetString()!;
        return JsonElement.Parse(built).GetProperty("parameters");
    }

    private Task<BicepResult> BuildParametersAsync(Dictionary<string, string?> values)
    {
        var environment = new Dictionary<string, string?>(NewEnvironment);
        foreach (var (name, value) in values) environment[name] = value;
        return infra.RunWithAsync(environment, "build-params", "main.bicepparam", "--stdout");
    }

    private static string? Value(JsonElement parameters, string name) => parameters.GetProperty(name).GetProperty("value").GetString();
}
