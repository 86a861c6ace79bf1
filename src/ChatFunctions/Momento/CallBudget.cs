namespace ChatFunctions.Momento;

/// <summary>
/// This instance's share of the calls that Momento grants to the account: in no window of time are more given their turn than
/// the share allows. A call waits a moment for its turn. Whoever has had fewest calls goes first, so that one caller, or a few,
/// cannot take the turns of all by asking for more than there are.
/// </summary>
/// <param name="callsPerSecond">May be a fraction.</param>
public sealed class CallBudget(double callsPerSecond, TimeProvider time)
{
    /// <summary>A call that would wait longer is refused: at once, or when others have gone before it.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private readonly int capacity = Math.Max(1, (int)callsPerSecond);
    private readonly Lock gate = new();

    /// <summary>When the last turns were given, at most <see cref="capacity"/>, oldest first.</summary>
    private readonly List<DateTimeOffset> turns = [];

    /// <summary>In the order of their turns to come.</summary>
    private readonly List<WaitingCall> waiting = [];

    private DateTimeOffset pausedUntil = DateTimeOffset.MinValue;

    /// <summary>Any <see cref="capacity"/> calls take at least this long.</summary>
    private TimeSpan Window => TimeSpan.FromSeconds(capacity / callsPerSecond);

    /// <param name="earlierCalls">How many its caller has had of late, those that wait included.</param>
    /// <param name="cancellation">Gives up the turn.</param>
    /// <returns>Zero when it is the call's turn; otherwise it may not be made, and this is when to come back.</returns>
    public async Task<TimeSpan> WaitForTurnAsync(int earlierCalls, CancellationToken cancellation)
    {
        var call = Enqueue(earlierCalls);
        try
        {
            while (true)
            {
                var (wait, isOver) = TryTakeTurn(call);
                if (isOver) return wait;
                // Timers have whole milliseconds, and end early rather than late.
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), time, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            lock (gate) waiting.Remove(call);
            throw;
        }
    }

    /// <summary>No call starts for this long: Momento says that the account has used up its share.</summary>
    public void Pause(TimeSpan pause)
    {
        lock (gate) pausedUntil = time.GetUtcNow() + pause;
    }

    private WaitingCall Enqueue(int earlierCalls)
    {
        var call = new WaitingCall(earlierCalls, time.GetUtcNow() + MaxWait);
        lock (gate)
        {
            var next = waiting.FindIndex(other => other.EarlierCalls > earlierCalls);
            waiting.Insert(next < 0 ? waiting.Count : next, call);
        }

        return call;
    }

    /// <returns>How long until its turn, and whether the wait for it is over: it is now, or too far away.</returns>
    private (TimeSpan Wait, bool IsOver) TryTakeTurn(WaitingCall call)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var turn = NextTurn(waiting.IndexOf(call), now > pausedUntil ? now : pausedUntil);
            if (turn > now && turn <= call.Until) return (turn - now, false);
            waiting.Remove(call);
            if (turn > now) return (turn - now, true);
            if (turns.Count == capacity) turns.RemoveAt(0);
            turns.Add(now);
            return (TimeSpan.Zero, true);
        }
    }

    /// <summary>When it is the turn of a call with so many ahead of it.</summary>
    private DateTimeOffset NextTurn(int ahead, DateTimeOffset earliest)
    {
        // The turn that must be a window ago: one that was given, or one that is given before.
        var before = turns.Count + ahead - capacity;
        if (before < 0) return earliest;
        var turn = (before < turns.Count ? turns[before] : NextTurn(before - turns.Count, earliest)) + Window;
        return turn > earliest ? turn : earliest;
    }

    /// <summary>Two are never the same, as records would be.</summary>
    private sealed class WaitingCall(int earlierCalls, DateTimeOffset until)
    {
        public int EarlierCalls => earlierCalls;
        public DateTimeOffset Until => until;
    }
}
