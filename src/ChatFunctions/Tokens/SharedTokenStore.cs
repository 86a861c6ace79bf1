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
    public async Task<SharedTokenEntity?> FindAsync(string key, CancellationToken cancellation)
    {
        var found = await table.GetEntityIfExistsAsync<SharedTokenEntity>(SharedTokenEntity.Partition, key, null, cancellation);
        return found.HasValue ? found.Value : null;
    }

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
    public async Task WriteAsync(
        SharedTokenEntity lease, string token, DateTimeOffset expiresAt, DateTimeOffset renewAt, CancellationToken cancellation)
    {
        (lease.Token, lease.ExpiresAt, lease.RenewAt, lease.LeasedUntil) = (token, expiresAt, renewAt, time.GetUtcNow());
        await TryUpdateAsync(lease, cancellation);
    }

    /// <summary>Lets others try at once: one transaction.</summary>
    public async Task ReleaseAsync(SharedTokenEntity lease, CancellationToken cancellation)
    {
        lease.LeasedUntil = time.GetUtcNow();
        await TryUpdateAsync(lease, cancellation);
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
            async (row, each) => await TryDeleteAsync(row, each));
        return expired.Count;
    }

    private async Task TryUpdateAsync(SharedTokenEntity row, CancellationToken cancellation)
    {
        try
        {
            await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellation);
        }
        catch (RequestFailedException error) when (TableStatus.IsOfRows(error))
        {
            // Somebody has the row who came after this lease was over; or this write was applied, and its answer lost.
        }
    }

    private async Task TryDeleteAsync(SharedTokenEntity row, CancellationToken cancellation)
    {
        try
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellation);
        }
        catch (RequestFailedException error) when (TableStatus.IsOfRows(error))
        {
            // It is in use again, or gone.
        }
    }
}
