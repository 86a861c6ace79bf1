using ChatFunctions.Local;
using ChatFunctions.Local.Momento;
using ChatFunctions.Tests.Node;
using static System.StringComparison;

namespace ChatFunctions.Tests.Local;

/// <summary>The official SDK for JavaScript against the local Momento.</summary>
public sealed class MomentoSdkTests(NodeClient node) : IAsyncLifetime
{
    private const string Cache = "chat";
    private const string Topic = "public/general";

    private MomentoServer momento = null!;
    private string apiKey = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new MomentoServerOptions { Caches = [Cache] };
        momento = await MomentoServer.StartAsync(LocalPort.Free, LocalPort.Free, options, TimeProvider.System);
        apiKey = momento.CreateApiKeyV1();
    }

    public ValueTask DisposeAsync() => momento.DisposeAsync();

    [Fact]
    public async Task Bob_receives_what_alice_publishes_and_knows_it_is_from_her()
    {
        var alice = await ConnectAsync("topicPublishOnly", "alice");
        var bob = await ConnectAsync("topicSubscribeOnly", "bob");
        await using var subscription = await bob.SubscribeAsync(Cache, Topic);

        await alice.PublishAsync(Cache, Topic, "hello");
        await alice.PublishAsync(Cache, Topic, "again");

        Assert.Equal(new NodeEvent("item", "hello", "alice", 1), await subscription.NextAsync());
        Assert.Equal(new NodeEvent("item", "again", "alice", 2), await subscription.NextAsync());
    }

    [Fact]
    public async Task A_token_says_where_momento_is()
    {
        var token = await node.VendTokenAsync(apiKey, momento.Address, "topicPublishSubscribe", Cache, Topic);

        Assert.Equal(momento.Address.Authority, token.Endpoint);
        Assert.InRange(token.ExpiresAt - DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 55, 60);
    }

    [Fact]
    public async Task What_a_token_does_not_open_is_a_permission_error()
    {
        var publisher = await ConnectAsync("topicPublishOnly", "alice");
        var subscriber = await ConnectAsync("topicSubscribeOnly", "bob");

        Assert.Equal("PERMISSION_ERROR", await CodeAsync(() => publisher.SubscribeAsync(Cache, Topic)));
        Assert.Equal("PERMISSION_ERROR", await CodeAsync(() => subscriber.PublishAsync(Cache, Topic, "hello")));
        Assert.Equal("PERMISSION_ERROR", await CodeAsync(() => publisher.PublishAsync(Cache, "public/other", "hello")));
    }

    [Theory]
    [InlineData("functionInvoke")]
    [InlineData("functionPermitNone")]
    [InlineData("cacheReadWrite")]
    public async Task A_token_for_functions_or_for_items_opens_no_topic(string scope)
    {
        var topics = await ConnectAsync(scope, "alice");

        Assert.Equal("PERMISSION_ERROR", await CodeAsync(() => topics.PublishAsync(Cache, Topic, "hello")));
    }

    [Fact]
    public async Task A_key_that_was_revoked_is_an_authentication_error()
    {
        var topics = await node.ConnectAsync(apiKey, momento.Address);
        momento.RevokeApiKey(apiKey);

        Assert.Equal("AUTHENTICATION_ERROR", await CodeAsync(() => topics.PublishAsync(Cache, Topic, "hello")));
        Assert.Equal("AUTHENTICATION_ERROR", await CodeAsync(() => topics.SubscribeAsync(Cache, Topic)));
        Assert.Equal("AUTHENTICATION_ERROR", await CodeAsync(() =>
            node.VendTokenAsync(apiKey, momento.Address, "topicPublishSubscribe", Cache, Topic)));
    }

    [Fact]
    public async Task A_topic_in_an_unknown_cache_is_a_not_found_error()
    {
        var topics = await node.ConnectAsync(apiKey, momento.Address);

        Assert.Equal("NOT_FOUND_ERROR", await CodeAsync(() => topics.PublishAsync("unknown", Topic, "hello")));
        Assert.Equal("NOT_FOUND_ERROR", await CodeAsync(() => topics.SubscribeAsync("unknown", Topic)));
    }

    [Fact]
    public async Task A_message_that_is_too_long_is_a_limit_error()
    {
        var topics = await node.ConnectAsync(apiKey, momento.Address);

        await topics.PublishAsync(Cache, Topic, new string('x', 4096));
        Assert.Equal("LIMIT_EXCEEDED_ERROR", await CodeAsync(() => topics.PublishAsync(Cache, Topic, new string('x', 4097))));
    }

    [Fact]
    public async Task A_limit_error_says_which_limit_it_is()
    {
        await using var lab = await MomentoLab.StartAsync(topicLimits: new TopicLimits(OperationsPerSecond: 1, Subscriptions: 1));
        var topics = await node.ConnectAsync(lab.Server.CreateApiKeyV1(), lab.Server.Address);
        await using var only = await topics.SubscribeAsync(Cache, Topic);
        await topics.PublishAsync(Cache, Topic, "only");

        Assert.Contains("Item size limit exceeded", await ErrorAsync(() => topics.PublishAsync(Cache, Topic, new string('x', 4097))), Ordinal);
        Assert.Contains("Request rate limit exceeded", await ErrorAsync(() => topics.PublishAsync(Cache, Topic, "another")), Ordinal);
        Assert.Contains("Topic subscriptions limit exceeded", await ErrorAsync(() => topics.SubscribeAsync(Cache, Topic)), Ordinal);
    }

    [Fact]
    public async Task A_subscription_that_the_sdk_restarts_loses_nothing()
    {
        var publisher = await node.ConnectAsync(apiKey, momento.Address);
        var subscriber = await node.ConnectAsync(apiKey, momento.Address, deadline: TimeSpan.FromSeconds(1));
        await using var subscription = await subscriber.SubscribeAsync(Cache, Topic);
        await publisher.PublishAsync(Cache, Topic, "before");
        Assert.Equal("before", (await subscription.NextAsync()).Text);

        await subscription.NextAsync("connectionLost");
        await publisher.PublishAsync(Cache, Topic, "meanwhile");

        Assert.Equal("meanwhile", (await subscription.NextAsync()).Text);
    }

    [Fact]
    public async Task A_subscription_ends_with_an_authentication_error_when_its_token_expires()
    {
        await using var lab = await MomentoLab.StartAsync();
        var key = lab.Server.CreateApiKeyV1();
        var token = await node.VendTokenAsync(key, lab.Server.Address, "topicSubscribeOnly", MomentoLab.Cache, Topic);
        var topics = await node.ConnectAsync(token.Token, lab.Server.Address);
        await using var subscription = await topics.SubscribeAsync(MomentoLab.Cache, Topic);

        lab.Time.Advance(NodeClient.TokenLifetime);

        Assert.Equal("AUTHENTICATION_ERROR", (await subscription.NextAsync("error")).Code);
    }

    [Fact]
    public async Task Caches_are_created_listed_and_deleted()
    {
        Assert.Equal("Success", await node.CreateCacheAsync(apiKey, momento.Address, "new"));
        Assert.Equal("AlreadyExists", await node.CreateCacheAsync(apiKey, momento.Address, "new"));
        Assert.Equal([Cache, "new"], await node.ListCachesAsync(apiKey, momento.Address));

        await node.DeleteCacheAsync(apiKey, momento.Address, "new");

        Assert.Equal([Cache], await node.ListCachesAsync(apiKey, momento.Address));
        Assert.Equal("NOT_FOUND_ERROR", await CodeAsync(() => node.DeleteCacheAsync(apiKey, momento.Address, "new")));
    }

    private async Task<NodeTopics> ConnectAsync(string scope, string tokenId)
    {
        var token = await node.VendTokenAsync(apiKey, momento.Address, scope, Cache, Topic, tokenId);
        return await node.ConnectAsync(token.Token, momento.Address);
    }

    private static async Task<string> ErrorAsync(Func<Task> call) => (await Assert.ThrowsAsync<NodeException>(call)).Message;

    private static async Task<string> CodeAsync(Func<Task> call) => (await Assert.ThrowsAsync<NodeException>(call)).Code;
}
