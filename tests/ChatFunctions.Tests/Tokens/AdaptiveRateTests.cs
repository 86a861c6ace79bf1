using ChatFunctions.Momento;

namespace ChatFunctions.Tests.Tokens;

public sealed class AdaptiveRateTests
{
    [Fact]
    public void Without_refusals_the_rate_is_the_greatest_and_what_is_promised_is_the_same()
    {
        var rate = new AdaptiveRate(2);
        rate.Succeeded();
        Assert.Equal((2, 2, 2), (rate.At(At(60)), rate.PromisedAt(At(60), refusals: 0), rate.PromisedAt(At(60), refusals: 1)));
    }

    [Fact]
    public void A_refusal_cuts_the_rate_and_others_of_the_same_second_do_not_once_a_call_has_succeeded()
    {
        var rate = new AdaptiveRate(2);
        rate.Refused(At(0));
        Assert.Equal(0.8, rate.At(At(0)), 3);
        rate.Succeeded();
        rate.Refused(At(0.9));
        Assert.InRange(rate.At(At(0.9)), 0.8, 0.81);
        rate.Refused(At(1));
        Assert.InRange(rate.At(At(1)), 0.75, 0.76);
    }

    [Fact]
    public void However_many_calls_are_refused_some_are_made_and_where_less_is_allowed_no_more()
    {
        foreach (var (max, least) in new[] { (2, 0.25), (0.1, 0.1) })
        {
            var rate = new AdaptiveRate(max);
            for (var i = 0; i < 1000; i++) rate.Refused(At(i));
            Assert.InRange(rate.At(At(999)), least - 0.001, least + 0.001);
        }
    }

    [Fact]
    public void In_calm_the_rate_is_back_in_two_minutes_and_goes_no_higher()
    {
        var rate = new AdaptiveRate(2);
        for (var i = 0; i < 10; i++) rate.Refused(At(0));
        Assert.InRange(rate.At(At(30)), 0.3, 0.4);
        Assert.Equal(2, rate.At(At(120)));
        Assert.Equal(2, rate.At(At(100_000)));
    }

    [Fact]
    public void Two_instances_come_to_the_same_rate_wherever_they_began()
    {
        var (high, low) = (new AdaptiveRate(2), new AdaptiveRate(2));
        low.Refused(At(0));
        low.Refused(At(0));
        foreach (var rate in new[] { high, low }) rate.Succeeded();
        // Whoever makes more calls meets with more refusals: here one for so many calls.
        foreach (var rate in new[] { high, low })
        {
            for (var (second, calls) = (1.0, 0); second < 2000; second += 1 / rate.At(At(second)))
            {
                if (++calls % 4 == 0) rate.Refused(At(second));
                else rate.Succeeded();
            }
        }

        Assert.InRange(high.At(At(2000)) / low.At(At(2000)), 0.9, 1.1);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
