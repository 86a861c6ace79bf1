using ChatFunctions.Identity;

namespace ChatFunctions.Rooms;

/// <summary>A room as one person sees it.</summary>
public sealed class RoomView(BanStore bans)
{
    /// <summary>With what somebody who may enter the room can do there: for a public room two point reads at once, for a private one none.</summary>
    public async Task<Room> ForAsync(Caller caller, Room room, CancellationToken cancellation)
    {
        var isBanned = await bans.FindOfWritingAsync(room, caller.UserId, cancellation) is not null;
        return room with { Can = RoomRights.Of(room, caller, isBanned) };
    }
}
