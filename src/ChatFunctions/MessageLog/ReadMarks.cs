using ChatFunctions.Errors;
using ChatFunctions.Tables;

namespace ChatFunctions.MessageLog;

/// <summary>
/// How far people have read a room. The log's head is only read: whoever appends would lose against each write of it.
/// </summary>
public sealed class ReadMarks(LogTable table)
{
    /// <summary>One point read.</summary>
    /// <returns>0 if the person has never read there.</returns>
    public async Task<long> FindAsync(string logId, string userId, CancellationToken cancellation) =>
        (await FindRowAsync(logId, userId, cancellation))?.Number ?? 0;

    /// <summary>
    /// Two point reads at once, and one write where the mark goes on; again where another device of the person was faster.
    /// </summary>
    /// <param name="number">Beyond the last message, it is the last message's.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>: the room is deleted. <see cref="ErrorCode.Unavailable"/>: others
    /// were faster each time.</exception>
    public Task RaiseAsync(string logId, string userId, long number, CancellationToken cancellation) => Attempts.DecideAtOnceAsync(async () =>
    {
        var (head, mark) = (table.ReadHeadAsync(logId, cancellation), FindRowAsync(logId, userId, cancellation));
        await Task.WhenAll(head, mark);
        if ((await head).IsSealed) throw new ChatException(ErrorCode.RoomNotFound);
        return await TryRaiseAsync(logId, userId, await mark, Math.Min(number, (await head).Number), cancellation);
    });

    private Task<ReadMark?> FindRowAsync(string logId, string userId, CancellationToken cancellation) =>
        table.Client.FindAsync<ReadMark>(logId, ReadMark.RowOf(userId), cancellation);

    /// <param name="mark">As it was read.</param>
    /// <returns>False if it is not so any more.</returns>
    private async Task<bool> TryRaiseAsync(string logId, string userId, ReadMark? mark, long number, CancellationToken cancellation)
    {
        if (number <= (mark?.Number ?? 0)) return true;
        var raised = new ReadMark { PartitionKey = logId, RowKey = ReadMark.RowOf(userId), Number = number };
        return await table.Client.TryWriteAsync(raised, mark?.ETag ?? default, cancellation);
    }
}
