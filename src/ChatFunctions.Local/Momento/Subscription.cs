using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;

namespace ChatFunctions.Local.Momento;

/// <summary>
/// One open stream. It holds no messages, only its place in the topic, and writes the next one when the client has room.
/// </summary>
public sealed class Subscription(
    Topic topic,
    TopicPosition start,
    IServerStreamWriter<_SubscriptionItem> stream,
    OperationLimit? operations,
    TimeSpan heartbeatInterval,
    TimeProvider time)
{
    /// <summary>In real time. What a client reads goes out in less.</summary>
    private static readonly TimeSpan LastWriteTimeout = TimeSpan.FromMilliseconds(100);

    private static readonly _SubscriptionItem Heartbeat = new() { Heartbeat = new _Heartbeat() };

    private TopicPosition position = start;

    /// <summary>
    /// Writes a heartbeat at once, since the SDKs wait for it to call a subscription open, then what comes, and a heartbeat
    /// whenever nothing does.
    /// </summary>
    /// <exception cref="OperationCanceledException">The only end but for that of the cache.</exception>
    /// <exception cref="RpcException">NOT_FOUND: the cache was deleted.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(heartbeatInterval, time);
        var tick = timer.WaitForNextTickAsync(cancellation).AsTask();
        await WriteAsync(Heartbeat, cancellation);
        while (true)
        {
            var changed = await CatchUpAsync(cancellation);
            if (await Task.WhenAny(changed, tick) != tick) continue;
            await tick;
            await WriteAsync(Heartbeat, cancellation);
            tick = timer.WaitForNextTickAsync(cancellation).AsTask();
        }
    }

    /// <returns>Ends when there is more.</returns>
    private async Task<Task> CatchUpAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var (next, changed) = topic.ReadAfter(position);
            if (next is null) return changed;
            if (next.Item is not null) operations?.Deliver(next.Item.Value.CountBytes());
            await WriteAsync(next, cancellation);
            position = next.Item is { } item
                ? new TopicPosition(item.SequencePage, item.TopicSequenceNumber)
                : new TopicPosition(next.Discontinuity.NewSequencePage, next.Discontinuity.NewTopicSequence);
        }
    }

    /// <summary>
    /// A write that is cancelled itself would end the stream with CANCELLED, whatever the status to come. One that is still under
    /// way when the stream has ended can make Kestrel reset the next stream of the connection; only a client that does not read
    /// leaves one.
    /// </summary>
    private async Task WriteAsync(_SubscriptionItem item, CancellationToken cancellation)
    {
        var write = stream.WriteAsync(item, CancellationToken.None);
        try
        {
            await write.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAny(write, Task.Delay(LastWriteTimeout, CancellationToken.None));
            throw;
        }
    }
}
