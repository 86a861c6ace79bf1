using System.Net.Http.Headers;
using Azure.Core;
using Azure.Core.Pipeline;
using ChatFunctions.Local;
using ChatFunctions.Local.Functions;
using ChatFunctions.Local.KeyVault;
using ChatFunctions.Local.Momento;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(TestCloud))]

namespace ChatFunctions.Tests.Cloud;

/// <summary>One local cloud, in memory, for all tests, and the app on it. A test that needs other settings starts its own app.
/// All are held to Table Storage's rules for batches, also where Azurite is not.</summary>
public sealed class TestCloud : IAsyncLifetime
{
    public const string WebOrigin = "http://localhost:7070";

    private static readonly string[] ModeratorRoles = ["Chat.Moderate"];

    private FunctionHost app = null!;

    public LocalCloud Local { get; private set; } = null!;

    public Uri AppAddress => app.Address;

    public async ValueTask InitializeAsync()
    {
        // What limits tokens has tests of its own; here it would only slow the others down.
        var momento = new MomentoServerOptions { Caches = [LocalCloud.CacheName, "other-cache"], TokenCallsPerSecond = 0 };
        Local = await LocalCloud.StartAsync(LocalPorts.Free, dataFolder: null, momento, TimeProvider.System);
        app = await StartAppAsync([]);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await Local.DisposeAsync();
    }

    /// <summary>A client of the shared app that is signed in, or anonymous without a user.</summary>
    public HttpClient Client(string? user = null) => Client(app, user);

    /// <summary>A client of an app of the test's own.</summary>
    public HttpClient Client(FunctionHost app, string? user = null) => Client(app.Address, user);

    /// <summary>A client of the app at an address.</summary>
    public HttpClient Client(Uri address, string? user = null) => ClientWith(address, user is null ? null : Local.Entra.CreateAccessToken(user));

    /// <summary>A client of somebody with the app role of moderators, of the shared app or another.</summary>
    public HttpClient Moderator(string user, FunctionHost? other = null) => ClientWith(
        (other ?? app).Address, Local.Entra.CreateAccessToken(user, claims => claims["roles"] = ModeratorRoles));

    private static HttpClient ClientWith(Uri address, string? accessToken)
    {
        var client = new HttpClient(new OpenApiHandler()) { BaseAddress = address };
        if (accessToken is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return client;
    }

    /// <summary>The connection string of an app whose calls to Table Storage go through a proxy.</summary>
    public string TablesThrough(Uri proxy) => Local.Storage.ConnectionString
        .Replace(Local.Storage.TableEndpoint.Authority, proxy.Authority, StringComparison.Ordinal);

    /// <summary>Settings with limits that no test reaches which is not about them, short pauses, and without timers.</summary>
    public static Dictionary<string, string?> Unlimited(IEnumerable<KeyValuePair<string, string?>> settings) => new(settings)
    {
        ["Momento:TokenCallsPerSecond"] = "1000",
        ["Momento:TokenCallsPerCallerPerMinute"] = "1000",
        ["Momento:PublishesPerSecond"] = "10000",
        ["Http:MessagesPerCallerPerMinute"] = "1000000",
        ["Http:MessageChangesPerCallerPerMinute"] = "1000000",
        ["Http:PresencePerCallerPerMinute"] = "1000000",
        ["Http:WritesPerCallerPerMinute"] = "1000000",
        ["Http:ReadTransactionsPerCallerPerMinute"] = "1000000",
        // Between two tries; how many there are is as ever.
        ["Tables:Retry:Delay"] = "00:00:00.005",
        ["KeyVault:Retry:Delay"] = "00:00:00.005",
        // Tests that are about it run it themselves; in others it would come at any time.
        ["AzureWebJobs.Chores.Disabled"] = "true",
    };

    /// <summary>An app of the test's own on the shared cloud.</summary>
    /// <param name="settings">What differs from the cloud's settings; null removes one.</param>
    /// <param name="time">The app's clock.</param>
    /// <param name="keyVault">A vault of the test's own, which the app must trust.</param>
    /// <param name="logs">Takes what the app logs.</param>
    /// <param name="webOrigin">Whose pages may call.</param>
    /// <param name="wire">What the app's Azure clients send with, where they go through proxies.</param>
    /// <param name="identity">The app's identity, where it is not the cloud's.</param>
    /// <param name="services">What the app has besides.</param>
    public Task<FunctionHost> StartAppAsync(
        Dictionary<string, string?> settings, TimeProvider? time = null, KeyVaultServer? keyVault = null, ILoggerProvider? logs = null,
        HttpPipelineTransport? wire = null, string webOrigin = WebOrigin, TokenCredential? identity = null,
        Action<IServiceCollection>? services = null) =>
        FunctionHost.StartAsync(
            LocalPort.Free, Configuration(settings), [webOrigin],
            all =>
            {
                Configure(all, time, logs, wire ?? (keyVault ?? Local.KeyVault).CreateTransport(), identity);
                services?.Invoke(all);
            });

    /// <summary>An app's services without a host, for what no route reaches.</summary>
    /// <param name="settings">What differs from a test app's settings; null removes one.</param>
    /// <param name="time">The app's clock.</param>
    /// <param name="keyVault">A vault of the test's own.</param>
    /// <param name="logs">Takes what the app logs.</param>
    public ServiceProvider CreateServices(
        Dictionary<string, string?> settings, TimeProvider time, KeyVaultServer keyVault, ILoggerProvider logs)
    {
        var configuration = Configuration(settings);
        // As every host has it before: the Azure clients would put a silent log in its place.
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddChat(configuration);
        Configure(services, time, logs, keyVault.CreateTransport(), identity: null);
        return services.BuildServiceProvider();
    }

    private IConfigurationRoot Configuration(Dictionary<string, string?> settings)
    {
        var all = Unlimited(Local.AppSettings);
        foreach (var (name, value) in settings) all[name] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(all).Build();
    }

    private void Configure(
        IServiceCollection services, TimeProvider? time, ILoggerProvider? logs, HttpPipelineTransport wire, TokenCredential? identity)
    {
        if (time is not null) services.AddSingleton(time);
        if (logs is not null) services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
        services.AddAzureClients(azure =>
        {
            azure.UseCredential(identity ?? Local.Entra.ManagedIdentity);
            azure.ConfigureDefaults(client => client.Transport = new StrictTables(wire));
        });
    }
}
