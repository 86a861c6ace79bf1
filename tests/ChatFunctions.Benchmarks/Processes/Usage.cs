using System.Diagnostics;
using ChatFunctions.Benchmarks.Apps;

namespace ChatFunctions.Benchmarks.Processes;

/// <summary>What a process has used since it started, in bytes, seconds and calls.</summary>
/// <param name="Allocated">By managed code, whatever became of it.</param>
/// <param name="Managed">Objects that are alive, after a full collection.</param>
/// <param name="Resident">RSS.</param>
/// <param name="TableTransactions">Requests to Table Storage, counted where they are sent.</param>
/// <param name="Batches">Those of them that are batches.</param>
/// <param name="RefusedBatches">Those of the batches that wrote nothing.</param>
internal sealed record Usage(
    double CpuSeconds, long Allocated, long Managed, long Resident, int TableTransactions, int Batches, int RefusedBatches)
{
    /// <summary>Of another process, as far as it shows: the rest is 0.</summary>
    /// <param name="processId">Of the system.</param>
    public static Usage Of(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return new Usage(
            process.TotalProcessorTime.TotalSeconds, Allocated: 0, Managed: 0, process.WorkingSet64,
            TableTransactions: 0, Batches: 0, RefusedBatches: 0);
    }

    public static Usage Now(TableWire tables)
    {
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        return new Usage(
            process.TotalProcessorTime.TotalSeconds, allocated, managed, process.WorkingSet64,
            tables.Requests, tables.Batches, tables.RefusedBatches);
    }
}
