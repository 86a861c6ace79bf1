using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Tokens;

namespace ChatFunctions.Tests.Attack;

public sealed class NoisyNeighbourTests(TestCloud cloud)
{
    private const int ConnectionsOfEach = 8;
    private static readonly TimeSpan Work = TimeSpan.FromSeconds(4);

    /// <summary>A turn comes within a second; the rest is for a machine that all the noise, and other tests, keep busy.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(3);

    /// <summary>The noisy callers that have got a token.</summary>
    private readonly ConcurrentDictionary<string, bool> served = new();

    private int noisyRefusals;

    /// <param name="noisyCallers">They share two calls a second with the quiet one.</param>
    /// <param name="newTokens">How many the quiet one asks for, one a second.</param>
    [Theory]
    [InlineData(1, 4)]
    [InlineData(4, 1)]
    public async Task While_others_send_as_fast_as_they_can_a_caller_gets_all_answers_and_soon(int noisyCallers, int newTokens)
    {
        await using var app = await cloud.StartAppAsync(new()
        {
            ["Momento:TokenCallsPerSecond"] = null,
            ["Momento:TokenCallsPerCallerPerMinute"] = null,
        });
        var quiet = cloud.Client(app, "quiet");
        var rooms = new List<string>();
        for (var i = 0; i < 12; i++) rooms.Add((await quiet.RoomAsync(ChatApi.Unique("noise"))).Text("chatId"));
        using var stop = new CancellationTokenSource();
        var noise = Enumerable.Range(0, noisyCallers * ConnectionsOfEach)
            .Select(i => MakeNoiseAsync(app, $"noisy-{i % noisyCallers}", rooms, first: i / noisyCallers, stop.Token)).ToList();
        await TokenLab.UntilAsync(() => served.Count == noisyCallers);

        var times = await WorkAsync(quiet, rooms, newTokens);
        await stop.CancelAsync();
        await Task.WhenAll(noise);
        var (median, p99) = (times[times.Count / 2], times[(times.Count - 1) * 99 / 100]);
        TestContext.Current.TestOutputHelper?.WriteLine($"{times.Count} answers, median {median}, p99 {p99}; {noisyRefusals} refusals");
        Assert.InRange(p99, TimeSpan.Zero, Bound);
        Assert.True(noisyRefusals > 100, $"Only {noisyRefusals} requests of the noisy ones were refused: that is no noise.");
    }

    /// <returns>How long each answer took, in order.</returns>
    private static async Task<List<TimeSpan>> WorkAsync(HttpClient quiet, List<string> rooms, int newTokens)
    {
        var (times, sinceStart) = (new List<TimeSpan>(), Stopwatch.StartNew());
        while (sinceStart.Elapsed < Work)
        {
            var room = rooms[Math.Min((int)sinceStart.Elapsed.TotalSeconds, newTokens - 1)];
            foreach (var path in new[] { "chats?limit=10", $"chats/{room}", $"token?chatId={room}" })
            {
                var clock = Stopwatch.StartNew();
                Assert.Equal(HttpStatusCode.OK, (await quiet.GetAsync(path)).StatusCode);
                times.Add(clock.Elapsed);
            }

            await quiet.RoomAsync(ChatApi.Unique("noise"));
        }

        return [.. times.Order()];
    }

    private async Task MakeNoiseAsync(FunctionHost app, string caller, List<string> rooms, int first, CancellationToken stop)
    {
        using var client = cloud.Client(app, caller);
        for (var i = first; !stop.IsCancellationRequested; i += ConnectionsOfEach)
        {
            // Another scope each time and on each connection, so that each needs a call to Momento.
            var path = $"token?chatId={rooms[i % rooms.Count]}&chatId={rooms[i / rooms.Count % rooms.Count]}";
            using var answer = await client.GetAsync(path, CancellationToken.None);
            if (answer.IsSuccessStatusCode) served[caller] = true;
            else Interlocked.Increment(ref noisyRefusals);
        }
    }
}
