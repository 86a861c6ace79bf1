using Azure;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;

namespace ChatFunctions.Rooms;

/// <summary>The public rooms in Table Storage. Failures of the service are <see cref="RequestFailedException"/>.</summary>
public sealed class PublicRooms(TableServiceClient service)
{
    /// <summary>What a list shows of a room; the rest would only be sent and read for nothing.</summary>
    private static readonly string[] Shown =
    [
        nameof(PublicRoom.RowKey), nameof(PublicRoom.ChatName), nameof(PublicRoom.CreatedAt), nameof(PublicRoom.CreatedById),
        nameof(PublicRoom.CreatedByName),
    ];

    private readonly TableClient table = service.GetTableClient(RoomsTable.Name);

    /// <summary>One transaction; a taken name costs a second one, and so does one of two keys.</summary>
    /// <param name="room">To be added.</param>
    /// <param name="oldKey">Where another room may have its name; none is added there any more.</param>
    /// <param name="cancellation">Of this request.</param>
    /// <returns>False if the name is taken.</returns>
    public async Task<bool> TryAddAsync(PublicRoom room, string oldKey, CancellationToken cancellation)
    {
        if (oldKey != room.RowKey && await FindAsync(oldKey, cancellation) is not null) return false;
        try
        {
            await table.AddEntityAsync(room, cancellation);
            return true;
        }
        catch (RequestFailedException error) when (error.Status == StatusCodes.Status409Conflict)
        {
            // The client library repeats an insert whose answer was lost: then the row that is in the way is our own.
            var existing = await FindAsync(room.RowKey, cancellation);
            return existing?.CreationId == room.CreationId;
        }
    }

    /// <returns>Null if there is none.</returns>
    public async Task<PublicRoom?> FindAsync(string chatId, CancellationToken cancellation)
    {
        if (!RoomKey.IsValid(chatId)) return null;
        var found = await table.GetEntityIfExistsAsync<PublicRoom>(PublicRoom.PublicPartition, chatId, null, cancellation);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>Rooms by name: usually one key range and one transaction.</summary>
    /// <param name="prefix">The beginning of their names.</param>
    /// <param name="after">The key of the last room already shown, or null.</param>
    /// <param name="limit">The most to return.</param>
    public async Task<List<PublicRoom>> ListAsync(NamePrefix prefix, string? after, int limit, CancellationToken cancellation)
    {
        var rooms = new List<PublicRoom>();
        foreach (var start in prefix.Keys)
        {
            rooms.AddRange(await ListRangeAsync(start, after, limit - rooms.Count, cancellation));
            if (rooms.Count == limit) break;
        }

        return rooms;
    }

    /// <summary>Deletes the room that was read, and never another that was made under its name since.</summary>
    public async Task DeleteAsync(PublicRoom room, CancellationToken cancellation)
    {
        try
        {
            // Not found is as good as deleted, and is what a repeated delete whose answer was lost gets; it does not throw.
            await table.DeleteEntityAsync(room.PartitionKey, room.RowKey, room.ETag, cancellation);
        }
        catch (RequestFailedException error) when (error.Status == StatusCodes.Status412PreconditionFailed)
        {
            // A public room never changes: it was deleted, and the name given to a new one.
        }
    }

    private async Task<List<PublicRoom>> ListRangeAsync(string start, string? after, int limit, CancellationToken cancellation)
    {
        var end = RoomKey.End(start);
        if (string.CompareOrdinal(after, end) >= 0) return [];
        var filter = string.CompareOrdinal(after, start) < 0
            ? TableClient.CreateQueryFilter($"PartitionKey eq {PublicRoom.PublicPartition} and RowKey ge {start} and RowKey lt {end}")
            : TableClient.CreateQueryFilter($"PartitionKey eq {PublicRoom.PublicPartition} and RowKey gt {after} and RowKey lt {end}");
        // The service may answer with short and even empty pages while there is more: the query goes on to the limit.
        return await table.QueryAsync<PublicRoom>(filter, limit, Shown, cancellation).Take(limit).ToListAsync(cancellation);
    }
}
