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
        TableTransactionAction[] batch =
        [
            new(TableTransactionActionType.Add, room), RoomGuard.Add(room), new(TableTransactionActionType.Add, member),
        ];
        PrivateRoomEntity? made = null;
        await store.DecideAsync(async () =>
        {
            // The id is random: a row of it that is in the way is this very room's, from a batch whose answer was lost.
            made = await store.Client.TrySubmitAsync(batch, cancellation) ? room : await store.FindRoomAsync(room.PartitionKey, cancellation);
            return made is not null;
        }, cancellation);
        if (made!.IsDeleted) throw new ChatException(ErrorCode.RoomNotFound);
        await list.ConfirmAsync(owner.UserId, made, entry, cancellation);
        return made;
    }
}
