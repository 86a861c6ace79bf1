namespace ChatFunctions.Benchmarks.Load;

/// <summary>Reads all rooms, page by page, in turn for each of the users. A walk counts as one.</summary>
internal sealed record WalkLoad(Uri Address, string[] UserTokens, int Concurrency, double Seconds) : LoadJob(Concurrency)
{
    public override async Task<LoadResult> RunAsync()
    {
        using var connections = await ConnectionSet.OpenAsync(Address, Concurrency);
        return await ClosedLoop.RunAsync(connections.All, TimeSpan.FromSeconds(Seconds), WalkAsync);
    }

    private async ValueTask WalkAsync(KeepAliveConnection connection, int number)
    {
        var next = "/chats";
        while (next is not null)
        {
            var page = await connection.SendAsync(KeepAliveConnection.Request("GET", next, UserTokens[number % UserTokens.Length]));
            next = KeepAliveConnection.Header(page.Span, "\r\nLink:"u8)?.Split('<', '>')[1];
        }
    }
}
