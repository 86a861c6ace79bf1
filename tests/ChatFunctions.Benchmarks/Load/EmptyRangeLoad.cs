using Azure.Data.Tables;

namespace ChatFunctions.Benchmarks.Load;

/// <summary>Reads a range of keys in which there is nothing: the least that a list can ask of Azurite, asked by the SDK alone.</summary>
internal sealed record EmptyRangeLoad(string ConnectionString, string Table, int Concurrency, double Seconds) : LoadJob(Concurrency)
{
    public override Task<LoadResult> RunAsync()
    {
        var table = new TableClient(ConnectionString, Table);
        return ClosedLoop.RunAsync([.. Enumerable.Repeat(table, Concurrency)], TimeSpan.FromSeconds(Seconds), ReadAsync);
    }

    private static async ValueTask ReadAsync(TableClient table, int number)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {$"nobody-{number}"} and RowKey gt {""}");
        await foreach (var _ in table.QueryAsync<TableEntity>(filter)) throw new InvalidOperationException("The range is not empty.");
    }
}
