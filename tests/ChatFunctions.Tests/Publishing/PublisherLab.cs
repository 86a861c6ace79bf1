using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ChatFunctions.Local;
using ChatFunctions.Local.Momento;
using ChatFunctions.Local.Momento.Wire;
using ChatFunctions.Momento;
using ChatFunctions.Telemetry;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Local;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Publishing;

/// <summary>
/// The app's publisher with a vault and a Momento of its own, on a wire on which a test causes faults, with a clock that the test moves,
/// and a subscriber behind the wire.
/// </summary>
public sealed class PublisherLab : IAsyncDisposable
{
    public const string Topic = "private/room";

    private readonly ConcurrentQueue<(string Outcome, string Priority)> counted = new();
    private readonly MeterListener listener = new();
    private OwnMomento own = null!;
    private ServiceProvider services = null!;
    private GrpcChannel channel = null!;

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);
    public LogRecorder Logs { get; } = new();
    public OwnMomento Own => own;
    public HttpFaultProxy Wire { get; private set; } = null!;
    public TopicPublisher Publisher { get; private set; } = null!;

    /// <summary>What the metric has counted, in order.</summary>
    public IReadOnlyList<(string Outcome, string Priority)> Counted => [.. counted];

    public static async Task<PublisherLab> StartAsync(
        TestCloud cloud, Dictionary<string, string?>? settings = null, TopicLimits? limits = null)
    {
        var lab = new PublisherLab();
        var options = new MomentoServerOptions { Caches = [LocalCloud.CacheName], TokenCallsPerSecond = 0, TopicLimits = limits };
        lab.own = await OwnMomento.StartAsync(cloud, lab.Time, options);
        lab.Wire = await HttpFaultProxy.StartAsync(lab.own.Server.Address, protocol: HttpProtocols.Http2);
        lab.services = cloud.CreateServices(new(settings ?? [])
        {
            ["KeyVault:VaultUri"] = lab.own.KeyVault.Address.ToString(),
            ["Momento:Endpoint"] = lab.Wire.Address.ToString(),
        }, lab.Time, lab.own.KeyVault, lab.Logs);
        lab.Listen(lab.services.GetRequiredService<IMeterFactory>());
        lab.Publisher = lab.services.GetRequiredService<TopicPublisher>();
        lab.channel = GrpcChannel.ForAddress(lab.own.Server.Address);
        return lab;
    }

    public Task<PublishResult> PublishAsync(
        string json, PublishPriority priority = PublishPriority.Ordinary, CancellationToken cancellation = default) =>
        Publisher.PublishAsync(Topic, json, priority, Time.GetTimestamp(), cancellation);

    /// <summary>When this returns, what is published from now on will come.</summary>
    public async Task<MomentoSubscription> SubscribeAsync()
    {
        var request = new _SubscriptionRequest { CacheName = LocalCloud.CacheName, Topic = Topic };
        var call = new Pubsub.PubsubClient(channel).Subscribe(request, MomentoLab.Key(own.Server.CreateApiKey()));
        var subscription = new MomentoSubscription(call);
        Assert.NotNull((await subscription.NextAsync()).Heartbeat);
        return subscription;
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        listener.Dispose();
        await services.DisposeAsync();
        await Wire.DisposeAsync();
        await own.DisposeAsync();
        Logs.Dispose();
    }

    private void Listen(IMeterFactory meters)
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            // Other apps of this process have meters of the same name.
            if (instrument.Meter.Scope == meters && instrument.Name == "chat.momento.publishes") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Enqueue((Tag(tags, "outcome"), Tag(tags, "priority"))));
        listener.Start();
    }

    private static string Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var (key, value) in tags)
        {
            if (key == $"chat.momento.publish.{name}") return (string)value!;
        }

        return "";
    }
}
