using ChatFunctions.Local;
using ChatFunctions.Local.Functions;
using ChatFunctions.Local.KeyVault;
using ChatFunctions.Local.Momento;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Tokens;

/// <summary>
/// An app with a vault and a Momento of its own, whose calls a test can count, on wires on which it can cause faults, and with a
/// clock that it moves.
/// </summary>
public sealed class TokenLab : IAsyncDisposable
{
    private readonly TestCloud cloud;
    private OwnMomento own = null!;

    private TokenLab(TestCloud cloud) => this.cloud = cloud;

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);
    public KeyVaultServer KeyVault => own.KeyVault;
    public MomentoServer Momento => own.Server;
    public MomentoApiKeyRotation ApiKey => own.ApiKey;
    public FaultProxy KeyVaultWire { get; private set; } = null!;
    public FaultProxy MomentoWire { get; private set; } = null!;
    public FunctionHost App { get; private set; } = null!;

    public static async Task<TokenLab> StartAsync(
        TestCloud cloud, Dictionary<string, string?>? settings = null, MomentoServerOptions? momento = null, ILoggerProvider? logs = null,
        Action<IServiceCollection>? services = null)
    {
        var lab = new TokenLab(cloud);
        lab.own = await OwnMomento.StartAsync(cloud, lab.Time, momento);
        lab.KeyVaultWire = new FaultProxy(lab.KeyVault.Address);
        lab.MomentoWire = new FaultProxy(lab.Momento.Address);
        lab.App = await cloud.StartAppAsync(new(settings ?? [])
        {
            ["KeyVault:VaultUri"] = lab.KeyVaultWire.Address.ToString(),
            ["Momento:Endpoint"] = lab.MomentoWire.Address.ToString(),
        }, lab.Time, lab.KeyVault, logs, services: services);
        return lab;
    }

    public HttpClient Client(string user) => cloud.Client(App, user);

    /// <summary>Waits in real time, at most 10 s, for what another thread brings about.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!condition()) await Task.Delay(5, timeout.Token);
    }

    /// <summary>Lets the app's clock run, a second at a time, until it has logged a warning with this text.</summary>
    public Task UntilWarnedAsync(LogRecorder logs, string text) => UntilAsync(() =>
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        return logs.Entries(LogLevel.Warning).Any(entry => entry.Contains(text, StringComparison.Ordinal));
    });

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await MomentoWire.DisposeAsync();
        await KeyVaultWire.DisposeAsync();
        await own.DisposeAsync();
    }
}
