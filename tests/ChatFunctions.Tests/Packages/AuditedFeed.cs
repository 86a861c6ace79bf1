using System.Text.Json.Nodes;
using ChatFunctions.Local;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ChatFunctions.Tests.Packages;

/// <summary>
/// Serves the packages of a folder by NuGet's protocol of today (V3, https://learn.microsoft.com/nuget/api/overview), with the data for
/// an audit: which versions of a package have a published vulnerability.
/// </summary>
internal sealed class AuditedFeed : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string folder;

    private AuditedFeed(WebApplication app, string folder) => (this.app, this.folder) = (app, folder);

    /// <summary>The address of the service index.</summary>
    public string Index => $"{Address}index.json";

    private Uri Address { get; set; } = null!;

    /// <param name="folder">Holds the packages, also those that come later.</param>
    /// <param name="vulnerable">The id of a package.</param>
    /// <param name="versions">A range of NuGet's, such as <c>(, 13.0.1)</c>, of its vulnerable versions.</param>
    public static async Task<AuditedFeed> StartAsync(string folder, string vulnerable, string versions)
    {
        var app = LoopbackServer.CreateBuilder(LocalPort.Free).Build();
        var feed = new AuditedFeed(app, folder);
        app.MapGet("/index.json", () => Json(feed.ServiceIndex()));
        app.MapGet("/packages/{id}/index.json", (string id) => feed.VersionsOf(id) is { Length: > 0 } served ? Json(new { versions = served }) : Results.NotFound());
        app.MapGet("/packages/{id}/{version}/{file}", (string file) => Results.File(Path.Combine(folder, file), "application/octet-stream"));
        app.MapGet("/vulnerabilities.json", () => Json(feed.AuditIndex()));
        app.MapGet("/vulnerabilities/base.json", () => Json(new JsonObject { [vulnerable.ToLowerInvariant()] = Advisories(versions) }));
        feed.Address = await LoopbackServer.StartAsync(app, LocalPort.Free);
        return feed;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private object ServiceIndex() => new
    {
        version = "3.0.0",
        resources = new[]
        {
            Resource("packages/", "PackageBaseAddress/3.0.0"),
            Resource("vulnerabilities.json", "VulnerabilityInfo/6.7.0"),
        },
    };

    private Dictionary<string, string> Resource(string path, string type) => new() { ["@id"] = $"{Address}{path}", ["@type"] = type };

    private string[] VersionsOf(string id) =>
    [
        .. Directory.EnumerateFiles(folder, $"{id}.*.nupkg").Select(path => Path.GetFileNameWithoutExtension(path)[(id.Length + 1)..])
            .Where(version => char.IsDigit(version[0])),
    ];

    private Dictionary<string, string>[] AuditIndex() =>
    [
        new()
        {
            ["@name"] = "base",
            ["@id"] = $"{Address}vulnerabilities/base.json",
            ["@updated"] = "2026-11-01T00:00:00Z",
        },
    ];

    private static JsonArray Advisories(string versions) =>
        [new JsonObject { ["url"] = "https://github.com/advisories/GHSA-5crp-9r3c-p9vr", ["severity"] = 2, ["versions"] = versions }];

    private static IResult Json(object value) => Results.Json(value);
}
