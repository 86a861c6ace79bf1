using System.Text.Json;
using ChatFunctions.Local;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Node;

namespace ChatFunctions.Tests.Tokens;

/// <summary>What every kind of token opens, tried with the official SDK for JavaScript.</summary>
public sealed class TopicAccessTests(TestCloud cloud, NodeClient node) : IAsyncLifetime
{
    private readonly string alice = ChatApi.Unique("alice");
    private TokenLab lab = null!;
    private JsonElement publicRoom;
    private JsonElement privateRoom;

    /// <summary>All ways to ask for a token. <c>{public}</c> and <c>{private}</c> are rooms that alice may enter.</summary>
    public static TheoryData<string> KindsOfTokens =>
    [
        "token", "token?chatId={public}", "token?chatId={private}", "token?chatId={public}&chatId={private}",
        "token?access=subscribe", "token?access=subscribe&chatId={public}", "token?access=subscribe&chatId={private}",
    ];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Theory]
    [MemberData(nameof(KindsOfTokens))]
    public async Task No_token_publishes_on_an_events_topic(string path)
    {
        await StartAsync(directPublish: true);
        var client = await ConnectAsync(path);
        foreach (var room in new[] { publicRoom, privateRoom })
        {
            Assert.Equal("PERMISSION_ERROR", await PublishAsync(client, room.Text("eventsTopicName")));
        }

        Assert.Equal("PERMISSION_ERROR", await PublishAsync(client, "events/public/any"));
        Assert.Equal("PERMISSION_ERROR", await PublishAsync(client, "events/public/"));
    }

    /// <summary>Another parameter is another kind of token, which belongs above.</summary>
    [Fact]
    public async Task There_are_no_other_ways_to_ask_for_a_token()
    {
        await StartAsync(directPublish: true);
        var parameters = OpenApiDocument.Current.Find(HttpMethod.Get, "/token")!.Description["parameters"]!.AsArray();
        Assert.Equal(["chatId", "access"], parameters.Select(parameter => parameter!["name"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("token", "public", true)]
    [InlineData("token", "private", false)]
    [InlineData("token?chatId={public}", "public", true)]
    [InlineData("token?chatId={public}", "private", false)]
    [InlineData("token?chatId={private}", "public", false)]
    [InlineData("token?chatId={private}", "private", true)]
    [InlineData("token?chatId={public}&chatId={private}", "public", true)]
    [InlineData("token?chatId={public}&chatId={private}", "private", true)]
    public async Task A_callers_token_publishes_and_listens_on_the_direct_topics_of_its_rooms_and_listens_to_their_events(
        string path, string visibility, bool opens)
    {
        await StartAsync(directPublish: true);
        var client = await ConnectAsync(path);
        var room = visibility == "public" ? publicRoom : privateRoom;
        Assert.Equal(opens ? "" : "PERMISSION_ERROR", await PublishAsync(client, room.Text("topicName")));
        Assert.Equal(opens, await HearsAsync(client, room.Text("topicName")));
        Assert.Equal(opens, await HearsAsync(client, room.Text("eventsTopicName")));
    }

    [Theory]
    [MemberData(nameof(KindsOfTokens))]
    public async Task Without_direct_publish_no_token_publishes_anywhere_whosever_it_is(string path)
    {
        await StartAsync(directPublish: false);
        var topics = new[] { publicRoom, privateRoom }.SelectMany(room => new[] { room.Text("topicName"), room.Text("eventsTopicName") }).ToList();
        foreach (var person in await PeopleAsync())
        {
            var client = await ConnectAsync(path, person);
            foreach (var topic in topics.Concat(["public/any", "private/any", "events/public/any", "other"]))
            {
                Assert.Equal("PERMISSION_ERROR", await PublishAsync(client, topic));
            }
        }
    }

    [Theory]
    [InlineData("token", "public")]
    [InlineData("token?chatId={private}", "private")]
    public async Task Without_direct_publish_a_callers_token_listens_as_before(string path, string visibility)
    {
        await StartAsync(directPublish: false);
        var client = await ConnectAsync(path);
        var room = visibility == "public" ? publicRoom : privateRoom;
        Assert.True(await HearsAsync(client, room.Text("topicName")));
        Assert.True(await HearsAsync(client, room.Text("eventsTopicName")));
    }

    [Theory]
    [InlineData("token?access=subscribe", "public", true)]
    [InlineData("token?access=subscribe", "private", false)]
    [InlineData("token?access=subscribe&chatId={public}", "public", true)]
    [InlineData("token?access=subscribe&chatId={public}", "private", false)]
    [InlineData("token?access=subscribe&chatId={private}", "public", false)]
    [InlineData("token?access=subscribe&chatId={private}", "private", true)]
    public async Task A_shared_token_listens_to_the_events_of_its_rooms_and_to_nothing_else(string path, string visibility, bool opens)
    {
        await StartAsync(directPublish: true);
        var client = await ConnectAsync(path);
        var room = visibility == "public" ? publicRoom : privateRoom;
        Assert.Equal(opens, await HearsAsync(client, room.Text("eventsTopicName")));
        Assert.False(await HearsAsync(client, room.Text("topicName")));
        Assert.Equal("PERMISSION_ERROR", await PublishAsync(client, room.Text("topicName")));
    }

    [Fact]
    public async Task Nine_rooms_fit_into_one_token()
    {
        await StartAsync(directPublish: true);
        var rooms = new List<JsonElement>();
        for (var i = 0; i < 9; i++) rooms.Add(await lab.Client(alice).RoomAsync(ChatApi.Unique("nine")));
        var client = await ConnectAsync("token?" + string.Join('&', rooms.Select(room => $"chatId={room.Text("chatId")}")));
        foreach (var room in rooms) Assert.True(await HearsAsync(client, room.Text("eventsTopicName")));
        Assert.Equal("", await PublishAsync(client, rooms[8].Text("topicName")));
        Assert.Equal("PERMISSION_ERROR", await PublishAsync(client, rooms[8].Text("eventsTopicName")));
    }

    [Fact]
    public async Task After_a_removal_a_members_next_token_opens_the_new_topics_alone()
    {
        await StartAsync(directPublish: true);
        var (owner, chatId) = (lab.Client(alice), privateRoom.Text("chatId"));
        await (await owner.RemoveAsync(chatId, "AAAAAAAAAAAAAAAAAAAAAA")).Content.ReadAsStringAsync();
        var now = await (await owner.GetAsync($"chats/{chatId}")).JsonAsync();

        foreach (var path in new[] { "token?chatId={private}", "token?access=subscribe&chatId={private}" })
        {
            var client = await ConnectAsync(path);
            Assert.True(await HearsAsync(client, now.Text("eventsTopicName")));
            Assert.False(await HearsAsync(client, privateRoom.Text("eventsTopicName")));
            Assert.False(await HearsAsync(client, privateRoom.Text("topicName")));
        }

        Assert.Equal("", await PublishAsync(await ConnectAsync("token?chatId={private}"), now.Text("topicName")));
    }

    [Fact]
    public async Task A_token_of_another_stage_in_the_same_cache_opens_none_of_this_ones_rooms()
    {
        await StartAsync(directPublish: true);
        await using var other = await cloud.StartAppAsync(new()
        {
            ["Momento:TopicPrefix"] = "stage-pr-7/",
            ["KeyVault:VaultUri"] = lab.KeyVault.Address.ToString(),
            ["Momento:Endpoint"] = lab.Momento.Address.ToString(),
        }, lab.Time, lab.KeyVault);
        foreach (var (tokens, rooms) in new[] { (other, lab.App), (lab.App, other) })
        {
            var room = await cloud.Client(rooms, alice).RoomAsync(ChatApi.Unique("stage"));
            foreach (var path in new[] { "token", "token?access=subscribe" })
            {
                var token = await (await cloud.Client(tokens, alice).GetAsync(path)).JsonAsync();
                var client = await node.ConnectAsync(token.Text("token"), lab.Momento.Address);
                Assert.Equal("PERMISSION_ERROR", await PublishAsync(client, room.Text("topicName")));
                Assert.False(await HearsAsync(client, room.Text("topicName")));
                Assert.False(await HearsAsync(client, room.Text("eventsTopicName")));
            }
        }
    }

    private async Task StartAsync(bool directPublish)
    {
        lab = await TokenLab.StartAsync(cloud, new() { ["Momento:DirectPublish"] = $"{directPublish}" });
        publicRoom = await lab.Client(alice).RoomAsync(ChatApi.Unique("access"));
        var chatId = await lab.Client(alice).PrivateRoomAsync("access");
        privateRoom = await (await lab.Client(alice).GetAsync($"chats/{chatId}")).JsonAsync();
    }

    /// <summary>The owner, a member, a member who is a moderator, and members who are banned from the public room and from all of them.</summary>
    private async Task<IReadOnlyList<HttpClient>> PeopleAsync()
    {
        var owner = lab.Client(alice);
        var (member, banned, bannedEverywhere) = (Somebody("member"), Somebody("banned"), Somebody("banned"));
        var moderator = cloud.Moderator(ChatApi.Unique("mod"), lab.App);
        foreach (var guest in new[] { member, moderator, banned, bannedEverywhere }) await owner.LetInAsync(privateRoom.Text("chatId"), guest);
        await owner.BanAsync($"chats/{publicRoom.Text("chatId")}", await banned.IdAsync()).AssertDoneAsync();
        await moderator.BanAsync("", await bannedEverywhere.IdAsync()).AssertDoneAsync();
        return [owner, member, moderator, banned, bannedEverywhere];

        HttpClient Somebody(string what) => lab.Client(ChatApi.Unique(what));
    }

    private Task<NodeTopics> ConnectAsync(string path) => ConnectAsync(path, lab.Client(alice));

    private async Task<NodeTopics> ConnectAsync(string path, HttpClient person)
    {
        path = path.Replace("{public}", publicRoom.Text("chatId"), StringComparison.Ordinal)
            .Replace("{private}", privateRoom.Text("chatId"), StringComparison.Ordinal);
        var token = await (await person.GetAsync(path)).JsonAsync();
        return await node.ConnectAsync(token.Text("token"), lab.Momento.Address);
    }

    /// <returns>Empty, or the code of the SDK's error.</returns>
    private static async Task<string> PublishAsync(NodeTopics client, string topic) =>
        await Record.ExceptionAsync(() => client.PublishAsync(LocalCloud.CacheName, topic, "x")) switch
        {
            null => "",
            NodeException error => error.Code,
            var error => throw error,
        };

    /// <summary>Whether the client may subscribe; what it is then sent with the API key must come, from nobody.</summary>
    private async Task<bool> HearsAsync(NodeTopics client, string topic)
    {
        NodeSubscription heard;
        try
        {
            heard = await client.SubscribeAsync(LocalCloud.CacheName, topic);
        }
        catch (NodeException error) when (error.Code == "PERMISSION_ERROR")
        {
            return false;
        }

        await using (heard)
        {
            var api = await node.ConnectAsync(lab.Momento.CreateApiKeyV1(), lab.Momento.Address);
            await api.PublishAsync(LocalCloud.CacheName, topic, "said");
            var message = await heard.NextAsync();
            Assert.Equal(("said", ""), (message.Text, message.PublisherId ?? ""));
            return true;
        }
    }
}
