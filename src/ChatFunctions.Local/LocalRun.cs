using System.Collections;
using ChatFunctions.Local.Azurite;
using ChatFunctions.Local.Entra;
using ChatFunctions.Local.Functions;
using ChatFunctions.Local.Momento;
using ChatFunctions.Local.Web;
using Microsoft.Extensions.Azure;

namespace ChatFunctions.Local;

/// <summary>What <c>dotnet run</c> does: the local cloud, the app on it, and the web pages, until Ctrl+C.</summary>
public static class LocalRun
{
    /// <summary>Where <c>npm run dev</c> serves the web client.</summary>
    private const string DevServerOrigin = "http://localhost:5173";

    /// <param name="args">Settings, such as <c>--Ports:Api 0</c> or <c>--Momento:TokenLifetime 00:01:00</c>; and <c>--cloud-only</c>,
    /// which leaves the API to <c>func start</c>. Rooms are kept in <c>DataFolder</c>.</param>
    /// <param name="stopping">Ends the run.</param>
    public static async Task RunAsync(string[] args, CancellationToken stopping)
    {
        var cloudOnly = args.Contains("--cloud-only");
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(OpenTelemetryVariables())
            .AddCommandLine([.. args.Where(arg => arg != "--cloud-only")])
            .Build();
        var ports = LocalPorts.From(settings);
        var momento = new MomentoServerOptions { Caches = [LocalCloud.CacheName], TopicLimits = TopicLimits.From(settings) };
        var data = settings["DataFolder"] ?? Path.Combine(SourceFolder.Path, ".data");

        // What comes from elsewhere may need the shell's proxy; all after it is on this machine.
        await Npm.RestoreAsync(AzuriteProcess.Folder, Console.WriteLine, stopping);
        ShellEnvironment.Leave();
        Console.WriteLine("Starting the local cloud …");
        await using var cloud = await LocalCloud.StartAsync(ports, Path.Combine(data, "tables"), momento, TimeProvider.System, stopping);
        var backends = new WebBackends($"http://localhost:{ports.Api.Number}", LoopbackServer.OriginOf(cloud.Momento.WebAddress));
        await using var web = await WebServer.StartAsync(ports.Web, cloud.Entra, cloud.MomentoApiKey, () => backends, stopping);
        Console.WriteLine($"Web        {web.Address}\n{cloud.Describe()}");
        if (cloudOnly)
        {
            var certificate = Path.Combine(data, "key-vault.pem");
            await File.WriteAllTextAsync(certificate, cloud.KeyVault.Certificate.ExportCertificatePem(), stopping);
            Console.WriteLine($"Key Vault's certificate, which `func start` must trust (docs/functions-host.md tells how), is {certificate}");
            Console.WriteLine($"Ready: {web.Origin} without the API, which must be at {backends.Api}");
            await Task.Delay(Timeout.Infinite, stopping);
            return;
        }

        await using var api = await StartApiAsync(ports, cloud, web, settings, stopping);
        backends = backends with { Api = LoopbackServer.OriginOf(api.Address) };
        Console.WriteLine($"API        {backends.Api}");
        Console.WriteLine($"Ready: {web.Origin} Sign in as alice, bob, carol, mod (a moderator) or anybody else.");
        await Task.Delay(Timeout.Infinite, stopping);
    }

    /// <summary>Where a collector is, as all programs with OpenTelemetry are told it. No other variable is a setting here.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> OpenTelemetryVariables() =>
        from DictionaryEntry variable in Environment.GetEnvironmentVariables()
        where ((string)variable.Key).StartsWith("OTEL_", StringComparison.Ordinal)
        select KeyValuePair.Create((string)variable.Key, (string?)variable.Value);

    private static Task<FunctionHost> StartApiAsync(
        LocalPorts ports, LocalCloud cloud, WebServer web, IConfiguration overrides, CancellationToken stopping)
    {
        // As App Service tells an app where its managed identity is; DefaultAzureCredential reads them.
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", cloud.Entra.ManagedIdentityEndpoint.ToString());
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", EntraServer.ManagedIdentityHeader);
        var settings = new ConfigurationBuilder().AddInMemoryCollection(cloud.AppSettings).AddConfiguration(overrides).Build();
        return FunctionHost.StartAsync(ports.Api, settings, [web.Origin, DevServerOrigin], services =>
        {
            services.AddLogging(logs => logs.AddSimpleConsole(console => console.SingleLine = true)
                // What stops the start is told in one line, by Program.cs.
                .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None));
            services.AddAzureClients(azure => azure.ConfigureDefaults(client => client.Transport = cloud.KeyVault.CreateTransport()));
        }, stopping);
    }
}
