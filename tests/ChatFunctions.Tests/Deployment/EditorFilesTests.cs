using System.Text.Json;
using ChatFunctions.Local;
using ChatFunctions.Tests.Local;
using Microsoft.Extensions.Configuration;

namespace ChatFunctions.Tests.Deployment;

/// <summary>What Visual Studio Code and dev containers are told.</summary>
public sealed class EditorFilesTests
{
    [Fact]
    public void What_is_launched_was_built_and_each_task_that_another_needs_is_there()
    {
        var tasks = Read(".vscode/tasks.json").GetProperty("tasks").EnumerateArray().ToList();
        var labels = tasks.Select(task => task.GetProperty("label").GetString()!);
        var configurations = Read(".vscode/launch.json").GetProperty("configurations").EnumerateArray().ToList();
        var needed = configurations.Select(one => one.GetProperty("preLaunchTask").GetString()!)
            .Concat(tasks.SelectMany(task => task.TryGetProperty("dependsOn", out var others) ? others.Deserialize<string[]>()! : []));
        Assert.Empty(needed.Except(labels));

        var program = configurations.Select(one => one.TryGetProperty("program", out var path) ? path.GetString() : null).OfType<string>();
        var built = $"src/ChatFunctions.Local/bin/Debug/net{Environment.Version.Major}.0/ChatFunctions.Local.dll";
        Assert.Equal($"${{workspaceFolder}}/{built}", Assert.Single(program));
        Assert.All(tasks.Where(task => task.TryGetProperty("options", out _)), task => Assert.True(Directory.Exists(
            task.GetProperty("options").GetProperty("cwd").GetString()!.Replace("${workspaceFolder}", Repository.Root, StringComparison.Ordinal))));
    }

    [Fact]
    public void A_dev_container_has_what_the_tests_skip_without_and_forwards_what_a_browser_talks_to()
    {
        var container = Read(".devcontainer/devcontainer.json");
        // Ubuntu's Chromium is a snap, which needs a machine of its own.
        Assert.Contains(":debian-", container.GetProperty("image").GetString(), StringComparison.Ordinal);
        var install = container.GetProperty("onCreateCommand").GetString()!;
        Assert.All(["chromium", "shellcheck"], package => Assert.Contains(package, install, StringComparison.Ordinal));
        var ports = LocalPorts.From(new ConfigurationBuilder().Build());
        Assert.Superset(
            new HashSet<int> { ports.Web.Number, ports.Api.Number, ports.Entra.Number, ports.MomentoWeb.Number },
            new HashSet<int>(container.GetProperty("forwardPorts").Deserialize<int[]>()!));
        Assert.Contains(container.GetProperty("features").EnumerateObject(), feature => feature.Name.Contains("/dotnet:", StringComparison.Ordinal)
            && feature.Value.GetProperty("version").GetString() == $"{Environment.Version.Major}.0");
    }

    private static JsonElement Read(string path) => JsonElement.Parse(
        File.ReadAllText(Path.Combine(Repository.Root, path)), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
}
