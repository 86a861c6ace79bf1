using System.Text.RegularExpressions;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Deployment;

/// <summary>Whatever tells people or programs of a file tells of one that is there.</summary>
public sealed partial class NamedFilesTests
{
    private static readonly string[] Folders = ["docs", ".github", ".vscode", ".devcontainer", ".ci"];

    /// <summary>What git ignores: a run, a build or a deployment makes it.</summary>
    private static readonly string[] Made = ["local.settings.json", ".data", "/bin/", "/obj/", "config.json", "/dist"];

    public static TheoryData<string> Texts { get; } =
    [
        "README.md", "CONTRIBUTING.md", "SECURITY.md", "azure.yaml", "chat.http",
        .. Folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is not (".svg" or ".png"))
            .Select(file => Path.GetRelativePath(Repository.Root, file)),
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Every_file_that_it_names_exists(string text)
    {
        var content = await File.ReadAllTextAsync(Path.Combine(Repository.Root, text));
        var named = FromRoot().Matches(content).Select(match => Path.Combine(Repository.Root, match.Value.TrimEnd('.')))
            .Concat(Link().Matches(content).Select(match => Path.Combine(Repository.Root, Path.GetDirectoryName(text)!, match.Groups[1].Value)))
            .Where(path => !Made.Any(path.Contains));
        Assert.All(named, path => Assert.True(Path.Exists(path), path));
    }

    [GeneratedRegex(@"(?<![\w/.:-])(?:src|tests|infra-bicep|docs|\.ci|\.github)/[\w./-]*\w")]
    private static partial Regex FromRoot();

    /// <summary>Of Markdown, within the repository.</summary>
    [GeneratedRegex(@"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
