using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Tables;

namespace ChatFunctions.Rooms;

/// <summary>The partitions of private rooms. A room's partition alone decides who may enter.</summary>
public sealed class PrivateRoomStore(TableServiceClient service, TimeProvider time)
{
    /// <summary>Also holds the partitions of the users: <see cref="RoomListEntry"/>.</summary>
    public TableClient Client { get; } = service.GetTableClient(TableNames.Rooms);

    /// <summary>A room's row, also when only its tombstone is left: one point read.</summary>
    public Task<PrivateRoomEntity?> FindRoomAsync(string chatId, CancellationToken cancellation) =>
        FindAsync<PrivateRoomEntity>(chatId, PrivateRoomEntity.Row, cancellation);

    /// <summary>Another row of a room's partition: one point read.</summary>
    public Task<T?> FindAsync<T>(string chatId, string rowKey, CancellationToken cancellation) where T : class, ITableEntity =>
        Client.FindAsync<T>(chatId, rowKey, cancellation);

    /// <summary>
    /// The room, for a user who may enter it: two point reads, one after the other. The member is read only after the room's answer:
    /// whoever was removed before that never gets what the room became with it. Both are read in any case, so that nothing tells
    /// a room of others from none.
    /// </summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>: there is none that this user may enter.</exception>
    public async Task<PrivateRoomEntity> GetForMemberAsync(string chatId, string userId, CancellationToken cancellation) =>
        await FindForMemberAsync(chatId, userId, cancellation) ?? throw new ChatException(ErrorCode.RoomNotFound);

    /// <inheritdoc cref="GetForMemberAsync"/>
    /// <returns>Null if there is none that this user may enter.</returns>
    public async Task<PrivateRoomEntity?> FindForMemberAsync(string chatId, string userId, CancellationToken cancellation)
    {
        var room = await FindRoomAsync(chatId, cancellation);
        var member = await FindAsync<MemberEntity>(chatId, MemberEntity.RowOf(userId), cancellation);
        return room is { IsDeleted: false } && member is not null ? room : null;
    }

    /// <summary>How many members a room has: a transaction for each 1,000 of them.</summary>
    /// <param name="max">No more are counted.</param>
    public async Task<int> CountMembersAsync(string chatId, int max, CancellationToken cancellation)
    {
        var members = TableClient.CreateQueryFilter(
            $"PartitionKey eq {chatId} and RowKey ge {MemberEntity.RowOf("")} and RowKey lt {MemberEntity.RowsEnd}");
        return await Client.QueryAsync<TableEntity>(members, null, [nameof(MemberEntity.RowKey)], cancellation).Take(max).CountAsync(cancellation);
    }

    /// <inheritdoc cref="Attempts.DecideAsync"/>
    public Task DecideAsync(Func<Task<bool>> attempt, CancellationToken cancellation) => Attempts.DecideAsync(attempt, time, cancellation);

    /// <summary>Makes changes in a room's partition, together with one of the room itself, if it is still as it was read.</summary>
    /// <param name="room">As it was read.</param>
    /// <param name="change">What changes in the room; may be empty, and its ETag changes all the same.</param>
    /// <param name="others">What else changes.</param>
    /// <returns>False: see <see cref="TableWrites.TrySubmitAsync"/>.</returns>
    public Task<bool> TryChangeAsync(
        PrivateRoomEntity room, Dictionary<string, object> change, IEnumerable<TableTransactionAction> others, CancellationToken cancellation)
    {
        var row = new TableEntity(change) { PartitionKey = room.PartitionKey, RowKey = PrivateRoomEntity.Row };
        return Client.TrySubmitAsync([new(TableTransactionActionType.UpdateMerge, row, room.ETag), .. others], cancellation);
    }
}
