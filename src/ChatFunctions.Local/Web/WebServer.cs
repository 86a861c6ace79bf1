using ChatFunctions.Local.Entra;
using Microsoft.Extensions.FileProviders;

namespace ChatFunctions.Local.Web;

/// <summary>
/// Serves the built web client as its host in Azure does, on an origin of its own, with a configuration for this cloud; and what
/// only a local cloud can do, <c>POST /local/rotate-momento-api-key</c>.
/// </summary>
public sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private WebServer(WebApplication app, Uri address) => (this.app, Address) = (app, address);

    /// <summary>Where the build of the web client puts it.</summary>
    public static string ClientFolder { get; } = Path.GetFullPath(Path.Combine(SourceFolder.Path, "..", "web", "dist"));

    /// <summary><c>http://localhost:port</c>.</summary>
    public Uri Address { get; }

    /// <summary>The same without the slash at the end, as browsers name it in <c>Origin</c>.</summary>
    public string Origin => LoopbackServer.OriginOf(Address);

    /// <param name="port">Where to listen.</param>
    /// <param name="entra">Where users sign in.</param>
    /// <param name="apiKey">What is rotated.</param>
    /// <param name="backends">Asked at each request: the API starts later than this server, whose origin it must know.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="PortTakenException">Another process has the port.</exception>
    public static async Task<WebServer> StartAsync(
        LocalPort port, EntraServer entra, MomentoApiKeyRotation apiKey, Func<WebBackends> backends, CancellationToken cancellation = default)
    {
        var app = LoopbackServer.CreateBuilder(port).Build();
        var headers = StaticWebAppHeaders.Read(Path.Combine(ClientFolder, StaticWebAppHeaders.FileName));
        app.Use((http, next) =>
        {
            headers.Apply(http, [backends().Api, backends().Momento, LoopbackServer.OriginOf(entra.Address)]);
            return next(http);
        });
        app.UseFileServer(new FileServerOptions { FileProvider = new PhysicalFileProvider(ClientFolder) });
        app.MapGet("/config.json", () => Results.Json(WebClientConfig.For(entra, backends())));
        app.MapPost("/local/rotate-momento-api-key", () => Results.Text(
            $"The new Momento API key is in the vault: {apiKey.Rotate()}\nThe old key works no more.\n"));
        return new WebServer(app, await LoopbackServer.StartAsync(app, port, cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
