using System.Text.Json;
using Azure.Core.Pipeline;
using ChatFunctions.Benchmarks.Apps.PortedDesign;
using ChatFunctions.Benchmarks.Processes;
using ChatFunctions.Local;
using ChatFunctions.Local.Functions;
using ChatFunctions.Local.KeyVault;
using ChatFunctions.Telemetry;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Benchmarks.Apps;

/// <summary>
/// A process with one app and nothing else, on a cloud in its parent process. It prints where it listens, and then its
/// <see cref="Usage"/> whenever it is asked.
/// </summary>
internal static class ServedApp
{
    public const string Command = "serve";

    /// <summary>The setting that says which app.</summary>
    public const string DesignSetting = "Design";

    /// <summary>The setting with the hash of the vault's certificate.</summary>
    public const string VaultCertificateSetting = "VaultCertificate";

    /// <summary>The setting with the address at which the app gets the tokens of its managed identity.</summary>
    public const string IdentityEndpointSetting = "IdentityEndpoint";

    private static readonly string NullDevice = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";

    /// <param name="arguments">Settings: those above, and the app's.</param>
    public static async Task RunAsync(string[] arguments)
    {
        // The log goes where it costs what writing costs and nothing more; stdout is the parent's.
        var parent = Console.Out;
        Console.SetOut(new StreamWriter(NullDevice) { AutoFlush = true });
        var settings = new ConfigurationBuilder().AddCommandLine(arguments).Build();
        // As App Service tells an app where its managed identity is; DefaultAzureCredential reads them.
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", settings[IdentityEndpointSetting]);
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", Local.Entra.EntraServer.ManagedIdentityHeader);
        using var wire = new TableWire(
            settings["Tables:ConnectionString"]!, LocalhostCertificate.CreateHandler(settings[VaultCertificateSetting]!));

        var address = await StartAsync(Enum.Parse<Design>(settings[DesignSetting]!), settings, new HttpClientTransport(wire));
        await parent.WriteLineAsync(address.ToString());
        while (await Console.In.ReadLineAsync() is not null)
        {
            await parent.WriteLineAsync(JsonSerializer.Serialize(Usage.Now(wire)));
        }
    }

    private static async Task<Uri> StartAsync(Design design, IConfiguration settings, HttpPipelineTransport transport) => design switch
    {
        Design.Bare => await BareApp.StartAsync(settings, services => AddLogging(services, settings)),
        Design.Ported => await PortedApp.StartAsync(settings, transport, services => AddLogging(services, settings)),
        _ => (await FunctionHost.StartAsync(LocalPort.Free, settings, [], services =>
        {
            AddLogging(services, settings);
            services.AddAzureClients(azure => azure.ConfigureDefaults(client => client.Transport = transport));
        })).Address,
    };

    private static void AddLogging(IServiceCollection services, IConfiguration settings) => services.AddLogging(logs => logs
        .AddSimpleConsole(console => console.SingleLine = true)).AddLogLevels(settings);
}
