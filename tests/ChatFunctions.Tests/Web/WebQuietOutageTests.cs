using ChatFunctions.Tests.Browser;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Web;

public sealed class WebQuietOutageTests(TestCloud cloud, Chromium chromium)
{
    [Theory]
    [InlineData(3)]
    [InlineData(30)]
    public async Task After_an_outage_on_a_quiet_topic_the_chat_goes_on_and_says_that_messages_may_be_missing(int seconds)
    {
        await using var lab = await WebLab.StartAsync(cloud, chromium);
        await using var alice = await lab.SignInAsync("alice");
        var room = ChatApi.Unique("Quiet");
        await alice.CreateRoomAsync(room);
        await using var bob = await lab.SignInAsync("bob");
        await bob.EnterAsync(room);

        await lab.CutAsync(alice, TimeSpan.FromSeconds(seconds), () => Task.CompletedTask);
        await alice.UntilLiveAsync(WebLab.Recovery);
        await bob.UntilLiveAsync(WebLab.Recovery);
        await alice.SayAsync("Are you still there?");

        await bob.SeeMessageAsync("Are you still there?");
        await bob.Browser.SeeAsync(ChatPage.GapMarker);
    }

    [Fact]
    public async Task A_stream_that_goes_silent_without_an_end_is_noticed_and_replaced()
    {
        await using var lab = await WebLab.StartAsync(cloud, chromium);
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(ChatApi.Unique("Silence"));

        lab.MomentoWire.Vanish();
        await alice.Browser.SeeAsync(ChatPage.Reconnecting, TimeSpan.FromMinutes(1));
        lab.MomentoWire.Fault = Faults.Fault.None;
        await alice.UntilLiveAsync(WebLab.Recovery);

        await alice.Browser.SeeAsync(ChatPage.GapMarker);
    }
}
