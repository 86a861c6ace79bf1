using System.Diagnostics;

namespace ChatFunctions.Benchmarks.Load;

/// <summary>Some workers that each do one thing after the other, and measure how long each takes.</summary>
internal static class ClosedLoop
{
    /// <param name="workers">Who works at once.</param>
    /// <param name="time">For how long.</param>
    /// <param name="work">What a worker does, given a number that is different each time, from 0.</param>
    public static Task<LoadResult> RunAsync<T>(IReadOnlyList<T> workers, TimeSpan time, Func<T, int, ValueTask> work)
    {
        var begin = Stopwatch.GetTimestamp();
        return RunAsync(workers, work, _ => Stopwatch.GetElapsedTime(begin) < time);
    }

    /// <param name="workers">Who works at once.</param>
    /// <param name="count">How much in all.</param>
    /// <param name="work">What a worker does, given a number that is different each time, from 0.</param>
    public static Task<LoadResult> RunAsync<T>(IReadOnlyList<T> workers, int count, Func<T, int, ValueTask> work) =>
        RunAsync(workers, work, number => number < count);

    private static async Task<LoadResult> RunAsync<T>(IReadOnlyList<T> workers, Func<T, int, ValueTask> work, Func<int, bool> goesOn)
    {
        var last = -1;
        var begin = Stopwatch.GetTimestamp();
        var took = await Task.WhenAll(workers.Select(worker => Task.Run(() => WorkAsync(worker))));
        return LoadResult.Of(took.SelectMany(times => times), Stopwatch.GetElapsedTime(begin));

        async Task<List<long>> WorkAsync(T worker)
        {
            var times = new List<long>();
            while (Interlocked.Increment(ref last) is var number && goesOn(number))
            {
                var from = Stopwatch.GetTimestamp();
                await work(worker, number);
                times.Add(Stopwatch.GetTimestamp() - from);
            }

            return times;
        }
    }
}
