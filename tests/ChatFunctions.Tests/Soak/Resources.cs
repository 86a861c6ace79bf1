using System.Diagnostics;
using ChatFunctions.Tests.Faults;

namespace ChatFunctions.Tests.Soak;

/// <summary>What this process holds while nothing happens: the app, its clients, the proxies and the stand-ins together.</summary>
/// <param name="Megabytes">Managed memory after full collections.</param>
/// <param name="Handles">Open files and sockets; 0 where the system does not tell.</param>
/// <param name="Timers">Whatever waits for a time, such as a task that nobody ended.</param>
/// <param name="WorkItems">Waiting for a thread.</param>
/// <param name="Connections">Of the app to its services.</param>
public sealed record Resources(double Megabytes, int Handles, int Threads, long Timers, long WorkItems, int Connections)
{
    private const string HandlesFolder = "/proc/self/fd";

    private static readonly Resources Tolerance =
        new(Megabytes: 10, Handles: 12, Threads: 16, Timers: 16, WorkItems: 2, Connections: 1);

    /// <summary>Waits, at most half a minute, until no more than before is held, give or take <see cref="Tolerance"/>.</summary>
    /// <returns>What is held then.</returns>
    public async Task<Resources> UntilSettledAsync(FaultLab lab)
    {
        var limit = Stopwatch.StartNew();
        while (true)
        {
            var now = Measure(lab);
            if (now.IsNoMoreThan(this) || limit.Elapsed > TimeSpan.FromSeconds(30)) return now;
            await Task.Delay(500);
        }
    }

    /// <summary>Waits for the connections to all services to be given up, and measures what is left.</summary>
    public static async Task<Resources> MeasureIdleAsync(FaultLab lab)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (lab.Wires.Any(wire => wire.Connections.OpenConnections > 0)) await Task.Delay(100, timeout.Token);

        return Measure(lab);
    }

    public bool IsNoMoreThan(Resources before) =>
        Megabytes <= before.Megabytes + Tolerance.Megabytes && Handles <= before.Handles + Tolerance.Handles
        && Threads <= before.Threads + Tolerance.Threads && Timers <= before.Timers + Tolerance.Timers
        && WorkItems <= before.WorkItems + Tolerance.WorkItems && Connections <= before.Connections + Tolerance.Connections;

    private static Resources Measure(FaultLab lab)
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        using var process = Process.GetCurrentProcess();
        return new Resources(
            GC.GetTotalMemory(forceFullCollection: true) / 1e6,
            Directory.Exists(HandlesFolder) ? Directory.GetFileSystemEntries(HandlesFolder).Length : 0,
            process.Threads.Count,
            Timer.ActiveCount,
            ThreadPool.PendingWorkItemCount,
            lab.Wires.Sum(wire => wire.Connections.OpenConnections));
    }
}
