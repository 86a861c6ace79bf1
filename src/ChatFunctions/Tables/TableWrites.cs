using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.Tables;

/// <summary>Writes on condition that rows are as they were read. Where they are not, nothing is written, and a look at them tells more.</summary>
public static class TableWrites
{
    /// <summary>Of a batch: https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions.</summary>
    public const int MaxBatch = 100;

    /// <summary>One transaction.</summary>
    /// <returns>False also where the client library has repeated an insert whose answer was lost.</returns>
    public static Task<bool> TryAddAsync<T>(this TableClient table, T row, CancellationToken cancellation) where T : ITableEntity =>
        TryAsync(() => table.AddEntityAsync(row, cancellation));

    /// <summary>One transaction.</summary>
    /// <param name="row">As it is to be.</param>
    /// <param name="read">The ETag with which it was read.</param>
    public static Task<bool> TryReplaceAsync<T>(this TableClient table, T row, ETag read, CancellationToken cancellation)
        where T : ITableEntity =>
        TryAsync(() => table.UpdateEntityAsync(row, read, TableUpdateMode.Replace, cancellation));

    /// <summary>One transaction.</summary>
    /// <param name="row">As it is to be.</param>
    /// <param name="read">The ETag with which it was read; none where it was not there.</param>
    public static Task<bool> TryWriteAsync<T>(this TableClient table, T row, ETag read, CancellationToken cancellation) where T : ITableEntity =>
        read == default ? table.TryAddAsync(row, cancellation) : table.TryReplaceAsync(row, read, cancellation);

    /// <summary>The same in a batch.</summary>
    /// <inheritdoc cref="TryWriteAsync"/>
    public static TableTransactionAction Write(ITableEntity row, ETag read) => read == default
        ? new(TableTransactionActionType.Add, row)
        : new(TableTransactionActionType.UpdateReplace, row, read);

    /// <summary>One transaction. A row that is gone is as good as deleted.</summary>
    /// <param name="read">The ETag with which it was read.</param>
    public static Task<bool> TryDeleteAsync(
        this TableClient table, string partitionKey, string rowKey, ETag read, CancellationToken cancellation) =>
        TryAsync(() => table.DeleteEntityAsync(partitionKey, rowKey, read, cancellation));

    /// <summary>One batch, which is one transaction.</summary>
    /// <returns>False also where the client library has repeated a batch whose answer was lost.</returns>
    public static Task<bool> TrySubmitAsync(
        this TableClient table, IEnumerable<TableTransactionAction> actions, CancellationToken cancellation) =>
        TryAsync(() => table.SubmitTransactionAsync(actions, cancellation));

    /// <summary>Deletes as many rows of a partition as go into a batch.</summary>
    /// <param name="keptRow">The one row that stays.</param>
    /// <param name="before">What has to be done with the rows first.</param>
    /// <returns>Whether nothing else is left.</returns>
    public static async Task<bool> TryDeleteBatchAsync(
        this TableClient table, string partitionKey, string keptRow, Func<IReadOnlyList<TableEntity>, Task> before, CancellationToken cancellation)
    {
        var rest = TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey} and RowKey ne {keptRow}");
        // One more than goes at once tells whether there is more.
        var rows = await table.QueryAsync<TableEntity>(rest, MaxBatch + 1, ["PartitionKey", "RowKey"], cancellation)
            .Take(MaxBatch + 1).ToListAsync(cancellation);
        var batch = rows.Take(MaxBatch).ToList();
        await before(batch);
        // If others are at it, too, what is left is to be read again.
        if (batch.Count > 0 && !await table.TryDeleteAllAsync(batch, cancellation)) return false;
        return rows.Count <= MaxBatch;
    }

    /// <summary>Deletes rows of a partition, as they are: one batch.</summary>
    /// <returns>False if one of them is gone, and none was deleted.</returns>
    public static Task<bool> TryDeleteAllAsync(this TableClient table, IEnumerable<TableEntity> rows, CancellationToken cancellation) =>
        table.TrySubmitAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellation);

    private static async Task<bool> TryAsync(Func<Task> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (RequestFailedException error) when (TableStatus.IsOfRows(error))
        {
            return false;
        }
    }
}
