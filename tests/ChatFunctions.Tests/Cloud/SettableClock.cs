using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Cloud;

/// <summary>
/// A machine whose clock is set while time goes on: <see cref="FakeTimeProvider"/> moves its timestamps, too, when it is adjusted.
/// </summary>
public sealed class SettableClock(FakeTimeProvider time) : TimeProvider
{
    /// <summary>How far the clock is off.</summary>
    public TimeSpan Step { get; set; }

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + Step;

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
