namespace ChatFunctions.Benchmarks.Load;

/// <summary>POSTs rooms, each of a new name, in turn for each of the users.</summary>
internal sealed record CreateLoad(Uri Address, string[] UserTokens, int Concurrency, int Count) : LoadJob(Concurrency)
{
    public override async Task<LoadResult> RunAsync()
    {
        using var connections = await ConnectionSet.OpenAsync(Address, Concurrency);
        return await ClosedLoop.RunAsync(connections.All, Count, CreateAsync);
    }

    private async ValueTask CreateAsync(KeepAliveConnection connection, int number)
    {
        var body = $$"""{"chatName": "Room {{number}}"}""";
        await connection.SendAsync(KeepAliveConnection.Request("POST", "/chats", UserTokens[number % UserTokens.Length], body));
    }
}
