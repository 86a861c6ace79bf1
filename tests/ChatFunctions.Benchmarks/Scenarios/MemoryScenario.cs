using ChatFunctions.Benchmarks.Apps;
using ChatFunctions.Benchmarks.Load;
using ChatFunctions.Benchmarks.Processes;
using ChatFunctions.Benchmarks.Results;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary>Memory after many times <c>GET /token</c>, and after ten times as many.</summary>
internal static class MemoryScenario
{
    private const int Concurrency = 16;

    private static readonly Aim DoesNotGrow = Aim.AtMost(1.1);

    public static async Task RunAsync(Pace pace, Table table)
    {
        await using var lab = await Lab.StartAsync();
        var found = await Rounds.AlternateAsync(pace.Rounds, MeasureAsync);
        table.Add(RowOf("managed memory", usage => usage.Managed));
        table.Add(RowOf("RSS", usage => usage.Resident));

        async Task<(Usage Many, Usage More)> MeasureAsync()
        {
            await using var app = await lab.StartAppAsync(Design.ChatFunctions);
            return (await UsageAfterAsync(app, pace.ManyRequests), await UsageAfterAsync(app, 9 * pace.ManyRequests));
        }

        async Task<Usage> UsageAfterAsync(AppProcess app, int count)
        {
            await lab.Load.RunAsync(new GetLoad(app.Address, ["/token"], lab.UserTokens, Concurrency, Seconds: 0, count));
            return await app.GetUsageAsync();
        }

        Row RowOf(string what, Func<Usage, long> bytes) => new(
            $"{what} after {10 * pace.ManyRequests:N0} times `GET /token`", $"after {pace.ManyRequests:N0}",
            Spread.Of(found[0].Select(usage => (double)bytes(usage.More) / bytes(usage.Many))), DoesNotGrow,
            Megabytes(found[0].Select(usage => bytes(usage.More))), Megabytes(found[0].Select(usage => bytes(usage.Many))));
    }

    private static string Megabytes(IEnumerable<long> bytes) => $"{Spread.Of(bytes.Select(each => each / 1e6))} MB";
}
