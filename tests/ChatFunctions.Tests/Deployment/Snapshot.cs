using System.Text.Json;

namespace ChatFunctions.Tests.Deployment;

/// <summary>
/// What a deployment makes, as <c>bicep snapshot</c> foresees it: each resource with its final name. What only Azure knows, such as
/// ids of identities, stays an expression in brackets; so does what is secret.
/// </summary>
public sealed class Snapshot(string json)
{
    private readonly JsonElement snapshot = JsonElement.Parse(json);

    /// <summary>All of it.</summary>
    public string Text => json;

    public IReadOnlyList<JsonElement> Resources => [.. snapshot.GetProperty("predictedResources").EnumerateArray()];

    public JsonElement Outputs => snapshot.GetProperty("outputs");

    /// <summary>The settings of the app, with <c>:</c> as in the code; the cloud's own names filled in.</summary>
    public IReadOnlyDictionary<string, string?> AppSettings =>
        One("Microsoft.Web/sites/config", "appsettings").GetProperty("properties").EnumerateObject().ToDictionary(
            setting => setting.Name.Replace("__", ":", StringComparison.Ordinal),
            setting => (string?)CloudSuffixes.Fill(setting.Value.GetString()!));

    public IEnumerable<JsonElement> OfType(string type) =>
        Resources.Where(resource => resource.GetProperty("type").GetString() == type);

    /// <param name="type">Such as <c>Microsoft.Web/sites</c>.</param>
    /// <param name="name">The last part of the name, where there are several of that type.</param>
    public JsonElement One(string type, string? name = null) => Assert.Single(
        OfType(type),
        resource => name is null || resource.GetProperty("name").GetString()!.EndsWith($"/{name}", StringComparison.Ordinal));
}
