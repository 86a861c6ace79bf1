using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.Tables;

namespace ChatFunctions.Idempotency;

/// <summary>
/// Requests that may be repeated, by tenant, person, route and key, for a day: as the IETF draft of the header
/// <c>Idempotency-Key</c> has it (draft-ietf-httpapi-idempotency-key-header).
/// </summary>
public sealed class IdempotencyStore(TableServiceClient service, TimeProvider time)
{
    /// <summary>Table Storage tells of its own hand when somebody else was faster, more than once at the end of a day only.</summary>
    private const int MaxAttempts = 5;

    private const int MaxParallelDeletes = 16;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly TableClient table = service.GetTableClient(TableNames.Work);

    /// <summary>Before the first write of what is made: one transaction, and a repeat costs a second one.</summary>
    /// <param name="route">The method and the path, without ids.</param>
    /// <param name="key">What the client sent.</param>
    /// <param name="payload">What is asked for, written alike however the client wrote it.</param>
    /// <returns>The first request's row.</returns>
    /// <exception cref="ChatException"><see cref="ErrorCode.IdempotencyKeyReused"/>: it asked for something else.</exception>
    public async Task<IdempotencyEntity> BeginAsync(Caller caller, string route, string key, string payload, CancellationToken cancellation)
    {
        var own = IdempotencyEntity.Create(caller, route, key, payload, time.GetUtcNow());
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await table.TryAddAsync(own, cancellation)) return own;
            if (await table.FindAsync<IdempotencyEntity>(own.PartitionKey, own.RowKey, cancellation) is not { } first) continue;
            if (first.CreatedAt > own.CreatedAt - Lifetime) return first.Payload == own.Payload ? first : throw Reused();
            if (await table.TryReplaceAsync(own, first.ETag, cancellation)) return own;
        }

        throw ChatException.Unavailable(TimeSpan.FromSeconds(1));
    }

    /// <summary>What the first request asked for has been made: one transaction.</summary>
    public Task EndAsync(IdempotencyEntity first, CancellationToken cancellation) => table.UpsertEntityAsync(
        new TableEntity(first.PartitionKey, first.RowKey) { [nameof(IdempotencyEntity.IsDone)] = true },
        TableUpdateMode.Merge, cancellation);

    /// <summary>Deletes the rows of requests that are too old to be repeated.</summary>
    public Task DeleteExpiredAsync(CancellationToken cancellation)
    {
        var expired = table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter(
                $"PartitionKey ge {IdempotencyEntity.PartitionStart} and PartitionKey lt {IdempotencyEntity.PartitionEnd} and CreatedAt lt {time.GetUtcNow() - Lifetime}"),
            select: ["PartitionKey", "RowKey"], cancellationToken: cancellation);
        return Parallel.ForEachAsync(
            expired,
            new ParallelOptions { MaxDegreeOfParallelism = MaxParallelDeletes, CancellationToken = cancellation },
            // One that was replaced since it was read is of a new request.
            async (row, each) => await table.TryDeleteAsync(row.PartitionKey, row.RowKey, row.ETag, each));
    }

    private static ChatException Reused() => new(ErrorCode.IdempotencyKeyReused);
}
