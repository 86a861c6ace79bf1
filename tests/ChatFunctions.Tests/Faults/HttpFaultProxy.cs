using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChatFunctions.Local;
using ChatFunctions.Local.KeyVault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChatFunctions.Tests.Faults;

/// <summary>
/// An HTTP proxy between the app and a service, on which a test causes faults request by request. Before it is a
/// <see cref="FaultProxy"/>, for faults of whole connections.
/// </summary>
public sealed class HttpFaultProxy : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMilliseconds(200);

    /// <summary>What an outage has heaped up is soon gone.</summary>
    private static readonly TimeSpan IdleConnections = TimeSpan.FromSeconds(2);

    private readonly WebApplication app;
    private readonly Uri target;
    private readonly HttpMessageInvoker service;
    private readonly X509Certificate2? certificate;
    private Func<HttpRequest, HttpFault?> script = _ => null;
    private int requests;
    private int abandoned;

    private HttpFaultProxy(Uri target, HttpMessageHandler handler, HttpProtocols protocol, TimeSpan? idleClients)
    {
        this.target = target;
        service = new HttpMessageInvoker(handler);
        certificate = target.Scheme == Uri.UriSchemeHttps ? LocalhostCertificate.Create() : null;
        var builder = LoopbackServer.CreateBuilder(LocalPort.Free, listen =>
        {
            listen.Protocols = protocol;
            if (certificate is not null) listen.UseHttps(certificate);
        });
        if (idleClients is { } idle) builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.KeepAliveTimeout = idle);
        app = builder.Build();
        app.Run(HandleAsync);
    }

    /// <summary>What every request passes through first.</summary>
    public FaultProxy Connections { get; private set; } = null!;

    /// <summary>The target's address, with the port of <see cref="Connections"/>.</summary>
    public Uri Address => Connections.Address;

    /// <summary>How many have come, whatever became of them.</summary>
    public int Requests => Volatile.Read(ref requests);

    /// <summary>How many clients have given up before their answer came.</summary>
    public int Abandoned => Volatile.Read(ref abandoned);

    /// <param name="target">Where the service is.</param>
    /// <param name="handler">Trusts the service, if it needs trust.</param>
    /// <param name="protocol">What the service speaks.</param>
    /// <param name="idleClients">After this long without a request a connection is closed; without it, Kestrel's two minutes.</param>
    public static async Task<HttpFaultProxy> StartAsync(
        Uri target, HttpMessageHandler? handler = null, HttpProtocols protocol = HttpProtocols.Http1, TimeSpan? idleClients = null)
    {
        handler ??= new SocketsHttpHandler { PooledConnectionIdleTimeout = IdleConnections };
        var proxy = new HttpFaultProxy(target, handler, protocol, idleClients);
        var bound = await LoopbackServer.StartAsync(proxy.app, LocalPort.Free);
        proxy.Connections = new FaultProxy(new UriBuilder(target) { Port = bound.Port }.Uri);
        return proxy;
    }

    /// <summary>From now on the script says what becomes of a request; null passes it on.</summary>
    public void Follow(Func<HttpRequest, HttpFault?> newScript) => Volatile.Write(ref script, newScript);

    /// <summary>So many requests from now on meet the fault; by default all. Others pass.</summary>
    public void Fail(HttpFault fault, int count = int.MaxValue, Func<HttpRequest, bool>? of = null) =>
        Follow(request => (of is null || of(request)) && Interlocked.Decrement(ref count) >= 0 ? fault : null);

    /// <summary>The request of this number, 0 the first from now on, meets the fault. Others pass.</summary>
    public void FailOnly(int number, HttpFault fault) => Follow(_ => Interlocked.Decrement(ref number) == -1 ? fault : null);

    public void Heal() => Follow(_ => null);

    /// <summary>Trusts this proxy's certificate.</summary>
    public SocketsHttpHandler CreateHandler() => certificate is null
        ? new SocketsHttpHandler()
        : LocalhostCertificate.CreateHandler(certificate.GetCertHashString(HashAlgorithmName.SHA256));

    public async ValueTask DisposeAsync()
    {
        await Connections.DisposeAsync();
        using var timeout = new CancellationTokenSource(StopTimeout);
        await app.StopAsync(timeout.Token);
        await app.DisposeAsync();
        service.Dispose();
        certificate?.Dispose();
    }

    private async Task HandleAsync(HttpContext http)
    {
        Interlocked.Increment(ref requests);
        try
        {
            if (Volatile.Read(ref script)(http.Request) is { } fault) await fault(http, () => PassAsync(http));
            else await ReturnAsync(http, await PassAsync(http));
        }
        catch (Exception error) when (error is OperationCanceledException or HttpRequestException or IOException)
        {
            // One side went away: the other is cut off with it.
            if (http.RequestAborted.IsCancellationRequested) Interlocked.Increment(ref abandoned);
            http.Abort();
        }
    }

    private async Task<HttpResponseMessage> PassAsync(HttpContext http)
    {
        var (request, cancellation) = (http.Request, http.RequestAborted);
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellation);
        body.Position = 0;
        // As it was sent, to the letter: Table Storage's requests are signed.
        var path = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var passed = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(target, path))
        {
            Version = HttpProtocol.IsHttp2(request.Protocol) ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = request.ContentLength is null && body.Length == 0 ? null : new StreamContent(body),
        };
        foreach (var (name, values) in request.Headers)
        {
            if (name.StartsWith(':') || name is "Host" or "Connection" or "Transfer-Encoding") continue;
            if (passed.Headers.TryAddWithoutValidation(name, values.AsEnumerable())) continue;
            passed.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        var answer = await service.SendAsync(passed, cancellation);
        await answer.Content.LoadIntoBufferAsync(cancellation);
        return answer;
    }

    /// <summary>The status and the headers of an answer.</summary>
    public static void WriteHead(HttpContext http, HttpResponseMessage answer)
    {
        http.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name is not ("Connection" or "Transfer-Encoding")) http.Response.Headers[name] = values.ToArray();
        }
    }

    /// <summary>Passes an answer back.</summary>
    public static async Task ReturnAsync(HttpContext http, HttpResponseMessage answer)
    {
        using var _ = answer;
        WriteHead(http, answer);
        // Even nothing may not be written where the status has no body: the connection would end, and the next request with it.
        if (await answer.Content.ReadAsByteArrayAsync() is { Length: > 0 } body) await http.Response.Body.WriteAsync(body);
        foreach (var (name, values) in answer.TrailingHeaders) http.Response.AppendTrailer(name, values.ToArray());
    }
}
