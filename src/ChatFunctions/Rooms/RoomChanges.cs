using ChatFunctions.Errors;
using ChatFunctions.Identity;

namespace ChatFunctions.Rooms;

/// <summary>
/// Changes rooms: the row as it was read, and only while it is so. A change that finds nothing to do is written all the same, so that an earlier
/// one whose write is done late cannot undo it.
/// </summary>
public sealed class RoomChanges(PublicRoomStore publicRooms, PrivateRoomStore privateRooms, RoomAccess access, TopicNames topics)
{
    /// <summary>
    /// The owner sets slow mode, in a public room also a moderator; only the owner hands the room over, a private one to another of its members. It
    /// takes the reads of access and a write, and a point read for a new owner of a private room.
    /// </summary>
    /// <returns>The room as it is then. Other instances let messages be sent by what was before for two seconds.</returns>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>, <see cref="ErrorCode.NotOwner"/>,
    /// <see cref="ErrorCode.MemberNotFound"/>: the new owner of a private room is no member of it.</exception>
    public async Task<Room> MakeAsync(string chatId, Caller caller, RoomChange change, CancellationToken cancellation)
    {
        try
        {
            return PrivateRoomId.IsValid(chatId)
                ? (await ChangePrivateAsync(chatId, caller, change, cancellation)).ToRoom(topics)
                : (await ChangePublicAsync(chatId, caller, change, cancellation)).ToRoom(topics);
        }
        finally
        {
            access.Forget();
        }
    }

    private Task<PublicRoomEntity> ChangePublicAsync(string chatId, Caller caller, RoomChange change, CancellationToken cancellation)
    {
        var hasTried = false;
        return publicRooms.ChangeAsync(chatId, room =>
        {
            // A write that seems to have failed may be one whose answer was lost.
            if (hasTried && change.IsMade(room)) return null;
            EnsureMay(caller, change, room, isPublic: true);
            hasTried = true;
            return change.Make(room);
        }, cancellation);
    }

    /// <summary>Whoever goes changes the room's row in the same batch: so a new owner is a member when the room becomes theirs, and stays one.</summary>
    private async Task<PrivateRoomEntity> ChangePrivateAsync(string chatId, Caller caller, RoomChange change, CancellationToken cancellation)
    {
        PrivateRoomEntity? room = null;
        var hasTried = false;
        await privateRooms.DecideAsync(async () =>
        {
            room = await access.GetPrivateAsync(chatId, caller, cancellation);
            // The same as above.
            if (hasTried && change.IsMade(room)) return true;
            EnsureMay(caller, change, room, isPublic: false);
            await EnsureMemberAsync(chatId, change.OwnerId, cancellation);
            hasTried = true;
            return await privateRooms.TryChangeAsync(room, change.Make(room), [], cancellation);
        }, cancellation);
        return room!;
    }

    private async Task EnsureMemberAsync(string chatId, string? userId, CancellationToken cancellation)
    {
        if (userId is null) return;
        if (await privateRooms.FindAsync<MemberEntity>(chatId, MemberEntity.RowOf(userId), cancellation) is not null) return;
        throw new ChatException(ErrorCode.MemberNotFound);
    }

    private static void EnsureMay(Caller caller, RoomChange change, IRoomSettings room, bool isPublic)
    {
        var may = change.OwnerId is null ? RoomRights.Moderates(room.Owner, isPublic, caller) : room.Owner == caller.UserId;
        if (!may) throw new ChatException(ErrorCode.NotOwner);
    }
}
