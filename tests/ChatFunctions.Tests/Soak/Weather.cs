using ChatFunctions.Tests.Faults;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ChatFunctions.Tests.Soak;

/// <summary>Faults that come and go at each of the three services, for a second or so each.</summary>
public sealed class Weather(FaultLab lab, Random random)
{
    private static readonly HttpFault[] TableFaults =
    [
        HttpFaults.TableError(503, "ServerBusy"), HttpFaults.TableError(429, "TooManyRequests", retryAfter: 1),
        HttpFaults.TableError(500, "OperationTimedOut"), HttpFaults.Reset, HttpFaults.LostAnswer, HttpFaults.HalfAnswer, HttpFaults.NoAnswer,
    ];

    private static readonly HttpFault[] VaultFaults =
    [
        HttpFaults.VaultError(503, "ServiceUnavailable"), HttpFaults.VaultError(429, "Throttled", retryAfter: 1),
        HttpFaults.VaultError(403, "Forbidden"), HttpFaults.Reset, HttpFaults.HalfAnswer, HttpFaults.NoAnswer,
    ];

    private static readonly HttpFault[] MomentoFaults =
    [
        HttpFaults.GrpcError(StatusCode.Unavailable), HttpFaults.GrpcError(StatusCode.ResourceExhausted),
        HttpFaults.GrpcError(StatusCode.DeadlineExceeded), HttpFaults.GrpcError(StatusCode.Internal),
        HttpFaults.Reset, HttpFaults.LostAnswer, HttpFaults.HalfAnswer,
    ];

    private static readonly Fault[] ConnectionFaults = [Fault.Down, Fault.Refused, Fault.Silent];

    /// <summary>It begins with a rotation of the key. When it is over, everything is well.</summary>
    public async Task StormAsync(TimeSpan length)
    {
        lab.ApiKey.Rotate();
        using var end = new CancellationTokenSource(length);
        await Task.WhenAll(
            StormAsync(lab.TablesWire, TableFaults, new Random(random.Next()), end.Token),
            StormAsync(lab.KeyVaultWire, VaultFaults, new Random(random.Next()), end.Token),
            StormAsync(lab.MomentoWire, MomentoFaults, new Random(random.Next()), end.Token));
    }

    private static async Task StormAsync(HttpFaultProxy wire, HttpFault[] faults, Random random, CancellationToken end)
    {
        try
        {
            while (true)
            {
                await Task.Delay(random.Next(100, 1000), end);
                if (random.Next(2) == 0) wire.Connections.Fault = random.GetItems(ConnectionFaults, 1)[0];
                else wire.Follow(Some(random.GetItems(faults, 1)[0], random.Next(1, 4)));
                await Task.Delay(random.Next(200, 1500), end);
                Heal(wire);
            }
        }
        catch (OperationCanceledException)
        {
            Heal(wire);
        }
    }

    /// <summary>Every request of so many meets the fault: every one, or every second or third.</summary>
    private static Func<HttpRequest, HttpFault?> Some(HttpFault fault, int every)
    {
        var count = 0;
        return _ => Interlocked.Increment(ref count) % every == 0 ? fault : null;
    }

    private static void Heal(HttpFaultProxy wire)
    {
        wire.Heal();
        if (wire.Connections.Fault != Fault.None) wire.Connections.Fault = Fault.None;
    }
}
