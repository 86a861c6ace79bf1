namespace ChatFunctions.Tests.Faults;

/// <summary>
/// Between the app and Table Storage: counts what is sent, and can stop it, as a process that dies does. What goes to Key Vault
/// passes by.
/// </summary>
/// <param name="tables">The address of Table Storage.</param>
/// <param name="inner">Trusts the vault.</param>
public sealed class TableWire(Uri tables, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private int requests;
    private int writesLeft = int.MaxValue;

    /// <summary>How many transactions were sent.</summary>
    public int Requests => requests;

    /// <summary>Lets so many writes through from now on, and then nothing any more.</summary>
    public void CrashAfter(int writes) => writesLeft = writes;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.Authority != tables.Authority) return await base.SendAsync(request, cancellationToken);
        Interlocked.Increment(ref requests);
        if (Volatile.Read(ref writesLeft) < 0 || (request.Method != HttpMethod.Get && Interlocked.Decrement(ref writesLeft) < 0))
        {
            throw new HttpRequestException("The process is dead.");
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
