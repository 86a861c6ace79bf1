using System.Text.Json;
using ChatFunctions.Local;
using ChatFunctions.Tests.Browser;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Node;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Web;

public sealed class WebConnectionTests(TestCloud cloud, Chromium chromium, NodeClient node)
{
    /// <summary>A client renews such a token after 40 to 45 s.</summary>
    private static readonly TimeSpan ShortLifetime = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task Renewing_the_token_under_traffic_loses_and_doubles_nothing()
    {
        await using var lab = await WebLab.StartAsync(cloud, chromium, ShortLifetime, time);
        await using var alice = await lab.SignInAsync("alice");
        var room = ChatApi.Unique("Renewal");
        await alice.CreateRoomAsync(room);
        var before = lab.Momento.TokenCalls;
        string[] sent = [.. Enumerable.Range(1, 150).Select(number => $"message {number}")];

        var say = await lab.SpeakerAsync("bob", room);
        foreach (var text in sent)
        {
            await say(text);
            await lab.PassAsync(TimeSpan.FromSeconds(1));
        }

        await alice.SeeMessageAsync(sent[^1]);
        Assert.Equal(sent, await alice.TextsAsync());
        Assert.True(lab.Momento.TokenCalls >= before + 3, "The token was not renewed.");
    }

    [Fact]
    public async Task A_rotation_of_the_key_during_a_chat_goes_unnoticed()
    {
        await using var lab = await WebLab.StartAsync(cloud, chromium, ShortLifetime, time);
        await using var alice = await lab.SignInAsync("alice");
        var room = ChatApi.Unique("Rotation");
        await alice.CreateRoomAsync(room);
        await using var bob = await lab.SignInAsync("bob");
        await bob.EnterAsync(room);
        await alice.SayAsync("with the old key");
        await bob.SeeMessageAsync("with the old key");

        lab.ApiKey.Rotate();
        var before = lab.Momento.TokenCalls;
        // Two who renew the one token that they share, by a call that the old key makes in vain where nothing was published since.
        await lab.PassAsync(ShortLifetime * 3 / 4);
        await Tokens.TokenLab.UntilAsync(() => lab.Momento.TokenCalls > before);
        await alice.SayAsync("with the new key");

        await bob.SeeMessageAsync("with the new key");
        Assert.Empty(bob.Browser.Console);
    }

    [Fact]
    public async Task What_was_said_while_one_was_offline_is_there_after_coming_back()
    {
        await using var lab = await WebLab.StartAsync(cloud, chromium);
        var (alice, _, say) = await lab.StartTalkAsync();
        await using var page = alice;

        await alice.Browser.SetOfflineAsync(true);
        lab.MomentoWire.Fault = Fault.None; // What was open is cut, as it is when a network goes.
        await alice.Browser.SeeAsync(ChatPage.Reconnecting);
        await say("meanwhile");
        await alice.Browser.SetOfflineAsync(false);

        await alice.SeeMessageAsync("meanwhile");
        Assert.Equal(["before", "meanwhile"], await alice.TextsAsync());
    }

    [Fact]
    public async Task Where_Momento_has_lost_the_event_of_a_message_the_message_comes_all_the_same()
    {
        await using var lab = await WebLab.StartAsync(cloud, chromium, time: time);
        var (alice, room, say) = await lab.StartTalkAsync();
        await using var page = alice;
        var topic = (await lab.RoomAsync(room)).Text("eventsTopicName");
        var topics = await node.ConnectAsync(lab.Momento.CreateApiKeyV1(), lab.Momento.Address);
        var old = JsonSerializer.Serialize(new { v = 1, type = "sync", seq = 1, spread = 1 });

        await lab.CutAsync(alice, TimeSpan.FromSeconds(1), async () =>
        {
            await say("meanwhile");
            // A topic keeps a thousand.
            for (var number = 1; number <= 1001; number++) await topics.PublishAsync(LocalCloud.CacheName, topic, old);
        });

        await alice.SeeMessageAsync("meanwhile");
        Assert.Equal(["before", "meanwhile"], await alice.TextsAsync());
    }
}
