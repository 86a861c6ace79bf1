using System.Net.Http.Headers;
using ChatFunctions.Local.Entra;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Local;
using ChatFunctions.Tests.Worker.Host;

namespace ChatFunctions.Tests.Worker;

/// <summary>The app under the worker's host, on the test run's cloud, with a home and a temporary folder of its own.</summary>
public sealed class WorkerApp : IAsyncDisposable
{
    private readonly TestCloud cloud;
    private readonly TemporaryFolder folder = new();

    private WorkerApp(TestCloud cloud) => this.cloud = cloud;

    public WorkerHost Host { get; private set; } = null!;

    /// <summary>The worker's home folder: nothing may be written there.</summary>
    public string Home => Directory.CreateDirectory(Path.Combine(folder.Path, "home")).FullName;

    /// <param name="cloud">Its services are the app's.</param>
    /// <param name="settings">What differs from the cloud's settings, and other environment variables; null removes one.</param>
    public static async Task<WorkerApp> StartAsync(TestCloud cloud, Dictionary<string, string?>? settings = null)
    {
        var app = new WorkerApp(cloud);
        app.Host = await WorkerHost.StartAsync(app.Environment(settings ?? []));
        return app;
    }

    /// <summary>A client that is signed in, or anonymous without a user.</summary>
    public HttpClient Client(string? user = null) => cloud.Client(Host.Address, user);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        folder.Dispose();
    }

    private Dictionary<string, string?> Environment(Dictionary<string, string?> settings)
    {
        var certificate = Path.Combine(folder.Path, "key-vault.pem");
        File.WriteAllText(certificate, cloud.Local.KeyVault.Certificate.ExportCertificatePem());
        var all = new Dictionary<string, string?>(TestCloud.Unlimited(cloud.Local.AppSettings))
        {
            // As docs/functions-host.md has it for func start.
            ["IDENTITY_ENDPOINT"] = cloud.Local.Entra.ManagedIdentityEndpoint.ToString(),
            ["IDENTITY_HEADER"] = EntraServer.ManagedIdentityHeader,
            ["SSL_CERT_FILE"] = certificate,
            ["HOME"] = Home,
            ["TMPDIR"] = Directory.CreateDirectory(Path.Combine(folder.Path, "tmp")).FullName,
        };
        foreach (var (name, value) in settings) all[name] = value;
        return all;
    }
}
