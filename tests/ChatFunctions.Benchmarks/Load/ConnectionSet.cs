namespace ChatFunctions.Benchmarks.Load;

/// <summary>The connections of a load, one for each worker.</summary>
internal sealed class ConnectionSet : IDisposable
{
    private ConnectionSet(KeepAliveConnection[] all) => All = all;

    public KeepAliveConnection[] All { get; }

    public static async Task<ConnectionSet> OpenAsync(Uri address, int count) =>
        new(await Task.WhenAll(Enumerable.Range(0, count).Select(_ => KeepAliveConnection.OpenAsync(address))));

    public void Dispose()
    {
        foreach (var connection in All) connection.Dispose();
    }
}
