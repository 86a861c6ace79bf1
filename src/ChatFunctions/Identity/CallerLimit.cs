using ChatFunctions.Errors;

namespace ChatFunctions.Identity;

/// <summary>How often in any minute each caller may do something, so that one cannot use up what is there for all.</summary>
public sealed class CallerLimit(int callsPerMinute, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();

    /// <summary>When each one's calls were, oldest first.</summary>
    private readonly Dictionary<(Guid Tenant, Guid User), List<DateTimeOffset>> callsByCaller = [];

    private DateTimeOffset sweepAt = time.GetUtcNow() + Window;

    /// <summary>Counts a call before it is made: however many a caller makes at once, no more are let through.</summary>
    /// <param name="caller">Who makes it.</param>
    /// <returns>How many it counts already, for the last minute.</returns>
    /// <exception cref="ChatException"><see cref="ErrorCode.TooManyRequests"/>: the caller may not make it yet.</exception>
    public int Take(Caller caller)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            Sweep(now);
            if (!callsByCaller.TryGetValue(KeyOf(caller), out var calls)) callsByCaller[KeyOf(caller)] = calls = [];
            calls.RemoveAll(call => call + Window <= now);
            var earlier = calls.Count;
            if (earlier >= callsPerMinute) throw new ChatException(ErrorCode.TooManyRequests) { RetryAfter = calls[0] + Window - now };
            calls.Add(now);
            return earlier;
        }
    }

    /// <summary>A call that was taken was not made: it does not count.</summary>
    public void GiveBack(Caller caller)
    {
        lock (gate)
        {
            if (callsByCaller.TryGetValue(KeyOf(caller), out var calls) && calls.Count > 0) calls.RemoveAt(calls.Count - 1);
        }
    }

    private static (Guid Tenant, Guid User) KeyOf(Caller caller) => (caller.TenantId, caller.ObjectId);

    /// <summary>Forgets, once in a minute, who has not called for one.</summary>
    private void Sweep(DateTimeOffset now)
    {
        if (now < sweepAt) return;
        sweepAt = now + Window;
        foreach (var (caller, calls) in callsByCaller)
        {
            if (calls.Count == 0 || calls[^1] + Window <= now) callsByCaller.Remove(caller);
        }
    }
}
