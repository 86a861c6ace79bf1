namespace ChatFunctions.Momento;

/// <summary>
/// How many messages this instance may publish: a number a second, of which those of a whole second may go at once. An ordinary
/// message that is early waits its turn for a moment, in the order of the calls. One of low priority never waits, and those take half of the
/// rate at most, and nothing where the ordinary ones need more than the other half. Each refusal by Momento halves the rate,
/// once a second at most, and a minute later all of it is back. (<see cref="AdaptiveRate"/> does not fit: it is for a few calls a second,
/// and before it knows a rate that works it cuts with every refusal. Messages that are refused together would bring it to its least.)
/// </summary>
/// <param name="maxPerSecond">At least 1.</param>
/// <param name="time">Only its timestamps are used: a clock that is set changes nothing.</param>
public sealed class PublishBudget(double maxPerSecond, TimeProvider time)
{
    /// <summary>Of an ordinary message. The call after it needs the rest of the second that <see cref="TopicPublisher"/> has.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(0.5);

    /// <summary>How much of what was not used is kept.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    /// <summary>Momento counts by the second: what it refuses within one says the same thing.</summary>
    private static readonly TimeSpan CutInterval = TimeSpan.FromSeconds(1);

    /// <summary>From nothing to the whole rate.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(1);

    private const double Cut = 0.5;

    /// <summary>Enough to find out whether Momento takes more again.</summary>
    private const double Least = 1;

    private readonly long start = time.GetTimestamp();
    private readonly Lock gate = new();

    /// <summary>The time up to which all turns are taken; in the future while messages wait.</summary>
    private TimeSpan taken = -Burst;

    /// <summary>The time up to which the turns of low priority are taken, of which there are half as many.</summary>
    private TimeSpan takenLow = -Burst;

    private double? rateAfterCut;
    private TimeSpan cutAt;

    private TimeSpan Now => time.GetElapsedTime(start);

    /// <param name="priority">Of the message.</param>
    /// <returns>How long to wait before the message is sent, at most <see cref="MaxWait"/>; null: it may not be sent.</returns>
    public TimeSpan? TryTake(PublishPriority priority)
    {
        lock (gate)
        {
            var now = Now;
            if (taken < now - Burst) taken = now - Burst;
            var step = TimeSpan.FromSeconds(1 / RateAt(now));
            if (priority == PublishPriority.Low && !TryTakeLow(now, 2 * step)) return null;
            var turn = taken + step;
            if (turn > now + MaxWait) return null;
            taken = turn;
            return turn > now ? turn - now : TimeSpan.Zero;
        }
    }

    private bool TryTakeLow(TimeSpan now, TimeSpan step)
    {
        var burst = step > Burst ? step : Burst;
        if (takenLow < now - burst) takenLow = now - burst;
        if (taken > now - (Burst / 2) || takenLow + step > now) return false;
        takenLow += step;
        return true;
    }

    /// <summary>Momento has refused a message, since the account does too much.</summary>
    public void Refused()
    {
        lock (gate)
        {
            var now = Now;
            if (rateAfterCut is not null && now - cutAt < CutInterval) return;
            rateAfterCut = Math.Max(Least, RateAt(now) * Cut);
            cutAt = now;
            // What was not used before does not come on top of what was too much.
            if (taken < now) taken = now;
        }
    }

    private double RateAt(TimeSpan now) => rateAfterCut is { } rate
        ? Math.Min(maxPerSecond, rate + (maxPerSecond * ((now - cutAt) / Recovery)))
        : maxPerSecond;
}
