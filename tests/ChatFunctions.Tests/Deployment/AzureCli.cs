using System.Text.Json;
using System.Text.Json.Nodes;
using DevLab.JmesPath;

namespace ChatFunctions.Tests.Deployment;

/// <summary>What the hooks use of the Azure CLI, on a tenant in memory. <c>--query</c> is real JMESPath.</summary>
internal sealed class AzureCli
{
    public const string Subscription = "5ab5c111-0000-4000-8000-000000000000";

    public const string Tenant = "7e4a4701-0000-4000-8000-000000000000";

    public const string DevsSecret =
        $"/subscriptions/{Subscription}/resourceGroups/rg-chat-dev/providers/Microsoft.KeyVault/vaults/kv/secrets/momento-api-key";

    public EntraDirectory Directory { get; } = new();

    /// <summary>The role assignments that there are: <c>id</c>, <c>scope</c>, <c>role</c> and <c>principalId</c>.</summary>
    public List<JsonObject> RoleAssignments { get; } = [];

    /// <summary>The managed identities that there are: <c>principalId</c> and <c>tags</c>.</summary>
    public List<JsonObject> Identities { get; } = [];

    /// <summary>The vaults that there are: <c>id</c> and <c>tags</c>.</summary>
    public List<JsonObject> Vaults { get; } = [];

    /// <summary>The vaults that were deleted and not purged, with <c>name</c> and <c>properties</c>: <c>location</c>, <c>tags</c> and <c>vaultId</c>.</summary>
    public List<JsonObject> DeletedVaults { get; } = [];

    /// <summary>The ids of the secrets that there are.</summary>
    public HashSet<string> Secrets { get; } = [];

    /// <summary>The names of the resource groups that there are.</summary>
    public HashSet<string> Groups { get; } = [];

    /// <summary>The version of az.</summary>
    public string Version { get; set; } = "2.45.0";

    /// <summary>Whether az ends its lines as it does on Windows.</summary>
    public bool IsOnWindows { get; set; }

    /// <summary>The subscription that az works on unless it is told another one: there is nothing in any but <see cref="Subscription"/>.</summary>
    public string CurrentSubscription { get; set; } = Subscription;

    /// <summary>A scope that is not there.</summary>
    public string? MissingScope { get; set; }

    /// <summary>The tenant that az works on unless it is told a subscription; null while nobody is signed in.</summary>
    public string? CurrentTenant { get; set; } = Tenant;

    /// <returns>What az writes.</returns>
    /// <exception cref="InvalidOperationException">az fails; the message is its error.</exception>
    public string Run(IReadOnlyList<string> arguments)
    {
        if (arguments is ["version", ..]) return Format(new JsonObject { ["azure-cli"] = Version }, Options([.. arguments.Skip(1)]));
        if (CurrentTenant is null) throw new InvalidOperationException("Please run 'az login' to setup account.");
        var words = string.Join(' ', arguments.TakeWhile(argument => !argument.StartsWith('-')));
        var options = Options([.. arguments.SkipWhile(argument => !argument.StartsWith('-'))]);
        var result = words switch
        {
            "account show" => new JsonObject { ["tenantId"] = options.ContainsKey("--subscription") ? Tenant : CurrentTenant },
            "ad app list" => Directory.ApplicationsWhere(options["--filter"]),
            "ad app show" => Directory.Show(options["--id"]),
            "ad app delete" => Nothing(() => Directory.Delete(options["--id"])),
            "ad sp list" => Directory.ServicePrincipalsWhere(options["--filter"]),
            "ad sp create" => Directory.CreateServicePrincipal(options["--id"]),
            "rest" => Directory.Rest(options["--method"], options["--url"],
                options.TryGetValue("--body", out var body) ? JsonNode.Parse(body)!.AsObject() : null),
            // Filters by --query only: --assignee fails where the identity is gone.
            "role assignment list" when options.ContainsKey("--all") && !options.ContainsKey("--assignee") => List(RoleAssignments, options),
            "identity list" => List(Identities, options),
            "keyvault list" => List(Vaults, options),
            "keyvault list-deleted" => new JsonArray([.. DeletedVaults.Select(vault => vault.DeepClone())]),
            "keyvault recover" => Nothing(() => Recover(options["--name"], options["--location"])),
            "group create" => Nothing(() => Groups.Add(options["--name"])),
            "group exists" => IsThere(options) && Groups.Contains(options["--name"]),
            "resource show" when Secrets.Contains(options["--ids"]) => new JsonObject { ["id"] = options["--ids"] },
            "resource show" => throw new InvalidOperationException("(SecretNotFound) A secret was not found in this key vault."),
            "role assignment create" => Assign(options["--role"], options["--scope"], options["--assignee-object-id"]),
            "role assignment delete" => Nothing(() => RoleAssignments.RemoveAll(role => (string?)role["id"] == options["--ids"])),
            _ => throw new InvalidOperationException($"'{words}' is not recognized by az here."),
        };
        return Format(result, options);
    }

