using ChatFunctions.Identity;

namespace ChatFunctions.Momento;

/// <summary>A call to Momento that waits for its turn in a <see cref="CallBudget"/>, has it, or has had it.</summary>
/// <param name="caller">Whom it is made for.</param>
/// <param name="earlierCalls">How many its caller has had of late, those that wait included.</param>
/// <param name="place">What its caller was promised, and comes for.</param>
/// <param name="until">When the wait is over.</param>
public sealed class QueuedCall(Caller caller, int earlierCalls, Reservations.Place? place, TimeSpan until)
{
    private TaskCompletionSource<TimeSpan> wait = null!;
    private CancellationTokenRegistration cancelling;

    public Caller Caller => caller;
    public Reservations.Place? Place => place;
    public TimeSpan Until => until;
    public bool IsPromised { get; } = place is { IsPromised: true };

    /// <summary>When it had its last turn.</summary>
    public TimeSpan TurnAt { get; private set; }

    public bool GoesBefore(QueuedCall other) => Rank.CompareTo(other.Rank) < 0;

    /// <summary>Who was refused twice; who has had fewest calls; who was told to come now, the longest ago first.</summary>
    private (bool, int, TimeSpan) Rank => (!IsPromised, earlierCalls, place?.Time ?? TimeSpan.MaxValue);

    public Task<TimeSpan> WaitAsync(Action<QueuedCall> cancel, CancellationToken cancellation)
    {
        wait = new(TaskCreationOptions.RunContinuationsAsynchronously);
        cancelling = cancellation.UnsafeRegister(_ => cancel(this), null);
        return wait.Task;
    }

    public void GiveTurn(TimeSpan now)
    {
        TurnAt = now;
        End(TimeSpan.Zero);
    }

    public void Refuse(TimeSpan comeBackIn) => End(comeBackIn);

    public void Cancel(CancellationToken cancellation) => wait.TrySetCanceled(cancellation);

    private void End(TimeSpan result)
    {
        cancelling.Unregister();
        wait.SetResult(result);
    }
}
