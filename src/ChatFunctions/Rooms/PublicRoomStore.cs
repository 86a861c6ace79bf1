using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.Tables;
using ChatFunctions.Telemetry;

namespace ChatFunctions.Rooms;

/// <summary>The public rooms in Table Storage. Failures of the service are <see cref="RequestFailedException"/>.</summary>
public sealed class PublicRoomStore(TableServiceClient service, TopicNames topics, TimeProvider time, ChatMetrics metrics)
{
    /// <summary>What a list shows of a room; the rest would only be sent and read for nothing.</summary>
    private static readonly string[] ListedColumns =
    [
        nameof(PublicRoomEntity.RowKey), nameof(PublicRoomEntity.ChatName), nameof(PublicRoomEntity.CreatedAt), nameof(PublicRoomEntity.CreatedById),
        nameof(PublicRoomEntity.CreatedByName), nameof(PublicRoomEntity.CreationId), nameof(PublicRoomEntity.OwnerId),
        nameof(PublicRoomEntity.SlowModeSeconds),
    ];

    /// <summary>How long a page may be shown that another instance has changed.</summary>
    private static readonly TimeSpan MaxPageAge = TimeSpan.FromSeconds(2);

    /// <summary>Some 50 KB each, where rooms' and people's names are long.</summary>
    private const int MaxKeptPages = 200;

    private readonly TableClient table = service.GetTableClient(TableNames.Rooms);
    private readonly SharedReads<(NamePrefix Prefix, string? After, int Limit), IReadOnlyList<Room>> pages = new(MaxPageAge, MaxKeptPages, time);

    /// <summary>One transaction; a taken name costs a second one, and so does one that another room may have under its old key.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.NameTaken"/>.</exception>
    public async Task<PublicRoomEntity> CreateAsync(
        ChatName name, Caller owner, Guid id, DateTimeOffset createdAt, CancellationToken cancellation)
    {
        var room = PublicRoomEntity.Create(name, owner, id, createdAt);
        // No room is added under an old key any more, so none comes there after this look.
        if (name.OldKey != name.Key && await FindAsync(name.OldKey, cancellation) is { } old) throw NameTaken(old);
        try
        {
            await table.AddEntityAsync(room, cancellation);
        }
        catch (RequestFailedException error) when (error.Status == TableStatus.Conflict)
        {
            // An insert whose answer was lost is repeated, by the client library or the client: then this very room is in the way.
            var existing = await FindAsync(room.RowKey, cancellation);
            if (existing?.CreationId == room.CreationId) return room;
            throw NameTaken(existing, error);
        }
        finally
        {
            // However it ended, it may have been applied.
            pages.Forget();
        }

        return room;
    }

    /// <summary>One transaction, and none for what can be no public room's id.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>.</exception>
    public async Task<PublicRoomEntity> GetAsync(string chatId, CancellationToken cancellation) =>
        await FindAsync(chatId, cancellation) ?? throw new ChatException(ErrorCode.RoomNotFound);

    /// <summary>The room, if it is the one that was made with this id: one transaction.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>.</exception>
    public async Task<PublicRoomEntity> GetAsync(string chatId, Guid id, CancellationToken cancellation) =>
        await FindAsync(chatId, cancellation) is { } room && room.CreationId == PublicRoomEntity.IdOf(id)
            ? room
            : throw new ChatException(ErrorCode.RoomNotFound);

    /// <summary>
    /// Rooms by name: usually one key range and one transaction, and none where this instance has begun to read the same page less than
    /// two seconds ago and not written since.
    /// </summary>
    /// <param name="prefix">The beginning of their names.</param>
    /// <param name="after">The key of the last room already shown, or null.</param>
    /// <param name="limit">The most to return.</param>
    public Task<IReadOnlyList<Room>> ListAsync(NamePrefix prefix, string? after, int limit, CancellationToken cancellation) =>
        pages.GetAsync((prefix, after, limit), () => ReadAsync(prefix, after, limit), cancellation);

    /// <summary>Whether it is the room of this random id that has the name: one transaction.</summary>
    public async Task<bool> IsThereAsync(string chatId, string logId, CancellationToken cancellation) =>
        await FindAsync(chatId, cancellation) is { } room && room.TopicId == logId;

