using System.Net;
using System.Net.Http.Json;
using ChatFunctions.Local;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Browser;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Node;
using ChatFunctions.Tests.Tokens;

namespace ChatFunctions.Tests.Web;

public sealed class WebTalkTests(TestCloud cloud, Chromium chromium, NodeClient node) : IAsyncLifetime
{
    private WebLab lab = null!;

    public async ValueTask InitializeAsync() => lab = await WebLab.StartAsync(cloud, chromium);

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Fact]
    public async Task Two_people_talk_both_ways_and_nothing_is_written_to_the_console()
    {
        var room = ChatApi.Unique("Talk");
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(room);
        await using var bob = await lab.SignInAsync("bob");
        await bob.EnterAsync(room);

        await alice.SayAsync("Hello, Bob!");
        await bob.SeeMessageAsync("Hello, Bob!");
        await bob.SayAsync("Hello, Alice!");
        await alice.SeeMessageAsync("Hello, Alice!");

        string[] said = ["Hello, Bob!", "Hello, Alice!"];
        Assert.Equal(said, await alice.TextsAsync());
        Assert.Equal(said, await bob.TextsAsync());

        await bob.ReactAsync("Hello, Bob!", "❤️");
        await alice.Browser.ClickAsync(Target.Button("❤️ 1") with { Within = ChatPage.Message("Hello, Bob!") });
        foreach (var page in new[] { alice, bob }) await page.Browser.SeeAsync(Target.Button("❤️ 2"));
        Assert.Empty(alice.Browser.Console);
        Assert.Empty(bob.Browser.Console);
    }

    [Fact]
    public async Task The_sender_is_who_has_signed_in_and_not_whom_the_body_names()
    {
        var name = ChatApi.Unique("Forgery");
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(name);
        var chatId = (await lab.RoomAsync(name)).Text("chatId");
        var forged = new { text = "Give me your keys", clientId = Guid.NewGuid(), sender = new { id = "alice", name = "Alice" }, name = "Alice" };

        await (await lab.Client("mallory").PostAsJsonAsync($"chats/{chatId}/messages", forged)).JsonAsync(HttpStatusCode.Created);

        await alice.SeeMessageAsync("Give me your keys");
        var sender = await alice.Browser.TextsAsync(new Target(Css: ".sender", Within: ChatPage.Message("Give me your keys")));
        Assert.Equal(["Mallory"], sender);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"v": 2, "type": "message", "seq": 1, "message": "of a later version"}""")]
    [InlineData("""{"v": 1, "type": "of a later version", "seq": 1}""")]
    public async Task An_event_that_the_page_does_not_know_is_left_alone_and_the_next_message_comes(string published)
    {
        var name = ChatApi.Unique("Noise");
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(name);

        var topic = (await lab.RoomAsync(name)).Text("eventsTopicName");
        var topics = await node.ConnectAsync(lab.Momento.CreateApiKeyV1(), lab.Momento.Address);
        var say = await lab.SpeakerAsync("bob", name);

        await topics.PublishAsync(LocalCloud.CacheName, topic, published);
        await say("A word at last");

        await alice.SeeMessageAsync("A word at last");
        await alice.Browser.CountAsync(ChatPage.Messages, 1);
        Assert.Empty(alice.Browser.Console);
    }

    [Fact]
    public async Task A_text_is_text_and_only_web_addresses_in_it_are_links()
    {
        var name = ChatApi.Unique("Links");
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(name);
        const string text = "<img src=x onerror=alert(1)> javascript:alert(1) https://example.com/a?b=1.";

        await alice.SayAsync(text);

        await alice.SeeMessageAsync("javascript:alert(1)");
        Assert.Equal([text], await alice.TextsAsync());
        var links = await alice.Browser.EvaluateAsync("[...document.querySelectorAll('article a')].map(link => [link.href, link.rel])");
        Assert.Equal("""[["https://example.com/a?b=1","noopener noreferrer nofollow"]]""", links.GetRawText());
    }

    [Fact]
    public async Task A_message_longer_than_the_API_takes_cannot_be_sent_and_stays_in_the_field()
    {
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(ChatApi.Unique("Length"));
        var text = new string('ä', 2001);

        await alice.SayAsync(text);

        await alice.Browser.SeeAsync(new Target(Css: "#characters-left", Text: "Too long by 1 character."));
        Assert.Equal(text, await alice.Browser.ValueAsync(new Target(Css: "textarea")));
        Assert.Empty(await alice.TextsAsync());
    }

    [Fact]
    public async Task Who_is_banned_reads_why_a_message_was_not_sent_and_when_they_come_again_that_they_cannot_write()
    {
        var name = ChatApi.Unique("Banned");
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(name);
        var bob = ChatApi.Unique("bob");
        await using var page = await lab.SignInAsync(bob);
        await page.EnterAsync(name);

        var chatId = (await lab.RoomAsync(name)).Text("chatId");
        await lab.Client("alice").BanAsync($"chats/{chatId}", await lab.Client(bob).IdAsync(), "No shouting.").AssertDoneAsync();
        await page.SayAsync("LOUD");
        await page.Browser.SeeAsync(new Target("alert", Text: "Not sent. You may read here, but not write. No shouting."));
        await page.Browser.EvaluateAsync("location.hash = ''");
        await page.Browser.CountAsync(new Target(Css: "textarea"), 0);
        await page.GoToRoomAsync(chatId);
        await page.Browser.SeeAsync(new Target(Css: "p", Text: "You cannot write here."));
        await page.Browser.CountAsync(new Target(Css: "textarea"), 0);
    }

    [Fact]
    public async Task A_message_that_cannot_be_sent_is_sent_once_by_itself_when_the_network_is_back()
    {
        var name = ChatApi.Unique("Retry");
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(name);
        await using var bob = await lab.SignInAsync("bob");
        await bob.EnterAsync(name);
        await alice.SayAsync("before");
        await bob.SeeMessageAsync("before");

        await alice.Browser.SetOfflineAsync(true);
        await alice.SayAsync("into the void");
        await alice.Browser.SeeAsync(new Target(Css: "[role=log] article", Text: "Sending"));
        await alice.Browser.SetOfflineAsync(false);

        await bob.SeeMessageAsync("into the void");
        await alice.Browser.SeeNoMoreAsync(new Target(Css: "[role=log] article", Text: "Sending"));
        Assert.Equal(["before", "into the void"], await alice.TextsAsync());
        Assert.Equal(["before", "into the void"], await bob.TextsAsync());
    }

    [Fact]
    public async Task Who_goes_back_to_a_room_finds_what_was_said_meanwhile_and_hears_one_room_at_a_time()
    {
        var first = ChatApi.Unique("First");
        var second = ChatApi.Unique("Second");
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(first);
        var say = await lab.SpeakerAsync("bob", first);
        await say("one");
        await alice.SeeMessageAsync("one");
        await alice.CreateRoomAsync(second);
        await TokenLab.UntilAsync(() => lab.Momento.OpenSubscriptions == 1);

        await say("two");
        await alice.EnterAsync(first);

        await alice.SeeMessageAsync("two");
        Assert.Equal(["one", "two"], await alice.TextsAsync());
        await TokenLab.UntilAsync(() => lab.Momento.OpenSubscriptions == 1);
    }

    [Fact]
    public async Task Whoever_comes_later_sees_what_was_said_before_them()
    {
        var room = ChatApi.Unique("History");
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(room);
        await alice.SayAsync("Is anybody here?");
        await alice.SayAsync("Well, good night.");
        await alice.Browser.SeeNoMoreAsync(new Target(Css: ".text.sending"));

        await using var bob = await lab.SignInAsync("bob");
        await bob.EnterAsync(room);
        Assert.Equal(["Is anybody here?", "Well, good night."], await bob.TextsAsync());
        await bob.SayAsync("Good morning!");

        await alice.SeeMessageAsync("Good morning!");
        Assert.Equal(["Is anybody here?", "Well, good night.", "Good morning!"], await bob.TextsAsync());
    }

    [Fact]
    public async Task A_message_that_is_edited_or_deleted_changes_in_its_place_also_for_whoever_comes_later()
    {
        var room = ChatApi.Unique("Changes");
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(room);
        var say = await lab.SpeakerAsync("bob", room);
        var messages = $"chats/{(await lab.RoomAsync(room)).Text("chatId")}/messages";
        var (edited, deleted) = (await say("a tpyo"), await say("a secret"));
        await say("the last word");
        await alice.SeeMessageAsync("the last word");

        await (await lab.Client("bob").PatchAsJsonAsync($"{messages}/{edited.Text("id")}", new { text = "a typo" })).JsonAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await lab.Client("bob").DeleteAsync($"{messages}/{deleted.Text("id")}")).StatusCode);

        await alice.Browser.SeeAsync(ChatPage.Message("Message deleted"));
        Assert.Equal(["a typo", "the last word"], await alice.TextsAsync());
        await using var carol = await lab.SignInAsync("carol");
        await carol.EnterAsync(room);
        await carol.Browser.CountAsync(ChatPage.Messages, 3);
        await carol.Browser.SeeAsync(ChatPage.Message("Message deleted"));
        Assert.Equal(["a typo", "the last word"], await carol.TextsAsync());
    }

    [Fact]
    public async Task The_longest_message_arrives_although_no_event_can_hold_it()
    {
        var room = ChatApi.Unique("Longest");
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(room);
        await using var bob = await lab.SignInAsync("bob");
        await bob.EnterAsync(room);
        var text = string.Concat(Enumerable.Repeat("😀", 2000));

        await bob.SayAsync(text);

        await alice.SeeMessageAsync(text);
    }
}
