using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Tables;
using Microsoft.Extensions.Azure;

namespace ChatFunctions.MessageLog;

/// <summary>The table of all rooms' logs, a partition each.</summary>
public sealed class LogTable(TableServiceClient service, IAzureClientFactory<TableServiceClient> clients, ServiceFailure failures)
{
    /// <summary>The name of a client that tries once: whoever appends decides on another try, since it knows how to find out.</summary>
    public const string OneTry = "one-try";

    private readonly TableClient once = clients.CreateClient(OneTry).GetTableClient(TableNames.Messages);

    public TableClient Client { get; } = service.GetTableClient(TableNames.Messages);

    /// <summary>What a batch ended with.</summary>
    public abstract record Outcome
    {
        /// <param name="HeadETag">Of the first row; null where others may have changed it since.</param>
        public sealed record Done(ETag? HeadETag) : Outcome;

        /// <summary>A row was not as the batch has it, and nothing was written.</summary>
        /// <param name="Action">The first such, by its number.</param>
        public sealed record Refused(int Action) : Outcome;

        /// <summary>It may be written, now or later.</summary>
        public sealed record Unclear : Outcome;
    }

    /// <summary>One transaction.</summary>
    public async Task<LogHead> ReadHeadAsync(string logId, CancellationToken cancellation) =>
        await Client.FindAsync<LogHead>(logId, LogHead.Row, cancellation) ?? new LogHead { PartitionKey = logId };

    /// <summary>The head, and what tells whether any reaction in the room has changed since: one transaction, a range of the two rows.</summary>
    /// <returns>The mark is null where there was never any.</returns>
    public async Task<(LogHead Head, string? ReactionMark)> ReadHeadAndMarkAsync(string logId, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {logId} and RowKey ge {LogHead.Row} and RowKey le {ReactionSummary.MarkRow}");
        // Of the mark only the ETag counts.
        var rows = await Client.QueryAsync<LogHead>(filter, null, null, cancellation).ToListAsync(cancellation);
        var mark = rows.Find(row => row.RowKey == ReactionSummary.MarkRow);
        return (rows.Find(row => row.RowKey == LogHead.Row) ?? new LogHead { PartitionKey = logId }, mark?.ETag.ToString());
    }

    /// <summary>
    /// Deletes messages, and with each the row of its <c>clientId</c>, in one batch: as long as the one is there, so is the other, and no message
    /// that comes later under the same <c>clientId</c> loses its row.
    /// </summary>
    /// <returns>False if one of them is gone, and none was deleted.</returns>
    public Task<bool> TryDeleteMessagesAsync(IEnumerable<MessageEntity> messages, CancellationToken cancellation) =>
        Client.TryDeleteAllAsync(messages.SelectMany(RowsOf), cancellation);

    private static IEnumerable<TableEntity> RowsOf(MessageEntity message) =>
    [
        new(message.PartitionKey, message.RowKey),
        new(message.PartitionKey, ClientIdEntity.RowOf(message.SenderId, message.ClientId)),
    ];

    /// <summary>Writes a batch, of which the first action is the head's: one transaction.</summary>
    public async Task<Outcome> SubmitAsync(IReadOnlyList<TableTransactionAction> actions)
    {
        try
        {
            var done = await once.SubmitTransactionAsync(actions);
            return new Outcome.Done(done.Value[0].Headers.ETag!.Value);
        }
        catch (TableTransactionFailedException error) when (error.FailedTransactionActionIndex is { } action && TableStatus.IsOfRows(error))
        {
            return new Outcome.Refused(action);
        }
        catch (Exception error) when (failures.MayPass(error))
        {
            return new Outcome.Unclear();
        }
    }
}
