using ChatFunctions.Errors;

namespace ChatFunctions.Identity;

/// <summary>How often in any minute each caller may do something, so that one cannot use up what is there for all.</summary>
public sealed class CallerLimit(int callsPerMinute, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();

    /// <summary>When each one's calls were, oldest first, in timestamps: a clock that is set wins or loses nobody a call.</summary>
    private readonly Dictionary<(Guid Tenant, Guid User), List<long>> callsByCaller = [];

    private long sweptAt = time.GetTimestamp();

    /// <summary>Counts a call before it is made: however many a caller makes at once, no more are let through.</summary>
    /// <param name="caller">Who makes it.</param>
    /// <returns>How many it counts already, for the last minute.</returns>
    /// <exception cref="ChatException"><see cref="ErrorCode.TooManyRequests"/>: the caller may not make it yet.</exception>
    public int Take(Caller caller)
    {
        var now = time.GetTimestamp();
        lock (gate)
        {
            Sweep(now);
            if (!callsByCaller.TryGetValue(KeyOf(caller), out var calls)) callsByCaller[KeyOf(caller)] = calls = [];
            calls.RemoveAll(call => time.GetElapsedTime(call, now) >= Window);
            var earlier = calls.Count;
            if (earlier >= callsPerMinute)
            {
                throw new ChatException(ErrorCode.TooManyRequests) { RetryAfter = Window - time.GetElapsedTime(calls[0], now) };
            }

            calls.Add(now);
            return earlier;
        }
    }

    /// <summary>A call that was taken came to nothing, through no fault of its caller: it does not count.</summary>
    public void GiveBack(Caller caller)
    {
        lock (gate)
        {
            if (callsByCaller.TryGetValue(KeyOf(caller), out var calls) && calls.Count > 0) calls.RemoveAt(calls.Count - 1);
        }
    }

    private static (Guid Tenant, Guid User) KeyOf(Caller caller) => (caller.TenantId, caller.ObjectId);

    /// <summary>Forgets, once in a minute, who has not called for one.</summary>
    private void Sweep(long now)
    {
        if (time.GetElapsedTime(sweptAt, now) < Window) return;
        sweptAt = now;
        foreach (var (caller, calls) in callsByCaller)
        {
            if (calls.Count == 0 || time.GetElapsedTime(calls[^1], now) >= Window) callsByCaller.Remove(caller);
        }
    }
}
