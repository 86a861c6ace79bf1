using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Tables;

namespace ChatFunctions.Rooms;

/// <summary>
/// The partitions of private rooms that are deleted. A tombstone ends all access at once; until a large room's rows are gone, it is in its
/// members' lists, and none of them can open it.
/// </summary>
public sealed class PrivateRoomDeletion(PrivateRoomStore store)
{
    private const int MaxParallelDeletes = 16;

    /// <summary>Writes the tombstone.</summary>
    /// <param name="begin">Called before, once the caller may; perhaps more than once.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/> or <see cref="ErrorCode.NotOwner"/>.</exception>
    public Task CloseAsync(string chatId, string callerId, Func<PrivateRoomEntity, Task> begin, CancellationToken cancellation)
    {
        var hasTried = false;
        return store.DecideAsync(async () =>
        {
            var room = await store.FindRoomAsync(chatId, cancellation);
            var member = await store.FindAsync<MemberEntity>(chatId, MemberEntity.RowOf(callerId), cancellation);
            // A batch that seems to have failed may be one whose answer was lost, and the chores may have done the rest.
            if (room is null && hasTried) return true;
            var isTombstone = room is { IsDeleted: true } && room.Owner == callerId;
            if (!isTombstone && (room is not { IsDeleted: false } || member is null)) throw new ChatException(ErrorCode.RoomNotFound);
            if (room!.Owner != callerId) throw new ChatException(ErrorCode.NotOwner);
            await begin(room);
            hasTried = true;
            return isTombstone
                || await store.TryChangeAsync(room, new() { [nameof(PrivateRoomEntity.IsDeleted)] = true }, RoomGuard.Delete(room), cancellation);
        }, cancellation);
    }

    /// <summary>Whether only the tombstone of a room is left, or less.</summary>
    public async Task<bool> IsClosedAsync(string chatId, CancellationToken cancellation) =>
        await store.FindRoomAsync(chatId, cancellation) is null or { IsDeleted: true };

    /// <summary>Deletes some rows of a room that is closed, and the entries in its members' lists.</summary>
    /// <returns>Whether only the tombstone is left.</returns>
    public Task<bool> TryDeleteRowsAsync(string chatId, CancellationToken cancellation) => store.Client.TryDeleteBatchAsync(
        chatId, PrivateRoomEntity.Row, rows => DropFromListsAsync(chatId, rows, cancellation), cancellation);

    public Task DeleteTombstoneAsync(string chatId, CancellationToken cancellation) =>
        store.Client.DeleteEntityAsync(chatId, PrivateRoomEntity.Row, ETag.All, cancellation);

    /// <summary>Before the members' rows: once these are gone, nothing tells whose list the room is in.</summary>
    private Task DropFromListsAsync(string chatId, IReadOnlyList<TableEntity> rows, CancellationToken cancellation) => Parallel.ForEachAsync(
        rows.Where(row => MemberEntity.IsRow(row.RowKey)),
        new ParallelOptions { MaxDegreeOfParallelism = MaxParallelDeletes, CancellationToken = cancellation },
        async (member, each) => await store.Client.DeleteEntityAsync(
            RoomListEntry.PartitionOf(MemberEntity.UserOf(member.RowKey)), chatId, ETag.All, each));
}
