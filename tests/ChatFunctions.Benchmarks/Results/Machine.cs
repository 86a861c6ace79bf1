using System.Globalization;
using System.Runtime.InteropServices;

namespace ChatFunctions.Benchmarks.Results;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    public static string Describe()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        var software = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
        return string.Create(
            CultureInfo.InvariantCulture, $"{Processor()}, {Environment.ProcessorCount} cores, {memory:0} GB, {software}");
    }

    private static string Processor()
    {
        const string Linux = "/proc/cpuinfo";
        var lines = File.Exists(Linux) ? File.ReadLines(Linux) : [];
        return lines.FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
