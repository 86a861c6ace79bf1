using BenchmarkDotNet.Attributes;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using ChatFunctions.Local;
using ChatFunctions.Local.Momento;
using ChatFunctions.Rooms;
using ChatFunctions.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary>The parts of the app that a request passes through, one by one.</summary>
[MemoryDiagnoser]
public class HotPaths
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);
    private static readonly Caller Caller = new(Guid.NewGuid(), Guid.NewGuid(), "Alice");

    private LocalCloud cloud = null!;
    private ServiceProvider services = null!;
    private RequestPipeline pipeline = null!;
    private TokenVendor vendor = null!;
    private TopicScope topics = null!;
    private string authorization = null!;
    private string plainName = null!;
    private string richName = null!;

    [GlobalSetup]
    public async Task StartAsync()
    {
        var momento = new MomentoServerOptions { Caches = [LocalCloud.CacheName] };
        cloud = await LocalCloud.StartAsync(LocalPorts.Free, dataFolder: null, momento, TimeProvider.System);
        var settings = new ConfigurationBuilder().AddInMemoryCollection(cloud.AppSettings).Build();
        var collection = new ServiceCollection().AddSingleton<IConfiguration>(settings).AddLogging().AddChat(settings);
        collection.AddAzureClients(azure =>
        {
            azure.UseCredential(cloud.Entra.ManagedIdentity);
            azure.ConfigureDefaults(client => client.Transport = cloud.KeyVault.CreateTransport());
        });
        services = collection.BuildServiceProvider();
        pipeline = services.GetRequiredService<RequestPipeline>();
        vendor = services.GetRequiredService<TokenVendor>();
        topics = TopicScope.OfPrefixes(services.GetRequiredService<TopicNames>().AllPublic, publishes: true);
        (plainName, richName) = ("General talk 2", "Grüße, Ελλάδα и 日本 🎉");
        authorization = $"Bearer {cloud.Entra.CreateAccessToken("alice")}";
    }

    [GlobalCleanup]
    public async Task StopAsync()
    {
        await services.DisposeAsync();
        await cloud.DisposeAsync();
    }

    /// <summary>What any API has to do with such a token.</summary>
    [Benchmark(Baseline = true, Description = "the check of the token by JwtBearer alone")]
    public async Task<bool> CheckTokenAsync()
    {
        await using var scope = services.CreateAsyncScope();
        var checkedToken = await Request(scope).AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        return checkedToken.Succeeded;
    }

    [Benchmark(Description = "RequestPipeline with Authenticator, around nothing")]
    public async Task<IResult> RunPipelineAsync()
    {
        await using var scope = services.CreateAsyncScope();
        return await pipeline.RunAsync(Request(scope), nameof(GetToken), () => Task.FromResult<IResult>(TypedResults.Ok()));
    }

    [Benchmark(Description = "TokenVendor, a token from memory")]
    public Task<VendedToken> VendAsync() => vendor.VendAsync(Caller, topics, Lifetime, CancellationToken.None);

    [Benchmark(Description = "ChatName.TryParse with RoomKey.Encode, a plain name")]
    public bool ParsePlainName() => ChatName.TryParse(plainName, out _, out _);

    [Benchmark(Description = "ChatName.TryParse with RoomKey.Encode, a name of many scripts")]
    public bool ParseRichName() => ChatName.TryParse(richName, out _, out _);

    private DefaultHttpContext Request(AsyncServiceScope scope) => new()
    {
        RequestServices = scope.ServiceProvider,
        Request = { Method = "GET", Path = "/token", Headers = { Authorization = authorization } },
    };
}
