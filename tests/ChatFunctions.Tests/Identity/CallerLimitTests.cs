using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.Tests.Cloud;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Identity;

public sealed class CallerLimitTests
{
    private static readonly Caller Alice = new(Guid.NewGuid(), Guid.NewGuid(), "Alice");

    [Fact]
    public void A_clock_that_is_set_back_locks_no_caller_out_and_one_that_is_set_forward_lets_none_in()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var clock = new SettableClock(time);
        var limit = new CallerLimit(callsPerMinute: 1, clock);
        limit.Take(Alice);
        clock.Step = TimeSpan.FromHours(1);
        Assert.Throws<ChatException>(() => limit.Take(Alice));

        time.Advance(TimeSpan.FromMinutes(1));
        clock.Step = TimeSpan.FromHours(-1);
        Assert.Equal(0, limit.Take(Alice));
    }

    [Fact]
    public void What_is_given_back_can_be_taken_again_and_no_more()
    {
        var limit = new CallerLimit(callsPerMinute: 2, new FakeTimeProvider());
        limit.Take(Alice);
        limit.Take(Alice);
        limit.GiveBack(Alice);
        Assert.Equal(1, limit.Take(Alice));
        Assert.Throws<ChatException>(() => limit.Take(Alice));
    }
}
