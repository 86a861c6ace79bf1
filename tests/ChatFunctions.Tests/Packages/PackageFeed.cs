using System.IO.Compression;
using System.Xml.Linq;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Packages;

/// <summary>A folder that NuGet takes for a package source. Its packages have the ids and versions of real ones, and nothing in them.</summary>
internal sealed class PackageFeed(string folder)
{
    /// <summary>The id of Momento's package.</summary>
    public const string MomentoSdk = "Momento.Sdk";

    /// <summary>The id of the package that the app references beside Momento's, for what that one brings.</summary>
    public const string NewtonsoftJson = "Newtonsoft.Json";

    private const string NewerVersion = "999.0.0";

    private static readonly Dictionary<string, string> Versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
        .Descendants("PackageVersion").ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);

    /// <summary>The ids of the packages that the app has with Momento's SDK.</summary>
    public static IReadOnlyList<string> WithMomentoSdk { get; } = [MomentoSdk, NewtonsoftJson];

    /// <summary>The ids of the packages that the stand-in for Momento's SDK needs.</summary>
    public static IReadOnlyList<string> MomentoSdkStandIn { get; } = ["Google.Protobuf", "Grpc.Net.Client", "Grpc.Tools"];

    public string Folder => folder;

    /// <param name="ids">Packages to serve in the version that the app asks for.</param>
    public void Serve(IEnumerable<string> ids)
    {
        foreach (var id in ids) Serve(id);
    }

    /// <param name="id">A package to serve in the version that the app asks for.</param>
    /// <param name="dependency">The id of a package that it needs, and the least version.</param>
    public void Serve(string id, (string Id, string Version)? dependency = null) => Serve(id, Versions[id], dependency);

    /// <param name="id">A package to serve.</param>
    /// <param name="version">In which version.</param>
    /// <param name="dependency">The id of a package that it needs, and the least version.</param>
    public void Serve(string id, string version, (string Id, string Version)? dependency = null)
    {
        using var package = ZipFile.Open(Path.Combine(folder, $"{id}.{version}.nupkg".ToLowerInvariant()), ZipArchiveMode.Create);
        package.CreateEntry("lib/net10.0/_._");
        using var nuspec = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open());
        nuspec.Write($"""
            <package>
              <metadata>
                <id>{id}</id>
                <version>{version}</version>
                <authors>Tests</authors>
                <description>Empty.</description>
                <dependencies>{(dependency is { } needed ? $"""<dependency id="{needed.Id}" version="{needed.Version}" />""" : "")}</dependencies>
              </metadata>
            </package>
            """);
    }

    /// <param name="id">A package to serve in a later version than the app asks for, and in no other.</param>
    public void ServeNewer(string id) => Serve(id, NewerVersion);

    /// <summary>Serves nothing from now on.</summary>
    public void Clear()
    {
        foreach (var package in Directory.EnumerateFiles(folder)) File.Delete(package);
    }
}
