using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.Telemetry;

namespace ChatFunctions.Rooms;

/// <summary>The public rooms in Table Storage. Failures of the service are <see cref="RequestFailedException"/>.</summary>
public sealed class PublicRoomStore(TableServiceClient service, TimeProvider time, ChatMetrics metrics)
{
    /// <summary>What a list shows of a room; the rest would only be sent and read for nothing.</summary>
    private static readonly string[] ListedColumns =
    [
        nameof(PublicRoomEntity.RowKey), nameof(PublicRoomEntity.ChatName), nameof(PublicRoomEntity.CreatedAt), nameof(PublicRoomEntity.CreatedById),
        nameof(PublicRoomEntity.CreatedByName),
    ];

    private readonly TableClient table = service.GetTableClient(RoomsTable.Name);

    /// <summary>One transaction; a taken name costs a second one, and so does one that another room may have under its old key.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.NameTaken"/>.</exception>
    public async Task<PublicRoomEntity> CreateAsync(ChatName name, Caller owner, CancellationToken cancellation)
    {
        var room = PublicRoomEntity.Create(name, owner, time.GetUtcNow());
        // No room is added under an old key any more, so none comes there after this look.
        if (name.OldKey != name.Key && await FindAsync(name.OldKey, cancellation) is not null) throw NameTaken();
        try
        {
            await table.AddEntityAsync(room, cancellation);
        }
        catch (RequestFailedException error) when (error.Status == TableStatus.Conflict)
        {
            // The client library repeats an insert whose answer was lost: then the row that is in the way is this very room.
            if (await FindAsync(room.RowKey, cancellation) is { } existing && existing.CreationId == room.CreationId) return room;
            throw NameTaken(error);
        }

        return room;
    }

    /// <summary>One transaction, and none for what can be no public room's id.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>.</exception>
    public async Task<PublicRoomEntity> GetAsync(string chatId, CancellationToken cancellation) =>
        await FindAsync(chatId, cancellation) ?? throw new ChatException(ErrorCode.RoomNotFound);

    /// <summary>Rooms by name: usually one key range and one transaction.</summary>
    /// <param name="prefix">The beginning of their names.</param>
    /// <param name="after">The key of the last room already shown, or null.</param>
    /// <param name="limit">The most to return.</param>
    public async Task<List<PublicRoomEntity>> ListAsync(NamePrefix prefix, string? after, int limit, CancellationToken cancellation)
    {
        var rooms = new List<PublicRoomEntity>();
        foreach (var start in prefix.Keys)
        {
            rooms.AddRange(await ListRangeAsync(start, after, limit - rooms.Count, cancellation));
            if (rooms.Count == limit) break;
        }

        return rooms;
    }

    /// <summary>Deletes a room for its owner, and never another that was made under its name since it was read: two transactions.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/> or <see cref="ErrorCode.NotOwner"/>.</exception>
    public async Task DeleteAsync(string chatId, string callerId, CancellationToken cancellation)
    {
        var room = await GetAsync(chatId, cancellation);
        if (room.CreatedById != callerId) throw new ChatException(ErrorCode.NotOwner);
        try
        {
            // Not found is as good as deleted, and is what a repeated delete whose answer was lost gets; it does not throw.
            await table.DeleteEntityAsync(room.PartitionKey, room.RowKey, room.ETag, cancellation);
        }
        catch (RequestFailedException error) when (error.Status == TableStatus.PreconditionFailed)
        {
            // A public room never changes: it was deleted, and the name given to a new one.
        }
    }

    private async Task<PublicRoomEntity?> FindAsync(string chatId, CancellationToken cancellation)
    {
        if (!RoomKey.IsValid(chatId)) return null;
        return await table.FindAsync<PublicRoomEntity>(PublicRoomEntity.PublicPartition, chatId, cancellation);
    }

    private async Task<List<PublicRoomEntity>> ListRangeAsync(string start, string? after, int limit, CancellationToken cancellation)
    {
        var end = RoomKey.End(start);
        if (string.CompareOrdinal(after, end) >= 0) return [];
        var filter = string.CompareOrdinal(after, start) < 0
            ? TableClient.CreateQueryFilter($"PartitionKey eq {PublicRoomEntity.PublicPartition} and RowKey ge {start} and RowKey lt {end}")
            : TableClient.CreateQueryFilter($"PartitionKey eq {PublicRoomEntity.PublicPartition} and RowKey gt {after} and RowKey lt {end}");
        // The service may answer with short and even empty pages while there is more: the query goes on to the limit.
        return await table.QueryAsync<PublicRoomEntity>(filter, limit, ListedColumns, cancellation).Take(limit).ToListAsync(cancellation);
    }

    private ChatException NameTaken(RequestFailedException? error = null)
    {
        metrics.NameConflict();
        return new ChatException(ErrorCode.NameTaken, error);
    }
}
