using System.Collections.Concurrent;
using System.Net;
using ChatFunctions.Momento;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Tokens;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Messages;

/// <summary>
/// Momento fails while messages are sent: what was answered is kept, and as soon as Momento is well those who listen are told to read.
/// </summary>
public sealed class PublishFaultTests(TestCloud cloud) : IAsyncLifetime
{
    /// <summary>Of the app's clock.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(0.25);

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private FaultLab lab = null!;
    private HttpClient alice = null!;
    private string room = "";
    private string key = "";

    /// <summary>What Momento does, and how it is made well.</summary>
    private Dictionary<string, (Action Begin, Action End)> Faults => new()
    {
        ["down"] = (() => lab.MomentoWire.Connections.Fault = Fault.Refused, () => lab.MomentoWire.Connections.Fault = Fault.None),
        ["silent"] = (() => lab.MomentoWire.Fail(HttpFaults.NoAnswer), lab.MomentoWire.Heal),
        ["at its limit"] = (() => lab.MomentoWire.Fail(HttpFaults.GrpcError(StatusCode.ResourceExhausted)), lab.MomentoWire.Heal),
        ["failing"] = (() => lab.MomentoWire.Fail(HttpFaults.GrpcError(StatusCode.Internal)), lab.MomentoWire.Heal),
        ["without a key that it knows"] = (() => lab.Momento.RevokeApiKey(key), () => lab.ApiKey.Rotate()),
    };

    public async ValueTask InitializeAsync()
    {
        lab = await FaultLab.StartAsync(cloud, time: time);
        key = lab.Momento.CreateApiKey();
        lab.KeyVault.SetSecret("momento-api-key", key);
        alice = lab.Client(ChatApi.Unique("alice"));
        room = await alice.PrivateRoomAsync("momento");
    }

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Theory]
    [InlineData("down")]
    [InlineData("silent")]
    [InlineData("at its limit")]
    [InlineData("failing")]
    [InlineData("without a key that it knows")]
    public async Task Messages_are_answered_and_kept_and_one_sync_tells_of_them_once_Momento_is_well(string fault)
    {
        using var channel = GrpcChannel.ForAddress(lab.Momento.Address);
        using var heard = await channel.ListenAsync(lab.Momento, await alice.EventsTopicAsync(room));
        await alice.SayAsync(room, "before");
        Assert.Equal(1, (await heard.NextEventAsync()).Number("seq"));
        var (begin, end) = Faults[fault];

        begin();
        for (var number = 1; number <= 3; number++) await SayAsync($"during {number}");
        end();

        var told = heard.NextEventAsync();
        for (var waited = TimeSpan.Zero; !told.IsCompleted; waited += Step)
        {
            Assert.InRange(waited, TimeSpan.Zero, TimeSpan.FromSeconds(30));
            time.Advance(Step);
            await Task.WhenAny(told, Task.Delay(10));
        }

        Assert.Equal(("sync", 4), ((await told).Text("type"), (await told).Number("seq")));
        Assert.Equal(["during 3", "during 2", "during 1", "before"], (await alice.PageAsync(room)).Texts());

        await SayAsync("after");
        // While the clock runs so fast, the app may not have heard that it was told.
        var next = await heard.NextEventAsync();
        while (next.Text("type") == "sync" && next.Number("seq") == 4) next = await heard.NextEventAsync();
        Assert.Equal("after", next.GetProperty("message").Text("text"));
    }

    [Fact]
    public async Task While_Momento_fails_a_room_has_one_sync_a_second_for_half_a_minute_however_much_was_said()
    {
        await alice.SayAsync(room, "before");
        var tries = new ConcurrentQueue<DateTimeOffset>();
        lab.MomentoWire.Follow(_ =>
        {
            tries.Enqueue(time.GetUtcNow());
            return HttpFaults.GrpcError(StatusCode.Internal);
        });
        for (var number = 1; number <= 4; number++) await alice.SayAsync(room, $"m{number}");
        Assert.Equal(4, tries.Count);
        var begin = time.GetUtcNow();
        for (var now = begin; now < begin + TimeSpan.FromSeconds(45); now += Step)
        {
            time.Advance(Step);
            await Task.Delay(3);
        }

        var syncs = tries.Skip(4).ToList();
        Assert.InRange(syncs.Count, 10, 30);
        Assert.All(syncs.Zip(syncs.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(1), $"{pair}"));
        Assert.InRange(syncs[^1] - begin, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(38));
    }

    /// <summary>Once it has come to Momento the app's clock goes on: that is how it gives up what is silent.</summary>
    private async Task SayAsync(string text)
    {
        var before = lab.MomentoWire.Requests;
        var answer = alice.PostMessageAsync(room, text);
        await TokenLab.UntilAsync(() => answer.IsCompleted || lab.MomentoWire.Requests > before);
        for (var seconds = 0; await Task.WhenAny(answer, Task.Delay(100)) != answer; seconds++)
        {
            // One for what it comes to Momento with, and others for the syncs of earlier ones.
            Assert.InRange(seconds, 0, 3);
            time.Advance(TopicPublisher.MaxTime);
        }

        await (await answer).JsonAsync(HttpStatusCode.Created);
    }
}
