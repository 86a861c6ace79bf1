using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Packages;

/// <summary>
/// An app of a one-class stand-in in a folder of its own, with the repository's files that detect packages, a feed of its own as its
/// only package source, and an empty package cache.
/// </summary>
internal sealed class TinyApp : IDisposable
{
    private static readonly string[] Copied =
    [
        "global.json", "Directory.Build.props", "Directory.Packages.props",
        "src/StandIns/Packages.targets",
        "infra-bicep/hooks/prepackage.sh",
    ];

    private const string StandIn = "MomentoSdkStandIn";

    private readonly TemporaryFolder folder = new();

    /// <param name="source">Address of a package source to use instead of the feed.</param>
    /// <param name="references">The ids of packages that the app has in any case.</param>
    public TinyApp(string? source = null, params string[] references)
    {
        foreach (var file in Copied) Write(file, File.ReadAllText(Path.Combine(Repository.Root, file)));
        UseSource(source ?? "feed");
        Write("src/ChatFunctions/ChatFunctions.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <ItemGroup>
                {string.Concat(references.Select(id => $"<PackageReference Include='{id}' />"))}
              </ItemGroup>
              <Import Project="..\StandIns\Packages.targets" />
            </Project>
            """);
        Write("src/StandIns/MomentoSdk/StandIn.cs", $"internal sealed class {StandIn};");
        Feed = new PackageFeed(Directory.CreateDirectory(At("feed")).FullName);
        Feed.Serve(PackageFeed.MomentoSdkStandIn);
    }

    /// <param name="source">Address of the only package source from now on.</param>
    public void UseSource(string source) => Write("nuget.config", $"""
        <configuration>
          <packageSources><clear /><add key="feed" value="{source}" allowInsecureConnections="true" /></packageSources>
          <fallbackPackageFolders><clear /></fallbackPackageFolders>
        </configuration>
        """);

    /// <summary>Serves at first only what the stand-in for Momento.Sdk needs.</summary>
    public PackageFeed Feed { get; }

    /// <summary>Whether the assembly that was built last has the stand-in's class.</summary>
    public bool HasStandIn
    {
        get
        {
            using var assembly = new PEReader(File.OpenRead(At("src/ChatFunctions/bin/Debug/net10.0/ChatFunctions.dll")));
            var metadata = assembly.GetMetadataReader();
            return metadata.TypeDefinitions.Any(type => metadata.StringComparer.Equals(metadata.GetTypeDefinition(type).Name, StandIn));
        }
    }

    /// <summary>The ids of the packages, with those that they need, that the last restore chose.</summary>
    public IReadOnlyList<string> RestoredPackages
    {
        get
        {
            var assets = JsonElement.Parse(File.ReadAllText(At("src/ChatFunctions/obj/project.assets.json")));
            return [.. assets.GetProperty("libraries").EnumerateObject().Select(library => library.Name.Split('/')[0])];
        }
    }

    /// <summary>Runs a command of the .NET SDK on the app, without the analyzers, which cost a second.</summary>
    /// <param name="command">Such as <c>build</c>.</param>
    /// <param name="options">Of the command.</param>
    public Task<DotnetResult> DotnetAsync(string command, params string[] options) =>
        RunAsync("dotnet", [command, "src/ChatFunctions", "-nologo", "-tl:off", "-p:RunAnalyzers=false", .. options]);

    /// <summary>Runs a program in the app's folder, with the app's package cache.</summary>
    public async Task<DotnetResult> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["NUGET_PACKAGES"] = At("packages"),
                ["DOTNET_CLI_UI_LANGUAGE"] = "en",
                // A source that cannot be reached is tried once, and not six times with pauses between.
                ["NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT"] = "1",
                // No process may outlive the test, whose folder goes.
                ["MSBUILDDISABLENODEREUSE"] = "1",
            },
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new DotnetResult(process.ExitCode, (output + await error).Split('\n', StringSplitOptions.TrimEntries));
    }

    /// <summary>Restores, and fails the test where that fails.</summary>
    /// <param name="options">Of <c>dotnet restore</c>.</param>
    public Task<DotnetResult> RestoreAsync(params string[] options) => SucceedAsync("restore", options);

    /// <summary>Builds, and fails the test where that fails.</summary>
    /// <param name="options">Of <c>dotnet build</c>.</param>
    public Task<DotnetResult> BuildAsync(params string[] options) => SucceedAsync("build", options);

    public void Dispose() => folder.Dispose();

    private async Task<DotnetResult> SucceedAsync(string command, string[] options)
    {
        var result = await DotnetAsync(command, options);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    private string At(string path) => Path.Combine(folder.Path, path);

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
    }
}
