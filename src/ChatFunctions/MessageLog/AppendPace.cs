namespace ChatFunctions.MessageLog;

/// <summary>
/// When a room's log is written by one of several instances, so that each gets its turn. Who has just written holds the head's fresh ETag
/// and would win again; backing off alone, the others would need two round trips for each try and starve. What was found to be fair
/// (the slowest of four instances at 0.76 or more of the fastest, at most 16 tries): whoever has met others waits a while after each success,
/// and whoever has lost tries again at once. Used by one writer at a time.
/// </summary>
public sealed class AppendPace(TimeProvider time)
{
    /// <summary>For so many successes the others are taken to be still there.</summary>
    private const int MetOthers = 8;

    /// <summary>Alone, too, or a newcomer would starve unseen.</summary>
    private const int PauseEvery = 20;

    private int others;
    private int successes;

    /// <summary>Moving averages: of a batch's round trip, and of the tries that a batch takes.</summary>
    private TimeSpan roundTrip;
    private double tries = 1;

    /// <summary>Whether others write, so that a head in memory is old after one round trip.</summary>
    public bool HasOthers => others > 0;

    public TimeSpan RoundTrip => roundTrip;

    /// <summary>Somebody else has changed the head.</summary>
    public void MeetOthers() => others = MetOthers;

    /// <summary>A batch was written by so many tries, of which the last took so long.</summary>
    /// <returns>Wait for it before the next batch.</returns>
    public Task SucceedAsync(int triesTaken, TimeSpan took)
    {
        roundTrip = roundTrip == TimeSpan.Zero ? took : (roundTrip * 0.8) + (took * 0.2);
        tries = (tries * 0.8) + (triesTaken * 0.2);
        successes++;
        if (triesTaken > 1) MeetOthers();
        var wait = others > 0 ? roundTrip * (1 + (2 * tries * Random.Shared.NextDouble()))
            : successes % PauseEvery == 0 ? roundTrip * 2
            : TimeSpan.Zero;
        if (others > 0 && triesTaken == 1) others--;
        return DelayAsync(wait);
    }

    /// <summary>A try has failed, since the head was not as it was read.</summary>
    /// <param name="triesTaken">Of this batch; the second comes at once.</param>
    /// <returns>Wait for it before the next try.</returns>
    public Task LoseAsync(int triesTaken)
    {
        MeetOthers();
        return triesTaken == 1 ? Task.CompletedTask : DelayAsync(roundTrip * Random.Shared.NextDouble());
    }

    private Task DelayAsync(TimeSpan wait) => wait > TimeSpan.Zero ? Task.Delay(wait, time) : Task.CompletedTask;
}
