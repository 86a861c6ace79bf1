using System.Collections.Concurrent;
using System.Diagnostics;

namespace ChatFunctions.Tests.Soak;

/// <summary>How long requests took, by when they began.</summary>
public sealed class Latencies
{
    private readonly ConcurrentQueue<(long Start, TimeSpan Taken, bool IsRight)> requests = new();

    public int Count => requests.Count;

    /// <summary>Requests that were answered 503 or 429.</summary>
    public int Refused => requests.Count(request => !request.IsRight);

    public void Add(long start, bool isRight) => requests.Enqueue((start, Stopwatch.GetElapsedTime(start), isRight));

    /// <summary>What began in a stretch of time, by timestamps.</summary>
    /// <returns>The 99th percentile of its best whole second, since others use the machine, too; and how many were refused.</returns>
    public (TimeSpan P99, int Refused) Between(long from, long to)
    {
        to -= (to - from) % Stopwatch.Frequency;
        var begun = requests.Where(request => request.Start >= from && request.Start < to).ToList();
        var seconds = begun.GroupBy(request => (request.Start - from) / Stopwatch.Frequency);
        var p99 = seconds.Min(second => P99([.. second.Select(request => request.Taken).Order()]));
        return (p99, begun.Count(request => !request.IsRight));
    }

    private static TimeSpan P99(List<TimeSpan> ordered) => ordered[(int)Math.Ceiling(ordered.Count * 0.99) - 1];
}
