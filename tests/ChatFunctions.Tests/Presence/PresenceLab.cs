using System.Text.Json;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Local;
using ChatFunctions.Tests.Messages;
using Grpc.Net.Client;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Presence;

/// <summary>An app with a clock of its own on the shared cloud, and who listens to its rooms.</summary>
public sealed class PresenceLab(TestCloud cloud) : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> apps = new();
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(cloud.Local.Momento.Address);

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    /// <summary>What the apps ask of Table Storage.</summary>
    public TableWire Wire { get; } = new(cloud);

    public async Task<FunctionHost> StartAppAsync(Dictionary<string, string?>? settings = null, TimeProvider? time = null)
    {
        var app = await cloud.StartAppAsync(settings ?? [], time ?? Time, wire: Wire);
        apps.Push(app);
        return app;
    }

    /// <summary>Somebody with a name that no other test has, signed in for some hours.</summary>
    public HttpClient Client(FunctionHost app, string name)
    {
        var client = cloud.Client(app);
        var token = cloud.Local.Entra.CreateAccessToken(ChatApi.Unique(name), claims => claims["exp"] = DateTimeOffset.UtcNow.AddHours(6).ToUnixTimeSeconds());
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <param name="client">Of somebody who may read the room.</param>
    public async Task<MomentoSubscription> ListenAsync(HttpClient client, string room) =>
        await channel.ListenAsync(cloud.Local.Momento, await client.EventsTopicAsync(room));

    /// <summary>The next event, while the app's clock goes on.</summary>
    public async Task<JsonElement> NextAsync(MomentoSubscription heard)
    {
        var next = heard.NextEventAsync();
        while (!next.IsCompleted)
        {
            await Task.WhenAny(next, Task.Delay(20));
            if (!next.IsCompleted) Time.Advance(TimeSpan.FromSeconds(0.1));
        }

        return await next;
    }

    public async ValueTask DisposeAsync()
    {
        while (apps.TryPop(out var app)) await app.DisposeAsync();
        channel.Dispose();
    }
}
