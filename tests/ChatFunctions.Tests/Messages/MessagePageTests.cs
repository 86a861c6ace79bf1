using System.Net;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Messages;

/// <summary>A room's messages, read by pages and by what has changed.</summary>
public sealed class MessagePageTests(TestCloud cloud) : IAsyncLifetime
{
    private readonly HttpClient alice = cloud.Client(ChatApi.Unique("alice"));
    private string room = "";

    public async ValueTask InitializeAsync()
    {
        room = await alice.PrivateRoomAsync("pages");
        for (var number = 1; number <= 10; number++) await alice.SayAsync(room, $"m{number}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Pages_go_from_the_newest_to_the_first_each_message_once()
    {
        var (walked, before) = (new List<string>(), "");
        for (var pages = 1; ; pages++)
        {
            var page = await alice.PageAsync(room, $"?limit=4{before}");
            walked.AddRange(page.Texts());
            Assert.Equal(10, page.Number("seq"));
            if (!page.TryGetProperty("before", out var next))
            {
                Assert.Equal(3, pages);
                break;
            }

            before = $"&before={next.GetInt64()}";
        }

        Assert.Equal(Enumerable.Range(1, 10).Reverse().Select(number => $"m{number}"), walked);
    }

    [Fact]
    public async Task A_page_around_a_number_has_what_was_said_before_and_after_it()
    {
        Assert.Equal(["m7", "m6", "m5", "m4"], (await alice.PageAsync(room, "?around=6&limit=4")).Texts());
        var first = await alice.PageAsync(room, "?around=1&limit=4");
        Assert.Equal(["m4", "m3", "m2", "m1"], first.Texts());
        Assert.False(first.TryGetProperty("before", out _));
        Assert.Equal(4, (await alice.PageAsync(room, "?around=6&limit=4")).Number("before"));
        Assert.Empty((await alice.PageAsync(room, "?around=100&limit=4")).Texts());
    }

    [Fact]
    public async Task After_a_position_comes_what_has_changed_since_each_message_once_the_oldest_change_first()
    {
        var ids = (await alice.PageAsync(room)).Messages().ToDictionary(message => message.Number(), message => message.Text("id"));
        await alice.EditAsync(room, ids[2], "two");
        await alice.SayAsync(room, "m11");
        await alice.EditAsync(room, ids[2], "second");
        await alice.DeleteAsync($"chats/{room}/messages/{ids[9]}");

        var changes = await alice.PageAsync(room, "?after=10");
        Assert.Equal([11, 2, 9], changes.Messages().Select(message => message.Number()));
        Assert.Equal(14, changes.Number("seq"));
        Assert.Equal("second", changes.Messages().ElementAt(1).Text("text"));
        Assert.Empty((await alice.PageAsync(room, "?after=14")).Messages());
        Assert.Equal([9], (await alice.PageAsync(room, "?after=13")).Messages().Select(message => message.Number()));
    }

    [Fact]
    public async Task A_position_that_the_log_has_not_reached_gets_the_newest_page_as_a_new_beginning()
    {
        var page = await alice.PageAsync(room, "?after=11&limit=3");
        Assert.True(page.GetProperty("reset").GetBoolean());
        Assert.Equal(["m10", "m9", "m8"], page.Texts());
        Assert.False((await alice.PageAsync(room, "?after=9")).TryGetProperty("reset", out _));
    }

    [Fact]
    public async Task A_page_that_the_client_has_is_a_304_until_anything_in_the_room_changes()
    {
        var first = await alice.GetAsync($"chats/{room}/messages?limit=2");
        Assert.Equal(HttpStatusCode.NotModified, (await AgainAsync()).StatusCode);
        await alice.EditAsync(room, (await first.JsonAsync()).Messages().First().Text("id"), "edited");
        Assert.Equal(["edited", "m9"], (await (await AgainAsync()).JsonAsync()).Texts());

        async Task<HttpResponseMessage> AgainAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"chats/{room}/messages?limit=2");
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            return await alice.SendAsync(request);
        }
    }

    [Fact]
    public async Task A_room_without_messages_has_an_empty_page_at_position_0()
    {
        var empty = await alice.PageAsync(await alice.PrivateRoomAsync("empty"));
        Assert.Empty(empty.Messages());
        Assert.Equal(0, empty.Number("seq"));
    }

    [Theory]
    [InlineData("before=0")]
    [InlineData("before=x")]
    [InlineData("before=99999999999999999999")]
    [InlineData("after=-1")]
    [InlineData("around=0")]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("before=2&after=1")]
    public async Task A_parameter_that_is_wrong_is_a_400(string query) =>
        await (await alice.GetAsync($"chats/{room}/messages?{query}")).ProblemAsync(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Pages_that_Table_Storage_cuts_hide_no_message()
    {
        var wire = new TableWire(cloud);
        await using var app = await cloud.StartAppAsync([], wire: wire);
        var owner = cloud.Client(app, ChatApi.Unique("owner"));
        var own = await owner.PrivateRoomAsync("cut");
        for (var number = 1; number <= 5; number++) await owner.SayAsync(own, $"m{number}");
        wire.Follow(ShortPages.Script);
        Assert.Equal(["m5", "m4", "m3", "m2", "m1"], (await owner.PageAsync(own)).Texts());
        Assert.Equal(["m2", "m3", "m4", "m5"], (await owner.PageAsync(own, "?after=1")).Texts());
    }
}
