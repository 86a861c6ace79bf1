using Azure;
using Azure.Data.Tables;
using ChatFunctions.Identity;
using ChatFunctions.Tables;

namespace ChatFunctions.Presence;

/// <summary>The leases of those who are in rooms. Failures of the service are <see cref="RequestFailedException"/>.</summary>
public sealed class LeaseStore(TableServiceClient service, TimeProvider time)
{
    private readonly TableClient table = service.GetTableClient(TableNames.Presence);

    /// <summary>
    /// A session comes into a room, or stays: a range for each of <see cref="LeasePartitions.Live"/>, and a write. For one that comes the ranges
    /// are read once more after the write, so that of two that come at once, or while another goes, somebody sees how it stands.
    /// </summary>
    /// <returns>Whether it is the first of its person there.</returns>
    public async Task<bool> RenewAsync(string logId, User person, Guid sessionId, CancellationToken cancellation)
    {
        var own = (await ListAsync(logId, person.Id, cancellation)).Find(lease => lease.SessionId == sessionId);
        var now = time.GetUtcNow();
        var lease = new LeaseEntity
        {
            PartitionKey = LeasePartitions.Of(logId, now),
            RowKey = LeaseEntity.RowOf(person.Id, sessionId),
            UserId = person.Id,
            Name = person.Name,
            SessionId = sessionId,
            Since = own?.Since ?? now,
            ExpiresAt = now + LeasePartitions.LeaseTime,
        };
        await table.UpsertEntityAsync(lease, TableUpdateMode.Replace, cancellation);
        return own is null && !(await ListAsync(logId, person.Id, cancellation)).Exists(other => IsBefore(other, lease));
    }

    /// <summary>
    /// A session goes: a write and a range for each of <see cref="LeasePartitions.Live"/>. Another that goes at the same time is seen to be gone by
    /// whoever reads last.
    /// </summary>
    /// <returns>Whether it was there, and is the last of its person.</returns>
    public async Task<bool> EndAsync(string logId, string userId, Guid sessionId, CancellationToken cancellation)
    {
        var ends = LeasePartitions.Live(logId, time.GetUtcNow())
            .Select(partition => TryDeleteAsync(partition, LeaseEntity.RowOf(userId, sessionId), cancellation));
        return (await Task.WhenAll(ends)).Any(wasThere => wasThere) && (await ListAsync(logId, userId, cancellation)).Count == 0;
    }

    /// <summary>All sessions of a person go: a range for each of <see cref="LeasePartitions.Live"/>, and a write for each session.</summary>
    /// <returns>Whether there was any.</returns>
    public async Task<bool> EndAllAsync(string logId, string userId, CancellationToken cancellation)
    {
        var leases = await ListAsync(logId, userId, cancellation);
        await Task.WhenAll(leases.Select(lease => TryDeleteAsync(lease.PartitionKey, lease.RowKey, cancellation)));
        return leases.Count > 0;
    }

    /// <summary>Who is in a room: a transaction for each thousand leases of each of <see cref="LeasePartitions.Live"/>.</summary>
    /// <param name="most">So many people at most.</param>
    /// <returns>Each once, by id.</returns>
    public async Task<List<User>> ListPeopleAsync(string logId, int most, CancellationToken cancellation)
    {
        var found = await Task.WhenAll(LeasePartitions.Live(logId, time.GetUtcNow()).Select(async partition => await Read(partition, "", cancellation)
            .Select(lease => new User(lease.UserId, lease.Name)).DistinctBy(person => person.Id).Take(most).ToListAsync(cancellation)));
        return [.. found.SelectMany(people => people).DistinctBy(person => person.Id).Take(most)];
    }

    /// <summary>Deletes those that have expired minutes ago.</summary>
    public async Task DeleteOldAsync(CancellationToken cancellation)
    {
        foreach (var (first, end) in LeasePartitions.Old(time.GetUtcNow()))
        {
            await DeleteAsync(TableClient.CreateQueryFilter($"PartitionKey ge {first} and PartitionKey lt {end}"), cancellation);
        }
    }

    private async Task DeleteAsync(string filter, CancellationToken cancellation)
    {
        var old = table.QueryAsync<TableEntity>(filter, null, ["PartitionKey", "RowKey"], cancellation);
        await foreach (var page in old.AsPages().WithCancellation(cancellation))
        {
            var batches = page.Values.GroupBy(row => row.PartitionKey).SelectMany(rows => rows.Chunk(TableWrites.MaxBatch));
            // If others are at it, too, the next run finds what is left.
            foreach (var batch in batches) await table.TryDeleteAllAsync(batch, cancellation);
        }
    }

    private async Task<List<LeaseEntity>> ListAsync(string logId, string userId, CancellationToken cancellation)
    {
        var rows = TableClient.CreateQueryFilter(
            $" and RowKey ge {LeaseEntity.RowsOf(userId)} and RowKey lt {LeaseEntity.RowsEndOf(userId)}");
        var found = await Task.WhenAll(LeasePartitions.Live(logId, time.GetUtcNow())
            .Select(async partition => await Read(partition, rows, cancellation).ToListAsync(cancellation)));
        return [.. found.SelectMany(leases => leases)];
    }

    /// <param name="rows">The rest of the filter.</param>
    private AsyncPageable<LeaseEntity> Read(string partition, string rows, CancellationToken cancellation) => table.QueryAsync<LeaseEntity>(
        TableClient.CreateQueryFilter($"PartitionKey eq {partition} and ExpiresAt gt {time.GetUtcNow()}") + rows, cancellationToken: cancellation);

    /// <summary>The same for whoever compares the two.</summary>
    private static bool IsBefore(LeaseEntity one, LeaseEntity other) =>
        one.SessionId != other.SessionId && (one.Since, one.SessionId).CompareTo((other.Since, other.SessionId)) < 0;

    /// <returns>Whether it was there.</returns>
    private async Task<bool> TryDeleteAsync(string partition, string row, CancellationToken cancellation) =>
        (await table.DeleteEntityAsync(partition, row, ETag.All, cancellation)).Status != 404;
}
