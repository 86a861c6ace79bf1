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
        await using var app = await lab.StartAppAsync(Design.ChatFunctions);
        var many = await UsageAfterAsync(pace.ManyRequests);
        var more = await UsageAfterAsync(9 * pace.ManyRequests);
        table.Add(RowOf("managed memory", usage => usage.Managed));
        table.Add(RowOf("RSS", usage => usage.Resident));

        async Task<Usage> UsageAfterAsync(int count)
        {
            await lab.Load.RunAsync(new GetLoad(app.Address, "/token", lab.UserTokens, Concurrency, Seconds: 0, count));
            return await app.GetUsageAsync();
        }

        Row RowOf(string what, Func<Usage, long> bytes) => new(
            $"{what} after {10 * pace.ManyRequests:N0} times `GET /token`", $"after {pace.ManyRequests:N0}",
            Spread.Of([(double)bytes(more) / bytes(many)]), DoesNotGrow, Megabytes(bytes(more)), Megabytes(bytes(many)));
    }

    private static string Megabytes(long bytes) => $"{Spread.Text(bytes / 1e6)} MB";
}
