using System.Diagnostics;
using System.Globalization;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;

namespace ChatFunctions.Tests.Soak;

/// <summary>Nothing else may run: what the process holds and how fast it answers is measured.</summary>
[CollectionDefinition(nameof(SoakTests), DisableParallelization = true)]
public sealed class SoakAlone;

/// <summary>
/// A load on every route while faults come and go at Table Storage, the vault and Momento: every answer is right or an honest 503,
/// nothing is lost or doubled, nothing leaks, and it is as fast as before soon after the last fault.
/// </summary>
[Collection(nameof(SoakTests))]
public sealed class SoakTests(TestCloud cloud, ITestOutputHelper output)
{
    /// <summary>The length of a long run, such as <c>00:10:00</c>.</summary>
    private const string LengthVariable = "SOAK_LENGTH";

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    /// <summary>After the last fault: how long a connection or a call that met it may still take.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(3);

    /// <summary>Of the 99th percentile after a storm to that before it.</summary>
    private const double MaxSlowdown = 5;

    /// <summary>Whatever it was before, this is normal for a small machine that the load and the services share.</summary>
    private static readonly TimeSpan Normal = TimeSpan.FromMilliseconds(100);

    /// <summary>One short storm, or those that fill the length.</summary>
    [Fact]
    public Task Storms_leave_no_trace()
    {
        var length = Environment.GetEnvironmentVariable(LengthVariable);
        if (length is null) return RunAsync(storms: 1, storm: TimeSpan.FromSeconds(5), calm: TimeSpan.FromSeconds(6));
        var (storm, calm) = (TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10));
        return RunAsync((int)Math.Ceiling(TimeSpan.Parse(length, CultureInfo.InvariantCulture) / (storm + calm)), storm, calm);
    }

    private async Task RunAsync(int storms, TimeSpan storm, TimeSpan calm)
    {
        // Tokens are soon asked for anew, and the key is read often.
        await using var lab = await FaultLab.StartAsync(cloud, new()
        {
            ["Momento:TokenLifetime"] = "00:00:20",
            ["Momento:PrivateTokenLifetime"] = "00:00:20",
            ["KeyVault:RefreshInterval"] = "00:00:10",
        }, idleConnections: TimeSpan.FromSeconds(2));
        var before = await WarmUpAsync(lab);
        output.WriteLine($"before: {before}");

        await StormsAsync(lab, storms, storm, calm);

        await Resources.MeasureIdleAsync(lab);
        var after = await before.UntilSettledAsync(lab);
        output.WriteLine($"after:  {after}");
        Assert.True(after.IsNoMoreThan(before), $"before: {before}\nafter: {after}");
    }

    /// <summary>The same load without faults.</summary>
    private static async Task<Resources> WarmUpAsync(FaultLab lab)
    {
        using (var load = new SoakLoad(lab))
        {
            using var end = new CancellationTokenSource(WarmUp);
            await load.RunAsync(end.Token);
            await load.AssertKeptAsync();
            Assert.Equal(0, load.Latencies.Refused);
        }

        return await Resources.MeasureIdleAsync(lab);
    }

    private async Task StormsAsync(FaultLab lab, int storms, TimeSpan storm, TimeSpan calm)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var weather = new Weather(lab, new Random(seed));
        using var load = new SoakLoad(lab);
        using var end = new CancellationTokenSource();
        var running = load.RunAsync(end.Token);
        var calmBegan = Stopwatch.GetTimestamp();
        await Task.Delay(WarmUp);
        for (var number = 1; number <= storms; number++)
        {
            var (before, _) = load.Latencies.Between(calmBegan, Stopwatch.GetTimestamp());
            var refused = load.Latencies.Refused;
            await weather.StormAsync(storm);
            calmBegan = Stopwatch.GetTimestamp() + (long)(Recovery.TotalSeconds * Stopwatch.Frequency);
            await Task.WhenAny(Task.Delay(calm), running);
            // A wrong answer has ended it.
            if (running.IsCompleted) break;
            var (after, late) = load.Latencies.Between(calmBegan, Stopwatch.GetTimestamp());
            var report = $"storm {number}: {load.Latencies.Refused - refused} refused, {load.Latencies.Count} requests until now; " +
                $"p99 {before.TotalMilliseconds:0} ms before, {after.TotalMilliseconds:0} ms after";
            output.WriteLine(report);
            Assert.Equal(0, late);
            Assert.True(after <= MaxSlowdown * (before > Normal ? before : Normal), report);
        }

        await end.CancelAsync();
        await running;
        await load.AssertKeptAsync();
    }
}
