using ChatFunctions.Local;
using ChatFunctions.Local.Momento.Wire;
using ChatFunctions.Momento;
using Grpc.Core;
using Grpc.Net.Client;
using Momento.Sdk;
using Momento.Sdk.Config;
using Momento.Sdk.Responses;

namespace ChatFunctions.Benchmarks.Load;

/// <summary>
/// One message after the other, each from before it is sent until a listener has it: by the API, or, where there is no room, published by
/// Momento's SDK alone.
/// </summary>
internal sealed record DeliveryLoad(Uri Momento, string ApiKey, string Topic, Uri? Address, string? Room, string[] UserTokens, double Seconds)
    : LoadJob(Concurrency: 1)
{
    public override async Task<LoadResult> RunAsync()
    {
        using var channel = GrpcChannel.ForAddress(Momento);
        var request = new _SubscriptionRequest { CacheName = LocalCloud.CacheName, Topic = Topic };
        using var stream = new Pubsub.PubsubClient(channel).Subscribe(request, new Metadata { { "authorization", ApiKey } });
        // The first is a heartbeat, and tells that the subscription stands.
        await stream.ResponseStream.MoveNext(CancellationToken.None);
        using var client = new TopicClient(TopicConfigurations.Laptop.latest(), MomentoApiKey.Parse(ApiKey, Momento.ToString()));
        using var connections = Address is null ? null : await ConnectionSet.OpenAsync(Address, 1);
        return await ClosedLoop.RunAsync([stream.ResponseStream], TimeSpan.FromSeconds(Seconds), async (heard, number) =>
        {
            if (connections is null) await PublishAsync(client);
            else await connections.All[0].SendAsync(SayLoad.Request(Room!, UserTokens[number % UserTokens.Length]));
            do await heard.MoveNext(CancellationToken.None);
            while (heard.Current.Item is null);
        });
    }

    private async Task PublishAsync(TopicClient client)
    {
        if (await client.PublishAsync(LocalCloud.CacheName, Topic, SayLoad.Text) is not TopicPublishResponse.Success)
        {
            throw new InvalidOperationException("The message was not published.");
        }
    }
}
