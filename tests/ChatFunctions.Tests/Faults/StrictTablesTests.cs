using Azure.Core.Pipeline;
using Azure.Data.Tables;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Faults;

/// <summary>The rules of Table Storage that every app of the tests is held to.</summary>
public sealed class StrictTablesTests(TestCloud cloud)
{
    private readonly TableClient table = new TableServiceClient(
        cloud.Local.Storage.ConnectionString,
        new TableClientOptions { Transport = new StrictTables(new HttpClientTransport()) }).GetTableClient("rooms");

    private readonly string partition = ChatApi.Unique("it's strict");

    [Fact]
    public Task A_batch_of_two_partitions_is_refused() => AssertRefusedAsync(
        400, "CommandsInBatchActOnDifferentPartitions", 2, [Add("a"), Add("b"), Add("c", $"{partition} too"), Add("a")]);

    [Fact]
    public Task A_batch_with_a_row_twice_is_refused() => AssertRefusedAsync(
        400, "InvalidDuplicateRow", 2, [Add("a"), Add("b"), new(TableTransactionActionType.Delete, new TableEntity(partition, "a"))]);

    [Fact]
    public Task A_batch_of_101_actions_is_refused() =>
        AssertRefusedAsync(400, "InvalidInput", 99, [.. Enumerable.Range(0, 101).Select(number => Add($"{number}"))]);

    [Fact]
    public Task A_batch_of_more_than_4_MiB_is_refused() =>
        AssertRefusedAsync(413, "RequestBodyTooLarge", null, [.. Enumerable.Range(0, 5).Select(number => Add($"{number}", size: 900_000))]);

    [Fact]
    public async Task A_batch_of_100_actions_and_one_of_almost_4_MiB_are_done()
    {
        await table.SubmitTransactionAsync(Enumerable.Range(0, 100).Select(number => Add($"small {number}")));
        await table.SubmitTransactionAsync(Enumerable.Range(0, 4).Select(number => Add($"large {number}", size: 900_000)));
        Assert.Equal(104, await RowsAsync());
    }

    private TableTransactionAction Add(string row, string? of = null, int size = 0)
    {
        var entity = new TableEntity(of ?? partition, row);
        for (var property = 0; size > 0; property++, size -= 30_000) entity[$"P{property}"] = new string('x', 30_000);
        return new(TableTransactionActionType.Add, entity);
    }

    private async Task AssertRefusedAsync(int status, string code, int? action, List<TableTransactionAction> batch)
    {
        var error = await Assert.ThrowsAnyAsync<Azure.RequestFailedException>(() => table.SubmitTransactionAsync(batch));
        Assert.Equal((status, code), (error.Status, error.ErrorCode));
        Assert.Equal(action, (error as TableTransactionFailedException)?.FailedTransactionActionIndex);
        Assert.Equal(0, await RowsAsync());
    }

    private ValueTask<int> RowsAsync() =>
        table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), select: ["RowKey"]).CountAsync();
}
