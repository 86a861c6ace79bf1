namespace ChatFunctions.Benchmarks.Load;

/// <summary>GETs each of the paths in turn, for one of the users after the other.</summary>
/// <param name="Seconds">For how long; or, where it is zero, <paramref name="Count"/> times.</param>
internal sealed record GetLoad(Uri Address, string[] Paths, string[] UserTokens, int Concurrency, double Seconds, int Count = 0)
    : LoadJob(Concurrency)
{
    public override async Task<LoadResult> RunAsync()
    {
        var requests = UserTokens.SelectMany(token => Paths.Select(path => KeepAliveConnection.Request("GET", path, token))).ToArray();
        using var connections = await ConnectionSet.OpenAsync(Address, Concurrency);
        return Seconds > 0
            ? await ClosedLoop.RunAsync(connections.All, TimeSpan.FromSeconds(Seconds), GetAsync)
            : await ClosedLoop.RunAsync(connections.All, Count, GetAsync);

        async ValueTask GetAsync(KeepAliveConnection connection, int number) =>
            await connection.SendAsync(requests[number % requests.Length]);
    }
}
