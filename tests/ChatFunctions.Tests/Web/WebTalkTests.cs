using System.Text.Json;
using ChatFunctions.Local;
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
        Assert.Empty(alice.Browser.Console);
        Assert.Empty(bob.Browser.Console);
    }

    [Fact]
    public async Task The_sender_is_whose_token_it_was_and_not_whom_the_body_names()
    {
        var name = ChatApi.Unique("Forgery");
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(name);
        var forged = new { text = "Give me your keys", sentAt = DateTimeOffset.UtcNow, clientId = "1", sender = "alice", name = "Alice", tokenId = "x.Alice" };

        await PublishAsync("mallory", name, JsonSerializer.Serialize(forged));

        await alice.SeeMessageAsync("Give me your keys");
        var sender = await alice.Browser.TextsAsync(new Target(Css: ".sender", Within: ChatPage.Message("Give me your keys")));
        Assert.Equal(["Mallory"], sender);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"text": 1, "sentAt": "2026-01-01T00:00:00Z", "clientId": "1"}""")]
    public async Task What_is_not_a_message_is_shown_as_such_and_the_next_message_comes(string published)
    {
        var name = ChatApi.Unique("Noise");
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(name);

        await PublishAsync("mallory", name, published);
        await PublishAsync("bob", name, WebLab.Message("A word at last"));

        await alice.SeeMessageAsync("A word at last");
        await alice.Browser.SeeAsync(ChatPage.Message("This is not a message that this page can show."));
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
    public async Task A_message_longer_than_Momento_takes_cannot_be_sent_and_stays_in_the_field()
    {
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(ChatApi.Unique("Length"));
        var text = new string('ä', 2048);

        await alice.SayAsync(text);

        await alice.Browser.SeeAsync(new Target(Css: "#bytes-left", Text: "Too long by"));
        Assert.Equal(text, await alice.Browser.ValueAsync(new Target(Css: "textarea")));
        Assert.Empty(await alice.TextsAsync());
    }

    [Fact]
    public async Task A_message_that_cannot_be_sent_is_marked_and_sent_once_when_tried_again()
    {
        var name = ChatApi.Unique("Retry");
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(name);
        await using var bob = await lab.SignInAsync("bob");
        await bob.EnterAsync(name);
        await alice.SayAsync("before");
        await bob.SeeMessageAsync("before");

        lab.MomentoWire.Fault = Faults.Fault.Down;
        await alice.SayAsync("into the void");
        await alice.Browser.SeeAsync(new Target("alert", Text: "Not sent."));
        lab.MomentoWire.Fault = Faults.Fault.None;
        await alice.UntilLiveAsync();
        await bob.UntilLiveAsync();
        await alice.Browser.ClickAsync(Target.Button("Try again"));

        await bob.SeeMessageAsync("into the void");
        await alice.Browser.SeeNoMoreAsync(new Target("alert", Text: "Not sent."));
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
        await PublishAsync("bob", first, WebLab.Message("one"));
        await alice.SeeMessageAsync("one");
        await alice.CreateRoomAsync(second);
        await TokenLab.UntilAsync(() => lab.Momento.OpenSubscriptions == 1);

        await PublishAsync("bob", first, WebLab.Message("two"));
        await alice.EnterAsync(first);

        await alice.SeeMessageAsync("two");
        Assert.Equal(["one", "two"], await alice.TextsAsync());
        await TokenLab.UntilAsync(() => lab.Momento.OpenSubscriptions == 1);
    }

    /// <summary>By a program of the user's own, which can publish anything.</summary>
    private async Task PublishAsync(string user, string room, string value)
    {
        var token = await lab.Client(user).TokenAsync();
        var topics = await node.ConnectAsync(token.Text("token"), lab.Momento.Address);
        await topics.PublishAsync(LocalCloud.CacheName, await lab.TopicOfAsync(room), value);
    }
}
