using ChatFunctions.Momento;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Publishing;

public sealed class PublishBudgetTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void Messages_of_a_second_go_at_once_those_of_half_a_second_more_wait_in_order_and_others_are_not_sent()
    {
        var budget = Budget(perSecond: 10);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(TimeSpan.Zero, budget.TryTake(PublishPriority.Ordinary)));
        Assert.Equal([100, 200, 300, 400, 500], Enumerable.Range(0, 5).Select(_ => budget.TryTake(PublishPriority.Ordinary)!.Value.TotalMilliseconds));
        Assert.Null(budget.TryTake(PublishPriority.Ordinary));

        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(PublishBudget.MaxWait, budget.TryTake(PublishPriority.Ordinary));
        Assert.Null(budget.TryTake(PublishPriority.Ordinary));
    }

    [Fact]
    public void Never_are_there_more_in_any_time_than_its_rate_and_one_seconds_more()
    {
        var budget = Budget(perSecond: 10);
        var sent = 0;
        for (var i = 0; i < 1000; i++)
        {
            if (budget.TryTake(PublishPriority.Ordinary) is not null) sent++;
            time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(sent, 100, 115);
    }

    [Fact]
    public void Low_priority_never_waits_and_leaves_half_a_seconds_messages_to_ordinary_ones()
    {
        var budget = Budget(perSecond: 10);
        Assert.Equal(5, Taken(budget, PublishPriority.Low, 20));
        Assert.Equal(5 + 5, Taken(budget, PublishPriority.Ordinary, 20));
        Assert.Null(budget.TryTake(PublishPriority.Low));
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(10, 600)]
    public void Low_priority_takes_half_of_the_rate_at_most_also_where_nothing_else_is_sent(double perSecond, int wholeMinute)
    {
        var budget = Budget(perSecond);
        var sent = 0;
        for (var i = 0; i < 6000; i++)
        {
            sent += Taken(budget, PublishPriority.Low, 1);
            time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(sent, (wholeMinute / 2) - 1, (wholeMinute / 2) + perSecond);
    }

    [Fact]
    public void While_ordinary_messages_take_the_whole_rate_none_of_low_priority_is_sent_and_all_ordinary_ones_are()
    {
        var budget = Budget(perSecond: 10);
        Taken(budget, PublishPriority.Ordinary, 10);
        for (var i = 0; i < 100; i++)
        {
            time.Advance(TimeSpan.FromSeconds(0.1));
            Assert.Null(budget.TryTake(PublishPriority.Low));
            Assert.NotNull(budget.TryTake(PublishPriority.Ordinary));
        }
    }

    [Fact]
    public void A_refusal_halves_the_rate_once_a_second_down_to_one_and_a_minute_later_it_is_whole()
    {
        var budget = Budget(perSecond: 12);
        for (var i = 0; i < 50; i++) budget.Refused();
        Assert.Equal(5, PerSecond(budget), tolerance: 1.2);

        for (var i = 0; i < 10; i++)
        {
            budget.Refused();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        budget.Refused();
        Assert.Equal(1, PerSecond(budget), tolerance: 1);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(12 + 6, Taken(budget, PublishPriority.Ordinary, 50));
    }

    [Fact]
    public void After_a_refusal_nothing_goes_at_once()
    {
        var budget = Budget(perSecond: 10);
        budget.Refused();
        Assert.Null(budget.TryTake(PublishPriority.Low));
        Assert.True(budget.TryTake(PublishPriority.Ordinary) > TimeSpan.Zero);
    }

    /// <summary>How many are sent in the next second by one who tries all the time.</summary>
    private int PerSecond(PublishBudget budget)
    {
        Taken(budget, PublishPriority.Ordinary, 50);
        var sent = 0;
        for (var i = 0; i < 100; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            if (budget.TryTake(PublishPriority.Ordinary) is not null) sent++;
        }

        return sent;
    }

    private static int Taken(PublishBudget budget, PublishPriority priority, int tries) =>
        Enumerable.Range(0, tries).Count(_ => budget.TryTake(priority) is not null);

    private PublishBudget Budget(double perSecond) => new(perSecond, time);
}
