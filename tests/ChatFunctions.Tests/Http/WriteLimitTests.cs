using System.Net;
using System.Net.Http.Json;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Presence;
using ChatFunctions.Tests.Reactions;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Http;

public sealed class WriteLimitTests(TestCloud cloud)
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task A_caller_who_writes_more_often_in_a_minute_than_allowed_is_a_429_and_writes_nothing_and_others_do()
    {
        await using var app = await StartAppAsync(writesPerMinute: 2);
        var alice = cloud.Client(app, "alice");
        await alice.RoomAsync(ChatApi.Unique("First"));
        time.Advance(TimeSpan.FromSeconds(20));
        await alice.RoomAsync(ChatApi.Unique("Second"));

        var name = ChatApi.Unique("Third");
        var refused = await alice.CreateRoomAsync(name);
        Assert.Equal("too-many-requests", (await refused.ProblemAsync(HttpStatusCode.TooManyRequests)).ProblemType());
        Assert.Equal(TimeSpan.FromSeconds(40), refused.Headers.RetryAfter?.Delta);
        await cloud.Client(app, "bob").RoomAsync(name);

        time.Advance(TimeSpan.FromSeconds(40));
        await alice.RoomAsync(ChatApi.Unique("Third"));
        await (await alice.CreateRoomAsync(ChatApi.Unique("Fourth"))).ProblemAsync(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("POST", "chats")]
    [InlineData("DELETE", "chats/a-room")]
    [InlineData("POST", "chats/a-room/invites")]
    [InlineData("POST", "invites")]
    [InlineData("DELETE", "chats/a-room/members/somebody")]
    public async Task Every_write_counts_and_is_refused_also_one_that_fails(string method, string path)
    {
        await using var app = await StartAppAsync(writesPerMinute: 1);
        var alice = cloud.Client(app, "alice");
        Assert.InRange(await SendAsync(), HttpStatusCode.BadRequest, HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.TooManyRequests, await SendAsync());

        async Task<HttpStatusCode> SendAsync()
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method == "POST") request.Content = JsonContent.Create(new { });
            return (await alice.SendAsync(request)).StatusCode;
        }
    }

    [Fact]
    public async Task Messages_changes_of_them_reactions_presence_and_other_writes_are_counted_apart_and_a_repeat_of_a_message_counts_too()
    {
        await using var app = await cloud.StartAppAsync(
            new()
            {
                ["Http:MessagesPerCallerPerMinute"] = "2", ["Http:MessageChangesPerCallerPerMinute"] = "2",
                ["Http:ReactionsPerCallerPerMinute"] = "2", ["Http:PresencePerCallerPerMinute"] = "2",
                ["Http:WritesPerCallerPerMinute"] = "2",
            }, time);
        var alice = cloud.Client(app, ChatApi.Unique("alice"));
        var room = (await alice.RoomAsync(ChatApi.Unique("Kinds"))).Text("chatId");
        var (clientId, tab) = (Guid.NewGuid(), Guid.NewGuid());
        await alice.TypeAsync(room, tab);
        await alice.EndAsync(room, tab);
        await alice.PutPresenceAsync(room, tab, typing: true).AssertProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
        var said = (await alice.SayAsync(room, "once", clientId)).Text("id");
        Assert.Equal(HttpStatusCode.OK, (await alice.PostMessageAsync(room, "once", clientId)).StatusCode);
        var refused = await alice.PostMessageAsync(room, "once", clientId);
        Assert.Equal("too-many-requests", (await refused.ProblemAsync(HttpStatusCode.TooManyRequests)).ProblemType());
        Assert.Equal(TimeSpan.FromMinutes(1), refused.Headers.RetryAfter?.Delta);

        await alice.ReactAsync(room, said, "2764").AssertDoneAsync();
        await alice.UnreactAsync(room, "1-AAAAAAAA", "2764").AssertProblemAsync(HttpStatusCode.NotFound, "message-not-found");
        await alice.ReactAsync(room, said, "2764").AssertProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.Equal(HttpStatusCode.OK, (await alice.EditAsync(room, said, "edited")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync($"chats/{room}/messages/{said}")).StatusCode);
        await (await alice.EditAsync(room, said, "again")).ProblemAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync($"chats/{room}")).StatusCode);
        await (await alice.CreateRoomAsync(ChatApi.Unique("Another"))).ProblemAsync(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Reads_never_count()
    {
        await using var app = await StartAppAsync(writesPerMinute: 1);
        var alice = cloud.Client(app, "alice");
        for (var i = 0; i < 3; i++)
        {
            foreach (var path in new[] { "chats", "token" }) Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync(path)).StatusCode);
        }

        await alice.RoomAsync(ChatApi.Unique("Written"));
    }

    private Task<FunctionHost> StartAppAsync(int writesPerMinute) =>
        cloud.StartAppAsync(new() { ["Http:WritesPerCallerPerMinute"] = $"{writesPerMinute}" }, time);
}
