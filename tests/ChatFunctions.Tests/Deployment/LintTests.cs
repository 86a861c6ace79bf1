using System.Text.Json;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Deployment;

[Collection(nameof(InfraBicep))]
public sealed class LintTests(InfraBicep infra)
{
    [Fact]
    public async Task Bicep_has_nothing_to_say_of_any_file_and_each_is_formatted()
    {
        var source = Path.Combine(Repository.Root, "infra-bicep");
        foreach (var original in Directory.GetFiles(source, "*.bicep*", SearchOption.AllDirectories))
        {
            var file = Path.Combine(infra.Folder, Path.GetRelativePath(source, original));
            Assert.Equal(await infra.FormattedAsync(file), await File.ReadAllTextAsync(file));
            // This one needs the values of an environment: see AzdParametersTests.
            if (Path.GetFileName(file) != "main.bicepparam") Assert.Equal((file, ""), (file, await infra.DiagnosticsAsync(file)));
        }
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
    public async Task A_breach_of_a_rule_is_an_error()
    {
        var file = Path.Combine(infra.Folder, "breach.bicep");
        await File.WriteAllTextAsync(file, "param unused string\n");
        var diagnostics = await infra.DiagnosticsAsync(file);
        File.Delete(file);
        Assert.StartsWith("Error no-unused-params", diagnostics, StringComparison.Ordinal);
    }
}
