using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;

namespace ChatFunctions.Local.Momento;

/// <summary>A place in a topic: after this message.</summary>
/// <param name="Page">Tells a topic from earlier ones of the same name, and is greater than theirs.</param>
/// <param name="Sequence">The first message is 1.</param>
public readonly record struct TopicPosition(ulong Page, ulong Sequence);

/// <summary>
/// A topic's last messages, which every subscriber reads at a pace of its own. Publishing never waits for anybody: a
/// subscriber that falls behind them, like one that comes back too late, is told of a discontinuity.
/// </summary>
/// <param name="historySize">How many messages are kept.</param>
public sealed class Topic(int historySize)
{
    /// <summary>
    /// Counts on from the time of the start in milliseconds, so that a page is greater than the earlier ones of this process and
    /// of those before it. JavaScript reads it as a double, which is exact up to 53 bits.
    /// </summary>
    private static long lastPage = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private readonly Lock gate = new();

    /// <summary>A ring: a message's place is its sequence number modulo the size.</summary>
    private readonly _TopicItem[] history = new _TopicItem[historySize];

    private ulong last;
    private bool isClosed;
    private TaskCompletionSource changed = NewSignal();

    public ulong Page { get; } = (ulong)Interlocked.Increment(ref lastPage);

    /// <summary>After the last message.</summary>
    public TopicPosition End
    {
        get
        {
            lock (gate) return new TopicPosition(Page, last);
        }
    }

    /// <summary>The last message that is gone; those after it are kept.</summary>
    private ulong LastGone => last > (ulong)historySize ? last - (ulong)historySize : 0;

    public void Publish(_TopicValue value, string publisherId)
    {
        lock (gate)
        {
            last++;
            history[last % (ulong)historySize] = new _TopicItem
            {
                TopicSequenceNumber = last,
                SequencePage = Page,
                Value = value,
                PublisherId = publisherId,
            };
            Signal();
        }
    }

    /// <summary>What comes after a position: a message, or a discontinuity where that is gone or never was.</summary>
    /// <returns>Null if there is nothing yet, and what to wait for.</returns>
    /// <exception cref="RpcException">NOT_FOUND: the cache was deleted.</exception>
    public (_SubscriptionItem? Next, Task Changed) ReadAfter(TopicPosition position)
    {
        lock (gate)
        {
            if (isClosed) throw Caches.NotFound();
            if (position.Page != Page || position.Sequence < LastGone) return (Discontinuity(position, LastGone), changed.Task);
            if (position.Sequence > last) return (Discontinuity(position, last), changed.Task);
            if (position.Sequence == last) return (null, changed.Task);
            var item = history[(position.Sequence + 1) % (ulong)historySize];
            return (new _SubscriptionItem { Item = item }, changed.Task);
        }
    }

    /// <summary>The cache was deleted: ends every stream.</summary>
    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            Signal();
        }
    }

    private _SubscriptionItem Discontinuity(TopicPosition from, ulong to) => new()
    {
        Discontinuity = new _Discontinuity { LastTopicSequence = from.Sequence, NewTopicSequence = to, NewSequencePage = Page },
    };

    private void Signal()
    {
        changed.SetResult();
        changed = NewSignal();
    }

    /// <summary>Who waits goes on elsewhere, not on the publisher's thread.</summary>
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
