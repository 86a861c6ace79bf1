using ChatFunctions.Tests.Browser;
using ChatFunctions.Tests.Cloud;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Web;

public sealed class WebOutageTests(TestCloud cloud, Chromium chromium)
{
    [Theory]
    [InlineData(3)]
    [InlineData(30)]
    public async Task After_an_outage_what_was_said_meanwhile_comes_and_the_chat_goes_on(int seconds)
    {
        await using var lab = await WebLab.StartAsync(cloud, chromium, time: new FakeTimeProvider(DateTimeOffset.UtcNow));
        var (alice, _, say) = await lab.StartTalkAsync();
        await using var page = alice;

        await lab.CutAsync(alice, TimeSpan.FromSeconds(seconds), () => say("meanwhile"));
        await say("after");

        await alice.SeeMessageAsync("after");
        Assert.Equal(["before", "meanwhile", "after"], await alice.TextsAsync());
    }
}
