using ChatFunctions.Benchmarks.Apps;
using ChatFunctions.Benchmarks.Load;
using ChatFunctions.Benchmarks.Results;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary><c>GET /token</c>, warm.</summary>
internal static class TokenScenario
{
    public static async Task RunAsync(Pace pace, Table table)
    {
        await using var lab = await Lab.StartAsync();
        await using var app = await lab.StartAppAsync(Design.ChatFunctions);
        await using var bare = await lab.StartBareAppAsync(app);
        await using var ported = await lab.StartAppAsync(Design.Ported);
        foreach (var each in new[] { app, bare, ported }) await GetAsync(each, concurrency: 16, pace.WarmUpSeconds);

        foreach (var concurrency in Lab.Concurrencies)
        {
            var found = await Rounds.AlternateAsync(
                pace.Rounds,
                () => GetAsync(app, concurrency, pace.Seconds),
                () => GetAsync(bare, concurrency, pace.Seconds),
                () => GetAsync(ported, concurrency, pace.Seconds));
            var what = $"`GET /token`, {concurrency} at once";
            table.Add(LoadComparison.RowOf(what, "the limit", Aim.AtLeast(0.7), found[0], found[1]));
            table.Add(LoadComparison.RowOf(what, "the ported design", Aim.AtLeast(10), found[0], found[2]));
        }

        Task<LoadResult> GetAsync(AppProcess of, int concurrency, double seconds) =>
            lab.Load.RunAsync(new GetLoad(of.Address, "/token", lab.UserTokens, concurrency, seconds));
    }
}
