namespace ChatFunctions.Benchmarks.Apps;

/// <summary>Counts what an app sends to Table Storage, and its batches apart; what goes to Key Vault passes by.</summary>
/// <param name="tables">A connection string.</param>
/// <param name="inner">Sends.</param>
internal sealed class TableWire(string tables, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private int requests;
    private int batches;
    private int refusedBatches;

    public int Requests => Volatile.Read(ref requests);

    public int Batches => Volatile.Read(ref batches);

    /// <summary>A row was not as the batch had it.</summary>
    public int RefusedBatches => Volatile.Read(ref refusedBatches);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (tables.Contains(request.RequestUri!.Authority, StringComparison.Ordinal)) Interlocked.Increment(ref requests);
        var answer = await base.SendAsync(request, cancellationToken);
        if (!request.RequestUri.AbsolutePath.EndsWith("$batch", StringComparison.Ordinal)) return answer;
        Interlocked.Increment(ref batches);
        // The answer to a batch is a 202, whatever became of it.
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (text.Contains("HTTP/1.1 4", StringComparison.Ordinal)) Interlocked.Increment(ref refusedBatches);
        return answer;
    }
}
