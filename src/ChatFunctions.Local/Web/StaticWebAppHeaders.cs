using System.Text.Json;

namespace ChatFunctions.Local.Web;

/// <summary>
/// The headers that <c>staticwebapp.config.json</c> has Azure Static Web Apps send
/// (https://learn.microsoft.com/azure/static-web-apps/configuration), so that a page which they break is broken here, too.
/// </summary>
internal sealed class StaticWebAppHeaders
{
    public const string FileName = "staticwebapp.config.json";

    /// <summary>Deployed, whatever a page may connect to has https. On this machine nothing does, and the page may connect to that only.</summary>
    private const string AnyHttps = "connect-src 'self' https:";

    private readonly Dictionary<string, string> global;
    private readonly List<Route> routes;

    private StaticWebAppHeaders(Dictionary<string, string> global, List<Route> routes) => (this.global, this.routes) = (global, routes);

    /// <param name="path">Of the file, in the folder of the built client.</param>
    public static StaticWebAppHeaders Read(string path)
    {
        var file = JsonSerializer.Deserialize<ConfigurationFile>(File.ReadAllBytes(path), JsonSerializerOptions.Web)!;
        return new StaticWebAppHeaders(file.GlobalHeaders, file.Routes);
    }

    /// <param name="http">The request whose answer gets the headers; those of the first route that matches win, if all went well.</param>
    /// <param name="origins">What the page may connect to.</param>
    public void Apply(HttpContext http, IEnumerable<string> origins)
    {
        var connect = $"connect-src 'self' {string.Join(' ', origins)}";
        foreach (var (name, value) in global) http.Response.Headers[name] = value.Replace(AnyHttps, connect, StringComparison.Ordinal);
        if (routes.Find(route => route.Matches(http.Request.Path)) is not { } first) return;
        http.Response.OnStarting(() =>
        {
            if (http.Response.StatusCode >= 400) return Task.CompletedTask;
            foreach (var (name, value) in first.Headers) http.Response.Headers[name] = value;
            return Task.CompletedTask;
        });
    }

    private sealed record ConfigurationFile(Dictionary<string, string> GlobalHeaders, List<Route> Routes);

    /// <param name="Pattern">A path, or the beginning of one and <c>*</c>.</param>
    private sealed record Route([property: System.Text.Json.Serialization.JsonPropertyName("route")] string Pattern, Dictionary<string, string> Headers)
    {
        public bool Matches(PathString path) => Pattern.EndsWith('*')
            ? path.Value!.StartsWith(Pattern[..^1], StringComparison.Ordinal)
            : path == Pattern;
    }
}
