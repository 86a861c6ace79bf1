using ChatFunctions.Local.Momento.Wire;
using Google.Protobuf;
using Grpc.Core;
using static ChatFunctions.Tests.Local.MomentoLab;

namespace ChatFunctions.Tests.Local;

public sealed class MomentoPermissionTests : IAsyncLifetime
{
    private MomentoLab momento = null!;

    public async ValueTask InitializeAsync() => momento = await MomentoLab.StartAsync();

    public ValueTask DisposeAsync() => momento.DisposeAsync();

    [Theory]
    [InlineData(TopicRole.TopicReadWrite, StatusCode.OK, StatusCode.OK)]
    [InlineData(TopicRole.TopicReadOnly, StatusCode.PermissionDenied, StatusCode.OK)]
    [InlineData(TopicRole.TopicWriteOnly, StatusCode.OK, StatusCode.PermissionDenied)]
    public async Task A_role_opens_publishing_or_subscribing_or_both(TopicRole role, StatusCode publish, StatusCode subscribe)
    {
        var token = await momento.TokenAsync(Permission("general", role: role));

        Assert.Equal(publish, await PublishAsync(token, "general"));
        Assert.Equal(subscribe, await SubscribeAsync(token, "general"));
    }

    [Theory]
    [InlineData("general", null, "general", StatusCode.OK)]
    [InlineData("general", null, "general2", StatusCode.PermissionDenied)]
    [InlineData("general", null, "General", StatusCode.PermissionDenied)]
    [InlineData(null, "public/", "public/general", StatusCode.OK)]
    [InlineData(null, "public/", "public/", StatusCode.OK)]
    [InlineData(null, "public/", "public", StatusCode.PermissionDenied)]
    [InlineData(null, "public/", "private/public/x", StatusCode.PermissionDenied)]
    public async Task A_token_opens_the_topics_that_it_names(string? name, string? prefix, string topic, StatusCode expected)
    {
        var token = await momento.TokenAsync(Permission(name, prefix));

        Assert.Equal(expected, await PublishAsync(token, topic));
        Assert.Equal(expected, await SubscribeAsync(token, topic));
    }

    [Fact]
    public async Task Any_one_of_the_permissions_of_a_token_suffices()
    {
        var token = await momento.TokenAsync(
            Permission("a", role: TopicRole.TopicReadOnly), Permission(prefix: "a", role: TopicRole.TopicWriteOnly), Permission("b"));

        Assert.Equal(StatusCode.OK, await PublishAsync(token, "a"));
        Assert.Equal(StatusCode.OK, await SubscribeAsync(token, "a"));
        Assert.Equal(StatusCode.PermissionDenied, await SubscribeAsync(token, "a2"));
        Assert.Equal(StatusCode.OK, await PublishAsync(token, "b"));
        Assert.Equal(StatusCode.PermissionDenied, await PublishAsync(token, "c"));
    }

    [Fact]
    public async Task A_token_is_good_for_its_cache_only()
    {
        var token = await momento.TokenAsync(Permission("general"));

        Assert.Equal(StatusCode.PermissionDenied, await PublishAsync(token, "general", OtherCache));
        Assert.Equal(StatusCode.PermissionDenied, await SubscribeAsync(token, "general", OtherCache));
        Assert.Equal(StatusCode.PermissionDenied, await PublishAsync(token, "general", "unknown"));
    }

    [Fact]
    public async Task A_token_for_all_topics_of_all_caches_opens_them_all()
    {
        var everything = Permission("general");
        everything.TopicPermissions.AllCaches = new();
        everything.TopicPermissions.AllTopics = new();
        var token = await momento.TokenAsync(everything);

        Assert.Equal(StatusCode.OK, await PublishAsync(token, "any", OtherCache));
        Assert.Equal(StatusCode.OK, await SubscribeAsync(token, "any", Cache));
        Assert.Equal(StatusCode.NotFound, await PublishAsync(token, "any", "unknown"));
        Assert.Equal(StatusCode.NotFound, await SubscribeAsync(token, "any", "unknown"));
    }

    [Fact]
    public async Task Permissions_for_items_and_functions_open_no_topic()
    {
        var token = await momento.TokenAsync(
            new PermissionsType { CachePermissions = new() { Role = CacheRole.CacheReadWrite, AllCaches = new() } },
            new PermissionsType
            {
                FunctionPermissions = new() { Role = FunctionRole.FunctionInvoke, AllCaches = new(), AllFunctions = new() },
            },
            Permission("general"));

        Assert.Equal(StatusCode.OK, await PublishAsync(token, "general"));
        Assert.Equal(StatusCode.PermissionDenied, await PublishAsync(token, "other"));
        Assert.Equal(StatusCode.PermissionDenied, await SubscribeAsync(token, "other"));
    }

    [Fact]
    public async Task An_api_key_publishes_and_subscribes_anywhere()
    {
        Assert.Equal(StatusCode.OK, await PublishAsync(momento.ApiKey, "any", OtherCache));
        Assert.Equal(StatusCode.OK, await SubscribeAsync(momento.ApiKey, "any", OtherCache));
        Assert.Equal(StatusCode.NotFound, await PublishAsync(momento.ApiKey, "any", "unknown"));
        Assert.Equal(StatusCode.NotFound, await SubscribeAsync(momento.ApiKey, "any", "unknown"));
    }

    [Fact]
    public async Task A_refusal_has_the_words_that_the_sdks_look_for()
    {
        var token = await momento.TokenAsync(Permission("general"));

        var status = await StatusAsync(() => momento.PublishAsync(token, "hello", "secret"));

        Assert.Contains("Insufficient permissions", status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "general")]
    [InlineData(" ", "general")]
    [InlineData(Cache, "")]
    public async Task Names_must_not_be_empty(string cache, string topic)
    {
        Assert.Equal(StatusCode.InvalidArgument, await PublishAsync(momento.ApiKey, topic, cache));
        Assert.Equal(StatusCode.InvalidArgument, await SubscribeAsync(momento.ApiKey, topic, cache));
    }

    [Fact]
    public async Task A_message_has_up_to_4096_bytes()
    {
        await momento.PublishAsync(momento.ApiKey, new string('é', 2048));
        await momento.PublishAsync(momento.ApiKey, new _TopicValue { Binary = ByteString.CopyFrom(new byte[4096]) });

        var longText = new _TopicValue { Text = new string('é', 2048) + "x" };
        var longBinary = new _TopicValue { Binary = ByteString.CopyFrom(new byte[4097]) };
        foreach (var value in new[] { longText, longBinary })
            Assert.Equal("item_size_limit_exceeded", await LimitAsync(() => momento.PublishAsync(momento.ApiKey, value)));
    }

    [Fact]
    public async Task A_message_without_a_value_is_refused()
    {
        foreach (var value in new[] { null, new _TopicValue() })
            Assert.Equal(StatusCode.InvalidArgument, await CodeAsync(() => momento.PublishAsync(momento.ApiKey, value)));
    }

    private Task<StatusCode> PublishAsync(string key, string topic, string cache = Cache) =>
        OutcomeAsync(() => momento.PublishAsync(key, "hello", topic, cache));

    private Task<StatusCode> SubscribeAsync(string key, string topic, string cache = Cache) => OutcomeAsync(async () =>
    {
        using var stream = await momento.SubscribeAsync(key, topic, cache);
    });

    private static async Task<StatusCode> OutcomeAsync(Func<Task> call)
    {
        try
        {
            await call();
            return StatusCode.OK;
        }
        catch (RpcException error)
        {
            return error.StatusCode;
        }
    }
}
