using ChatFunctions.MessageLog;
using ChatFunctions.Momento;
using ChatFunctions.Rooms;

namespace ChatFunctions.Reactions;

/// <summary>
/// Tells the listeners of a room what a message's reactions come to: half a second after a change, for all changes until then. Where
/// Momento fails, or does not take so much, nothing is repeated: the next event of the message says all, and so does every page.
/// </summary>
public sealed class ReactionPublisher(RoomPublisher rooms, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();

    /// <summary>By log and message.</summary>
    private readonly Dictionary<(string LogId, long Number), Change> waiting = [];

    private sealed record Change(Room Room, string MessageId, ReactionSummary Summary);

    /// <param name="room">As somebody entered it who has reacted.</param>
    /// <param name="summary">Of a new version.</param>
    public void PublishLater(Room room, string messageId, ReactionSummary summary)
    {
        var key = (room.LogId, summary.Number);
        lock (gate)
        {
            var isFirst = !waiting.TryGetValue(key, out var other);
            if (isFirst || other!.Summary.Version < summary.Version) waiting[key] = new Change(room, messageId, summary);
            if (!isFirst) return;
        }

        // It is nobody's call: its reads are not theirs to pay.
        var stop = stopping.Token;
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(() => PublishAsync(key, stop), CancellationToken.None);
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private async Task PublishAsync((string LogId, long Number) key, CancellationToken stop)
    {
        await Task.Delay(GatherTime, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stop.IsCancellationRequested) return;
        Change change;
        lock (gate) waiting.Remove(key, out change!);
        await rooms.TryPublishAsync(change.Room, ReactionEvent.Of(change.Room.ChatId, change.MessageId, change.Summary), PublishPriority.Low);
    }
}
