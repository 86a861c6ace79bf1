using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using ChatFunctions.MessageLog;

namespace ChatFunctions.Benchmarks.Load;

/// <summary>
/// Writes the four rows of a message by a batch, asked by the SDK alone: what Azurite can do. Each worker has a partition of its own, so that
/// none waits for another.
/// </summary>
internal sealed record BatchLoad(string ConnectionString, string Table, int Concurrency, double Seconds) : LoadJob(Concurrency)
{
    private static readonly string Sender = $"{Guid.NewGuid():N}";

    public override Task<LoadResult> RunAsync()
    {
        var table = new TableClient(ConnectionString, Table);
        var heads = new ConcurrentBag<LogHead>();
        for (var worker = 0; worker < Concurrency; worker++) heads.Add(new LogHead { PartitionKey = $"{Guid.NewGuid():N}" });
        return ClosedLoop.RunAsync([.. heads], TimeSpan.FromSeconds(Seconds), async (head, _) => await WriteAsync(table, head));
    }

    private static async Task WriteAsync(TableClient table, LogHead head)
    {
        head.Seq++;
        head.Number++;
        head.LastAt = DateTimeOffset.UtcNow;
        var position = new LogPosition(head.PartitionKey, head.Seq, head.Number, $"{Guid.NewGuid():N}");
        var message = new NewMessage(new MessageEntity
        {
            Nonce = MessageId.NewNonce(),
            Text = SayLoad.Text,
            SentAt = DateTimeOffset.UtcNow,
            SenderId = Sender,
            SenderName = "Alice",
            ClientId = Guid.NewGuid(),
        }, pause: null);
        var first = head.IsStored
            ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, head, head.ETag)
            : new TableTransactionAction(TableTransactionActionType.Add, head);
        Response<IReadOnlyList<Response>> done = await table.SubmitTransactionAsync([first, .. message.ActionsAt(position)]);
        head.ETag = done.Value[0].Headers.ETag!.Value;
    }
}
