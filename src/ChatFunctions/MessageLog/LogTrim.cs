using Azure;
using Azure.Data.Tables;
using ChatFunctions.Tables;

namespace ChatFunctions.MessageLog;

/// <summary>Ends the logs of rooms that are deleted.</summary>
public sealed class LogTrim(LogTable table)
{
    /// <summary>From now on nothing is appended: one transaction. What is under way finds the head changed, and then sealed.</summary>
    public Task SealAsync(string logId, CancellationToken cancellation) => table.Client.UpsertEntityAsync(
        new TableEntity(logId, LogHead.Row) { [nameof(LogHead.IsSealed)] = true }, TableUpdateMode.Merge, cancellation);

    /// <summary>Deletes some rows of a log that is sealed, all but the head.</summary>
    /// <returns>Whether nothing else is left.</returns>
    public Task<bool> TryDeleteRowsAsync(string logId, CancellationToken cancellation) =>
        table.Client.TryDeleteBatchAsync(logId, LogHead.Row, _ => Task.CompletedTask, cancellation);

    /// <summary>
    /// The head, which nothing can be under way against any more, and before it what was written beside it by somebody who had entered the room
    /// before it was deleted.
    /// </summary>
    public async Task DeleteHeadAsync(string logId, CancellationToken cancellation)
    {
        if (!(await table.ReadHeadAsync(logId, cancellation)).IsSealed) return;
        while (!await TryDeleteRowsAsync(logId, cancellation))
        {
        }

        await table.Client.DeleteEntityAsync(logId, LogHead.Row, ETag.All, cancellation);
    }
}
