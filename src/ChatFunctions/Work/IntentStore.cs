using Azure;
using Azure.Data.Tables;
using ChatFunctions.Tables;

namespace ChatFunctions.Work;

/// <summary>Intents in Table Storage. Failures of the service are <see cref="RequestFailedException"/>.</summary>
public sealed class IntentStore(TableServiceClient service, TimeProvider time)
{
    private readonly TableClient table = service.GetTableClient(TableNames.Work);

    /// <summary>Before the first write of what is to be done: one transaction.</summary>
    /// <param name="what">Such as <see cref="Intent.DeletePrivateRoom"/>.</param>
    /// <param name="chatId">Which room.</param>
    /// <param name="logId">Which of those that have had this id.</param>
    /// <param name="epoch">In which a private room is.</param>
    /// <param name="number">Of which message.</param>
    /// <param name="delay">It is to be done so much later.</param>
    public async Task<Intent> BeginAsync(
        string what, string chatId, string logId, CancellationToken cancellation, string epoch = "", TimeSpan delay = default, long number = 0)
    {
        var intent = Intent.Create(what, chatId, logId, epoch, number, time.GetUtcNow() + delay);
        // Not added but upserted: the client library repeats it where an answer was lost.
        await table.UpsertEntityAsync(intent, TableUpdateMode.Replace, cancellation);
        return intent;
    }

    /// <summary>Everything is done: one transaction.</summary>
    public Task EndAsync(Intent intent, CancellationToken cancellation) =>
        table.DeleteEntityAsync(intent.PartitionKey, intent.RowKey, ETag.All, cancellation);

    /// <summary>Those of before a time, oldest first.</summary>
    public IAsyncEnumerable<Intent> ListAsync(DateTimeOffset before, CancellationToken cancellation) => table.QueryAsync<Intent>(
        TableClient.CreateQueryFilter($"PartitionKey eq {Intent.Partition} and RowKey lt {Intent.RowOf(before)}"),
        cancellationToken: cancellation);
}
