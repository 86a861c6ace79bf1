using Azure.Data.Tables;
using ChatFunctions.Local.Azurite;
using ChatFunctions.Local.Entra;
using ChatFunctions.Local.KeyVault;
using ChatFunctions.Local.Momento;
using ChatFunctions.Tables;

namespace ChatFunctions.Local;

/// <summary>
/// The services that the function app uses, on one machine: Azurite, and stand-ins for Entra ID, Key Vault and Momento. Their
/// keys are made when they start and live in memory only.
/// </summary>
public sealed class LocalCloud : IAsyncDisposable
{
    /// <summary>The Momento cache of this environment.</summary>
    public const string CacheName = "chat-local";

    private readonly Stack<IAsyncDisposable> parts = new();

    private LocalCloud()
    {
    }

    public AzuriteProcess Storage { get; private set; } = null!;
    public EntraServer Entra { get; private set; } = null!;
    public KeyVaultServer KeyVault { get; private set; } = null!;
    public MomentoServer Momento { get; private set; } = null!;
    public MomentoApiKeyRotation MomentoApiKey { get; private set; } = null!;

    /// <summary>The settings with which the app uses this cloud.</summary>
    public IReadOnlyDictionary<string, string?> AppSettings => new Dictionary<string, string?>
    {
        ["Stage"] = "local",
        ["Tables:ConnectionString"] = Storage.ConnectionString,
        ["KeyVault:VaultUri"] = KeyVault.Address.ToString(),
        // The client expects a vault's name to end in vault.azure.net.
        ["KeyVault:DisableChallengeResourceVerification"] = "true",
        ["Momento:Endpoint"] = Momento.Address.ToString(),
        ["Momento:CacheName"] = CacheName,
        ["Entra:Authority"] = Entra.Authority,
        ["Entra:Audiences:0"] = LocalTenant.ApiClientId,
    };

    /// <param name="ports">Where each part listens.</param>
    /// <param name="dataFolder">Where rooms are kept, or null for memory.</param>
    /// <param name="momento">Momento's limits.</param>
    /// <param name="time">The clock of keys, tokens and limits.</param>
    /// <exception cref="PortTakenException">Another process has a port.</exception>
    public static async Task<LocalCloud> StartAsync(
        LocalPorts ports, string? dataFolder, MomentoServerOptions momento, TimeProvider time, CancellationToken cancellation = default)
    {
        var cloud = new LocalCloud();
        try
        {
            cloud.Entra = cloud.Own(await EntraServer.StartAsync(ports.Entra, time, cancellation));
            cloud.KeyVault = cloud.Own(await KeyVaultServer.StartAsync(ports.KeyVault, cloud.Entra, time, cancellation));
            cloud.Momento = cloud.Own(await MomentoServer.StartAsync(ports.Momento, ports.MomentoWeb, momento, time, cancellation));
            cloud.MomentoApiKey = new MomentoApiKeyRotation(cloud.KeyVault, cloud.Momento);
            cloud.MomentoApiKey.Rotate();
            cloud.Storage = cloud.Own(await AzuriteProcess.StartAsync(ports.Tables, ports.Blobs, dataFolder, cancellation));
            var tables = new TableServiceClient(cloud.Storage.ConnectionString);
            foreach (var table in TableNames.All) await tables.CreateTableIfNotExistsAsync(table, cancellation);
            return cloud;
        }
        catch
        {
            await cloud.DisposeAsync();
            throw;
        }
    }

    /// <summary>What runs where, a line each.</summary>
    public string Describe() =>
        $"""
        Entra ID   {Entra.Authority}
        Key Vault  {KeyVault.Address}
        Momento    {Momento.Address} (gRPC), {Momento.WebAddress} (gRPC-Web)
        Tables     {Storage.TableEndpoint}
        Blobs      {Storage.BlobEndpoint}
        """;

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
