using System.Diagnostics;
using ChatFunctions.Benchmarks.Apps;
using ChatFunctions.Benchmarks.Results;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary>From the start of the process to its first answer to <c>GET /token</c>, published ReadyToRun and not.</summary>
internal static class StartScenario
{
    /// <summary>In milliseconds.</summary>
    private sealed record Start(double Time, double CpuTime);

    public static async Task RunAsync(Pace pace, Table table)
    {
        using var readyToRun = await PublishedApp.CreateAsync(readyToRun: true, restore: true);
        using var jit = await PublishedApp.CreateAsync(readyToRun: false, restore: false);
        await using var lab = await Lab.StartAsync();
        foreach (var each in new[] { readyToRun, jit }) await StartAsync(each);

        var warm = await Rounds.AlternateAsync(pace.Rounds, () => StartAsync(readyToRun), () => StartAsync(jit));
        table.Add(RowOf("start to first `GET /token`, ReadyToRun, warm disk", warm, start => start.Time));
        table.Add(RowOf("the same: processor time", warm, start => start.CpuTime));
        if (!OperatingSystem.IsLinux()) return;
        var cold = await Rounds.AlternateAsync(pace.Rounds, () => ColdStartAsync(readyToRun), () => ColdStartAsync(jit));
        table.Add(RowOf("start to first `GET /token`, ReadyToRun, cold disk", cold, start => start.Time));

        Task<Start> ColdStartAsync(PublishedApp published)
        {
            published.DropFromPageCache();
            return StartAsync(published);
        }

        async Task<Start> StartAsync(PublishedApp published)
        {
            var begin = Stopwatch.GetTimestamp();
            await using var app = await AppProcess.StartAsync(lab.Cloud, Design.ChatFunctions, program: published.Program);
            await app.GetAsync("token", lab.UserTokens[0]);
            var time = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            return new Start(time, (await app.GetUsageAsync()).CpuSeconds * 1000);
        }
    }

    private static Row RowOf(string what, Start[][] found, Func<Start, double> figure) => new(
        what, "without ReadyToRun", Spread.Of(found[0].Zip(found[1], (ready, jit) => figure(ready) / figure(jit))), Aim.AtMost(1),
        $"{Spread.Of(found[0].Select(figure))} ms", $"{Spread.Of(found[1].Select(figure))} ms");
}
