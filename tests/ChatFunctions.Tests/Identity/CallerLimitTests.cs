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
        var limit = new CallerLimit(perMinute: 1, clock);
        limit.Take(Alice);
        clock.Step = TimeSpan.FromHours(1);
        Assert.Throws<ChatException>(() => limit.Take(Alice));

        time.Advance(TimeSpan.FromMinutes(1));
        clock.Step = TimeSpan.FromHours(-1);
        Assert.Equal(0, limit.Take(Alice));
    }

    [Fact]
    public void What_is_added_counts_and_the_next_is_let_through_when_enough_of_it_is_a_minute_old()
    {
        var time = new FakeTimeProvider();
        var limit = new CallerLimit(perMinute: 10, time);
        limit.Take(Alice);
        limit.Add(Alice, 3);
        time.Advance(TimeSpan.FromSeconds(20));
        limit.Take(Alice);
        limit.Add(Alice, 8);
        // 13 are counted: it is not enough that the first is forgotten, and it is that the first four are.
        Assert.Equal(TimeSpan.FromSeconds(40), Assert.Throws<ChatException>(() => limit.Take(Alice)).RetryAfter);
        limit.Add(Alice, 1);
        time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(TimeSpan.FromSeconds(20), Assert.Throws<ChatException>(() => limit.Take(Alice)).RetryAfter);
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(0, limit.Take(Alice));
    }

    [Fact]
    public void What_is_given_back_can_be_taken_again_and_no_more()
    {
        var limit = new CallerLimit(perMinute: 2, new FakeTimeProvider());
        limit.Take(Alice);
        limit.Take(Alice);
        limit.GiveBack(Alice);
        Assert.Equal(1, limit.Take(Alice));
        Assert.Throws<ChatException>(() => limit.Take(Alice));
    }
}
