using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.Tables;

/// <summary>How rows are read by their keys.</summary>
public static class TableReads
{
    /// <summary>One point read.</summary>
    /// <returns>Null if there is no such row.</returns>
    /// <exception cref="RequestFailedException">Also where the whole table is missing, which the client library takes for a missing row.</exception>
    public static async Task<T?> FindAsync<T>(this TableClient table, string partitionKey, string rowKey, CancellationToken cancellation)
        where T : class, ITableEntity
    {
        var found = await table.GetEntityIfExistsAsync<T>(partitionKey, rowKey, null, cancellation);
        if (found.HasValue) return found.Value;
        var answer = found.GetRawResponse();
        if (answer.Content.ToString().Contains(TableStatus.TableNotFound, StringComparison.Ordinal)) throw new RequestFailedException(answer);
        return null;
    }
}
