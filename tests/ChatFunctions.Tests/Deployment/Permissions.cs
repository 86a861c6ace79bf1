using System.Text.Json.Nodes;

namespace ChatFunctions.Tests.Deployment;

/// <summary>What Microsoft Graph asks of the roles and the scopes that an application defines.</summary>
internal static class Permissions
{
    /// <param name="before">The application as it is.</param>
    /// <param name="changes">What of it is to be written.</param>
    /// <exception cref="InvalidOperationException">Graph refuses the changes.</exception>
    public static void Check(JsonObject before, JsonObject changes)
    {
        CheckList(before["appRoles"], changes["appRoles"]);
        CheckList(before["api"]?["oauth2PermissionScopes"], changes["api"]?["oauth2PermissionScopes"]);
    }

    /// <summary>Graph tells where a role comes from.</summary>
    public static void Complete(JsonObject application)
    {
        foreach (var role in application["appRoles"]!.AsArray()) role!["origin"] = "Application";
    }

    private static void CheckList(JsonNode? before, JsonNode? after)
    {
        if (after is not JsonArray written) return;
        var ids = Texts(written, "id");
        foreach (var gone in before!.AsArray().Where(one => !ids.Contains((string?)one!["id"])))
        {
            Refuse((bool)gone!["isEnabled"]!, "Property value cannot be deleted unless it is disabled first.");
        }

        Refuse(ids.Distinct().Count() < ids.Count, "Property id has a duplicate.");
        Refuse(HasDuplicates(Texts(written, "value")), "Property value has a duplicate.");
        Refuse(written.Any(one => one!["origin"] is not null), "Property origin is read-only.");
    }

    private static List<string?> Texts(JsonArray all, string name) => [.. all.Select(one => (string?)one![name])];

    /// <summary>A role that is not for tokens has no value.</summary>
    private static bool HasDuplicates(IEnumerable<string?> values) =>
        values.OfType<string>().GroupBy(value => value).Any(same => same.Count() > 1);

    private static void Refuse(bool isWrong, string error)
    {
        if (isWrong) throw new InvalidOperationException(error);
    }
}
