using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ChatFunctions.Benchmarks.Apps;
using ChatFunctions.Benchmarks.Results;
using ChatFunctions.Local;
using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;
using Grpc.Net.Client;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary>How long somebody who is removed from a private room hears on, while the others talk without a pause.</summary>
internal static class RemovalScenario
{
    private const int Talkers = 4;

    /// <summary>Of docs/how-it-works.md: from then on they hear nothing.</summary>
    private const double PromisedMilliseconds = 3000;

    /// <summary>After the answer to the removal.</summary>
    private static readonly TimeSpan Listening = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(Pace pace, Table table)
    {
        await using var lab = await Lab.StartAsync();
        await using var app = await lab.StartAppAsync(Design.ChatFunctions);
        using var channel = GrpcChannel.ForAddress(lab.Cloud.Momento.Address);
        using var owner = Client(app, lab.UserTokens[0]);
        using var member = Client(app, lab.UserTokens[1]);
        var room = await TextAsync(await owner.PostAsJsonAsync("chats", new { chatName = "removal", visibility = "private" }), "chatId");
        var times = new List<double>();
        for (var removal = 0; removal < pace.Count / 20; removal++) times.Add(await RemoveAsync());

        times.Sort();
        var (p50, p99) = (times[times.Count / 2], times[Math.Min(times.Count * 99 / 100, times.Count - 1)]);
        table.Add(new Row(
            $"a removal, {Talkers} talking: the last that the removed hear, after the answer, p99", "what is promised",
            Spread.Of([p99 / PromisedMilliseconds]), Aim.AtMost(1),
            $"{times.Count} removals, p50 {Spread.Text(p50)} ms, p99 {Spread.Text(p99)} ms", $"{Spread.Text(PromisedMilliseconds)} ms"));

        async Task<double> RemoveAsync()
        {
            var code = await TextAsync(await owner.PostAsync("/chats/" + room + "/invites", null), "inviteCode");
            (await member.PostAsJsonAsync("invites", new { inviteCode = code })).EnsureSuccessStatusCode();
            var memberId = await TextAsync(await member.GetAsync("me"), "id");
            var topic = await TextAsync(await member.GetAsync($"chats/{room}"), "eventsTopicName");
            using var stream = new Pubsub.PubsubClient(channel).Subscribe(
                new _SubscriptionRequest { CacheName = LocalCloud.CacheName, Topic = topic }, new Metadata { { "authorization", lab.Cloud.Momento.CreateApiKey() } });
            await stream.ResponseStream.MoveNext(CancellationToken.None);
            var heard = HearAsync(stream.ResponseStream);

            using var end = new CancellationTokenSource();
            var talk = Task.WhenAll(Enumerable.Range(0, Talkers).Select(_ => TalkAsync(end.Token)));
            await Task.Delay(Listening / 10);
            (await owner.DeleteAsync($"chats/{room}/members/{memberId}")).EnsureSuccessStatusCode();
            var answered = Stopwatch.GetTimestamp();
            await Task.Delay(Listening);
            await end.CancelAsync();
            await talk;
            stream.Dispose();
            return Math.Max(0, Stopwatch.GetElapsedTime(answered, await heard).TotalMilliseconds);
        }

        async Task TalkAsync(CancellationToken end)
        {
            while (!end.IsCancellationRequested)
            {
                var message = new { text = "The quick brown fox jumps over the lazy dog.", clientId = Guid.NewGuid() };
                (await owner.PostAsJsonAsync($"chats/{room}/messages", message, CancellationToken.None)).EnsureSuccessStatusCode();
            }
        }
    }

    /// <returns>When the last message came.</returns>
    private static async Task<long> HearAsync(IAsyncStreamReader<_SubscriptionItem> stream)
    {
        var last = 0L;
        try
        {
            while (await stream.MoveNext(CancellationToken.None))
            {
                if (stream.Current.Item?.Value.Text.Contains("\"message\"", StringComparison.Ordinal) is true) last = Stopwatch.GetTimestamp();
            }
        }
        catch (RpcException)
        {
            // It was closed.
        }

        return last;
    }

    private static HttpClient Client(AppProcess app, string userToken)
    {
        var client = new HttpClient { BaseAddress = app.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", userToken);
        return client;
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer, string name) =>
        (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty(name).GetString()!;
}
