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
        string[] files =
        [
            .. Directory.GetFiles(source, "*.bicep*", SearchOption.AllDirectories)
                .Select(original => Path.Combine(infra.Folder, Path.GetRelativePath(source, original))),
        ];
        var texts = files.ToDictionary(file => file, File.ReadAllText);
        foreach (var file in files)
        {
            Assert.Equal(await infra.FormattedAsync(file), texts[file]);
            // What a file uses is compiled with it. main.bicepparam needs the values of an environment: see AzdParametersTests.
            var isUsed = texts.Any(other => other.Key != file && other.Value.Contains($"{Path.GetFileName(file)}'", StringComparison.Ordinal));
            if (isUsed || Path.GetFileName(file) == "main.bicepparam") continue;
            Assert.Equal((file, ""), (file, await infra.DiagnosticsAsync(file)));
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
