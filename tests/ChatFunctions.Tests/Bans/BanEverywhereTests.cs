using System.Net;
using System.Text.Json;
using ChatFunctions.Local;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Node;
using ChatFunctions.Tests.Tokens;

namespace ChatFunctions.Tests.Bans;

/// <summary>Moderators' bans from all public rooms.</summary>
public sealed class BanEverywhereTests(TestCloud cloud, NodeClient node)
{
    private readonly string bobName = ChatApi.Unique("bob");
    private readonly HttpClient alice = cloud.Client(ChatApi.Unique("alice"));
    private readonly HttpClient mod = cloud.Moderator(ChatApi.Unique("mod"));

    [Fact]
    public async Task Who_is_banned_everywhere_writes_in_no_public_room_not_even_their_own_and_goes_on_in_private_ones()
    {
        var bob = cloud.Client(bobName);
        var bobsId = await bob.IdAsync();
        var (theirs, own) = ((await alice.RoomAsync(ChatApi.Unique("theirs"))).Text("chatId"), (await bob.RoomAsync(ChatApi.Unique("own"))).Text("chatId"));
        var privateRoom = await bob.PrivateRoomAsync("private");
        var said = (await bob.SayAsync(theirs, "before")).Text("id");
        foreach (var refused in new[] { alice.BanAsync("", bobsId), alice.LiftAsync("", bobsId), bob.LiftAsync("", bobsId) })
        {
            await refused.AssertProblemAsync(HttpStatusCode.Forbidden, "not-moderator");
        }

        await mod.BanAsync("", await mod.IdAsync()).AssertProblemAsync(HttpStatusCode.Conflict, "ban-of-self");
        await mod.BanAsync("", bobsId, "Everywhere.").AssertDoneAsync();
        foreach (var room in new[] { theirs, own })
        {
            var problem = await (await bob.PostMessageAsync(room, "x")).ProblemAsync(HttpStatusCode.Forbidden);
            Assert.Equal(("banned", "Everywhere."), (problem.ProblemType(), problem.Text("reason")));
        }

        await bob.EditAsync(theirs, said, "x").AssertProblemAsync(HttpStatusCode.Forbidden, "banned");
        await bob.DeleteAsync($"chats/{theirs}/messages/{said}").AssertDoneAsync();
        await bob.SayAsync(privateRoom, "on");
        await mod.BanAsync("", bobsId, until: DateTimeOffset.UtcNow.AddDays(1)).AssertDoneAsync();
        await bob.PostMessageAsync(own, "x").AssertProblemAsync(HttpStatusCode.Forbidden, "banned");

        // Lifted, it leaves the bans of single rooms as they are.
        await alice.BanAsync($"chats/{theirs}", bobsId).AssertDoneAsync();
        foreach (var time in new[] { 1, 2 }) await mod.LiftAsync("", bobsId).AssertDoneAsync();
        await bob.SayAsync(own, "x");
        await bob.PostMessageAsync(theirs, "x").AssertProblemAsync(HttpStatusCode.Forbidden, "banned");
    }

    [Fact]
    public async Task Their_tokens_only_listen_to_public_rooms_whatever_is_kept_for_them_and_publish_in_private_ones()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        var bob = lab.Client(bobName);
        var publicRoom = await bob.RoomAsync(ChatApi.Unique("public"));
        var privateId = await bob.PrivateRoomAsync("private");
        var privateRoom = await (await bob.GetAsync($"chats/{privateId}")).JsonAsync();
        var both = $"token?chatId={publicRoom.Text("chatId")}&chatId={privateId}";
        var bobsId = publicRoom.GetProperty("createdBy").Text("id");
        Assert.True(await PublishesAsync("token", publicRoom));
        Assert.True(await PublishesAsync(both, publicRoom));

        // Another instance bans; this one knows it two seconds later.
        await mod.BanAsync("", bobsId).AssertDoneAsync();
        lab.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await PublishesAsync("token", publicRoom));
        Assert.False(await PublishesAsync(both, publicRoom));
        Assert.True(await PublishesAsync(both, privateRoom));
        var listener = await ConnectAsync(both);
        foreach (var room in new[] { publicRoom, privateRoom })
        {
            foreach (var topic in new[] { "topicName", "eventsTopicName" }) await using (await listener.SubscribeAsync(LocalCloud.CacheName, room.Text(topic))) { }
        }

        await mod.LiftAsync("", bobsId).AssertDoneAsync();
        lab.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await PublishesAsync("token", publicRoom));

        // By the instance that bans it is known at once.
        await cloud.Moderator(ChatApi.Unique("mod"), lab.App).BanAsync("", bobsId).AssertDoneAsync();
        Assert.False(await PublishesAsync("token", publicRoom));

        async Task<NodeTopics> ConnectAsync(string path) =>
            await node.ConnectAsync((await (await bob.GetAsync(path)).JsonAsync()).Text("token"), lab.Momento.Address);

        async Task<bool> PublishesAsync(string path, JsonElement room)
        {
            var client = await ConnectAsync(path);
            var error = await Record.ExceptionAsync(() => client.PublishAsync(LocalCloud.CacheName, room.Text("topicName"), "x"));
            if (error is not null) Assert.Equal("PERMISSION_ERROR", Assert.IsType<NodeException>(error).Code);
            return error is null;
        }
    }
}
