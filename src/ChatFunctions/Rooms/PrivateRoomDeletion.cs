using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Tables;

namespace ChatFunctions.Rooms;

/// <summary>
/// Deletes private rooms. First a tombstone ends all access at once; then the rest goes, however much it is. If that is cut
/// off half-way, nobody can enter, and the owner's repeated call goes on where it ended.
/// </summary>
public sealed class PrivateRoomDeletion(PrivateRoomStore store)
{
    /// <summary>Table Storage takes at most 100 changes in a batch.</summary>
    private const int MaxBatch = 100;

    private const int MaxParallelDeletes = 16;

    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/> or <see cref="ErrorCode.NotOwner"/>.</exception>
    public async Task DeleteAsync(string chatId, string callerId, CancellationToken cancellation)
    {
        var hasTried = false;
        await store.DecideAsync(async () =>
        {
            var room = await store.FindRoomAsync(chatId, cancellation);
            var member = await store.FindAsync<MemberEntity>(chatId, MemberEntity.RowOf(callerId), cancellation);
            // A batch that seems to have failed may be one whose answer was lost, and a repeated call may have done the rest.
            if (room is null && hasTried) return true;
            if (room is { IsDeleted: true } && room.CreatedById == callerId) return true;
            if (room is not { IsDeleted: false } || member is null) throw new ChatException(ErrorCode.RoomNotFound);
            if (room.CreatedById != callerId) throw new ChatException(ErrorCode.NotOwner);
            hasTried = true;
            return await store.TryChangeAsync(room, new() { [nameof(PrivateRoomEntity.IsDeleted)] = true }, RoomGuard.Delete(room), cancellation);
        }, cancellation);
        await CleanUpAsync(chatId, cancellation);
    }

    private async Task CleanUpAsync(string chatId, CancellationToken cancellation)
    {
        var rest = TableClient.CreateQueryFilter($"PartitionKey eq {chatId} and RowKey ne {PrivateRoomEntity.Row}");
        while (true)
        {
            var rows = await store.Client.QueryAsync<TableEntity>(rest, MaxBatch, ["PartitionKey", "RowKey"], cancellation)
                .Take(MaxBatch).ToListAsync(cancellation);
            if (rows.Count == 0) break;
            // The lists first: once a member's row is gone, nothing tells whose list the room is in.
            await Parallel.ForEachAsync(
                rows.Where(row => MemberEntity.IsRow(row.RowKey)),
                new ParallelOptions { MaxDegreeOfParallelism = MaxParallelDeletes, CancellationToken = cancellation },
                async (row, each) => await store.Client.DeleteEntityAsync(
                    RoomListEntry.PartitionOf(MemberEntity.UserOf(row.RowKey)), chatId, ETag.All, each));
            await DeleteAsync(rows, cancellation);
        }

        await store.Client.DeleteEntityAsync(chatId, PrivateRoomEntity.Row, ETag.All, cancellation);
    }

    private async Task DeleteAsync(List<TableEntity> rows, CancellationToken cancellation)
    {
        try
        {
            await store.Client.SubmitTransactionAsync(
                rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellation);
        }
        catch (RequestFailedException error) when (error.Status == TableStatus.NotFound)
        {
            // A repeated call of the owner is at it too: what is left is read again.
        }
    }
}
