using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ChatFunctions.Tests.Deployment;

/// <summary>
/// The app registrations and service principals of a tenant, as the hooks' calls of Microsoft Graph see them: to create, change,
/// find by tag and delete, at first into the bin. As Graph does, it lets no role and no scope of an application go while it is enabled,
/// and takes none twice.
/// </summary>
internal sealed partial class EntraDirectory
{
    private const string Graph = "https://graph.microsoft.com/v1.0/";

    private const string DeletedItems = "directory/deletedItems/";

    private readonly Dictionary<string, TimeSpan> knownFrom = [];

    private int lastId;

    /// <summary>The time, by which what is new comes to be known.</summary>
    public TimeSpan Now { get; set; }

    /// <summary>How long a new application is unknown to all but who made it: Graph's answers come from replicas.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>As Graph's resource type <c>application</c>.</summary>
    public List<JsonObject> Applications { get; } = [];

    /// <summary>The object ids of those that were deleted, but not for good.</summary>
    public List<string> Bin { get; } = [];

    /// <summary>As Graph's resource type <c>servicePrincipal</c>.</summary>
    public List<JsonObject> ServicePrincipals { get; } = [];

    /// <summary>Whether who calls may delete for good.</summary>
    public bool MayPurge { get; set; } = true;

    /// <summary>Becomes as another one is.</summary>
    public void CopyFrom(EntraDirectory other)
    {
        Applications.AddRange(other.Applications.Select(one => one.DeepClone().AsObject()));
        ServicePrincipals.AddRange(other.ServicePrincipals.Select(one => one.DeepClone().AsObject()));
        foreach (var (id, time) in other.knownFrom) knownFrom[id] = time;
        lastId = other.lastId;
    }

    /// <summary>The one with this display name.</summary>
    public JsonObject Application(string displayName) => Applications.Single(one => (string?)one["displayName"] == displayName);

    /// <param name="properties">Such as <c>displayName</c>; ids are given to it.</param>
    public JsonObject Add(JsonObject properties)
    {
        properties["id"] = NewId();
        properties["appId"] = NewId();
        foreach (var list in new[] { "identifierUris", "requiredResourceAccess", "appRoles" }) properties[list] ??= new JsonArray();
        properties["spa"] ??= new JsonObject { ["redirectUris"] = new JsonArray() };
        var api = (properties["api"] ??= new JsonObject()).AsObject();
        foreach (var list in new[] { "oauth2PermissionScopes", "preAuthorizedApplications" }) api[list] ??= new JsonArray();
        Permissions.Check(properties, properties);
        Permissions.Complete(properties);
        Applications.Add(properties);
        knownFrom[(string)properties["appId"]!] = Now + Delay;
        return properties;
    }

    /// <summary>A call of Graph, as <c>az rest</c> makes it.</summary>
    public JsonNode? Rest(string method, string url, JsonObject? body)
    {
        var path = url.StartsWith(Graph, StringComparison.Ordinal) ? url[Graph.Length..] : "";
        if (method == "POST" && path == "applications") return Add(body!);
        if (method == "PATCH" && ByAppId().Match(path) is { Success: true } match)
        {
            Change(Show(match.Groups[1].Value), body!);
            return null;
        }

        if (method == "DELETE" && path.StartsWith(DeletedItems, StringComparison.Ordinal) && MayPurge
            && Bin.Remove(path[DeletedItems.Length..])) return null;
        throw new InvalidOperationException($"{method} {url} is refused.");
    }

    /// <param name="filter">Of the form <c>tags/any(x:x eq 'TAG')</c>.</param>
    public JsonArray ApplicationsWhere(string filter)
    {
        var tag = ByTag().Match(filter).Groups[1].Value;
        return [.. Applications.Where(IsKnown).Where(one => one["tags"]!.AsArray().Any(has => (string?)has == tag)).Select(one => one.DeepClone())];
    }

    /// <summary>The one with this client id.</summary>
    public JsonObject Show(string clientId) => Find(clientId) ??
        throw new InvalidOperationException($"Resource '{clientId}' does not exist or one of its queried reference-property objects are not present.");

    /// <param name="filter">Of the form <c>appId eq 'ID'</c>.</param>
    public JsonArray ServicePrincipalsWhere(string filter) =>
        [.. ServicePrincipals.Where(one => filter == $"appId eq '{one["appId"]}'").Select(one => one.DeepClone())];

    public JsonNode CreateServicePrincipal(string clientId)
    {
        if (ServicePrincipalsWhere($"appId eq '{clientId}'").Count > 0) throw new InvalidOperationException("It has one already.");
        if (Find(clientId) is null)
        {
            throw new InvalidOperationException(
                $"The appId '{clientId}' of the service principal does not reference a valid application object.");
        }

        ServicePrincipals.Add(new JsonObject { ["id"] = NewId(), ["appId"] = clientId });
        return ServicePrincipals[^1];
    }

    /// <summary>Its service principal goes with it.</summary>
    public void Delete(string objectId)
    {
        var application = Applications.Single(one => (string?)one["id"] == objectId);
        Applications.Remove(application);
        Bin.Add(objectId);
        ServicePrincipals.RemoveAll(one => (string?)one["appId"] == (string?)application["appId"]);
    }

    private JsonObject? Find(string clientId) => Applications.Find(one => (string?)one["appId"] == clientId && IsKnown(one));

    private bool IsKnown(JsonObject application) => knownFrom[(string)application["appId"]!] <= Now;

    private static void Change(JsonObject application, JsonObject changes)
    {
        Permissions.Check(application, changes);
        Write(application, changes);
        Permissions.Complete(application);
    }

    /// <summary>Changes what is named, also within the objects <c>api</c> and <c>spa</c>, and leaves the rest.</summary>
    private static void Write(JsonObject target, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            if (value is JsonObject inner && target[name] is JsonObject old) Write(old, inner);
            else target[name] = value?.DeepClone();
        }
    }

    private string NewId() => new Guid(++lastId, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]).ToString();

    [GeneratedRegex(@"^applications\(appId='([-0-9a-f]{36})'\)$")]
    private static partial Regex ByAppId();

    [GeneratedRegex(@"^tags/any\((?:\w+):\w+ eq '([^']+)'\)$")]
    private static partial Regex ByTag();
}
