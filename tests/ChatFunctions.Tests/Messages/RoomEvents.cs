using System.Text.Json;
using ChatFunctions.Local;
using ChatFunctions.Local.Momento;
using ChatFunctions.Local.Momento.Wire;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Local;
using Grpc.Net.Client;

namespace ChatFunctions.Tests.Messages;

/// <summary>What is published on a room's events topic, event by event.</summary>
public static class RoomEvents
{
    /// <returns>A subscription that is open.</returns>
    public static async Task<MomentoSubscription> ListenAsync(this GrpcChannel channel, MomentoServer momento, string topic)
    {
        var request = new _SubscriptionRequest { CacheName = LocalCloud.CacheName, Topic = topic };
        var subscription = new MomentoSubscription(new Pubsub.PubsubClient(channel).Subscribe(request, MomentoLab.Key(momento.CreateApiKey())));
        Assert.NotNull((await subscription.NextAsync()).Heartbeat);
        return subscription;
    }

    /// <summary>The next event, which must be as the schema says.</summary>
    public static async Task<JsonElement> NextEventAsync(this MomentoSubscription heard)
    {
        _SubscriptionItem next;
        do next = await heard.NextAsync();
        while (next.Heartbeat is not null);
        var text = next.Item.Value.Text;
        await OpenApiDocument.Current.CheckEventAsync(text);
        return JsonElement.Parse(text);
    }

    /// <summary>The topic on which a room's events are heard now.</summary>
    public static async Task<string> EventsTopicAsync(this HttpClient client, string room) =>
        (await (await client.GetAsync($"chats/{room}")).JsonAsync()).Text("eventsTopicName");
}
