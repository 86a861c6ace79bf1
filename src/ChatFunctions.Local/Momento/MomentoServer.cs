using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChatFunctions.Local.Momento;

/// <summary>
/// A local Momento account that the official SDKs talk to: disposable tokens, topics, and the caches they live in. All three
/// services speak gRPC over plaintext HTTP/2 on one port and, for browsers, gRPC-Web over HTTP/1.1 on another: without TLS, a
/// port of Kestrel's speaks one version of HTTP only.
/// </summary>
public sealed class MomentoServer : IAsyncDisposable
{
    /// <summary>
    /// Streams end by themselves when the server stops; only a client that does not read is cut off after this long.
    /// </summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMilliseconds(500);

    private readonly WebApplication app;
    private readonly ApiKeys apiKeys;
    private readonly TokenService tokens;

    private MomentoServer(WebApplication app, Uri address, Uri webAddress)
    {
        this.app = app;
        Address = address;
        WebAddress = webAddress;
        apiKeys = app.Services.GetRequiredService<ApiKeys>();
        tokens = app.Services.GetRequiredService<TokenService>();
    }

    /// <summary><c>http://localhost:port</c>, for HTTP/2 without TLS only.</summary>
    public Uri Address { get; }

    /// <summary><c>http://localhost:port</c>, for gRPC-Web over HTTP/1.1 only.</summary>
    public Uri WebAddress { get; }

    /// <summary>How many calls for a token came in, whatever became of them.</summary>
    public int TokenCalls => tokens.Calls;

    /// <param name="port">Where to listen for gRPC.</param>
    /// <param name="webPort">Where to listen for gRPC-Web.</param>
    /// <param name="options">What there is at the start, and the limits.</param>
    /// <param name="time">The clock of tokens, limits and heartbeats.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="PortTakenException">Another process has one of the ports.</exception>
    public static async Task<MomentoServer> StartAsync(
        LocalPort port, LocalPort webPort, MomentoServerOptions options, TimeProvider time, CancellationToken cancellation = default)
    {
        var builder = LoopbackServer.CreateBuilder(port, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        builder.Listen(webPort);
        builder.Services.AddCors().AddGrpc();
        builder.Services
            .AddSingleton(options)
            .AddSingleton(time)
            .AddSingleton<ApiKeys>()
            .AddSingleton<DisposableTokens>()
            .AddSingleton<Authenticator>()
            .AddSingleton<Caches>()
            .AddSingleton<TokenService>()
            .AddSingleton<TopicService>()
            .AddSingleton<CacheService>();

        var app = builder.Build();
        app.UseGrpcWebOverHttp1();
        app.MapGrpcService<TokenService>();
        app.MapGrpcService<TopicService>();
        app.MapGrpcService<CacheService>();
        var addresses = await LoopbackServer.StartAsync(app, [port, webPort], cancellation);
        return new MomentoServer(app, addresses[0], addresses[1]);
    }

    /// <summary>Makes a super-user key in the form of today (v2): a JWT with the claim <c>t: "g"</c>.</summary>
    public string CreateApiKey() => apiKeys.Create();

    /// <summary>
    /// Makes a super-user key in the older form (v1): base64 of <c>{"endpoint": "localhost:port", "api_key": …}</c>.
    /// </summary>
    public string CreateApiKeyV1() => apiKeys.CreateV1(Address.Authority);

    /// <summary>
    /// Later calls with the key are UNAUTHENTICATED. Tokens that were made with it live on: Momento revokes none.
    /// </summary>
    /// <param name="apiKey">As it was made.</param>
    public void RevokeApiKey(string apiKey) => apiKeys.Revoke(apiKey);

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(StopTimeout);
        await app.StopAsync(timeout.Token);
        await app.DisposeAsync();
    }
}
