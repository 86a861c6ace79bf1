using Azure.Data.Tables;
using ChatFunctions.Identity;
using ChatFunctions.Rooms;

namespace ChatFunctions.Benchmarks.Load;

/// <summary>Inserts the rows of rooms into a table, each of a new name: what Azurite can do, asked by the SDK alone.</summary>
internal sealed record InsertLoad(string ConnectionString, string Table, int Concurrency, int Count) : LoadJob(Concurrency)
{
    private static readonly Caller Maker = new(Guid.NewGuid(), Guid.NewGuid(), "Alice");

    public override Task<LoadResult> RunAsync()
    {
        var table = new TableClient(ConnectionString, Table);
        return ClosedLoop.RunAsync([.. Enumerable.Repeat(table, Concurrency)], Count, InsertAsync);
    }

    private static async ValueTask InsertAsync(TableClient table, int number)
    {
        if (!ChatName.TryParse($"Room {number}", out var name, out var error)) throw new FormatException(error);
        await table.AddEntityAsync(PublicRoomEntity.Create(name, Maker, Guid.NewGuid(), DateTimeOffset.UtcNow));
    }
}
