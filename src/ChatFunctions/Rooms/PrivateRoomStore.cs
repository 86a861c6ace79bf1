using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.Rooms;

/// <summary>
/// The partitions of private rooms. A room's partition decides alone who may enter. Whatever lets somebody in or out is one
/// batch that fails as a whole if the room has changed since it was read; then it is read again and decided anew.
/// </summary>
public sealed class PrivateRoomStore(TableServiceClient service, TimeProvider time)
{
    /// <summary>Also holds the partitions of the users: <see cref="RoomOfUser"/>.</summary>
    public TableClient Client { get; } = service.GetTableClient(RoomsTable.Name);

    /// <summary>Reads a room and some other rows of its partition: one transaction.</summary>
    /// <returns>The rows that there are; no room, if there is none or there was one.</returns>
    public async Task<PrivateRoomSnapshot> ReadAsync(string chatId, IEnumerable<string> rowKeys, CancellationToken cancellation)
    {
        var rows = string.Join(" or ", rowKeys.Prepend(PrivateRoomEntity.Row).Select(row => TableClient.CreateQueryFilter($"RowKey eq {row}")));
        var filter = $"{TableClient.CreateQueryFilter($"PartitionKey eq {chatId}")} and ({rows})";
        return new PrivateRoomSnapshot(await Client.QueryAsync<TableEntity>(filter, null, null, cancellation).ToListAsync(cancellation));
    }

    /// <summary>Makes changes in a room's partition, together with one of the room itself, if it is still as it was read.</summary>
    /// <param name="room">As it was read.</param>
    /// <param name="change">What changes in the room; may be empty, and its ETag changes all the same.</param>
    /// <param name="others">What else changes.</param>
    /// <returns>False if anything of it is not as it was read; or if the client library has repeated a batch whose answer was
    /// lost. Either way, what there is now tells.</returns>
    public async Task<bool> TryChangeAsync(
        PrivateRoomEntity room, Dictionary<string, object> change, IEnumerable<TableTransactionAction> others, CancellationToken cancellation)
    {
        var guard = new TableEntity(change) { PartitionKey = room.PartitionKey, RowKey = PrivateRoomEntity.Row };
        try
        {
            await Client.SubmitTransactionAsync([new(TableTransactionActionType.UpdateMerge, guard, room.ETag), .. others], cancellation);
            return true;
        }
        catch (RequestFailedException error) when (error.Status
            is TableStatus.NotFound or TableStatus.Conflict or TableStatus.PreconditionFailed)
        {
            // Others are at it: they step aside for different times.
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(50)), time, cancellation);
            return false;
        }
    }
}
