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
    /// <summary>A server's address as browsers name it in <c>Origin</c>: without a path, and without a slash at the end.</summary>
    public static string OriginOf(Uri address) => address.GetLeftPart(UriPartial.Authority);

    /// <param name="port">Where to listen.</param>
    /// <param name="listen">Protocols and TLS of the endpoint; without it, HTTP/1.1.</param>
    public static WebApplicationBuilder CreateBuilder(LocalPort port, Action<ListenOptions>? listen = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "ChatFunctions.Local" });
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Listen(port, listen);
        return builder;
    }

    /// <summary>Has the server listen on one more port.</summary>
    /// <param name="builder">The server's.</param>
    /// <param name="port">Where to listen, too.</param>
    /// <param name="listen">Protocols and TLS of the endpoint; without it, HTTP/1.1.</param>
    public static void Listen(this WebApplicationBuilder builder, LocalPort port, Action<ListenOptions>? listen = null) =>
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Action<ListenOptions> configure = listen ?? (endpoint => endpoint.Protocols = HttpProtocols.Http1);
            // "localhost" stands for two addresses, 127.0.0.1 and ::1, which cannot share a port picked by the system.
            if (port.Number == 0) kestrel.Listen(IPAddress.Loopback, 0, configure);
            else kestrel.ListenLocalhost(port.Number, configure);
        });

    /// <summary>
    /// Starts the server and returns its address, <c>http(s)://localhost:port</c>, without a path. If that fails, disposes it.
    /// </summary>
    /// <exception cref="PortTakenException">Another process has the port.</exception>
    public static async Task<Uri> StartAsync(WebApplication app, LocalPort port, CancellationToken cancellation = default) =>
        (await StartAsync(app, [port], cancellation))[0];

    /// <summary>The same for a server of several ports.</summary>
    /// <param name="app">The server.</param>
    /// <param name="ports">All that it listens on, in the order in which it was told to.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The address at each port.</returns>
    /// <exception cref="PortTakenException">Another process has one of the ports.</exception>
    public static async Task<IReadOnlyList<Uri>> StartAsync(
        WebApplication app, IReadOnlyList<LocalPort> ports, CancellationToken cancellation = default)
    {
        // Kestrel binds one endpoint after the other, in their order, and adds the address of each that is bound.
        var bound = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception error)
        {
            await app.DisposeAsync();
            if (error is not IOException { InnerException: AddressInUseException or SocketException }) throw;
            throw new PortTakenException(ports[bound.Count], error);
        }

        return [.. bound.Select(address => new UriBuilder(address) { Host = "localhost" }.Uri)];
    }
}
