using Azure.Core.Pipeline;
using ChatFunctions.Local;
using ChatFunctions.Local.Functions;
using ChatFunctions.Local.KeyVault;
using ChatFunctions.Local.Momento;
using ChatFunctions.Tests.Cloud;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Tests.Faults;

/// <summary>
/// An app on the shared Table Storage, and on a vault and a Momento of its own, with a proxy before each of the three on which a
/// test causes faults.
/// </summary>
public sealed class FaultLab : IAsyncDisposable
{
    private readonly TestCloud cloud;
    private readonly Stack<IAsyncDisposable> parts = new();
    private OwnMomento own = null!;

    private FaultLab(TestCloud cloud) => this.cloud = cloud;

    public KeyVaultServer KeyVault => own.KeyVault;
    public MomentoServer Momento => own.Server;
    public MomentoApiKeyRotation ApiKey => own.ApiKey;
    public HttpFaultProxy TablesWire { get; private set; } = null!;
    public HttpFaultProxy KeyVaultWire { get; private set; } = null!;
    public HttpFaultProxy MomentoWire { get; private set; } = null!;
    public FunctionHost App { get; private set; } = null!;

    public IReadOnlyList<HttpFaultProxy> Wires => [TablesWire, KeyVaultWire, MomentoWire];

    /// <param name="cloud">Table Storage and Entra ID.</param>
    /// <param name="settings">What differs from a test app's settings.</param>
    /// <param name="time">The app's clock.</param>
    /// <param name="logs">Takes what the app logs.</param>
    /// <param name="idleConnections">How long a connection of the app is kept that it does not use.</param>
    public static async Task<FaultLab> StartAsync(
        TestCloud cloud, Dictionary<string, string?>? settings = null, TimeProvider? time = null, ILoggerProvider? logs = null,
        TimeSpan? idleConnections = null)
    {
        var lab = new FaultLab(cloud);
        lab.own = lab.Own(await OwnMomento.StartAsync(cloud, time ?? TimeProvider.System));
        lab.TablesWire = lab.Own(await HttpFaultProxy.StartAsync(cloud.Local.Storage.TableEndpoint));
        lab.KeyVaultWire = lab.Own(await HttpFaultProxy.StartAsync(lab.KeyVault.Address, lab.KeyVault.CreateHandler()));
        lab.MomentoWire = lab.Own(await HttpFaultProxy.StartAsync(lab.Momento.Address, protocol: HttpProtocols.Http2, idleClients: idleConnections));
        var sender = lab.KeyVaultWire.CreateHandler();
        if (idleConnections is { } idle) sender.PooledConnectionIdleTimeout = idle;
        lab.App = lab.Own(await cloud.StartAppAsync(new(settings ?? [])
        {
            ["Tables:ConnectionString"] = cloud.TablesThrough(lab.TablesWire.Address),
            ["KeyVault:VaultUri"] = lab.KeyVaultWire.Address.ToString(),
            ["Momento:Endpoint"] = lab.MomentoWire.Address.ToString(),
        }, time, logs: logs, wire: new HttpClientTransport(sender)));
        return lab;
    }

    /// <summary>A client that is signed in, or anonymous without a user.</summary>
    public HttpClient Client(string? user = null) => cloud.Client(App, user);

    /// <summary>Stops the app, and nothing else.</summary>
    public async Task StopAppAsync()
    {
        if (parts.Pop() != App) throw new InvalidOperationException("The app has been stopped before.");
        await App.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        while (parts.TryPop(out var part)) await part.DisposeAsync();
    }

    private T Own<T>(T part) where T : IAsyncDisposable
    {
        parts.Push(part);
        return part;
    }
}
