using ChatFunctions.MessageLog;
using ChatFunctions.Rooms;
using ChatFunctions.Tables;

namespace ChatFunctions.Reactions;

/// <summary>
/// Has messages' reactions counted: of a message by one at a time of this instance, for all who have reacted before the count began, ten times
/// a second at most.
/// </summary>
public sealed class ReactionCounts(ReactionLog log, ReactionPublisher publisher, TimeProvider time)
{
    /// <summary>From the begin of one count of a message to that of the next.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly FreshReads<(string LogId, long Number), ReactionLog.Counted> counts = new(Interval, time);

    /// <summary>After a change: a count that began later, see <see cref="ReactionLog.CountAsync"/>.</summary>
    public Task<ReactionLog.Counted> CountAsync(Room room, MessageEntity message, CancellationToken cancellation) => counts.GetAsync(
        (room.LogId, message.Number), () => CountAndTellAsync(room, message), cancellation);

    private async Task<ReactionLog.Counted> CountAndTellAsync(Room room, MessageEntity message)
    {
        var counted = await log.CountAsync(room.LogId, message.Number, CancellationToken.None);
        if (counted.HasChanged) publisher.PublishLater(room, MessageId.Of(message), counted.Summary);
        return counted;
    }
}
