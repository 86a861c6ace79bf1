using ChatFunctions.Identity;

namespace ChatFunctions.Rooms;

/// <summary>Which rooms a caller may enter: every public one, and the private ones that they are a member of.</summary>
public sealed class RoomAccess(PublicRooms publicRooms, PrivateRooms privateRooms)
{
    /// <summary>One transaction, also for a room that the caller may not enter: it is told from no room by nothing.</summary>
    /// <returns>Null if there is none that the caller may enter.</returns>
    public async Task<Room?> FindAsync(string chatId, Caller caller, CancellationToken cancellation) =>
        PrivateRoomId.IsValid(chatId)
            ? (await privateRooms.FindAsync(chatId, caller.UserId, cancellation))?.ToRoom()
            : (await publicRooms.FindAsync(chatId, cancellation))?.ToRoom();
}
