using Azure.Data.Tables;
using ChatFunctions.MessageLog;

namespace ChatFunctions.Benchmarks.Load;

/// <summary>Reads the newest messages of a log, asked by the SDK alone: what Azurite can do.</summary>
internal sealed record RangeLoad(string ConnectionString, string Table, string LogId, int Rows, int Concurrency, double Seconds)
    : LoadJob(Concurrency)
{
    public override Task<LoadResult> RunAsync()
    {
        var table = new TableClient(ConnectionString, Table);
        return ClosedLoop.RunAsync(
            [.. Enumerable.Repeat(table, Concurrency)], TimeSpan.FromSeconds(Seconds), async (each, _) => await ReadAsync(each));
    }

    private async Task ReadAsync(TableClient table)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {LogId} and RowKey gt {MessageEntity.RowOf(long.MaxValue)} and RowKey lt {MessageEntity.RowsEnd}");
        var found = await table.QueryAsync<MessageEntity>(filter, Rows).Take(Rows).ToListAsync();
        if (found.Count != Rows) throw new InvalidOperationException($"There are {found.Count} messages.");
    }
}
