using ChatFunctions.Momento;
using ChatFunctions.Rooms;

namespace ChatFunctions.Messages;

/// <summary>
/// Tells the listeners of a room what its log has kept. Where that fails the message is kept all the same: for half a minute the room is told
/// how far its log has come, once a second, and whoever missed even that finds it at their next look.
/// </summary>
public sealed class MessagePublisher(RoomPublisher publisher, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan SyncInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SyncTime = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();

    /// <summary>What listeners of a room may have missed, by log: the position, and since when.</summary>
    private readonly Dictionary<string, Missed> missed = [];
    private bool isSyncing;

    private sealed record Missed(Room Room, long Seq, long Since);

    /// <summary>Never throws. Takes a point read of a private room, and at most a second at Momento.</summary>
    /// <param name="room">As its sender entered it.</param>
    /// <param name="message">As it is kept.</param>
    /// <param name="seq">Its position.</param>
    public async Task PublishAsync(Room room, Message message, long seq)
    {
        if (!await publisher.TryPublishAsync(room, MessageEvent.Of(message, seq), PublishPriority.Ordinary)) SyncLater(room, seq);
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private void SyncLater(Room room, long seq)
    {
        lock (gate)
        {
            missed[room.LogId] = new Missed(room, Math.Max(seq, missed.GetValueOrDefault(room.LogId)?.Seq ?? 0), time.GetTimestamp());
            if (isSyncing) return;
            isSyncing = true;
        }

        _ = Task.Run(SyncAsync, CancellationToken.None);
    }

    private async Task SyncAsync()
    {
        while (true)
        {
            // First, so that one event tells of all that was missed meanwhile.
            await Task.Delay(SyncInterval, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested || TakeMissed() is not { Count: > 0 } rooms) return;
            await Task.WhenAll(rooms.Select(SyncAsync));
        }
    }

    /// <summary>Those who have waited too long are given up.</summary>
    private List<Missed> TakeMissed()
    {
        lock (gate)
        {
            foreach (var (logId, room) in missed)
            {
                if (time.GetElapsedTime(room.Since) > SyncTime) missed.Remove(logId);
            }

            isSyncing = missed.Count > 0;
            return [.. missed.Values];
        }
    }

    private async Task SyncAsync(Missed room)
    {
        if (!await publisher.TryPublishAsync(room.Room, MessageEvent.Sync(room.Seq), PublishPriority.Ordinary)) return;
        lock (gate)
        {
            // What was missed since stays.
            if (missed.GetValueOrDefault(room.Room.LogId) == room) missed.Remove(room.Room.LogId);
        }
    }
}
