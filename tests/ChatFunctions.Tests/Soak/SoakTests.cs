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
    /// <summary>The length of the long run, such as <c>00:30:00</c>.</summary>
    private const string LengthVariable = "SOAK_LENGTH";

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    /// <summary>After the last fault: how long a connection or a call that met it may still take.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(3);

    /// <summary>Of the 99th percentile after the faults to that before them.</summary>
    private const double MaxSlowdown = 5;

    /// <summary>Faster than this is normal, whatever it was before: one collection of garbage takes as long.</summary>
    private static readonly TimeSpan Normal = TimeSpan.FromMilliseconds(50);

    [Fact]
    public Task A_storm_leaves_no_trace() => RunAsync(storms: 1, storm: TimeSpan.FromSeconds(6), calm: TimeSpan.FromSeconds(6));

    [Fact(Explicit = true)]
    public Task Ten_minutes_of_storms_leave_no_trace()
    {
        var (storm, calm) = (TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10));
        var length = TimeSpan.Parse(Environment.GetEnvironmentVariable(LengthVariable) ?? "00:10:00", CultureInfo.InvariantCulture);
        return RunAsync((int)Math.Ceiling(length / (storm + calm)), storm, calm);
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
        var start = Stopwatch.GetTimestamp();
        await Task.Delay(WarmUp);
        var (usual, _) = load.Latencies.Between(start + Stopwatch.Frequency, Stopwatch.GetTimestamp());
        for (var number = 1; number <= storms && !running.IsCompleted; number++)
        {
            var refused = load.Latencies.Refused;
            await weather.StormAsync(storm);
            var recovered = Stopwatch.GetTimestamp() + (long)(Recovery.TotalSeconds * Stopwatch.Frequency);
            await Task.Delay(calm);
            var (p99, late) = load.Latencies.Between(recovered, Stopwatch.GetTimestamp());
            output.WriteLine($"storm {number}: {load.Latencies.Refused - refused} of {load.Latencies.Count} refused; p99 {p99.TotalMilliseconds:0} ms, before {usual.TotalMilliseconds:0} ms");
            Assert.Equal(0, late);
            Assert.True(p99 <= MaxSlowdown * (usual > Normal ? usual : Normal), $"p99 is {p99} after storm {number}, and was {usual} before all");
        }

        await end.CancelAsync();
        await running;
        await load.AssertKeptAsync();
    }
}
