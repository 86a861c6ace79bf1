namespace ChatFunctions.Tests.Tokens;

public sealed class CrowdTests
{
    private const int Visitors = 2000;
    private static readonly TimeSpan Ideal = CrowdSimulation.Ideal(Visitors);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void When_2000_come_at_once_to_20_instances_the_account_is_in_use_until_all_are_served_and_nobody_is_refused_a_third_time(int seed)
    {
        var crowd = new CrowdSimulation(seed, instances: 20, Visitors);
        Assert.True(crowd.Run(atMost: Ideal * 2));
        var served = crowd.ServedAfter;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Ideal / served[^1]:0.000} of the account; 99 % in {served[(Visitors * 99 / 100) - 1] / Ideal:0.000} of the ideal time; refusals "
            + string.Join(", ", crowd.Refusals.CountBy(count => count).OrderBy(count => count.Key)));
        Assert.InRange(Ideal / served[^1], 0.8, 1);
        Assert.InRange(served[(Visitors * 99 / 100) - 1] / Ideal, 0, 1.2);
        Assert.InRange(crowd.Refusals.Max(), 1, 2);
    }
}
