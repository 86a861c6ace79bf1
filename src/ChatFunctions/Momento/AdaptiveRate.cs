namespace ChatFunctions.Momento;

/// <summary>
/// How many calls a second this instance should make, of the 5 that Momento grants to all instances together: it is told of none
/// of the others, only refused when they make too many. So the rate goes down by a part of itself with a refusal and up by the
/// same steps everywhere without (AIMD): whoever makes more calls is refused, and goes down, more often, so that all come to
/// about the same rate. The figures were found by simulation, for up to 20 busy instances.
/// </summary>
/// <param name="max">Calls a second; where nobody is in the way.</param>
public sealed class AdaptiveRate(double max)
{
    /// <summary>The share of one of 20 instances. More of them are refused more often, and ask again.</summary>
    private const double Least = 0.25;

    /// <summary>Until a call succeeds nothing is known but that the rate is far too high.</summary>
    private const double CutInSearch = 0.4;

    private const double Cut = 0.94;

    /// <summary>Calls a second, for each second.</summary>
    private const double Step = 0.002;

    /// <summary>For each second after <see cref="Calm"/>: others have gone, and it is a minute from the least rate to 2.</summary>
    private const double GrowthInCalm = 1.05;

    /// <summary>A first estimate is a guess; to come back too early costs a second refusal, too late leaves the account idle.</summary>
    private const double FirstPromise = 1.36;

    /// <summary>The last promise has to be kept.</summary>
    private const double LastPromise = 0.8;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(30);

    /// <summary>Momento counts by the second: what it refuses within one says the same thing.</summary>
    private static readonly TimeSpan CutInterval = TimeSpan.FromSeconds(1);

    private double? rateAfterCut;
    private TimeSpan cutAt;
    private bool isFound;

    /// <param name="now">Since whenever, the same in all calls.</param>
    public double At(TimeSpan now)
    {
        if (rateAfterCut is not { } rate) return max;
        var sinceCut = (now - cutAt).TotalSeconds;
        var calm = Math.Max(0, sinceCut - Calm.TotalSeconds);
        return Math.Min(max, (rate + (Step * (sinceCut - calm))) * Math.Pow(GrowthInCalm, calm));
    }

    /// <param name="now">As above.</param>
    /// <param name="refusals">How often who is told to come back has been refused at the time that they were told.</param>
    /// <returns>How many a second to promise a turn to, some time from now.</returns>
    public double PromisedAt(TimeSpan now, int refusals)
    {
        var rate = At(now);
        if (rate >= max) return max;
        return rate * (refusals == 0 ? FirstPromise : LastPromise);
    }

    public void Succeeded() => isFound = true;

    public void Refused(TimeSpan now)
    {
        var rate = At(now);
        if (rate >= max) isFound = false;
        if (isFound && now - cutAt < CutInterval) return;
        rateAfterCut = Math.Max(Math.Min(max, Least), rate * (isFound ? Cut : CutInSearch));
        cutAt = now;
    }
}
