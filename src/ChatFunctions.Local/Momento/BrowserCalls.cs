using Microsoft.AspNetCore.Cors.Infrastructure;

namespace ChatFunctions.Local.Momento;

/// <summary>What the SDK for browsers needs: gRPC-Web (binary, or text in base64), and CORS for the pages on this machine.</summary>
internal static class BrowserCalls
{
    /// <summary>As long as Chromium keeps the answer to a preflight at most.</summary>
    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromHours(2);

    /// <summary>
    /// Takes gRPC-Web over HTTP/1.1, and there only: over HTTP/2 the calls are plain gRPC, which in turn needs HTTP/2.
    /// </summary>
    public static void UseGrpcWebOverHttp1(this WebApplication app) =>
        app.UseWhen(http => HttpProtocol.IsHttp11(http.Request.Protocol), http1 =>
        {
            http1.UseCors(AllowPagesOnThisMachine);
            http1.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        });

    /// <summary>
    /// A refusal has its status in the headers: a page that cannot read them takes it for an outage and tries again at once.
    /// </summary>
    private static void AllowPagesOnThisMachine(CorsPolicyBuilder policy) => policy
        .SetIsOriginAllowed(LoopbackAddress.IsOnThisMachine)
        .WithMethods(HttpMethods.Post)
        .WithHeaders(
            "agent", "authorization", "cache", "content-type", "grpc-timeout", "runtime-version", "x-grpc-web", "x-user-agent")
        .WithExposedHeaders("grpc-status", "grpc-message", "err")
        .SetPreflightMaxAge(PreflightLifetime);
}
