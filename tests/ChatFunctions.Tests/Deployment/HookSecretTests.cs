namespace ChatFunctions.Tests.Deployment;

/// <summary>The Momento API key is in the shell that runs azd, and so in that of the hooks.</summary>
public sealed class HookSecretTests
{
    private const string Key = "a-momento-api-key-of-the-kind-super-user";

    [Fact]
    public async Task The_momento_api_key_is_in_no_command_no_output_no_file_and_no_value_of_azd()
    {
        using var lab = new HookLab();
        lab.Environment["MOMENTO_API_KEY"] = Key;
        var up = (await lab.RunAsync("preprovision")).Succeeded();
        lab.Environment["API_BASE_URL"] = "https://func.azurewebsites.net";
        lab.Environment["WEB_URL"] = "https://gentle-sea-0.azurestaticapps.net";
        lab.Environment["ENTRA_API_SCOPE"] = "api://…/Chat.Access";
        lab.Environment["MOMENTO_CACHE_NAME_IN_USE"] = "chat-dev";
        var provisioned = (await lab.RunAsync("postprovision")).Succeeded();
        var packaged = (await lab.RunAsync("prepackage-web")).Succeeded();
        var config = await File.ReadAllTextAsync(lab.ConfigFile);
        var down = (await lab.RunAsync("predown")).Succeeded();
        var gone = (await lab.RunAsync("postdown")).Succeeded();
        lab.Environment.Remove("MOMENTO_API_KEY");

        var written = new[] { up, provisioned, packaged, down, gone }.SelectMany(run => run.Commands.Append(run.Output).Append(run.Errors))
            .Append(config).Concat(lab.Environment.Values);
        Assert.All(written, text => Assert.DoesNotContain(Key, text, StringComparison.Ordinal));
    }
}
