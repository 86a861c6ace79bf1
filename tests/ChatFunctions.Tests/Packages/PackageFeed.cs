using System.IO.Compression;
using System.Xml.Linq;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Packages;

/// <summary>A folder that NuGet takes for a package source. Its packages have the ids and versions of the real ones, and nothing in them.</summary>
internal sealed class PackageFeed(string folder)
{
    private const string NewerVersion = "999.0.0";

    private static readonly Dictionary<string, string> Versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
        .Descendants("PackageVersion").ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);

    private static readonly XDocument Groups = XDocument.Load(Path.Combine(Repository.Root, "src", "StandIns", "PackageGroups.props"));

    /// <summary>The ids of the Functions worker's packages.</summary>
    public static IReadOnlyList<string> FunctionsWorker { get; } = Group("FunctionsWorkerPackageIds");

    /// <summary>The id of Momento's package.</summary>
    public static IReadOnlyList<string> MomentoSdk { get; } = Group("MomentoSdkPackageIds");

    /// <summary>The ids of the packages that the stand-in for Momento's needs.</summary>
    public static IReadOnlyList<string> MomentoSdkStandIn { get; } = ["Google.Protobuf", "Grpc.Net.Client", "Grpc.Tools"];

    public string Folder => folder;

    /// <param name="ids">Packages to serve in the version that the app asks for.</param>
    /// <param name="dependency">The id of a package that each of them needs.</param>
    public void Serve(IEnumerable<string> ids, string? dependency = null)
    {
        foreach (var id in ids) Write(id, Versions[id], dependency);
    }

    /// <param name="ids">Packages to serve in a later version than the app asks for, and in no other.</param>
    public void ServeNewer(IEnumerable<string> ids)
    {
        foreach (var id in ids) Write(id, NewerVersion, dependency: null);
    }

    /// <summary>Serves nothing from now on.</summary>
    public void Clear()
    {
        foreach (var package in Directory.EnumerateFiles(folder)) File.Delete(package);
    }

    private static string[] Group(string property) => Groups.Descendants(property).Single().Value.Split(';');

    private void Write(string id, string version, string? dependency)
    {
        using var package = ZipFile.Open(Path.Combine(folder, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        package.CreateEntry("lib/net10.0/_._");
        using var nuspec = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open());
        nuspec.Write($"""
            <package>
              <metadata>
                <id>{id}</id>
                <version>{version}</version>
                <authors>Tests</authors>
                <description>Empty.</description>
                <dependencies>{(dependency is null ? "" : $"""<dependency id="{dependency}" version="1.0.0" />""")}</dependencies>
              </metadata>
            </package>
            """);
    }
}
