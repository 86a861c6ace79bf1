using Azure;
using Azure.Data.Tables;
using ChatFunctions.Tables;

namespace ChatFunctions.Tokens;

/// <summary>
/// Shared tokens in Table Storage, and the leases of those who make them. Failures of the service are
/// <see cref="RequestFailedException"/>.
/// </summary>
public sealed class SharedTokenStore(TableServiceClient service, TimeProvider time)
{
    /// <summary>
    /// As long as a request may take: by then whoever waits for a token has got a turn, or has been refused. An instance that is killed
    /// keeps the others waiting no longer.
    /// </summary>
    public static readonly TimeSpan LeaseLength = TimeSpan.FromSeconds(5);

    private const int MaxParallelDeletes = 16;

    private readonly TableClient table = service.GetTableClient(TableNames.Tokens);

    /// <summary>One point read.</summary>
    public Task<SharedTokenEntity?> FindAsync(string key, CancellationToken cancellation) =>
        table.FindAsync<SharedTokenEntity>(SharedTokenEntity.Partition, key, cancellation);

    /// <summary>Takes the lease of a row: one transaction, and another where it was not as it was read.</summary>
    /// <param name="key">The row's.</param>
    /// <param name="read">The row as it was read, without a lease that still runs; null if there was none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>
    /// The row with the caller's lease, for <see cref="WriteAsync"/> or <see cref="ReleaseAsync"/>; null if others were faster.
    /// </returns>
    public async Task<SharedTokenEntity?> TryLeaseAsync(string key, SharedTokenEntity? read, CancellationToken cancellation)
    {
        var until = time.GetUtcNow() + LeaseLength;
        var lease = new SharedTokenEntity
        {
            RowKey = key,
            Token = read?.Token,
            ExpiresAt = read?.Token is null ? until : read.ExpiresAt,
            RenewAt = read?.RenewAt ?? until,
            LeasedUntil = until,
            LeaseId = Guid.NewGuid().ToString("N"),
        };
        try
        {
            var written = read is null
                ? await table.AddEntityAsync(lease, cancellation)
                : await table.UpdateEntityAsync(lease, read.ETag, TableUpdateMode.Replace, cancellation);
            lease.ETag = written.Headers.ETag!.Value;
            return lease;
        }
        catch (RequestFailedException error) when (TableStatus.IsOfRows(error))
        {
            // The client library repeats a write whose answer was lost: then the lease that is in the way is this very one.
            return await FindAsync(key, cancellation) is { } found && found.LeaseId == lease.LeaseId ? found : null;
        }
    }

    /// <summary>
    /// Writes the token and ends the lease: one transaction. Where the lease was over, and others have begun, theirs stays.
    /// </summary>
    public Task WriteAsync(
        SharedTokenEntity lease, string token, DateTimeOffset expiresAt, DateTimeOffset renewAt, CancellationToken cancellation)
    {
        (lease.Token, lease.ExpiresAt, lease.RenewAt, lease.LeasedUntil) = (token, expiresAt, renewAt, time.GetUtcNow());
        // If it is not as it was, this write was applied and its answer lost, or it is somebody's who came after the lease was over.
        return table.TryReplaceAsync(lease, lease.ETag, cancellation);
    }

    /// <summary>Lets others try at once: one transaction.</summary>
    public Task ReleaseAsync(SharedTokenEntity lease, CancellationToken cancellation)
    {
        lease.LeasedUntil = time.GetUtcNow();
        return table.TryReplaceAsync(lease, lease.ETag, cancellation);
    }

    /// <summary>Deletes rows of no more use: a transaction each, and one for the query. What has got a lease meanwhile stays.</summary>
    /// <param name="before">When they ended.</param>
    /// <param name="limit">The most to delete.</param>
    /// <param name="cancellation">Leaves the rest for another time.</param>
    /// <returns>How many it were.</returns>
    public async Task<int> DeleteExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {SharedTokenEntity.Partition} and ExpiresAt lt {before}");
        var expired = await table.QueryAsync<SharedTokenEntity>(filter, limit, ["PartitionKey", "RowKey", "Timestamp"], cancellation)
            .Take(limit).ToListAsync(cancellation);
        await Parallel.ForEachAsync(
            expired,
            new ParallelOptions { MaxDegreeOfParallelism = MaxParallelDeletes, CancellationToken = cancellation },
            async (row, each) => await table.TryDeleteAsync(row.PartitionKey, row.RowKey, row.ETag, each));
        return expired.Count;
    }
}
