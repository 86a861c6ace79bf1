using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;

namespace ChatFunctions.Rooms;

/// <summary>
/// Deletes private rooms. First a tombstone ends all access at once; then the rest goes, however much it is. If that is cut
/// off half-way, nobody can enter, and the owner's repeated call goes on where it ended.
/// </summary>
public sealed class PrivateRoomDeletion(PrivateRoomStore table)
{
    /// <summary>Table Storage takes at most 100 changes in a batch.</summary>
    private const int MaxBatch = 100;

    private const int MaxParallelDeletes = 16;

    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/> or <see cref="ErrorCode.NotOwner"/>.</exception>
    public async Task DeleteAsync(string chatId, string callerId, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var rows = await table.ReadAsync(chatId, [MemberEntity.RowOf(callerId)], cancellation);
            if (rows.Room is null && attempt > 1) return;
            if (rows.Room is { IsDeleted: true } deleted && deleted.CreatedById == callerId)
            {
                await CleanUpAsync(chatId, cancellation);
                return;
            }

            var room = rows.RoomFor(callerId) ?? throw new ChatException(ErrorCode.RoomNotFound);
            if (room.CreatedById != callerId) throw new ChatException(ErrorCode.NotOwner);
            await table.TryChangeAsync(room, new() { [nameof(PrivateRoomEntity.IsDeleted)] = true }, [], cancellation);
        }
    }

    private async Task CleanUpAsync(string chatId, CancellationToken cancellation)
    {
        var rest = TableClient.CreateQueryFilter($"PartitionKey eq {chatId} and RowKey ne {PrivateRoomEntity.Row}");
        while (true)
        {
            var rows = await table.Client.QueryAsync<TableEntity>(rest, MaxBatch, ["PartitionKey", "RowKey"], cancellation)
                .Take(MaxBatch).ToListAsync(cancellation);
            if (rows.Count == 0) break;
            // The lists first: once a member's row is gone, nothing tells whose list the room is in.
            await Parallel.ForEachAsync(
                rows.Where(row => MemberEntity.IsRow(row.RowKey)),
                new ParallelOptions { MaxDegreeOfParallelism = MaxParallelDeletes, CancellationToken = cancellation },
                async (row, each) => await table.Client.DeleteEntityAsync(
                    RoomListEntry.PartitionOf(MemberEntity.UserOf(row.RowKey)), chatId, ETag.All, each));
            await DeleteAsync(rows, cancellation);
        }

        await table.Client.DeleteEntityAsync(chatId, PrivateRoomEntity.Row, ETag.All, cancellation);
    }

    private async Task DeleteAsync(List<TableEntity> rows, CancellationToken cancellation)
    {
        try
        {
            await table.Client.SubmitTransactionAsync(
                rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellation);
        }
        catch (RequestFailedException error) when (error.Status == TableStatus.NotFound)
        {
            // A repeated call of the owner is at it too: what is left is read again.
        }
    }
}
