using System.Diagnostics;

namespace ChatFunctions.Benchmarks.Load;

/// <summary>What a load has measured.</summary>
/// <param name="Count">How many were done.</param>
/// <param name="Seconds">In what time.</param>
/// <param name="P50">The median of the times that each took, in ms.</param>
/// <param name="P99">Only one in a hundred took longer than so many ms.</param>
internal sealed record LoadResult(int Count, double Seconds, double P50, double P99)
{
    public double PerSecond => Count / Seconds;

    /// <param name="took">The times, as timestamps of <see cref="Stopwatch"/>; at least one.</param>
    /// <param name="whole">The time in which all were done.</param>
    public static LoadResult Of(IEnumerable<long> took, TimeSpan whole)
    {
        var sorted = took.Order().ToArray();
        return new LoadResult(sorted.Length, whole.TotalSeconds, At(0.50), At(0.99));

        double At(double part) =>
            Stopwatch.GetElapsedTime(0, sorted[Math.Min((int)(part * sorted.Length), sorted.Length - 1)]).TotalMilliseconds;
    }
}
