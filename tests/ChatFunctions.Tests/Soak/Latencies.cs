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
    /// <returns>The median of the 99th percentiles of its seconds, and how many requests were refused.</returns>
    public (TimeSpan P99, int Refused) Between(long from, long to)
    {
        var begun = requests.Where(request => request.Start >= from && request.Start < to).ToList();
        var seconds = begun.GroupBy(request => (request.Start - from) / Stopwatch.Frequency)
            .Select(second => Percentile([.. second.Select(request => request.Taken).Order()], 0.99)).Order().ToList();
        return (Percentile(seconds, 0.5), begun.Count(request => !request.IsRight));
    }

    private static TimeSpan Percentile(List<TimeSpan> ordered, double share) =>
        ordered.Count == 0 ? TimeSpan.Zero : ordered[(int)Math.Min(ordered.Count - 1, Math.Ceiling(ordered.Count * share) - 1)];
}
