using ChatFunctions.Identity;

namespace ChatFunctions.Tokens;

/// <summary>So many calls to Momento in any minute for each caller, so that one cannot use up the share of all.</summary>
public sealed class CallerLimit(int callsPerMinute, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<(Guid Tenant, Guid User), Queue<DateTimeOffset>> callsByCaller = [];
    private DateTimeOffset sweepAt = time.GetUtcNow() + Window;

    /// <returns>Zero if the caller may cause a call; otherwise when they may come back.</returns>
    public TimeSpan Check(Caller caller)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (!callsByCaller.TryGetValue(KeyOf(caller), out var calls)) return TimeSpan.Zero;
            while (calls.TryPeek(out var oldest) && oldest + Window <= now) calls.Dequeue();
            return calls.Count < callsPerMinute ? TimeSpan.Zero : calls.Peek() + Window - now;
        }
    }

    /// <summary>A call is made now: one that was refused its turn does not count.</summary>
    public void Count(Caller caller)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            Sweep(now);
            var key = KeyOf(caller);
            if (!callsByCaller.TryGetValue(key, out var calls)) callsByCaller[key] = calls = new Queue<DateTimeOffset>();
            calls.Enqueue(now);
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
            if (calls.Count == 0 || calls.Last() + Window <= now) callsByCaller.Remove(caller);
        }
    }
}
