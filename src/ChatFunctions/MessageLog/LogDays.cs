using Azure;
using Azure.Data.Tables;
using ChatFunctions.Tables;

namespace ChatFunctions.MessageLog;

/// <summary>The days on which rooms were spoken in. Failures of the service are <see cref="RequestFailedException"/>.</summary>
public sealed class LogDays(TableServiceClient service)
{
    private readonly TableClient table = service.GetTableClient(TableNames.Work);

    /// <summary>Before the first message of the day: one transaction. Where it is there already, it stays as it is.</summary>
    public Task LeaveAsync(LogDay day) => table.TryAddAsync(day, CancellationToken.None);

    /// <summary>Those of before a day, oldest first: a range of keys, which is empty most of the time.</summary>
    public IAsyncEnumerable<LogDay> ListAsync(DateOnly before, CancellationToken cancellation) => table.QueryAsync<LogDay>(
        TableClient.CreateQueryFilter($"PartitionKey ge {LogDay.PartitionStart} and PartitionKey lt {LogDay.PartitionOf(before)}"),
        cancellationToken: cancellation);

    /// <summary>What was sent on this day is trimmed: one transaction.</summary>
    public Task EndAsync(LogDay day, CancellationToken cancellation) =>
        table.DeleteEntityAsync(day.PartitionKey, day.RowKey, ETag.All, cancellation);
}
