using ChatFunctions.Errors;

namespace ChatFunctions.Tables;

/// <summary>Changes of rows that others change, too: each is decided on what was read, and written if that is still so.</summary>
public static class Attempts
{
    /// <summary>How often a change is decided anew where the rows change meanwhile.</summary>
    private const int Max = 20;

    private const int MaxAtOnce = 10;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Tries until an attempt succeeds; one that does not has found the rows changed since it read them.</summary>
    /// <param name="attempt">Reads, decides and writes. False: the rows have changed, or the outcome is unclear.</param>
    /// <param name="time">Of the waits between attempts.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.Unavailable"/>: others were faster each time.</exception>
    public static async Task DecideAsync(Func<Task<bool>> attempt, TimeProvider time, CancellationToken cancellation)
    {
        for (var number = 1; number <= Max; number++)
        {
            if (await attempt()) return;
            // Those who are in each other's way try again at different times, later each time.
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(10 * number)), time, cancellation);
        }

        throw ChatException.Unavailable(RetryAfter);
    }

    /// <summary>The same without waits, where each attempt that is lost is another one's that was done: fewer are enough.</summary>
    /// <inheritdoc cref="DecideAsync"/>
    public static async Task DecideAtOnceAsync(Func<Task<bool>> attempt)
    {
        for (var number = 1; number <= MaxAtOnce; number++)
        {
            if (await attempt()) return;
        }

        throw ChatException.Unavailable(RetryAfter);
    }
}
