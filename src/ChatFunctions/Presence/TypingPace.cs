namespace ChatFunctions.Presence;

/// <summary>Tells a room at most once in three seconds that somebody types. It is kept nowhere else: two instances may tell it twice.</summary>
public sealed class TypingPace(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private readonly Dictionary<(string LogId, string UserId), long> toldAt = [];
    private long sweptAt = time.GetTimestamp();

    /// <returns>False if it was told a moment ago.</returns>
    public bool TryTake(string logId, string userId)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            Sweep(now);
            if (toldAt.TryGetValue((logId, userId), out var last) && time.GetElapsedTime(last, now) < Interval) return false;
            toldAt[(logId, userId)] = now;
            return true;
        }
    }

    private void Sweep(long now)
    {
        if (time.GetElapsedTime(sweptAt, now) < Interval) return;
        sweptAt = now;
        foreach (var (key, at) in toldAt)
        {
            if (time.GetElapsedTime(at, now) >= Interval) toldAt.Remove(key);
        }
    }
}
