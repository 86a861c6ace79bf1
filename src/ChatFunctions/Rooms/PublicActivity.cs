using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.MessageLog;
using ChatFunctions.Tables;

namespace ChatFunctions.Rooms;

/// <summary>
/// What was said last in public rooms, in Table Storage, some 30 seconds behind what their logs say; see <see cref="ActivityWindows"/> for who
/// writes it when. Failures of the service are <see cref="Azure.RequestFailedException"/>.
/// </summary>
public sealed class PublicActivity(TableServiceClient service, LogTable logs, PublicRoomStore rooms, TimeProvider time)
{
    /// <summary>As of the pages of rooms beside it.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    /// <summary>Some 5 KB each.</summary>
    private const int MaxKept = 200;

    private readonly TableClient table = service.GetTableClient(TableNames.Rooms);
    private readonly SharedReads<(string First, string Last), IReadOnlyList<PublicActivityEntity>> ranges = new(MaxAge, MaxKept, time);

    /// <summary>
    /// Of a page of rooms, by their keys: usually one range and one transaction, and none where this instance has begun to read the same less
    /// than two seconds ago and not written since. A row may be of an earlier room of its key.
    /// </summary>
    /// <param name="prefix">By which the rooms were listed.</param>
    /// <param name="page">As they were listed.</param>
    public async Task<IReadOnlyDictionary<string, PublicActivityEntity>> ListAsync(
        NamePrefix prefix, IReadOnlyList<Room> page, CancellationToken cancellation)
    {
        // Between the rooms of two beginnings may lie any number of others.
        var runs = page.Select(room => room.ChatId).GroupBy(key => prefix.Keys.First(start => key.StartsWith(start, StringComparison.Ordinal)));
        var found = await Task.WhenAll(runs.Select(run => (First: run.First(), Last: run.Last())).Select(range =>
            ranges.GetAsync(range, () => ReadAsync(range.First, range.Last), cancellation)));
        return found.SelectMany(rows => rows).ToDictionary(row => row.RowKey);
    }

    /// <summary>
    /// Has a room's row say what the room's log says: a point read of each, and a write if they differ; one read more where another
    /// room of this name has written the row. Nothing is written of a room that is gone.
    /// </summary>
    /// <param name="chatId">The room's key.</param>
    /// <param name="logId">The room's random id.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.Unavailable"/>: others were faster each time.</exception>
    public Task WriteAsync(string chatId, string logId, CancellationToken cancellation) => Attempts.DecideAtOnceAsync(async () =>
    {
        var row = await FindAsync(chatId, cancellation);
        // After the row: what is written is never older than what was read.
        var head = await logs.ReadHeadAsync(logId, cancellation);
        if (head.IsSealed || head.LastAt is null) return true;
        if (row?.LogId == logId && row.Number >= head.Number) return true;
        if (row is not null && row.LogId != logId && !await rooms.IsThereAsync(chatId, logId, cancellation)) return true;
        var now = new PublicActivityEntity { RowKey = chatId, LogId = logId, Number = head.Number, LastAt = head.LastAt.Value };
        return await TryWriteAsync(now, row, cancellation);
    });

    /// <summary>Of a room that is deleted: a point read, and a write if there is a row of this room.</summary>
    public async Task DeleteAsync(string chatId, string logId, CancellationToken cancellation)
    {
        // One that is not as it was read is written by a call that was under way, or of another room: a day later it is looked at again.
        if (await FindAsync(chatId, cancellation) is { } row && row.LogId == logId)
        {
            await table.TryDeleteAsync(row.PartitionKey, row.RowKey, row.ETag, cancellation);
        }
    }

    private Task<PublicActivityEntity?> FindAsync(string chatId, CancellationToken cancellation) =>
        table.FindAsync<PublicActivityEntity>(PublicActivityEntity.Partition, chatId, cancellation);

    private async Task<bool> TryWriteAsync(PublicActivityEntity now, PublicActivityEntity? before, CancellationToken cancellation)
    {
        try
        {
            return await table.TryWriteAsync(now, before?.ETag ?? default, cancellation);
        }
        finally
        {
            // However it ended, it may have been applied.
            ranges.Forget();
        }
    }

    private async Task<IReadOnlyList<PublicActivityEntity>> ReadAsync(string first, string last)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {PublicActivityEntity.Partition} and RowKey ge {first} and RowKey le {last}");
        return await table.QueryAsync<PublicActivityEntity>(filter).ToListAsync();
    }
}
