using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using ChatFunctions.Benchmarks.Processes;
using ChatFunctions.Local;

namespace ChatFunctions.Benchmarks.Apps;

/// <summary>A <see cref="ServedApp"/> or a <see cref="ServedWorker"/>, seen from its parent.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    private readonly ChildProcess process;
    private readonly HttpClient client = new();

    private AppProcess(ChildProcess process) => this.process = process;

    public Uri Address { get; private set; } = null!;

    /// <param name="cloud">What the app uses.</param>
    /// <param name="design">Which app.</param>
    /// <param name="settings">What differs from the cloud's settings.</param>
    /// <param name="program">A published copy of this program; null takes this one.</param>
    public static async Task<AppProcess> StartAsync(
        LocalCloud cloud, Design design, Dictionary<string, string?>? settings = null, string? program = null)
    {
        var all = new Dictionary<string, string?>(cloud.AppSettings)
        {
            ["Stage"] = "prod",
            [ServedApp.DesignSetting] = design.ToString(),
            [ServedApp.VaultCertificateSetting] = cloud.KeyVault.Certificate.GetCertHashString(HashAlgorithmName.SHA256),
            [ServedApp.IdentityEndpointSetting] = cloud.Entra.ManagedIdentityEndpoint.ToString(),
            // Limits are not what is measured.
            ["Momento:TokenCallsPerSecond"] = "1000",
            ["Momento:TokenCallsPerCallerPerMinute"] = "1000",
            ["Momento:PublishesPerSecond"] = "10000",
            ["Http:MessagesPerCallerPerMinute"] = "1000000",
            ["Http:MessageChangesPerCallerPerMinute"] = "1000000",
            ["Http:PresencePerCallerPerMinute"] = "1000000",
            ["Http:WritesPerCallerPerMinute"] = "1000000",
            ["Http:ReadTransactionsPerCallerPerMinute"] = "1000000",
        };
        foreach (var (name, value) in settings ?? []) all[name] = value;
        var arguments = all.Select(setting => $"--{setting.Key}={setting.Value}");
        var command = design == Design.Worker ? ServedWorker.Command : ServedApp.Command;
        var app = new AppProcess(new ChildProcess(program ?? ChildProcess.ThisProgram, [command, .. arguments]));
        app.Address = app.client.BaseAddress = new Uri(await app.process.ReadAsync());
        return app;
    }

    public async Task<Usage> GetUsageAsync() => JsonSerializer.Deserialize<Usage>(await process.AskAsync(""))!;

    /// <summary>One request of a user's, and its whole answer.</summary>
    /// <exception cref="HttpRequestException">It failed.</exception>
    public async Task<byte[]> GetAsync(string path, string userToken)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", userToken);
        return await client.GetByteArrayAsync(path);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await process.DisposeAsync();
    }
}
