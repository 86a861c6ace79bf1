using System.Text.Json;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Deployment;

[Collection(nameof(InfraBicep))]
public sealed class LintTests(InfraBicep infra)
{
    /// <summary>For main.bicepparam.</summary>
    private static readonly Dictionary<string, string?> AzdValues = new()
    {
        ["AZURE_ENV_NAME"] = "dev",
        ["AZURE_LOCATION"] = "westeurope",
    };

    [Theory]
    [InlineData("build", "**/*.bicep")]
    [InlineData("build-params", "**/*.bicepparam")]
    public async Task Bicep_has_nothing_to_say_of_any_file(string command, string pattern)
    {
        var result = await infra.RunWithAsync(AzdValues, command, "--pattern", pattern);
        Assert.Equal(new BicepResult(0, ""), result);
    }

    [Fact]
    public void Every_rule_that_is_set_is_an_error()
    {
        var config = JsonElement.Parse(
            File.ReadAllText(Path.Combine(infra.Folder, "bicepconfig.json")),
            new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        var rules = config.GetProperty("analyzers").GetProperty("core").GetProperty("rules").EnumerateObject();
        Assert.All(rules, rule => Assert.Equal("error", rule.Value.GetProperty("level").GetString()));
    }

    [Fact]
    public async Task A_breach_of_a_rule_fails_the_lint()
    {
        var file = Path.Combine(infra.Folder, "breach.bicep");
        await File.WriteAllTextAsync(file, "param unused string\n");
        var result = await infra.RunAsync("lint", file);
        File.Delete(file);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no-unused-params", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_file_is_formatted()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "infra-bicep"), "*.bicep*", SearchOption.AllDirectories);
        var result = await infra.RunAsync("format", "--pattern", "**/*.bicep*");
        Assert.Equal(new BicepResult(0, ""), result);
        Assert.All(files, file =>
        {
            var formatted = Path.Combine(infra.Folder, Path.GetRelativePath(Path.Combine(Repository.Root, "infra-bicep"), file));
            Assert.Equal(File.ReadAllText(formatted), File.ReadAllText(file));
        });
    }
}
