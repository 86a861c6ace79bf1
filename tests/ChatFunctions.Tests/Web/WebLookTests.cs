using System.Globalization;
using System.Net;
using ChatFunctions.Tests.Browser;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Web;

public sealed class WebLookTests(TestCloud cloud, Chromium chromium, ITestOutputHelper report) : IAsyncLifetime
{
    private WebLab lab = null!;

    /// <summary>Of the screenshots: below the test's output, to look at.</summary>
    private static string Pictures { get; } = Directory.CreateDirectory(Path.Combine(Repository.Root, "TestResults", "screens")).FullName;

    public async ValueTask InitializeAsync() => lab = await WebLab.StartAsync(cloud, chromium);

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Theory]
    [InlineData("desktop", 1200, 780)]
    [InlineData("phone", 390, 780)]
    public async Task No_screen_has_a_serious_accessibility_violation_or_scrolls_sideways(string device, int width, int height)
    {
        var name = ChatApi.Unique("Garden");
        await using var alice = await lab.OpenAsync(width, height);
        await CheckAsync("sign-in");
        await alice.SignInAsync("alice");
        await alice.Browser.SeeNoMoreAsync(new Target(Css: ".hint", Text: "Loading"));
        await CheckAsync("rooms");
        await alice.Browser.ClickAsync(Target.Button("New room"));
        await CheckAsync("new-room");
        await alice.CloseDialogAsync();
        await alice.CreateRoomAsync(name, isPrivate: true);
        await CheckAsync("empty-room");
        await alice.SayAsync("Who brings the cake?\nIt is on https://example.com/cakes, the one with cherries.");
        await alice.OpenPeopleAsync();
        await alice.Browser.ClickAsync(Target.Button("Make an invitation link"));
        await alice.Browser.SeeAsync(Target.Field("Invitation link"));
        await CheckAsync("people");
        var link = new Uri(await alice.Browser.ValueAsync(Target.Field("Invitation link")));
        await alice.CloseDialogAsync();

        await using var bob = await lab.OpenAsync(path: link.Fragment);
        await bob.SignInAsync("bob");
        await bob.UntilLiveAsync();
        await bob.SayAsync("Me! With or without cherries?");
        await alice.SeeMessageAsync("Me! With or without");
        await bob.SayAsync("Oops, wrong room");
        await alice.SeeMessageAsync("Oops, wrong room");
        await DeleteLastAsync("bob");
        await alice.Browser.SeeAsync(ChatPage.Message("Message deleted"));
        await bob.ReactAsync("Who brings", "🎉");
        await alice.Browser.ClickAsync(Target.Button("🎉 1"));
        await alice.ReactAsync("With or without", "👍");
        await alice.Browser.SeeAsync(Target.Button("👍 1"));
        await CheckAsync("room");
        await alice.Browser.EvaluateAsync("location.reload()");
        await alice.UntilLiveAsync();
        await alice.Browser.CountAsync(ChatPage.Messages, 3);
        await CheckAsync("room-history");
        await alice.Browser.SetOfflineAsync(true);
        lab.MomentoWire.Fault = Faults.Fault.Down;
        await alice.SayAsync("Both, please.");
        await alice.Browser.SeeAsync(new Target(Css: "[role=log] article", Text: "Sending"));
        await CheckAsync("room-offline");

        async Task DeleteLastAsync(string user)
        {
            var chatId = (await alice.Browser.EvaluateAsync("location.hash.slice('#/rooms/'.length)")).GetString();
            var messages = $"chats/{chatId}/messages";
            var page = await (await lab.Client(user).GetAsync($"{messages}?limit=1")).JsonAsync();
            var answer = await lab.Client(user).DeleteAsync($"{messages}/{page.GetProperty("messages")[0].Text("id")}");
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        async Task CheckAsync(string screen)
        {
            foreach (var colorScheme in (string[])["dark", "light"])
            {
                await alice.Browser.PreferAsync(colorScheme);
                await alice.Browser.TakeScreenshotAsync(Path.Combine(Pictures, $"{screen}-{device}-{colorScheme}.png"));
                Assert.Empty(await alice.Browser.ViolationsAsync());
            }

            Assert.Equal(width, (await alice.Browser.EvaluateAsync("document.documentElement.scrollWidth")).GetInt32());
        }
    }

    [Fact]
    public async Task A_room_with_a_thousand_messages_takes_more_while_one_types()
    {
        var room = ChatApi.Unique("Thousand");
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(room);
        var say = await lab.SpeakerAsync("bob", room);
        await SayAsync(1, 1000);
        await alice.Browser.CountAsync(ChatPage.Messages, 1000);

        await alice.Browser.EvaluateAsync("""
            globalThis.frames_ = []; globalThis.last_ = performance.now();
            const tick = now => { frames_.push(now - last_); last_ = now; requestAnimationFrame(tick) };
            requestAnimationFrame(now => { last_ = now; requestAnimationFrame(tick) });
            undefined
            """);
        await Task.WhenAll(SayAsync(1001, 1050), alice.Browser.TypeAsync(new Target(Css: "textarea"), new string('x', 100)));
        await alice.Browser.CountAsync(ChatPage.Messages, 1050);
        var frames = await alice.Browser.EvaluateAsync("[frames_.length, Math.max(...frames_), frames_.filter(frame => frame > 100).length]");

        report.WriteLine(
            $"{frames[0]} frames while 100 keys were typed and 50 messages came to 1,000; the longest took {frames[1].GetDouble():0} ms, {frames[2]} more than 100 ms.");
        Assert.Equal(new string('x', 100), await alice.Browser.ValueAsync(new Target(Css: "textarea")));

        // A few at a time, as many people would: what a crowd gets that all speak at once is a test of the API.
        Task SayAsync(int first, int last) => Parallel.ForEachAsync(
            Enumerable.Range(first, last - first + 1), new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (number, _) => await say(number.ToString("0000", CultureInfo.InvariantCulture)));
    }
}
