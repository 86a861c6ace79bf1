using Azure.Data.Tables;
using ChatFunctions.Tables;
using Microsoft.Extensions.Options;

namespace ChatFunctions.MessageLog;

/// <summary>
/// Trims messages that are older than <see cref="LogOptions.Retention"/>, and their reactions. First the head says from where on messages are
/// kept, on condition of its ETag, so that nothing that is under way misses it; then what is below goes, by keys. Whatever was cut off is gone on with by trimming
/// the same day again.
/// </summary>
public sealed class LogRetention(LogTable table, ReactionLog reactions, LogDays days, IOptions<LogOptions> options, TimeProvider time)
{
    /// <summary>The days of which all messages are too old, oldest first.</summary>
    public IAsyncEnumerable<LogDay> ListExpiredAsync(CancellationToken cancellation) =>
        days.ListAsync(LogDay.Of(time.GetUtcNow() - options.Value.Retention), cancellation);

    /// <summary>Trims what was sent to a room on a day or before it.</summary>
    public async Task TrimAsync(LogDay day, CancellationToken cancellation)
    {
        if (await RaiseAsync(day, cancellation) is { } head)
        {
            while (!await reactions.TryDeleteTrimmedAsync(head, cancellation))
            {
            }

            while (!await TryDeleteMessagesAsync(head, cancellation))
            {
            }

            while (!await TryDeleteEntriesAsync(head, cancellation))
            {
            }
        }

        await days.EndAsync(day, cancellation);
    }

    /// <returns>The head, which says that nothing of the day is kept; null if the room is deleted, and all its rows go.</returns>
    private async Task<LogHead?> RaiseAsync(LogDay day, CancellationToken cancellation)
    {
        while (true)
        {
            var head = await table.ReadHeadAsync(day.LogId, cancellation);
            if (!head.IsStored || head.IsSealed) return null;
            if (await FindFirstAfterAsync(head, day, cancellation) is not { } first) continue;
            if (first.Number <= head.FirstNumber) return head;
            (head.FirstNumber, head.FirstSeq) = first;
            if (await table.Client.TryReplaceAsync(head, head.ETag, cancellation)) return head;
        }
    }

    /// <summary>
    /// The first message that was sent after the day, and where the log has it as new: some twenty point reads. Numbers follow times but for
    /// what the clocks of instances differ by.
    /// </summary>
    /// <returns>The next message's where there is none; null if others have trimmed the log meanwhile.</returns>
    private async Task<(long Number, long Seq)?> FindFirstAfterAsync(LogHead head, LogDay day, CancellationToken cancellation)
    {
        var next = (Number: head.Number + 1, Seq: head.Seq + 1);
        if (head.LastAt is null || head.LastAt < day.End) return next;
        var (first, end) = (Math.Max(day.Number + 1, head.FirstNumber), next.Number);
        MessageEntity? found = null;
        while (first < end)
        {
            var middle = first + ((end - first) / 2);
            if (await FindAsync<MessageEntity>(MessageEntity.RowOf(middle)) is not { } message) return null;
            if (message.SentAt < day.End) first = middle + 1;
            else (end, found) = (middle, message);
        }

        if (found is null) return next;
        return await FindAsync<ClientIdEntity>(ClientIdEntity.RowOf(found.SenderId, found.ClientId)) is { } row ? (first, row.Seq) : null;

        Task<T?> FindAsync<T>(string row) where T : class, ITableEntity => table.Client.FindAsync<T>(head.PartitionKey, row, cancellation);
    }

    /// <returns>Whether none is left.</returns>
    private async Task<bool> TryDeleteMessagesAsync(LogHead head, CancellationToken cancellation)
    {
        const int most = TableWrites.MaxBatch / 2;
        var below = TableClient.CreateQueryFilter(
            $"PartitionKey eq {head.PartitionKey} and RowKey gt {MessageEntity.RowOf(head.FirstNumber)} and RowKey lt {MessageEntity.RowsEnd}");
        string[] keys = ["PartitionKey", "RowKey", nameof(MessageEntity.SenderId), nameof(MessageEntity.ClientId)];
        var messages = await table.Client.QueryAsync<MessageEntity>(below, most, keys, cancellation).Take(most).ToListAsync(cancellation);
        // If others are at it, too, what is left is to be read again.
        if (messages.Count > 0 && !await table.TryDeleteMessagesAsync(messages, cancellation)) return false;
        return messages.Count < most;
    }

    /// <returns>Whether none is left.</returns>
    private async Task<bool> TryDeleteEntriesAsync(LogHead head, CancellationToken cancellation)
    {
        var below = TableClient.CreateQueryFilter(
            $"PartitionKey eq {head.PartitionKey} and RowKey ge {LogEntry.RowOf(0)} and RowKey lt {LogEntry.RowOf(head.FirstSeq)}");
        var entries = await table.Client.QueryAsync<TableEntity>(below, TableWrites.MaxBatch, ["PartitionKey", "RowKey"], cancellation)
            .Take(TableWrites.MaxBatch).ToListAsync(cancellation);
        if (entries.Count > 0 && !await table.Client.TryDeleteAllAsync(entries, cancellation)) return false;
        return entries.Count < TableWrites.MaxBatch;
    }
}
