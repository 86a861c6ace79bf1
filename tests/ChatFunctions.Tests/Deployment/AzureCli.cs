using System.Text.Json.Nodes;
using DevLab.JmesPath;

namespace ChatFunctions.Tests.Deployment;

/// <summary>What the hooks use of the Azure CLI, on a tenant in memory. <c>--query</c> is real JMESPath.</summary>
internal sealed class AzureCli
{
    public const string Subscription = "5ab5c111-0000-4000-8000-000000000000";

    public const string Tenant = "7e4a4701-0000-4000-8000-000000000000";

    public EntraDirectory Directory { get; } = new();

    /// <summary>The ids of the role assignments that there are.</summary>
    public HashSet<string> RoleAssignments { get; } = [];

    /// <summary>The tenant that az works on unless it is told a subscription; null while nobody is signed in.</summary>
    public string? CurrentTenant { get; set; } = Tenant;

    /// <returns>What az writes.</returns>
    /// <exception cref="InvalidOperationException">az fails; the message is its error.</exception>
    public string Run(IReadOnlyList<string> arguments)
    {
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
            "role assignment delete" => Nothing(() => RoleAssignments.Remove(options["--ids"])),
            _ => throw new InvalidOperationException($"'{words}' is not recognized by az here."),
        };
        return Format(result, options);
    }

    private static Dictionary<string, string> Options(string[] arguments) =>
        arguments.Chunk(2).ToDictionary(pair => pair[0] == "-o" ? "--output" : pair[0], pair => pair[1]);

    private static JsonNode? Nothing(Action action)
    {
        action();
        return null;
    }

    /// <summary>tsv: a scalar a line, and nothing for null.</summary>
    private static string Format(JsonNode? result, Dictionary<string, string> options)
    {
        if (result is null || options.GetValueOrDefault("--output") == "none") return "";
        var json = result.ToJsonString();
        if (options.TryGetValue("--query", out var query)) json = new JmesPath().Transform(json, query);
        if (options.GetValueOrDefault("--output") != "tsv") return $"{json}\n";
        return JsonNode.Parse(json) switch
        {
            null => "",
            JsonArray lines => string.Concat(lines.Select(line => $"{line}\n")),
            var scalar => $"{scalar}\n",
        };
    }
}
