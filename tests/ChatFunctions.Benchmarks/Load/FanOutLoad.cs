using System.Diagnostics;
using System.Globalization;
using ChatFunctions.Local;
using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;
using Grpc.Net.Client;

namespace ChatFunctions.Benchmarks.Load;

/// <summary>
/// Publishes to a topic that has many subscribers. A message is on its way from before it is published until a subscriber has it:
/// what is counted and measured are these deliveries, one for each message and subscriber.
/// </summary>
/// <param name="Concurrency">How many messages are on their way at once.</param>
internal sealed record FanOutLoad(Uri Momento, string ApiKey, int Subscribers, int Concurrency, double Seconds) : LoadJob(Concurrency)
{
    private readonly string topic = $"fan-out-{Guid.NewGuid():N}";

    public override async Task<LoadResult> RunAsync()
    {
        using var connections = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        using var channel = GrpcChannel.ForAddress(Momento, new GrpcChannelOptions { HttpHandler = connections });
        var client = new Pubsub.PubsubClient(channel);
        using var room = new SemaphoreSlim(Concurrency);
        using var end = new CancellationTokenSource();
        var streams = await Task.WhenAll(Enumerable.Range(0, Subscribers).Select(_ => SubscribeAsync(client, end.Token)));
        var delivered = 0;
        var begin = Stopwatch.GetTimestamp();
        var received = streams.Select(stream => Task.Run(() => ReceiveAsync(stream))).ToArray();

        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < Seconds)
        {
            await room.WaitAsync(CancellationToken.None);
            await PublishAsync(client);
        }

        for (var message = 0; message < Concurrency; message++) await room.WaitAsync(CancellationToken.None);
        var whole = Stopwatch.GetElapsedTime(begin);
        await end.CancelAsync();
        return LoadResult.Of((await Task.WhenAll(received)).SelectMany(times => times), whole);

        async Task<List<long>> ReceiveAsync(IAsyncStreamReader<_SubscriptionItem> stream)
        {
            var times = new List<long>();
            try
            {
                while (await stream.MoveNext(CancellationToken.None))
                {
                    if (stream.Current.Item is not { } item) continue;
                    times.Add(Stopwatch.GetTimestamp() - long.Parse(item.Value.Text, CultureInfo.InvariantCulture));
                    // As many deliveries as a message has subscribers make room for one more.
                    if (Interlocked.Increment(ref delivered) % Subscribers == 0) room.Release();
                }
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.Cancelled)
            {
                // The end of the load.
            }

            return times;
        }
    }

    /// <summary>The text is the time.</summary>
    private async Task PublishAsync(Pubsub.PubsubClient client) => await client.PublishAsync(
        new _PublishRequest
        {
            CacheName = LocalCloud.CacheName,
            Topic = topic,
            Value = new _TopicValue { Text = Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture) },
        },
        new Metadata { { "authorization", ApiKey } });

    private async Task<IAsyncStreamReader<_SubscriptionItem>> SubscribeAsync(Pubsub.PubsubClient client, CancellationToken end)
    {
        var request = new _SubscriptionRequest { CacheName = LocalCloud.CacheName, Topic = topic };
        var stream = client.Subscribe(request, new Metadata { { "authorization", ApiKey } }, cancellationToken: end).ResponseStream;
        // The first is a heartbeat, and tells that the subscription stands.
        await stream.MoveNext(end);
        return stream;
    }
}
