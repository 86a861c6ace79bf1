using Azure.Data.Tables;
using ChatFunctions.Tables;

namespace ChatFunctions.MessageLog;

/// <summary>Reads rooms' logs. Each range is one transaction, as long as the service does not cut it.</summary>
public sealed class LogReader(LogTable table)
{
    /// <summary>Who is further behind gets the newest page.</summary>
    private const int MaxEntries = 1000;

    private const int MaxParallelReads = 16;

    /// <summary>What has changed since a position.</summary>
    /// <param name="Messages">Each once, in its newest version, the oldest change first; null if it is too much.</param>
    /// <param name="Seq">The position of which this tells all.</param>
    public sealed record Changes(IReadOnlyList<MessageEntity>? Messages, long Seq);

    /// <summary>Two point reads, of the message and of the head.</summary>
    /// <returns>Null if there is none, or it is too old to be kept, or the id is another one's.</returns>
    public async Task<MessageEntity?> FindAsync(string logId, string messageId, CancellationToken cancellation) =>
        MessageId.TryParse(messageId, out var number, out var nonce)
        && await FindAsync(logId, number, cancellation) is { } message && message.Nonce == nonce
            ? message
            : null;

    /// <summary>One point read, of a message that was just seen to be kept.</summary>
    /// <returns>Null if it is trimmed by now.</returns>
    public Task<MessageEntity?> FindKeptAsync(string logId, long number, CancellationToken cancellation) =>
        table.Client.FindAsync<MessageEntity>(logId, MessageEntity.RowOf(number), cancellation);

    /// <summary>The message of a person that has this <c>clientId</c>: a point read, and two others where there is one.</summary>
    /// <returns>Null if there is none, or it is too old to be kept.</returns>
    public async Task<MessageEntity?> FindAsync(string logId, string userId, Guid clientId, CancellationToken cancellation) =>
        await table.Client.FindAsync<ClientIdEntity>(logId, ClientIdEntity.RowOf(userId, clientId), cancellation) is { } row
            ? await FindAsync(logId, row.Number, cancellation)
            : null;

    /// <summary>The messages with the greatest numbers before one, newest first: a range.</summary>
    /// <param name="head">Read before.</param>
    public Task<List<MessageEntity>> ListBeforeAsync(LogHead head, long before, int limit, CancellationToken cancellation) => ListAsync(
        head, $" and RowKey gt '{MessageEntity.RowOf(before)}' and RowKey le '{MessageEntity.RowOf(head.FirstNumber)}'", limit, cancellation);

    /// <summary>The messages from one number to another, newest first: a range.</summary>
    /// <param name="head">Read before.</param>
    public Task<List<MessageEntity>> ListBetweenAsync(LogHead head, long first, long last, CancellationToken cancellation) => ListAsync(
        head, $" and RowKey ge '{MessageEntity.RowOf(last)}' and RowKey le '{MessageEntity.RowOf(first)}'", (int)(last - first + 1), cancellation);

    /// <summary>
    /// A range of entries and one of messages, and a point read for each older message that was changed.
    /// </summary>
    /// <param name="head">Read before.</param>
    /// <param name="after">A position.</param>
    public async Task<Changes> ListAfterAsync(LogHead head, long after, CancellationToken cancellation)
    {
        if (after > head.Seq || after + 1 < head.FirstSeq || head.Seq - after > MaxEntries) return new Changes(null, head.Seq);
        if (after == head.Seq) return new Changes([], after);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {head.PartitionKey} and RowKey gt {LogEntry.RowOf(after)} and RowKey lt {LogEntry.RowsEnd}");
        var entries = await table.Client.QueryAsync<LogEntry>(filter, MaxEntries, null, cancellation).Take(MaxEntries).ToListAsync(cancellation);
        // Trimmed meanwhile: what lies between is not known.
        if (entries.Count == 0 || entries[0].Seq != after + 1) return new Changes(null, head.Seq);

        var numbers = entries.Select(entry => entry.Number).Where(head.Keeps).Reverse().Distinct().Reverse().ToList();
        var found = (await FindAllAsync(head, numbers, cancellation)).ToDictionary(message => message.Number);
        return new Changes([.. numbers.Where(found.ContainsKey).Select(number => found[number])], entries[^1].Seq);
    }

    /// <summary>The newest lie side by side: the longest run at the end is a range.</summary>
    private async Task<List<MessageEntity>> FindAllAsync(LogHead head, List<long> numbers, CancellationToken cancellation)
    {
        if (numbers.Count == 0) return [];
        var descending = numbers.OrderDescending().ToList();
        var run = descending.TakeWhile((number, index) => number == descending[0] - index).Count();
        var found = await ListBetweenAsync(head, descending[run - 1], descending[0], cancellation);
        foreach (var older in descending.Skip(run).Chunk(MaxParallelReads))
        {
            found.AddRange((await Task.WhenAll(older.Select(number => FindKeptAsync(head.PartitionKey, number, cancellation)))).OfType<MessageEntity>());
        }

        return found;
    }

    private async Task<MessageEntity?> FindAsync(string logId, long number, CancellationToken cancellation)
    {
        var (message, head) = (FindKeptAsync(logId, number, cancellation), table.ReadHeadAsync(logId, cancellation));
        await Task.WhenAll(message, head);
        return (await head).Keeps(number) ? await message : null;
    }

    private async Task<List<MessageEntity>> ListAsync(LogHead head, string range, int limit, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {head.PartitionKey}") + range;
        return await table.Client.QueryAsync<MessageEntity>(filter, limit, null, cancellation).Take(limit).ToListAsync(cancellation);
    }
}
