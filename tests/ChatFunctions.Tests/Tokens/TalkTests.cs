using ChatFunctions.Local;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Node;

namespace ChatFunctions.Tests.Tokens;

/// <summary>What a vended token opens, tried with the official SDK for JavaScript.</summary>
public sealed class TalkTests(TestCloud cloud, NodeClient node)
{
    private readonly HttpClient alice = cloud.Client("alice");
    private readonly HttpClient bob = cloud.Client("bob");

    [Fact]
    public async Task What_one_publishes_the_other_receives_with_a_sender_that_Momento_vouches_for()
    {
        var room = await alice.RoomAsync(ChatApi.Unique("talk"));
        var topic = room.Text("topicName");
        await using var received = await (await ConnectAsync(bob)).SubscribeAsync(LocalCloud.CacheName, topic);
        await (await ConnectAsync(alice)).PublishAsync(LocalCloud.CacheName, topic, "hello");

        var message = await received.NextAsync();
        Assert.Equal("hello", message.Text);
        Assert.Equal($"{room.GetProperty("createdBy").Text("id")}.Alice", message.PublisherId);
    }

    [Theory]
    [InlineData(LocalCloud.CacheName, "private/x")]
    [InlineData(LocalCloud.CacheName, "publi")]
    [InlineData(LocalCloud.CacheName, "other")]
    [InlineData("other-cache", "public/general")]
    public async Task A_token_for_all_public_rooms_opens_no_other_topic_and_no_other_cache(string cache, string topic)
    {
        var client = await ConnectAsync(alice);
        Assert.Equal("PERMISSION_ERROR", (await Assert.ThrowsAsync<NodeException>(() => client.PublishAsync(cache, topic, "x"))).Code);
        Assert.Equal("PERMISSION_ERROR", (await Assert.ThrowsAsync<NodeException>(() => client.SubscribeAsync(cache, topic))).Code);
    }

    [Fact]
    public async Task A_token_opens_nothing_after_it_has_expired()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        var token = (await lab.Client("alice").TokenAsync()).Text("token");
        var client = await node.ConnectAsync(token, lab.Momento.Address);
        await client.PublishAsync(LocalCloud.CacheName, "public/general", "in time");
        await using var open = await client.SubscribeAsync(LocalCloud.CacheName, "public/general");

        lab.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal("AUTHENTICATION_ERROR", (await open.NextAsync("error")).Code);
        var late = await Assert.ThrowsAsync<NodeException>(() => client.PublishAsync(LocalCloud.CacheName, "public/general", "late"));
        Assert.Equal("AUTHENTICATION_ERROR", late.Code);
    }

    private async Task<NodeTopics> ConnectAsync(HttpClient user) =>
        await node.ConnectAsync((await user.TokenAsync()).Text("token"), cloud.Local.Momento.Address);
}
