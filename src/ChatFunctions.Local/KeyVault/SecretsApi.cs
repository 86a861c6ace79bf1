using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChatFunctions.Local.KeyVault;

/// <summary>
/// The part of Key Vault's REST interface that reads and sets secrets: https://learn.microsoft.com/rest/api/keyvault/secrets.
/// </summary>
internal sealed class SecretsApi(SecretStore secrets)
{
    private const int MaxResults = 25;

    private int reads;

    /// <summary>Secrets read with their values.</summary>
    public int Reads => Volatile.Read(ref reads);

    public void Map(IEndpointRouteBuilder app)
    {
        var secret = app.MapGroup("/secrets/{name}");
        secret.MapGet("/{version?}", Get);
        secret.MapGet("/versions", ListVersions);
        secret.MapPut("/", SetAsync);
    }

    private IResult Get(HttpRequest request, string name, string? version)
    {
        var secret = secrets.Get(name, version);
        Interlocked.Increment(ref reads);
        return Results.Json(Describe(request, secret, secret.Value));
    }

    /// <summary>A page at a time, without values. The next page's address holds how many are before it.</summary>
    private IResult ListVersions(HttpRequest request, string name)
    {
        var versions = secrets.Versions(name);
        var size = Number(request, "maxresults", min: 1, max: MaxResults, otherwise: MaxResults);
        var start = Number(request, "$skiptoken", min: 0, max: versions.Count, otherwise: 0);
        var end = start + size;
        var next = $"{AddressOf(request)}{request.Path}?api-version={Uri.EscapeDataString(request.Query["api-version"]!)}"
            + $"&$skiptoken={end}&maxresults={size}";
        return Results.Json(new
        {
            value = versions.Skip(start).Take(size).Select(version => Describe(request, version, value: null)),
            nextLink = end < versions.Count ? next : null,
        });
    }

    private async Task<IResult> SetAsync(HttpRequest request, string name)
    {
        try
        {
            var body = await JsonSerializer.DeserializeAsync<SetBody>(
                request.Body, JsonSerializerOptions.Web, request.HttpContext.RequestAborted);
            if (body?.Value is null) throw KeyVaultException.BadParameter("The member 'value' is missing.");
            return Results.Json(Describe(request, secrets.Set(name, body.Value, body.ContentType, body.Tags), body.Value));
        }
        catch (JsonException error)
        {
            throw KeyVaultException.BadParameter(error.Message);
        }
    }

    private static object Describe(HttpRequest request, SecretVersion secret, string? value) => new
    {
        id = $"{AddressOf(request)}/secrets/{secret.Name}/{secret.Version}",
        value,
        contentType = secret.ContentType,
        tags = secret.Tags,
        attributes = new { enabled = true, created = secret.Created, updated = secret.Created, recoveryLevel = "Purgeable" },
    };

    private static string AddressOf(HttpRequest request) => $"https://localhost:{request.HttpContext.Connection.LocalPort}";

    private static int Number(HttpRequest request, string parameter, int min, int max, int otherwise)
    {
        if (!request.Query.TryGetValue(parameter, out var text)) return otherwise;
        return int.TryParse(text, out var number) && number >= min && number <= max
            ? number
            : throw KeyVaultException.BadParameter($"The parameter '{parameter}' must be from {min} to {max}.");
    }

    /// <summary>What this vault does not keep, such as an expiry, it refuses rather than drops.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    private sealed record SetBody(string? Value, string? ContentType, Dictionary<string, string>? Tags);
}