    /// <summary>Changes a room, and never another that was made under its name since: a point read and a write.</summary>
    /// <param name="chatId">Which.</param>
    /// <param name="decide">What changes in the room as it is, where the caller may; asked again where somebody else was faster. Null: nothing
    /// more is to be done.</param>
    /// <returns>The room as it is then.</returns>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>.</exception>
    public async Task<PublicRoomEntity> ChangeAsync(
        string chatId, Func<PublicRoomEntity, Dictionary<string, object>?> decide, CancellationToken cancellation)
    {
        PublicRoomEntity? read = null;
        try
        {
            await Attempts.DecideAsync(async () =>
            {
                var now = await GetAsync(chatId, cancellation);
                if (read is not null && read.TopicId != now.TopicId) throw new ChatException(ErrorCode.RoomNotFound);
                read = now;
                return decide(now) is not { } change || await TryMergeAsync(now, change, cancellation);
            }, time, cancellation);
            return read!;
        }
        finally
        {
            pages.Forget();
        }
    }

    /// <summary>Deletes a room, and never another that was made under its name since: one transaction, and two more where it has changed.</summary>
    /// <param name="room">As it was read.</param>
    /// <param name="ensure">Throws where the caller may not delete the room that it has become.</param>
    public async Task DeleteAsync(PublicRoomEntity room, Action<PublicRoomEntity> ensure, CancellationToken cancellation)
    {
        try
        {
            var now = room;
            await Attempts.DecideAsync(async () =>
            {
                // Not found is as good as deleted, and is what a repeated delete whose answer was lost gets.
                if (await table.TryDeleteAsync(now.PartitionKey, now.RowKey, now.ETag, cancellation)) return true;
                if (await FindAsync(room.RowKey, cancellation) is not { } changed || changed.TopicId != room.TopicId) return true;
                ensure(now = changed);
                return false;
            }, time, cancellation);
        }
        finally
        {
            pages.Forget();
        }
    }

    private Task<bool> TryMergeAsync(PublicRoomEntity read, Dictionary<string, object> change, CancellationToken cancellation)
    {
        var row = new TableEntity(change) { PartitionKey = read.PartitionKey, RowKey = read.RowKey };
        return table.TrySubmitAsync([new(TableTransactionActionType.UpdateMerge, row, read.ETag)], cancellation);
    }

    private async Task<PublicRoomEntity?> FindAsync(string chatId, CancellationToken cancellation)
    {
        if (!RoomKey.IsValid(chatId)) return null;
        return await table.FindAsync<PublicRoomEntity>(PublicRoomEntity.PublicPartition, chatId, cancellation);
    }

    private async Task<IReadOnlyList<Room>> ReadAsync(NamePrefix prefix, string? after, int limit)
    {
        var rooms = new List<Room>();
        foreach (var start in prefix.Keys)
        {
            rooms.AddRange((await ReadRangeAsync(start, after, limit - rooms.Count)).Select(room => room.ToRoom(topics)));
            if (rooms.Count == limit) break;
        }

        return rooms;
    }

    private async Task<List<PublicRoomEntity>> ReadRangeAsync(string start, string? after, int limit)
    {
        var end = RoomKey.End(start);
        if (string.CompareOrdinal(after, end) >= 0) return [];
        var filter = string.CompareOrdinal(after, start) < 0
            ? TableClient.CreateQueryFilter($"PartitionKey eq {PublicRoomEntity.PublicPartition} and RowKey ge {start} and RowKey lt {end}")
            : TableClient.CreateQueryFilter($"PartitionKey eq {PublicRoomEntity.PublicPartition} and RowKey gt {after} and RowKey lt {end}");
        // The service may answer with short and even empty pages while there is more: the query goes on to the limit.
        return await table.QueryAsync<PublicRoomEntity>(filter, limit, ListedColumns).Take(limit).ToListAsync();
    }

    /// <param name="by">The room that has the name; null if it has gone since.</param>
    /// <param name="error">What Table Storage said.</param>
    private ChatException NameTaken(PublicRoomEntity? by, RequestFailedException? error = null)
    {
        metrics.NameConflict();
        return new ChatException(ErrorCode.NameTaken, error)
        {
            Details = by is null ? [] : new() { ["chatId"] = by.RowKey, ["createdBy"] = new User(by.CreatedById, by.CreatedByName) },
        };
    }
}
