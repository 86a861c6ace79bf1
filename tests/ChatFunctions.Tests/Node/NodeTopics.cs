namespace ChatFunctions.Tests.Node;

/// <summary>A topic client of the official SDK, which has no way to close it: it lives as long as the process.</summary>
public sealed class NodeTopics(NodeProcess node, int id)
{
    /// <exception cref="NodeException">The SDK answers with an error.</exception>
    public Task PublishAsync(string cache, string topic, string text) =>
        node.CallAsync("publish", new { client = id, cache, topic, text });

    /// <summary>When this returns, the subscription is open.</summary>
    /// <exception cref="NodeException">The SDK answers with an error.</exception>
    public async Task<NodeSubscription> SubscribeAsync(string cache, string topic)
    {
        var subscription = new NodeSubscription(node);
        var made = await node.CallAsync("subscribe", new { client = id, cache, topic }, subscription.Take);
        subscription.Id = made.GetInt32();
        return subscription;
    }
}
