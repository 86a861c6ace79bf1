using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChatFunctions.Local.Momento;

/// <summary>
/// A local Momento account that the official SDKs talk to: disposable tokens, topics, and the caches they live in. gRPC over
/// plaintext HTTP/2, all three services on one port.
/// </summary>
public sealed class MomentoServer : IAsyncDisposable
{
    /// <summary>Streams end by themselves when the server stops; only a client that does not read is cut off after this long.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMilliseconds(500);

    private readonly WebApplication app;
    private readonly ApiKeys apiKeys;
    private readonly TokenService tokens;

    private MomentoServer(WebApplication app, Uri address)
    {
        this.app = app;
        Address = address;
        apiKeys = app.Services.GetRequiredService<ApiKeys>();
        tokens = app.Services.GetRequiredService<TokenService>();
    }

    /// <summary><c>http://localhost:port</c>, for HTTP/2 without TLS only.</summary>
    public Uri Address { get; }

    /// <summary>How many calls for a token came in, whatever became of them.</summary>
    public int TokenCalls => tokens.Calls;

    /// <exception cref="PortTakenException">Another process has the port.</exception>
    public static async Task<MomentoServer> StartAsync(
        LocalPort port, MomentoServerOptions options, TimeProvider time, CancellationToken cancellation = default)
    {
        var builder = LoopbackServer.CreateBuilder(port, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        builder.Services.AddGrpc();
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
        app.MapGrpcService<TokenService>();
        app.MapGrpcService<TopicService>();
        app.MapGrpcService<CacheService>();
        return new MomentoServer(app, await LoopbackServer.StartAsync(app, port, cancellation));
    }

    /// <summary>Makes a super-user key in the form that consoles give out today (v2): a JWT with the claim <c>t: "g"</c>.</summary>
    public string CreateApiKey() => apiKeys.Create();

    /// <summary>Makes a super-user key in the older form (v1): base64 of <c>{"endpoint": "localhost:port", "api_key": …}</c>.</summary>
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
