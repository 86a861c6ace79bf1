using System.Diagnostics;
using System.Net;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Attack;

public sealed class NoisyNeighbourTests(TestCloud cloud)
{
    private const int NoisyCallers = 3;
    private const int ConnectionsOfEach = 8;
    private static readonly TimeSpan Noise = TimeSpan.FromSeconds(4);

    /// <summary>A turn comes within a second; the rest is for a machine that all the noise, and other tests, keep busy.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task While_others_send_as_fast_as_they_can_a_caller_gets_all_answers_and_soon()
    {
        await using var app = await cloud.StartAppAsync(new()
        {
            ["Momento:TokenCallsPerSecond"] = null,
            ["Momento:TokenCallsPerCallerPerMinute"] = null,
        });
        var quiet = cloud.Client(app, "quiet");
        var rooms = new List<string>();
        for (var i = 0; i < 12; i++) rooms.Add((await quiet.RoomAsync(ChatApi.Unique("noise"))).Text("chatId"));

        using var stop = new CancellationTokenSource(Noise);
        var noise = Enumerable.Range(0, NoisyCallers).SelectMany(caller => Enumerable.Range(0, ConnectionsOfEach)
            .Select(connection => MakeNoiseAsync(app, $"noisy-{caller}", rooms, connection, stop.Token))).ToList();
        var times = new List<TimeSpan>();
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            // Every third token is one that it has not got yet.
            foreach (var path in new[] { "chats?limit=10", $"chats/{rooms[0]}", $"token?chatId={rooms[Math.Min(i / 3, 7)]}" })
            {
                var clock = Stopwatch.StartNew();
                Assert.Equal(HttpStatusCode.OK, (await quiet.GetAsync(path, CancellationToken.None)).StatusCode);
                times.Add(clock.Elapsed);
            }

            await quiet.RoomAsync(ChatApi.Unique("noise"));
        }

        var refused = (await Task.WhenAll(noise)).Sum();
        Assert.True(refused > 100, $"Only {refused} requests of the noisy ones were refused: that is no noise.");
        times.Sort();
        var (p99, median) = (times[(times.Count - 1) * 99 / 100], times[times.Count / 2]);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{times.Count} answers, median {median}, p99 {p99}; {refused} of the noisy ones refused");
        Assert.InRange(p99, TimeSpan.Zero, Bound);
    }

    /// <returns>How many were refused.</returns>
    private async Task<int> MakeNoiseAsync(FunctionHost app, string caller, List<string> rooms, int start, CancellationToken stop)
    {
        using var client = cloud.Client(app, caller);
        var refused = 0;
        for (var i = start; !stop.IsCancellationRequested; i++)
        {
            // Another scope each time, so that each would need a call to Momento.
            var path = $"token?chatId={rooms[i % rooms.Count]}&chatId={rooms[i / rooms.Count % rooms.Count]}";
            using var answer = await client.GetAsync(path, CancellationToken.None);
            if (answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) refused++;
        }

        return refused;
    }
}
