using ChatFunctions.Tests.Browser;
using ChatFunctions.Tests.Cloud;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Web;

public sealed class WebQuietOutageTests(TestCloud cloud, Chromium chromium)
{
    /// <summary><c>silence</c> in limits.ts of the client package.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(3)]
    [InlineData(30)]
    public async Task After_an_outage_on_a_quiet_topic_what_was_said_meanwhile_comes_and_the_chat_goes_on(int seconds)
    {
        await using var lab = await StartLabAsync();
        await using var alice = await lab.SignInAsync("alice");
        var room = ChatApi.Unique("Quiet");
        await alice.CreateRoomAsync(room);
        await using var bob = await lab.SignInAsync("bob");
        await bob.EnterAsync(room);
        var say = await lab.SpeakerAsync("carol", room);

        await lab.CutAsync(alice, TimeSpan.FromSeconds(seconds), () => say("meanwhile"));
        await alice.UntilLiveAsync();
        await bob.UntilLiveAsync();
        await alice.SayAsync("Are you still there?");

        await bob.SeeMessageAsync("Are you still there?");
        Assert.Equal(["meanwhile", "Are you still there?"], await alice.TextsAsync());
        Assert.Equal(["meanwhile", "Are you still there?"], await bob.TextsAsync());
    }

    [Fact]
    public async Task A_stream_that_goes_silent_without_an_end_is_noticed_and_replaced_and_what_was_said_meanwhile_comes()
    {
        await using var lab = await StartLabAsync();
        await using var alice = await lab.SignInAsync("alice");
        var room = ChatApi.Unique("Silence");
        await alice.CreateRoomAsync(room);
        var say = await lab.SpeakerAsync("bob", room);
        // Heartbeats keep it alive.
        await lab.PassAsync(2 * SilenceLimit);
        await alice.UntilLiveAsync();

        lab.MomentoWire.Vanish();
        await say("meanwhile");
        await lab.PassAsync(SilenceLimit / 2);
        await alice.UntilLiveAsync();
        await lab.PassAsync(SilenceLimit / 2);
        await alice.Browser.SeeAsync(ChatPage.Reconnecting);
        lab.MomentoWire.Fault = Faults.Fault.None;
        await lab.PassAsync(SilenceLimit / 2);
        await alice.UntilLiveAsync();

        await alice.SeeMessageAsync("meanwhile");
    }

    private Task<WebLab> StartLabAsync() => WebLab.StartAsync(cloud, chromium, time: new FakeTimeProvider(DateTimeOffset.UtcNow));
}
