using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChatFunctions.Local;

/// <summary>A port of the local cloud, and the setting that moves it.</summary>
/// <param name="Setting">The setting's name, such as <c>Ports:Api</c>; errors name it.</param>
/// <param name="Number">0 takes a free port.</param>
public sealed record LocalPort(string Setting, int Number)
{
    /// <summary>A free port, for tests and for parts whose port nobody needs to know.</summary>
    public static LocalPort Free { get; } = new("", 0);
}

/// <summary>A port of the local cloud is in use by another process. The message is one line for a person.</summary>
public sealed class PortTakenException(LocalPort port, Exception inner) : IOException(
    $"Port {port.Number} is taken by another process. Stop that process, or choose another port with --{port.Setting} (0 picks a free one).",
    inner);

/// <summary>
/// What the web servers of the local cloud have in common: they read no settings of their own, listen on loopback only,
/// and report a taken port by the setting that moves it.
/// </summary>
public static class LoopbackServer
{
    /// <param name="port">Where to listen.</param>
    /// <param name="listen">Protocols and TLS of the endpoint; without it, HTTP/1.1.</param>
    public static WebApplicationBuilder CreateBuilder(LocalPort port, Action<ListenOptions>? listen = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "ChatFunctions.Local" });
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Action<ListenOptions> configure = listen ?? (endpoint => endpoint.Protocols = HttpProtocols.Http1);
            // "localhost" stands for two addresses, 127.0.0.1 and ::1, which cannot share a port picked by the system.
            if (port.Number == 0) kestrel.Listen(IPAddress.Loopback, 0, configure);
            else kestrel.ListenLocalhost(port.Number, configure);
        });
        return builder;
    }

    /// <summary>
    /// Starts the server and returns its address, <c>http(s)://localhost:port</c>, without a path. If that fails, disposes it.
    /// </summary>
    /// <exception cref="PortTakenException">Another process has the port.</exception>
    public static async Task<Uri> StartAsync(WebApplication app, LocalPort port, CancellationToken cancellation = default)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception error)
        {
            await app.DisposeAsync();
            if (error is IOException { InnerException: AddressInUseException or SocketException }) throw new PortTakenException(port, error);
            throw;
        }

        var bound = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return new UriBuilder(bound) { Host = "localhost" }.Uri;
    }
}
