namespace ChatFunctions.Benchmarks.Load;

/// <summary>POSTs messages, in turn to each of the rooms and for each of the users.</summary>
internal sealed record SayLoad(Uri Address, string[] Rooms, string[] UserTokens, int Concurrency, double Seconds) : LoadJob(Concurrency)
{
    /// <summary>Of no length that matters: what is measured is not how many bytes a second there are.</summary>
    public const string Text = "The quick brown fox jumps over the lazy dog.";

    public override async Task<LoadResult> RunAsync()
    {
        using var connections = await ConnectionSet.OpenAsync(Address, Concurrency);
        return await ClosedLoop.RunAsync(connections.All, TimeSpan.FromSeconds(Seconds), SayAsync);
    }

    /// <summary>A message that is new.</summary>
    public static byte[] Request(string room, string userToken) => KeepAliveConnection.Request(
        "POST", $"/chats/{room}/messages", userToken, $$"""{"text": "{{Text}}", "clientId": "{{Guid.NewGuid()}}"}""");

    private async ValueTask SayAsync(KeepAliveConnection connection, int number) =>
        await connection.SendAsync(Request(Rooms[number % Rooms.Length], UserTokens[number % UserTokens.Length]));
}
