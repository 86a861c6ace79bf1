using System.Net;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Telemetry.Otlp;
using ChatFunctions.Tests.Tokens;

namespace ChatFunctions.Tests.Telemetry;

/// <summary>A collector gets the metrics of all apps of a process: these run one after the other, and alone.</summary>
[CollectionDefinition(nameof(MetricTests), DisableParallelization = true)]
public sealed class MetricRun;

[Collection(nameof(MetricTests))]
public sealed class MetricTests(TestCloud cloud)
{
    [Fact]
    public async Task Tokens_are_counted_by_how_they_were_come_by()
    {
        var metrics = await MetricsOfAsync(new() { ["Momento:TokenCallsPerCallerPerMinute"] = "1" }, async (lab, alice) =>
        {
            lab.MomentoWire.HoldAnswers();
            var atOnce = Enumerable.Range(0, 20).Select(_ => alice.TokenAsync()).ToList();
            await TokenLab.UntilAsync(() => lab.Momento.TokenCalls == 1);
            lab.MomentoWire.ReleaseAnswers();
            await Task.WhenAll(atOnce);
            await alice.TokenAsync();
            var room = await alice.RoomAsync(ChatApi.Unique("limited"));
            Assert.Equal(HttpStatusCode.TooManyRequests, (await alice.GetAsync($"token?chatId={room.Text("chatId")}")).StatusCode);
            lab.MomentoWire.Fault = Fault.Down;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await lab.Client("bob").GetAsync("token")).StatusCode);
        });
        var outcomes = metrics.Where(metric => metric.Name == "chat.token.vends").SelectMany(metric => metric.Sum.DataPoints)
            .ToDictionary(point => point.Attributes.Text("chat.token.outcome")!, point => point.AsInt);
        Assert.Equal(["failed", "limited", "made", "reused", "shared"], outcomes.Keys.Order());
        Assert.Equal((1, 1, 1), (outcomes["made"], outcomes["limited"], outcomes["failed"]));
        Assert.Equal(20, outcomes["shared"] + outcomes["reused"]);
    }

    [Fact]
    public async Task Calls_to_Momento_are_timed_with_their_wait_and_their_error()
    {
        var metrics = await MetricsOfAsync(new() { ["Momento:TokenCallsPerSecond"] = "0.01" }, async (lab, alice) =>
        {
            lab.MomentoWire.Fault = Fault.Down;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await alice.GetAsync("token")).StatusCode);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await alice.GetAsync("token")).StatusCode);
        });
        var call = Assert.Single(Assert.Single(metrics, metric => metric.Name == "chat.momento.call.duration").Histogram.DataPoints);
        Assert.Equal((1UL, "SERVER_UNAVAILABLE"), (call.Count, call.Attributes.Text("error.type")));
        var waits = Assert.Single(metrics, metric => metric.Name == "chat.momento.call.wait").Histogram.DataPoints;
        Assert.Equal(["false", "true"], waits.Select(wait => wait.Attributes.Text("chat.momento.call.refused")).Order());
    }

    [Fact]
    public async Task The_keys_age_and_the_reads_of_it_are_told()
    {
        using var logs = new LogRecorder();
        var metrics = await MetricsOfAsync([], async (lab, alice) =>
        {
            await alice.TokenAsync();
            lab.KeyVaultWire.Fault = Fault.Down;
            lab.Time.Advance(TimeSpan.FromHours(6));
            await alice.TokenAsync();
            await lab.UntilWarnedAsync(logs, "could not be read");
        }, logs);
        Assert.Equal(1, Sum(metrics, "chat.momento.key.reads", "chat.momento.key.outcome", "new"));
        Assert.Equal(1, Sum(metrics, "chat.momento.key.reads", "chat.momento.key.outcome", "failed"));
        var age = Assert.Single(Assert.Single(metrics, metric => metric.Name == "chat.momento.key.age").Gauge.DataPoints);
        Assert.InRange(age.AsDouble, 21_600, 22_000);
    }

    [Fact]
    public async Task Rooms_and_conflicts_are_counted()
    {
        var metrics = await MetricsOfAsync([], async (_, alice) =>
        {
            var name = ChatApi.Unique("counted");
            await alice.RoomAsync(name);
            Assert.Equal(HttpStatusCode.Conflict, (await alice.CreateRoomAsync(name)).StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, (await alice.CreateRoomAsync("")).StatusCode);
            await alice.PrivateRoomAsync(name);
        });
        Assert.Equal(1, Sum(metrics, "chat.rooms.created", "chat.room.visibility", "public"));
        Assert.Equal(1, Sum(metrics, "chat.rooms.created", "chat.room.visibility", "private"));
        Assert.Equal(1, Sum(metrics, "chat.rooms.conflicts"));
    }

    [Fact]
    public async Task Reviews_are_counted_by_what_reviews_and_how_it_ended()
    {
        var metrics = await MetricsOfAsync(new() { ["Moderation:BlockedWords:0"] = "blocked", ["Moderation:BlockLinks"] = "true" }, async (_, alice) =>
        {
            var room = await alice.PrivateRoomAsync("counted");
            await alice.SayAsync(room, "fine");
            await (await alice.PostMessageAsync(room, "blocked")).ProblemAsync(HttpStatusCode.UnprocessableEntity);
            await (await alice.PostMessageAsync(room, "https://a.example")).ProblemAsync(HttpStatusCode.UnprocessableEntity);
        });
        var reviews = metrics.Where(metric => metric.Name == "chat.reviews").SelectMany(metric => metric.Sum.DataPoints)
            .Select(point => $"{point.Attributes.Text("chat.review.name")} {point.Attributes.Text("chat.review.outcome")} {point.AsInt}");
        Assert.Equal(["LinkReview accepted 1", "LinkReview rejected 1", "WordReview accepted 2", "WordReview rejected 1"], reviews.Order());
    }

    [Fact]
    public async Task Requests_are_timed_by_route_and_status_and_never_by_room_or_user()
    {
        var metrics = await MetricsOfAsync([], async (_, alice) =>
        {
            var room = await alice.RoomAsync(ChatApi.Unique("timed"));
            await alice.GetAsync($"chats/{room.Text("chatId")}");
        });
        var requests = metrics.Where(metric => metric.Name == "http.server.request.duration").SelectMany(metric => metric.Histogram.DataPoints);
        var read = Assert.Single(requests, point => point.Attributes.Text("http.route") == "/chats/{chatId}");
        Assert.Equal("200", read.Attributes.Text("http.response.status_code"));
        Assert.DoesNotContain("timed", string.Join('\n', metrics), StringComparison.Ordinal);
    }

    /// <summary>What a collector has when the app has stopped.</summary>
    private async Task<IReadOnlyList<Metric>> MetricsOfAsync(Dictionary<string, string?> settings, Func<TokenLab, HttpClient, Task> use, LogRecorder? logs = null)
    {
        await using var collector = await OtlpCollector.StartAsync();
        foreach (var (name, value) in collector.AppSettings) settings[name] = value;
        await using (var lab = await TokenLab.StartAsync(cloud, settings, logs: logs))
        {
            using var alice = lab.Client("alice");
            await use(lab, alice);
        }

        return collector.Metrics;
    }

    private static long Sum(IEnumerable<Metric> metrics, string name, string? attribute = null, string? value = null) =>
        metrics.Where(metric => metric.Name == name).SelectMany(metric => metric.Sum.DataPoints)
            .Where(point => attribute is null || point.Attributes.Text(attribute) == value).Sum(point => point.AsInt);
}
