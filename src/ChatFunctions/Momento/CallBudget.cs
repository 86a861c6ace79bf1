using ChatFunctions.Identity;
using Momento.Sdk.Exceptions;

namespace ChatFunctions.Momento;

/// <summary>
/// This instance's share of the calls that Momento grants to the account: in no window of time do more have their turn than
/// <see cref="AdaptiveRate"/> allows. A call waits a moment for its turn, again where Momento refuses it. Whoever has had fewest
/// calls goes first, so that one caller, or a few, cannot take the turns of all by asking for more than there are. Who gets no
/// turn is told when to come back, and has a place then: whoever comes as told is refused twice at most, if there are no more
/// instances than <see cref="AdaptiveRate"/> is for.
/// </summary>
public sealed class CallBudget
{
    /// <summary>
    /// A call that would wait longer is refused: at once where that is known; where Momento is about to tell, or has just told,
    /// that the rate is wrong, at the end of the wait.
    /// </summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    /// <summary>Of a caller who has been refused before; a request has 5 s (<c>Http:RequestTimeout</c>).</summary>
    public static readonly TimeSpan MaxWaitWithPlace = TimeSpan.FromSeconds(4);

    /// <summary>How long no call starts after one that Momento has refused, at most: it counts by the second.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The same where the call was promised a turn, so that it comes before those of other instances that were not.</summary>
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(0.2);

    private readonly TimeProvider time;
    private readonly Random random;
    private readonly long start;
    private readonly int maxCapacity;
    private readonly AdaptiveRate rate;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private readonly Reservations reservations = new();

    /// <summary>When the last turns were given, oldest first, without those that Momento has refused.</summary>
    private readonly List<TimeSpan> turns = [];

    /// <summary>In the order of their turns to come.</summary>
    private readonly List<QueuedCall> waiting = [];

    private int underWay;
    private TimeSpan pausedUntil;
    private TimeSpan rateIsKnownAt;

    /// <param name="maxCallsPerSecond">May be a fraction.</param>
    /// <param name="time">Only its timestamps are used: a clock that is set changes nothing.</param>
    /// <param name="random">Keeps instances that were refused together from coming back together.</param>
    public CallBudget(double maxCallsPerSecond, TimeProvider time, Random random)
    {
        (this.time, this.random, start) = (time, random, time.GetTimestamp());
        maxCapacity = CapacityAt(maxCallsPerSecond);
        rate = new AdaptiveRate(maxCallsPerSecond);
        timer = time.CreateTimer(_ => Move(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => time.GetElapsedTime(start);

    /// <param name="caller">Whom the call is for.</param>
    /// <param name="earlierCalls">How many they have had of late, those that wait included.</param>
    public QueuedCall Enter(Caller caller, int earlierCalls)
    {
        lock (gate)
        {
            var place = reservations.Claim(caller, Now);
            return new QueuedCall(caller, earlierCalls, place, Now + (place is null ? MaxWait : MaxWaitWithPlace));
        }
    }

    /// <param name="call">May wait again after it was refused by Momento, until its time is over.</param>
    /// <param name="cancellation">Gives up the turn.</param>
    /// <returns>Zero when it is the call's turn: <see cref="Ended"/> has to be told how it went. Otherwise the call may not be
    /// made, and this is when to come back.</returns>
    public Task<TimeSpan> WaitForTurnAsync(QueuedCall call, CancellationToken cancellation)
    {
        Task<TimeSpan> wait;
        lock (gate)
        {
            var next = waiting.FindIndex(call.GoesBefore);
            waiting.Insert(next < 0 ? waiting.Count : next, call);
            // Cancels at once where that was asked for before: the call is already there to be removed.
            wait = call.WaitAsync(Cancel, cancellation);
        }

        Move();
        return wait;

        void Cancel(QueuedCall cancelled)
        {
            lock (gate)
            {
                if (!waiting.Remove(cancelled)) return;
                if (cancelled.Place is { } place) reservations.Release(place, Now);
                cancelled.Cancel(cancellation);
            }
        }
    }

    /// <param name="call">Has had its turn.</param>
    /// <param name="error">Momento's answer, or null for a token.</param>
    public void Ended(QueuedCall call, MomentoErrorCode? error)
    {
        lock (gate)
        {
            underWay--;
            if (error == MomentoErrorCode.LIMIT_EXCEEDED_ERROR) Refused(call);
            else if (error is not null) Failed(call);
            else Succeeded(call);
        }

        Move();
    }

    private static int CapacityAt(double rate) => Math.Max(1, (int)rate);

    private void Succeeded(QueuedCall call)
    {
        rate.Succeeded();
        if (call.Place is { } place) reservations.Use(place);
    }

    private void Failed(QueuedCall call)
    {
        if (call.Place is { } place) reservations.Release(place, Now);
    }

    private void Refused(QueuedCall call)
    {
        turns.Remove(call.TurnAt);
        rate.Refused(Now);
        pausedUntil = Now + ((call.IsPromised ? ShortPause : Pause) * (0.6 + (0.4 * random.NextDouble())));
        rateIsKnownAt = Now + MaxWait;
    }

    /// <summary>Gives turns that have come, refuses whose wait is over or in vain, and sees to it that it runs for the others.</summary>
    private void Move()
    {
        lock (gate)
        {
            var now = Now;
            while (waiting.Count > 0 && NextTurn(waiting[0], turns, now) <= now) GiveTurn(waiting[0], now);
            foreach (var (call, turn) in Forecast(now))
            {
                if (call.Until <= now) Refuse(call, now, earliest: now);
                else if (turn > call.Until && underWay == 0 && now >= rateIsKnownAt) Refuse(call, now, earliest: turn);
            }

            if (waiting.Count == 0) return;
            var wait = waiting.Min(call => call.Until) - now;
            if (NextTurn(waiting[0], turns, now) - now is var turnIn && turnIn < wait) wait = turnIn;
            // Timers have whole milliseconds, and end early rather than late.
            timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }

    private void GiveTurn(QueuedCall call, TimeSpan now)
    {
        waiting.Remove(call);
        if (turns.Count == maxCapacity) turns.RemoveAt(0);
        turns.Add(now);
        underWay++;
        call.GiveTurn(now);
    }

    private void Refuse(QueuedCall call, TimeSpan now, TimeSpan earliest)
    {
        waiting.Remove(call);
        var interval = TimeSpan.FromSeconds(1 / rate.PromisedAt(now, call.Place?.Refusals ?? 0));
        call.Refuse(reservations.Book(call.Caller, call.Place, now, earliest, interval));
    }

    /// <returns>When the turns of those who wait would come if the rate remained.</returns>
    private List<(QueuedCall Call, TimeSpan Turn)> Forecast(TimeSpan now)
    {
        List<TimeSpan> turnsToCome = [.. turns];
        var forecast = new List<(QueuedCall, TimeSpan)>(waiting.Count);
        foreach (var call in waiting)
        {
            var turn = NextTurn(call, turnsToCome, now);
            turnsToCome.Add(turn);
            forecast.Add((call, turn));
        }

        return forecast;
    }

    private TimeSpan NextTurn(QueuedCall call, List<TimeSpan> before, TimeSpan now)
    {
        var earliest = now > pausedUntil ? now : pausedUntil;
        var perSecond = rate.At(now);
        var capacity = CapacityAt(perSecond);
        // Who was promised this time does not wait for the window: so many have been promised a time as there are turns.
        if (call.IsPromised || before.Count < capacity) return earliest;
        var turn = before[^capacity] + TimeSpan.FromSeconds(capacity / perSecond);
        return turn > earliest ? turn : earliest;
    }
}
