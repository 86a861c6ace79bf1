using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.MessageLog;
using ChatFunctions.Rooms;
using ChatFunctions.Tables;

namespace ChatFunctions.Messages;

/// <summary>
/// Has people wait between two new messages in a room that is in slow mode, but for those who see to the room. The clock is the instance's. Where
/// two instances' clocks differ, somebody may be early by the difference once; the time of that message has them wait for it afterwards.
/// </summary>
public sealed class SlowMode(LogTable table, TimeProvider time)
{
    /// <summary>In slow mode a point read.</summary>
    /// <returns>What is to be kept with the caller's next message; null where they need not wait.</returns>
    /// <exception cref="ChatException"><see cref="ErrorCode.SlowMode"/>: it is too early.</exception>
    public async Task<SlowModeEntity?> AdmitAsync(Room room, Caller caller, CancellationToken cancellation)
    {
        if (room.SlowModeSeconds is not > 0 || RoomRights.Moderates(room, caller)) return null;
        var row = SlowModeEntity.RowOf(caller.UserId);
        var last = await table.Client.FindAsync<SlowModeEntity>(room.LogId, row, cancellation);
        if (last is not null) EnsureWaited(last.LastAt, TimeSpan.FromSeconds(room.SlowModeSeconds.Value));
        return new SlowModeEntity { RowKey = row, ETag = last?.ETag ?? default };
    }

    private void EnsureWaited(DateTimeOffset lastAt, TimeSpan pause)
    {
        var wait = lastAt + pause - time.GetUtcNow();
        if (wait > TimeSpan.Zero) throw new ChatException(ErrorCode.SlowMode) { RetryAfter = wait < pause ? wait : pause };
    }
}
