namespace ChatFunctions.Tests.Faults;

/// <summary>A call of the API during which one request of the app meets a fault.</summary>
public sealed class FaultyCall
{
    private readonly HttpFaultProxy wire;
    private readonly HttpFault fault;
    private readonly int request;
    private bool hasMetFault = true;

    private FaultyCall(HttpFaultProxy wire, HttpFault fault, int request) =>
        (this.wire, this.fault, this.request) = (wire, fault, request);

    /// <summary>
    /// The same call again and again: its first request meets the fault, then its second, and so on, until it has no more. The
    /// last call meets none.
    /// </summary>
    public static IEnumerable<FaultyCall> AtEveryRequest(HttpFaultProxy wire, HttpFault fault)
    {
        var call = new FaultyCall(wire, fault, 0);
        while (call.hasMetFault)
        {
            yield return call;
            if (call.hasMetFault) call = new FaultyCall(wire, fault, call.request + 1);
        }
    }

    public async Task<HttpResponseMessage> MakeAsync(Func<Task<HttpResponseMessage>> call)
    {
        var before = wire.Requests;
        wire.FailOnly(request, fault);
        var answer = await call();
        wire.Heal();
        hasMetFault = wire.Requests - before > request;
        return answer;
    }
}
