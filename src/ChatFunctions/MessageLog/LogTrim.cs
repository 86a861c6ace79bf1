using Azure;
using Azure.Data.Tables;
using ChatFunctions.Tables;

namespace ChatFunctions.MessageLog;

/// <summary>Ends the logs of rooms that are deleted.</summary>
public sealed class LogTrim(LogTable table)
{
    /// <summary>Table Storage takes at most 100 changes in a batch.</summary>
    private const int MaxBatch = 100;

    /// <summary>From now on nothing is appended: one transaction. What is under way finds the head changed, and then sealed.</summary>
    public Task SealAsync(string logId, CancellationToken cancellation) => table.Client.UpsertEntityAsync(
        new TableEntity(logId, LogHead.Row) { [nameof(LogHead.IsSealed)] = true }, TableUpdateMode.Merge, cancellation);

    /// <summary>Deletes some rows of a log that is sealed, all but the head.</summary>
    /// <returns>Whether nothing else is left.</returns>
    public async Task<bool> TryDeleteRowsAsync(string logId, CancellationToken cancellation)
    {
        var rest = TableClient.CreateQueryFilter($"PartitionKey eq {logId} and RowKey ne {LogHead.Row}");
        // One more than goes at once tells whether there is more.
        var rows = await table.Client.QueryAsync<TableEntity>(rest, MaxBatch + 1, ["PartitionKey", "RowKey"], cancellation)
            .Take(MaxBatch + 1).ToListAsync(cancellation);
        if (rows.Count == 0) return true;
        try
        {
            await table.Client.SubmitTransactionAsync(
                rows.Take(MaxBatch).Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellation);
        }
        catch (RequestFailedException error) when (TableStatus.IsOfRows(error))
        {
            // Another run is at it, too: what is left is read again.
            return false;
        }

        return rows.Count <= MaxBatch;
    }

    /// <summary>The head, which nothing can be under way against any more.</summary>
    public async Task DeleteHeadAsync(string logId, CancellationToken cancellation)
    {
        if ((await table.ReadHeadAsync(logId, cancellation)).IsSealed)
        {
            await table.Client.DeleteEntityAsync(logId, LogHead.Row, ETag.All, cancellation);
        }
    }
}
