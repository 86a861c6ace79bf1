using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.Tables;

namespace ChatFunctions.Rooms;

/// <summary>Makes private rooms.</summary>
public sealed class PrivateRoomService(PrivateRoomStore store, RoomList list)
{
    /// <summary>Makes a room of which the caller is owner and member: three transactions.</summary>
    /// <param name="id">Random: with the same one the same room is made, once.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>: it was made before, and is gone.</exception>
    public async Task<PrivateRoomEntity> CreateAsync(
        ChatName name, Caller owner, Guid id, DateTimeOffset createdAt, CancellationToken cancellation)
    {
        var room = PrivateRoomEntity.Create(name, owner, id, createdAt);
        var member = MemberEntity.Create(room.PartitionKey, owner, room.CreatedAt);
        var entry = await list.AddAsync(owner.UserId, room, cancellation);
        try
        {
            await store.Client.SubmitTransactionAsync(
                [new(TableTransactionActionType.Add, room), RoomGuard.Add(room), new(TableTransactionActionType.Add, member)], cancellation);
        }
        catch (RequestFailedException error) when (error.Status == TableStatus.Conflict)
        {
            // The id is random, so what is in the way is this very room: its answer was lost, and the client library or the client
            // repeated it.
            room = await store.GetForMemberAsync(room.PartitionKey, owner.UserId, cancellation);
        }

        await list.ConfirmAsync(owner.UserId, room, entry, cancellation);
        return room;
    }
}
