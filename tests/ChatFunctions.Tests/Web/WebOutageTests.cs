using ChatFunctions.Tests.Browser;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Node;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Web;

public sealed class WebOutageTests(TestCloud cloud, Chromium chromium, NodeClient node)
{
    [Theory]
    [InlineData(3)]
    [InlineData(30)]
    public async Task After_an_outage_what_was_said_meanwhile_comes_and_the_chat_goes_on(int seconds)
    {
        await using var lab = await WebLab.StartAsync(cloud, chromium, time: new FakeTimeProvider(DateTimeOffset.UtcNow));
        var (alice, publish) = await lab.StartTalkAsync(node);
        await using var page = alice;

        await lab.CutAsync(alice, TimeSpan.FromSeconds(seconds), () => publish("meanwhile"));
        await publish("after");

        await alice.SeeMessageAsync("after");
        Assert.Equal(["before", "meanwhile", "after"], await alice.TextsAsync());
        await alice.Browser.CountAsync(ChatPage.GapMarker, 0);
    }
}
