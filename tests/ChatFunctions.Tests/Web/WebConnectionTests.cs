using System.Globalization;
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

        var publisher = await lab.PublisherAsync(node, room);
        foreach (var text in sent)
        {
            await publisher(text);
            await lab.PassAsync(TimeSpan.FromSeconds(1));
        }

        await alice.SeeMessageAsync(sent[^1]);
        Assert.Equal(sent, await alice.TextsAsync());
        Assert.True(lab.Momento.TokenCalls >= before + 3, "The token was not renewed.");
        await alice.Browser.CountAsync(ChatPage.GapMarker, 0);
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
        // Two who renew, the first of them with a call that the old key makes in vain.
        await lab.PassAsync(ShortLifetime * 3 / 4);
        await Tokens.TokenLab.UntilAsync(() => lab.Momento.TokenCalls >= before + 3);
        await alice.SayAsync("with the new key");

        await bob.SeeMessageAsync("with the new key");
        await bob.Browser.CountAsync(ChatPage.GapMarker, 0);
        Assert.Empty(bob.Browser.Console);
    }

    [Fact]
    public async Task Going_offline_and_coming_back_closes_the_gap()
    {
        await using var lab = await WebLab.StartAsync(cloud, chromium);
        var (alice, publish) = await lab.StartTalkAsync(node);
        await using var page = alice;

        await alice.Browser.SetOfflineAsync(true);
        lab.MomentoWire.Fault = Fault.None; // What was open is cut, as it is when a network goes.
        await alice.Browser.SeeAsync(ChatPage.Reconnecting);
        await publish("meanwhile");
        await alice.Browser.SetOfflineAsync(false);

        await alice.SeeMessageAsync("meanwhile");
        Assert.Equal(["before", "meanwhile"], await alice.TextsAsync());
    }

    [Fact]
    public async Task Where_Momento_has_lost_the_messages_the_page_says_that_some_may_be_missing()
    {
        await using var lab = await WebLab.StartAsync(cloud, chromium, time: time);
        var (alice, publish) = await lab.StartTalkAsync(node);
        await using var page = alice;

        await lab.CutAsync(alice, TimeSpan.FromSeconds(1), async () =>
        {
            for (var number = 1; number <= 1001; number++) await publish(number.ToString(CultureInfo.InvariantCulture));
        });

        await alice.SeeMessageAsync("1001");
        await alice.Browser.SeeAsync(ChatPage.GapMarker);
    }
}
