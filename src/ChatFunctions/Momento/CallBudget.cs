namespace ChatFunctions.Momento;

/// <summary>
/// This instance's share of the calls that Momento grants to the account: in no window of time are more given their turn than
/// the share allows. A call waits a moment for its turn.
/// </summary>
/// <param name="callsPerSecond">May be a fraction.</param>
public sealed class CallBudget(double callsPerSecond, TimeProvider time)
{
    /// <summary>A call that would wait longer is refused at once.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private readonly int capacity = Math.Max(1, (int)callsPerSecond);
    private readonly Lock gate = new();

    /// <summary>When the last calls start or started, at most <see cref="capacity"/>, oldest first.</summary>
    private readonly Queue<DateTimeOffset> starts = new();

    private DateTimeOffset pausedUntil = DateTimeOffset.MinValue;

    /// <summary>Any <see cref="capacity"/> calls take at least this long.</summary>
    private TimeSpan Window => TimeSpan.FromSeconds(capacity / callsPerSecond);

    /// <returns>Zero when it is the call's turn; otherwise it may not be made, and this is when to come back.</returns>
    public async Task<TimeSpan> WaitForTurnAsync(CancellationToken cancellation)
    {
        TimeSpan wait;
        DateTimeOffset start;
        lock (gate)
        {
            var now = time.GetUtcNow();
            start = NextStart(now);
            wait = start - now;
            if (wait > MaxWait) return wait;
            if (starts.Count == capacity) starts.Dequeue();
            starts.Enqueue(start);
        }

        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellation);
        lock (gate)
        {
            // A pause that began meanwhile. (The start itself may be a little ahead still: timers have whole milliseconds.)
            return pausedUntil > start ? pausedUntil - time.GetUtcNow() : TimeSpan.Zero;
        }
    }

    /// <summary>No call starts for this long: Momento says that the account has used up its share.</summary>
    public void Pause(TimeSpan pause)
    {
        lock (gate) pausedUntil = time.GetUtcNow() + pause;
    }

    private DateTimeOffset NextStart(DateTimeOffset now)
    {
        var start = starts.Count == capacity ? starts.Peek() + Window : now;
        if (start < now) start = now;
        return start < pausedUntil ? pausedUntil : start;
    }
}
