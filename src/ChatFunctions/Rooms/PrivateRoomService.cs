using Azure;
using Azure.Data.Tables;
using ChatFunctions.Identity;
using ChatFunctions.Tables;

namespace ChatFunctions.Rooms;

/// <summary>Makes private rooms.</summary>
public sealed class PrivateRoomService(PrivateRoomStore store, RoomList list, TimeProvider time)
{
    /// <summary>Makes a room of which the caller is owner and member: three transactions.</summary>
    public async Task<PrivateRoomEntity> CreateAsync(ChatName name, Caller owner, CancellationToken cancellation)
    {
        var room = PrivateRoomEntity.Create(name, owner, time.GetUtcNow());
        var member = MemberEntity.Create(room.PartitionKey, owner, room.CreatedAt);
        var entry = await list.AddAsync(owner.UserId, room, cancellation);
        try
        {
            await store.Client.SubmitTransactionAsync(
                [new(TableTransactionActionType.Add, room), RoomGuard.Add(room), new(TableTransactionActionType.Add, member)], cancellation);
        }
        catch (RequestFailedException error) when (error.Status == TableStatus.Conflict)
        {
            // The id is random, so what is in the way is this very room: its answer was lost, and the client library repeated it.
        }

        await list.ConfirmAsync(owner.UserId, room, entry, cancellation);
        return room;
    }
}
