using ChatFunctions.Benchmarks.Load;
using ChatFunctions.Benchmarks.Results;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary>A topic of the Momento emulator with many subscribers, so that what tests it is not limited by it.</summary>
internal static class FanOutScenario
{
    private const int MessagesOnTheirWay = 4;

    public static async Task RunAsync(Pace pace, Table table)
    {
        await using var lab = await Lab.StartAsync();
        var apiKey = lab.Cloud.Momento.CreateApiKey();
        await FanOutAsync(subscribers: 1, pace.WarmUpSeconds);

        var found = await Rounds.AlternateAsync(
            pace.Rounds,
            () => FanOutAsync(1, pace.Seconds),
            () => FanOutAsync(100, pace.Seconds),
            () => FanOutAsync(1000, pace.Seconds));
        table.Add(RowOf("100", found[1]));
        table.Add(RowOf("1,000", found[2]));

        Row RowOf(string subscribers, LoadResult[] rounds) => LoadComparison.RowOf(
            $"deliveries of the Momento emulator, {subscribers} subscribers", "1 subscriber", null, rounds, found[0]);

        Task<LoadResult> FanOutAsync(int subscribers, double seconds) =>
            lab.Load.RunAsync(new FanOutLoad(lab.Cloud.Momento.Address, apiKey, subscribers, MessagesOnTheirWay, seconds));
    }
}
