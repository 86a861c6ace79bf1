using System.Text.Json.Nodes;

namespace ChatFunctions.Tests.Deployment;

/// <summary>The hook that writes the web client's config.json.</summary>
public sealed class PrepackageWebTests
{
    [Theory]
    [InlineData("https://login.microsoftonline.com/7e4a4701-0000-4000-8000-000000000000", "[]")]
    [InlineData("https://contoso.ciamlogin.com/00000000-0000-4000-8000-00000000c1a3", """["contoso.ciamlogin.com"]""")]
    [InlineData("https://login.contoso.example/00000000-0000-4000-8000-00000000c1a3", """["login.contoso.example"]""")]
    public async Task It_is_written_from_the_values_of_the_environment_and_names_an_authority_that_the_browser_does_not_know(
        string authority, string known)
    {
        using var lab = Provisioned(authority);

        (await lab.RunAsync("prepackage-web")).Succeeded();

        var config = JsonNode.Parse(await File.ReadAllTextAsync(lab.ConfigFile));
        Assert.True(JsonNode.DeepEquals(config, JsonNode.Parse($$"""
            {
              "apiBaseUrl": "https://func.azurewebsites.net",
              "entra": {
                "authority": "{{authority}}",
                "knownAuthorities": {{known}},
                "clientId": "the-web-client",
                "scope": "api://the-api/Chat.Access"
              }
            }
            """)), config?.ToJsonString());
    }

    [Fact]
    public async Task What_another_environment_has_left_is_replaced()
    {
        using var lab = Provisioned("https://login.microsoftonline.com/a");
        (await lab.RunAsync("prepackage-web")).Succeeded();

        lab.Environment["API_BASE_URL"] = "https://another.azurewebsites.net";
        (await lab.RunAsync("prepackage-web")).Succeeded();

        Assert.Equal("https://another.azurewebsites.net", (string?)JsonNode.Parse(await File.ReadAllTextAsync(lab.ConfigFile))!["apiBaseUrl"]);
    }

    [Fact]
    public async Task Before_anything_is_provisioned_it_stops_and_says_so()
    {
        using var lab = new HookLab();

        var run = await lab.RunAsync("prepackage-web");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("Run azd provision", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(lab.ConfigFile));
    }

    private static HookLab Provisioned(string authority)
    {
        var lab = new HookLab();
        lab.Environment["API_BASE_URL"] = "https://func.azurewebsites.net";
        lab.Environment["ENTRA_AUTHORITY"] = $"{authority}/v2.0";
        lab.Environment["ENTRA_WEB_CLIENT_ID"] = "the-web-client";
        lab.Environment["ENTRA_API_SCOPE"] = "api://the-api/Chat.Access";
        return lab;
    }
}