    private static Dictionary<string, string> Options(string[] arguments) =>
        arguments.SelectMany(argument => argument == "--all" ? (string[])["--all", "true"] : [argument])
            .Chunk(2).ToDictionary(pair => pair[0] == "-o" ? "--output" : pair[0], pair => pair[1]);

    /// <summary>Into its old group, which must be there; the roles on it do not come back.</summary>
    private void Recover(string name, string location)
    {
        var vault = DeletedVaults.Single(one => (string?)one["name"] == name);
        var id = (string)vault["properties"]!["vaultId"]!;
        if ((string?)vault["properties"]!["location"] != location) throw new InvalidOperationException("(NotFound) No deleted vault in this location.");
        if (!Groups.Contains(id.Split('/')[4])) throw new InvalidOperationException("(ResourceGroupNotFound) Resource group could not be found.");
        DeletedVaults.Remove(vault);
        Vaults.Add(new JsonObject { ["id"] = id, ["tags"] = vault["properties"]!["tags"]!.DeepClone() });
        Secrets.Add($"{id}/secrets/momento-api-key");
    }

    private bool IsThere(Dictionary<string, string> options) => options.GetValueOrDefault("--subscription", CurrentSubscription) == Subscription;

    private JsonArray List(List<JsonObject> all, Dictionary<string, string> options) =>
        IsThere(options) ? [.. all.Select(one => one.DeepClone())] : [];

    /// <summary>An assignment that is there already is the answer.</summary>
    private JsonObject Assign(string role, string scope, string principal)
    {
        if (scope == MissingScope) throw new InvalidOperationException("(ResourceGroupNotFound) Resource group could not be found.");
        var id = $"{scope}/providers/Microsoft.Authorization/roleAssignments/{role}-{principal}";
        if (RoleAssignments.Find(assigned => (string?)assigned["id"] == id) is not { } assignment)
        {
            RoleAssignments.Add(assignment = new JsonObject { ["id"] = id, ["scope"] = scope, ["role"] = role, ["principalId"] = principal });
        }

        return assignment;
    }

    private static JsonNode? Nothing(Action action)
    {
        action();
        return null;
    }

    private string Format(JsonNode? result, Dictionary<string, string> options) =>
        Text(result, options).Replace("\n", IsOnWindows ? "\r\n" : "\n", StringComparison.Ordinal);

    /// <summary>tsv: a scalar a line, and nothing for null.</summary>
    private static string Text(JsonNode? result, Dictionary<string, string> options)
    {
        if (result is null || options.GetValueOrDefault("--output") == "none") return "";
        var json = result.ToJsonString();
        if (options.TryGetValue("--query", out var query)) json = new JmesPath().Transform(json, query);
        if (options.GetValueOrDefault("--output") != "tsv") return $"{json}\n";
        return JsonNode.Parse(json) switch
        {
            null => "",
            JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => $"{json}\n",
            JsonArray lines => string.Concat(lines.Select(line => $"{line}\n")),
            var scalar => $"{scalar}\n",
        };
    }
}
