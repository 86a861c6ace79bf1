using ChatFunctions.Local.Entra;

namespace ChatFunctions.Local;

/// <summary>
/// The origin of the web pages: a page that says what runs where, and what only a local cloud can do,
/// <c>POST /local/rotate-momento-api-key</c>.
/// </summary>
public sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private WebServer(WebApplication app, Uri address) => (this.app, Address) = (app, address);

    /// <summary><c>http://localhost:port</c>.</summary>
    public Uri Address { get; }

    /// <exception cref="PortTakenException">Another process has the port.</exception>
    public static async Task<WebServer> StartAsync(LocalPort port, LocalCloud cloud, CancellationToken cancellation = default)
    {
        var app = LoopbackServer.CreateBuilder(port).Build();
        app.MapGet("/", () => Results.Text(Describe(cloud)));
        app.MapPost("/local/rotate-momento-api-key", () => Results.Text(
            $"The new Momento API key is in the vault: {cloud.MomentoApiKey.Rotate()}\nThe old key works no more.\n"));
        return new WebServer(app, await LoopbackServer.StartAsync(app, port, cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static string Describe(LocalCloud cloud) =>
        $"""
        ChatFunctions: the local cloud

        {cloud.Describe()}

        Sign in as alice, bob, carol or any other name. The web client's id is {LocalTenant.WebClientId}.
        README.md walks through the API with curl.

        """;
}
