namespace ChatFunctions.Benchmarks.Load;

/// <summary>Reads all rooms, page by page, in turn for each of the users. A walk counts as one.</summary>
/// <param name="Rooms">How many there are.</param>
internal sealed record WalkLoad(Uri Address, string[] UserTokens, int Rooms, int Concurrency, double Seconds) : LoadJob(Concurrency)
{
    public override async Task<LoadResult> RunAsync()
    {
        using var connections = await ConnectionSet.OpenAsync(Address, Concurrency);
        return await ClosedLoop.RunAsync(connections.All, TimeSpan.FromSeconds(Seconds), WalkAsync);
    }

    private async ValueTask WalkAsync(KeepAliveConnection connection, int number)
    {
        var rooms = 0;
        var next = "/chats";
        while (next is not null)
        {
            var page = await connection.SendAsync(KeepAliveConnection.Request("GET", next, UserTokens[number % UserTokens.Length]));
            rooms += page.Span.Count("\"chatId\":"u8);
            next = KeepAliveConnection.Header(page.Span, "\r\nLink:"u8)?.Split('<', '>')[1];
        }

        if (rooms != Rooms) throw new InvalidOperationException($"{rooms} of {Rooms} rooms were read.");
    }
}
