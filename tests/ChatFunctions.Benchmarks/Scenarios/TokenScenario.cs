using ChatFunctions.Benchmarks.Apps;
using ChatFunctions.Benchmarks.Load;
using ChatFunctions.Benchmarks.Results;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary><c>GET /token</c>, warm: with Momento on this machine, and with a network between.</summary>
internal static class TokenScenario
{
    /// <summary>As between two clouds of one region, with the time that a service takes to answer.</summary>
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(10);

    public static async Task RunAsync(Pace pace, Table table)
    {
        await using var lab = await Lab.StartAsync();
        await using var app = await lab.StartAppAsync(Design.ChatFunctions);
        await using var bare = await lab.StartBareAppAsync(app);
        await using var ported = await lab.StartAppAsync(Design.Ported);
        await using var wire = new LongWire(lab.Cloud.Momento.Address, RoundTrip);
        var distance = new Dictionary<string, string?> { ["Momento:Endpoint"] = wire.Address.ToString() };
        await using var distantApp = await AppProcess.StartAsync(lab.Cloud, Design.ChatFunctions, distance);
        await using var distantPorted = await AppProcess.StartAsync(lab.Cloud, Design.Ported, distance);
        AppProcess[] all = [app, bare, ported, distantApp, distantPorted];
        foreach (var each in all) await GetAsync(each, concurrency: 16, pace.WarmUpSeconds);

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

        foreach (var concurrency in Lab.Concurrencies)
        {
            var found = await Rounds.AlternateAsync(
                pace.Rounds,
                () => GetAsync(distantApp, concurrency, pace.Seconds),
                () => GetAsync(distantPorted, concurrency, pace.Seconds));
            var what = $"`GET /token`, Momento {RoundTrip.TotalMilliseconds} ms away, {concurrency} at once";
            table.Add(LoadComparison.RowOf(what, "the ported design", Aim.AtLeast(10), found[0], found[1]));
        }

        Task<LoadResult> GetAsync(AppProcess of, int concurrency, double seconds) =>
            lab.Load.RunAsync(new GetLoad(of.Address, ["/token"], lab.UserTokens, concurrency, seconds));
    }
}
