using System.Diagnostics;

namespace ChatFunctions.Benchmarks.Processes;

/// <summary>What a process has used since it started, in bytes, seconds and calls.</summary>
/// <param name="Allocated">By managed code, whatever became of it.</param>
/// <param name="Managed">Objects that are alive, after a full collection.</param>
/// <param name="Resident">RSS.</param>
/// <param name="TableTransactions">Requests to Table Storage, counted where they are sent.</param>
internal sealed record Usage(double CpuSeconds, long Allocated, long Managed, long Resident, int TableTransactions)
{
    public static Usage Now(int tableTransactions)
    {
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        return new Usage(process.TotalProcessorTime.TotalSeconds, allocated, managed, process.WorkingSet64, tableTransactions);
    }
}
