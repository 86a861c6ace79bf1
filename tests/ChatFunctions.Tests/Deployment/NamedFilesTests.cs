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

    [Fact]
    public async Task Every_section_that_a_link_names_is_there_and_each_page_is_linked_from_the_readme()
    {
        var pages = Texts.Select(text => text.Data).Where(text => text.EndsWith(".md", StringComparison.Ordinal)).ToList();
        foreach (var page in pages)
        {
            var links = SectionLink().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, page)));
            foreach (var (file, section) in links.Select(link => (link.Groups[1].Value, link.Groups[2].Value)))
            {
                var target = file.Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, file);
                var headings = Heading().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, target)));
                Assert.Contains(section, headings.Select(heading => AnchorOf(heading.Groups[1].Value)));
            }
        }

        var linked = Link().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"))).Select(link => link.Groups[1].Value).ToHashSet();
        Assert.All(pages.Where(page => page.StartsWith("docs", StringComparison.Ordinal)), page => Assert.Contains(page.Replace('\\', '/'), linked));
    }

    /// <summary>As GitHub makes it of a heading.</summary>
    private static string AnchorOf(string heading) => NotInAnchors().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"(?<![\w/.:-])(?:src|tests|infra-bicep|docs|\.ci|\.github)/[\w./-]*\w")]
    private static partial Regex FromRoot();

    /// <summary>Of Markdown, within the repository.</summary>
    [GeneratedRegex(@"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\]\((?!https?:)([^)#\s]*)#([^)]+)\)")]
    private static partial Regex SectionLink();

    [GeneratedRegex(@"(?m)^#+ (.+?)\r?$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w -]")]
    private static partial Regex NotInAnchors();
}
