namespace ChatFunctions.Benchmarks.Apps;

/// <summary>Counts what an app sends to Table Storage; what goes to Key Vault passes by.</summary>
/// <param name="tables">A connection string.</param>
/// <param name="inner">Sends.</param>
internal sealed class TableWire(string tables, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private int requests;

    public int Requests => Volatile.Read(ref requests);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (tables.Contains(request.RequestUri!.Authority, StringComparison.Ordinal)) Interlocked.Increment(ref requests);
        return base.SendAsync(request, cancellationToken);
    }
}
