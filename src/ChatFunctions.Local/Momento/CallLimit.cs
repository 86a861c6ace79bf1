namespace ChatFunctions.Local.Momento;

/// <summary>So many calls in any one second, and no more.</summary>
/// <param name="callsPerSecond">0 sets no limit.</param>
public sealed class CallLimit(int callsPerSecond, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();

    /// <summary>When the last granted calls came, oldest first.</summary>
    private readonly Queue<DateTimeOffset> granted = new();

    /// <returns>False: the call is one too many, and does not count.</returns>
    public bool TryTake()
    {
        if (callsPerSecond == 0) return true;
        lock (gate)
        {
            var now = time.GetUtcNow();
            while (granted.TryPeek(out var oldest) && oldest + Window <= now) granted.Dequeue();
            if (granted.Count == callsPerSecond) return false;
            granted.Enqueue(now);
            return true;
        }
    }
}
