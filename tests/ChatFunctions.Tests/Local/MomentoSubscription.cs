using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;

namespace ChatFunctions.Tests.Local;

/// <summary>An open subscription, message by message.</summary>
public sealed class MomentoSubscription(AsyncServerStreamingCall<_SubscriptionItem> call) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <exception cref="RpcException">What the stream ends with.</exception>
    public async Task<_SubscriptionItem> NextAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        Assert.True(await call.ResponseStream.MoveNext(timeout.Token), "The stream ended with OK.");
        return call.ResponseStream.Current;
    }

    /// <summary>The next message, which must be one that was published.</summary>
    public async Task<_TopicItem> NextItemAsync()
    {
        var next = await NextAsync();
        Assert.Equal(_SubscriptionItem.KindOneofCase.Item, next.KindCase);
        return next.Item;
    }

    public void Dispose() => call.Dispose();
}
