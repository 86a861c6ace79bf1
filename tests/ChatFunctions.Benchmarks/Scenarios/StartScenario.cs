using System.Diagnostics;
using ChatFunctions.Benchmarks.Apps;
using ChatFunctions.Benchmarks.Results;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary>From the start of the process to its first answer to <c>GET /token</c>, published ReadyToRun and not.</summary>
internal static class StartScenario
{
    public static async Task RunAsync(Pace pace, Table table)
    {
        using var readyToRun = await PublishedApp.CreateAsync(readyToRun: true);
        using var jit = await PublishedApp.CreateAsync(readyToRun: false);
        await using var lab = await Lab.StartAsync();
        foreach (var each in new[] { readyToRun, jit }) await StartAsync(each);

        var warm = await Rounds.AlternateAsync(pace.Rounds, () => StartAsync(readyToRun), () => StartAsync(jit));
        table.Add(RowOf("warm", warm));
        if (!OperatingSystem.IsLinux()) return;
        var cold = await Rounds.AlternateAsync(pace.Rounds, () => ColdStartAsync(readyToRun), () => ColdStartAsync(jit));
        table.Add(RowOf("cold", cold));

        Task<double> ColdStartAsync(PublishedApp published)
        {
            published.DropFromPageCache();
            return StartAsync(published);
        }

        async Task<double> StartAsync(PublishedApp published)
        {
            var begin = Stopwatch.GetTimestamp();
            await using var app = await AppProcess.StartAsync(lab.Cloud, Design.ChatFunctions, program: published.Program);
            await app.GetAsync("token", lab.UserTokens[0]);
            return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        }
    }

    private static Row RowOf(string disk, double[][] found) => new(
        $"start to first `GET /token`, ReadyToRun, {disk} disk", "without ReadyToRun",
        Spread.Of(found[0].Zip(found[1], (ready, jit) => ready / jit)), Aim.AtMost(1),
        $"{Spread.Of(found[0])} ms", $"{Spread.Of(found[1])} ms");
}
