using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Tables;
using ChatFunctions.Work;

namespace ChatFunctions.Rooms;

/// <summary>
/// Deletes private rooms. First an intent, then a tombstone, which ends all access at once. What one batch takes goes before the answer,
/// the rest of a large room later: until then it is in its members' lists, and none of them can open it.
/// </summary>
public sealed class PrivateRoomDeletion(PrivateRoomStore store, IntentStore intents)
{
    /// <summary>Table Storage takes at most 100 changes in a batch.</summary>
    private const int MaxBatch = 100;

    private const int MaxParallelDeletes = 16;

    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/> or <see cref="ErrorCode.NotOwner"/>.</exception>
    public async Task DeleteAsync(string chatId, string callerId, CancellationToken cancellation)
    {
        Intent? intent = null;
        await store.DecideAsync(async () =>
        {
            var room = await store.FindRoomAsync(chatId, cancellation);
            var member = await store.FindAsync<MemberEntity>(chatId, MemberEntity.RowOf(callerId), cancellation);
            // A batch that seems to have failed may be one whose answer was lost, and the chores may have done the rest.
            if (room is null && intent is not null) return true;
            var isTombstone = room is { IsDeleted: true } && room.CreatedById == callerId;
            if (!isTombstone && (room is not { IsDeleted: false } || member is null)) throw new ChatException(ErrorCode.RoomNotFound);
            if (room!.CreatedById != callerId) throw new ChatException(ErrorCode.NotOwner);
            intent ??= await intents.BeginAsync(Intent.DeleteRoom, chatId, cancellation);
            return isTombstone
                || await store.TryChangeAsync(room, new() { [nameof(PrivateRoomEntity.IsDeleted)] = true }, RoomGuard.Delete(room), cancellation);
        }, cancellation);
        if (await TryDeleteRowsAsync(chatId, cancellation)) await intents.EndAsync(intent!, cancellation);
    }

    /// <summary>Deletes all that is left of a room, if it is deleted; however much it is, and from wherever it was cut off.</summary>
    public async Task FinishAsync(string chatId, CancellationToken cancellation)
    {
        if (await store.FindRoomAsync(chatId, cancellation) is not { IsDeleted: true }) return;
        while (!await TryDeleteRowsAsync(chatId, cancellation))
        {
        }
    }

    /// <returns>Whether nothing is left. The tombstone goes last.</returns>
    private async Task<bool> TryDeleteRowsAsync(string chatId, CancellationToken cancellation)
    {
        var rest = TableClient.CreateQueryFilter($"PartitionKey eq {chatId} and RowKey ne {PrivateRoomEntity.Row}");
        // One more than goes at once tells whether there is more.
        var rows = await store.Client.QueryAsync<TableEntity>(rest, MaxBatch + 1, ["PartitionKey", "RowKey"], cancellation)
            .Take(MaxBatch + 1).ToListAsync(cancellation);
        var batch = rows.Take(MaxBatch).ToList();
        await DropFromListsAsync(chatId, batch.FindAll(row => MemberEntity.IsRow(row.RowKey)), cancellation);
        if (batch.Count > 0 && !await store.TrySubmitAsync(batch.Select(Delete), cancellation)) return false;
        if (rows.Count > MaxBatch) return false;
        await store.Client.DeleteEntityAsync(chatId, PrivateRoomEntity.Row, ETag.All, cancellation);
        return true;
    }

    /// <summary>Before the members' rows: once these are gone, nothing tells whose list the room is in.</summary>
    private Task DropFromListsAsync(string chatId, List<TableEntity> members, CancellationToken cancellation) => Parallel.ForEachAsync(
        members,
        new ParallelOptions { MaxDegreeOfParallelism = MaxParallelDeletes, CancellationToken = cancellation },
        async (member, each) => await store.Client.DeleteEntityAsync(
            RoomListEntry.PartitionOf(MemberEntity.UserOf(member.RowKey)), chatId, ETag.All, each));

    private static TableTransactionAction Delete(TableEntity row) => new(TableTransactionActionType.Delete, row, ETag.All);
}
