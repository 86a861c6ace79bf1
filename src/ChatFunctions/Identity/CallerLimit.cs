using ChatFunctions.Errors;

namespace ChatFunctions.Identity;

/// <summary>How much of something each caller may use in any minute, so that one cannot use up what is there for all.</summary>
public sealed class CallerLimit(int perMinute, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<(Guid Tenant, Guid User), Usage> usageByCaller = [];

    private long sweptAt = time.GetTimestamp();

    /// <summary>Counts one before it is used: however many a caller takes at once, no more are let through.</summary>
    /// <param name="caller">Who uses it.</param>
    /// <returns>How many it counts already, for the last minute.</returns>
    /// <exception cref="ChatException"><see cref="ErrorCode.TooManyRequests"/>: the caller may not use it yet.</exception>
    public int Take(Caller caller)
    {
        var now = time.GetTimestamp();
        lock (gate)
        {
            Sweep(now);
            if (!usageByCaller.TryGetValue(KeyOf(caller), out var usage)) usageByCaller[KeyOf(caller)] = usage = new();
            usage.Forget(time, now);
            if (usage.Total >= perMinute)
            {
                var age = time.GetElapsedTime(usage.TimeOf(usage.Total - perMinute), now);
                throw new ChatException(ErrorCode.TooManyRequests) { RetryAfter = Window - age };
            }

            usage.Add(now, 1);
            return usage.Total - 1;
        }
    }

    /// <summary>Counts more for one that was taken, which may exceed the limit.</summary>
    public void Add(Caller caller, int more)
    {
        var now = time.GetTimestamp();
        lock (gate)
        {
            if (usageByCaller.TryGetValue(KeyOf(caller), out var usage)) usage.Add(now, more);
        }
    }

    /// <summary>One that was taken came to nothing, through no fault of its caller: it does not count.</summary>
    public void GiveBack(Caller caller)
    {
        lock (gate)
        {
            if (usageByCaller.TryGetValue(KeyOf(caller), out var usage)) usage.RemoveLast();
        }
    }

    private static (Guid Tenant, Guid User) KeyOf(Caller caller) => (caller.TenantId, caller.ObjectId);

    /// <summary>Forgets, once in a minute, who has used nothing for one.</summary>
    private void Sweep(long now)
    {
        if (time.GetElapsedTime(sweptAt, now) < Window) return;
        sweptAt = now;
        foreach (var (caller, usage) in usageByCaller)
        {
            usage.Forget(time, now);
            if (usage.Total == 0) usageByCaller.Remove(caller);
        }
    }

    /// <summary>What one caller has used in the last minute, and when: in timestamps, for a clock that is set wins or loses nobody any.</summary>
    private sealed class Usage
    {
        private readonly LinkedList<(long At, int Amount)> oldestFirst = [];

        public int Total { get; private set; }

        public void Add(long at, int amount)
        {
            if (amount > 0) oldestFirst.AddLast((at, amount));
            Total += amount;
        }

        public void RemoveLast()
        {
            if (oldestFirst.Last is not { } last) return;
            if (last.Value.Amount == 1) oldestFirst.RemoveLast();
            else last.Value = last.Value with { Amount = last.Value.Amount - 1 };
            Total--;
        }

        public void Forget(TimeProvider time, long now)
        {
            while (oldestFirst.First is { } first && time.GetElapsedTime(first.Value.At, now) >= Window)
            {
                Total -= first.Value.Amount;
                oldestFirst.RemoveFirst();
            }
        }

        /// <summary>When the one with this number was used, where the oldest is number 0.</summary>
        public long TimeOf(int number)
        {
            var use = oldestFirst.First!;
            for (var next = use.Value.Amount; next <= number; next += use.Value.Amount) use = use.Next!;
            return use.Value.At;
        }
    }
}
