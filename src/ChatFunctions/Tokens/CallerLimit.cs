using ChatFunctions.Identity;

namespace ChatFunctions.Tokens;

/// <summary>So many calls to Momento in any minute for each caller, so that one cannot use up the share of all.</summary>
public sealed class CallerLimit(int callsPerMinute, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<(Guid Tenant, Guid User), Queue<DateTimeOffset>> callsByCaller = [];
    private DateTimeOffset sweepAt = time.GetUtcNow() + Window;

    /// <returns>Zero, and the call is counted; otherwise when the caller may come back.</returns>
    public TimeSpan Take(Caller caller)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            Sweep(now);
            var key = (caller.TenantId, caller.ObjectId);
            if (!callsByCaller.TryGetValue(key, out var calls)) callsByCaller[key] = calls = new Queue<DateTimeOffset>();
            while (calls.TryPeek(out var oldest) && oldest + Window <= now) calls.Dequeue();
            if (calls.Count >= callsPerMinute) return calls.Peek() + Window - now;
            calls.Enqueue(now);
            return TimeSpan.Zero;
        }
    }

    /// <summary>Forgets, once in a minute, who has not called for one.</summary>
    private void Sweep(DateTimeOffset now)
    {
        if (now < sweepAt) return;
        sweepAt = now + Window;
        foreach (var (caller, calls) in callsByCaller)
        {
            if (calls.Last() + Window <= now) callsByCaller.Remove(caller);
        }
    }
}
