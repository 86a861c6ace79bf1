using Azure.Core;

namespace ChatFunctions.Tests.Faults;

/// <summary>A call of the API during which one request of the app to Table Storage meets a fault.</summary>
public sealed class FaultyCall
{
    private readonly TableWire wire;
    private readonly TableFault fault;
    private readonly Func<Request, bool> of;
    private readonly int request;
    private bool hasMetFault = true;

    private FaultyCall(TableWire wire, TableFault fault, Func<Request, bool> of, int request) =>
        (this.wire, this.fault, this.of, this.request) = (wire, fault, of, request);

    /// <summary>
    /// The same call again and again: its first request meets the fault, then its second, and so on, until it has no more. The
    /// last call meets none.
    /// </summary>
    /// <param name="wire">Where the fault is.</param>
    /// <param name="fault">Met once in each call.</param>
    /// <param name="of">Which requests meet it; all without it.</param>
    public static IEnumerable<FaultyCall> AtEveryRequest(TableWire wire, TableFault fault, Func<Request, bool>? of = null)
    {
        var call = new FaultyCall(wire, fault, of ?? (_ => true), 0);
        while (call.hasMetFault)
        {
            yield return call;
            if (call.hasMetFault) call = new FaultyCall(wire, fault, call.of, call.request + 1);
        }
    }

    /// <inheritdoc cref="AtEveryRequest(TableWire, TableFault, Func{Request, bool}?)"/>
    public static IEnumerable<FaultyCall> AtEveryRequest(TableWire wire, (TableFault Fault, Func<Request, bool>? Of) fault) =>
        AtEveryRequest(wire, fault.Fault, fault.Of);

    /// <summary>When it is answered, its late writes are done, too.</summary>
    public async Task<HttpResponseMessage> MakeAsync(Func<Task<HttpResponseMessage>> call)
    {
        hasMetFault = false;
        wire.FailOnly(request, (message, each) =>
        {
            hasMetFault = true;
            return fault(message, each);
        }, of);
        var answer = await call();
        wire.Heal();
        await wire.LandAsync();
        return answer;
    }
}
