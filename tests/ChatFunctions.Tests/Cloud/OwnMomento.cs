using ChatFunctions.Local;
using ChatFunctions.Local.KeyVault;
using ChatFunctions.Local.Momento;

namespace ChatFunctions.Tests.Cloud;

/// <summary>A Momento of a test's own, and the vault with its API key.</summary>
public sealed class OwnMomento : IAsyncDisposable
{
    private OwnMomento(KeyVaultServer keyVault, MomentoServer server)
    {
        (KeyVault, Server) = (keyVault, server);
        ApiKey = new MomentoApiKeyRotation(keyVault, server);
        ApiKey.Rotate();
    }

    public KeyVaultServer KeyVault { get; }
    public MomentoServer Server { get; }
    public MomentoApiKeyRotation ApiKey { get; }

    /// <param name="cloud">Its Entra ID is the vault's.</param>
    /// <param name="time">Momento's clock.</param>
    /// <param name="options">Momento's limits; none where nothing is given.</param>
    public static async Task<OwnMomento> StartAsync(TestCloud cloud, TimeProvider time, MomentoServerOptions? options = null)
    {
        options ??= new MomentoServerOptions { Caches = [LocalCloud.CacheName], TokenCallsPerSecond = 0 };
        return new OwnMomento(
            await KeyVaultServer.StartAsync(LocalPort.Free, cloud.Local.Entra, TimeProvider.System),
            await MomentoServer.StartAsync(LocalPort.Free, LocalPort.Free, options, time));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await KeyVault.DisposeAsync();
    }
}
