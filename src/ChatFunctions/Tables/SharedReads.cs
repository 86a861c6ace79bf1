namespace ChatFunctions.Tables;

/// <summary>
/// Reads whose answers are the same for everybody: one read serves all who ask while it runs and for a while after it began.
/// </summary>
/// <typeparam name="TKey">What makes two reads the same.</typeparam>
/// <typeparam name="TAnswer">Shared by all who ask: what one changes in it, all have.</typeparam>
/// <param name="maxAge">How long after its begin a read is served.</param>
/// <param name="maxKept">Beyond it all are forgotten.</param>
public sealed class SharedReads<TKey, TAnswer>(TimeSpan maxAge, int maxKept, TimeProvider time) where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, (Task<TAnswer> Answer, long BegunAt)> reads = [];

    /// <param name="key">What is read.</param>
    /// <param name="read">Reads it. Nobody who waits can cancel it for the others.</param>
    /// <param name="cancellation">Of the one who asks.</param>
    public Task<TAnswer> GetAsync(TKey key, Func<Task<TAnswer>> read, CancellationToken cancellation)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            if (!reads.TryGetValue(key, out var kept) || HasFailed(kept.Answer) || time.GetElapsedTime(kept.BegunAt, now) >= maxAge)
            {
                if (reads.Count >= maxKept) reads.Clear();
                reads[key] = kept = (Task.Run(read, CancellationToken.None), now);
            }

            return kept.Answer.WaitAsync(cancellation);
        }
    }

    /// <summary>Something has changed: whoever asks from now on gets no answer of a read that began before.</summary>
    public void Forget()
    {
        lock (gate) reads.Clear();
    }

    private static bool HasFailed(Task read) => read.IsCompleted && !read.IsCompletedSuccessfully;
}
