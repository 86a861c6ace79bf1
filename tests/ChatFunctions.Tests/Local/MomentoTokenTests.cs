using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using ChatFunctions.Local.Momento.Wire;
using Google.Protobuf;
using Grpc.Core;
using static ChatFunctions.Local.Momento.Wire.PermissionsType.Types;
using static ChatFunctions.Tests.Local.MomentoLab;

namespace ChatFunctions.Tests.Local;

public sealed class MomentoTokenTests : IAsyncLifetime
{
    private MomentoLab momento = null!;

    public async ValueTask InitializeAsync() => momento = await MomentoLab.StartAsync();

    public ValueTask DisposeAsync() => momento.DisposeAsync();

    [Fact]
    public async Task A_token_says_where_it_is_good_and_until_when_and_is_good_until_then()
    {
        var token = await momento.VendAsync(momento.TokenRequest(Permission("general")));

        Assert.Equal(momento.Server.Address.Authority, token.Endpoint);
        Assert.Equal((ulong)momento.Time.GetUtcNow().AddSeconds(60).ToUnixTimeSeconds(), token.ValidUntil);
        momento.Time.Advance(TimeSpan.FromSeconds(59.9));
        await momento.PublishAsync(token.ApiKey, "still");
        momento.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(StatusCode.Unauthenticated, await CodeAsync(() => momento.PublishAsync(token.ApiKey, "no more")));
    }

    [Fact]
    public async Task Both_kinds_of_api_key_vend_tokens()
    {
        var v1 = JsonElement.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(momento.Server.CreateApiKeyV1())));
        var v2 = momento.Server.CreateApiKey();

        Assert.Equal(momento.Server.Address.Authority, v1.GetProperty("endpoint").GetString());
        Assert.Equal("g", JsonElement.Parse(Base64Url.DecodeFromChars(v2.Split('.')[1])).GetProperty("t").GetString());
        foreach (var sent in new[] { v1.GetProperty("api_key").GetString()!, v2 })
            await momento.VendAsync(TokenRequest(sent, Permission("general")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("unknown")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJ0IjoiZyJ9.c2lnbmF0dXJl")]
    public async Task Without_a_key_that_was_made_here_every_call_is_refused(string? key)
    {
        var request = TokenRequest(key ?? "", Permission("general"));
        Assert.Equal(StatusCode.Unauthenticated, await CodeAsync(() => momento.VendAsync(request)));
        Assert.Equal(StatusCode.Unauthenticated, await CodeAsync(() => momento.PublishAsync(key, "hello")));
        Assert.Equal(StatusCode.Unauthenticated, await CodeAsync(() => momento.SubscribeAsync(key)));
        Assert.Equal(StatusCode.Unauthenticated, await CodeAsync(async () =>
            await momento.Caches.ListCachesAsync(new _ListCachesRequest(), Key(key))));
    }

    [Fact]
    public async Task A_token_that_was_tampered_with_is_refused()
    {
        var token = await momento.TokenAsync(Permission("general"));
        var stolen = (await momento.TokenAsync(Permission("secret"))).Split('.')[0] + "." + token.Split('.')[1];

        Assert.Equal(StatusCode.Unauthenticated, await CodeAsync(() => momento.PublishAsync(stolen, "hello", "secret")));
    }

    [Fact]
    public async Task A_revoked_key_is_refused_and_the_tokens_made_with_it_are_not()
    {
        var token = await momento.TokenAsync(Permission("general"));
        var v1 = momento.Server.CreateApiKeyV1();
        var sent = JsonElement.Parse(Convert.FromBase64String(v1)).GetProperty("api_key").GetString();

        momento.Server.RevokeApiKey(momento.ApiKey);
        Assert.Equal(StatusCode.Unauthenticated, await CodeAsync(() => momento.TokenAsync(Permission("general"))));
        await momento.PublishAsync(token, "hello");

        await momento.PublishAsync(sent, "another key");
        momento.Server.RevokeApiKey(v1);
        Assert.Equal(StatusCode.Unauthenticated, await CodeAsync(() => momento.PublishAsync(sent, "hello")));
    }

    [Fact]
    public async Task A_token_vends_no_tokens()
    {
        var token = await momento.TokenAsync(Permission("general"));

        var status = await StatusAsync(() => momento.VendAsync(TokenRequest(token, Permission("general"))));

        Assert.Equal(StatusCode.PermissionDenied, status.StatusCode);
        Assert.Contains("Insufficient permissions", status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, StatusCode.OK)]
    [InlineData(90_000, StatusCode.OK)]
    [InlineData(0, StatusCode.InvalidArgument)]
    [InlineData(90_001, StatusCode.InvalidArgument)]
    [InlineData(uint.MaxValue, StatusCode.InvalidArgument)]
    public async Task A_token_lives_from_a_second_to_25_hours(uint seconds, StatusCode expected)
    {
        var request = momento.TokenRequest(Permission("general"));
        request.Expires.ValidForSeconds = seconds;

        Assert.Equal(expected, await OutcomeAsync(request));
    }

    [Theory]
    [InlineData(64, StatusCode.OK)]
    [InlineData(65, StatusCode.InvalidArgument)]
    public async Task A_token_id_has_up_to_64_characters(int length, StatusCode expected)
    {
        var request = momento.TokenRequest(Permission("general"));
        request.TokenId = new string('x', length);

        Assert.Equal(expected, await OutcomeAsync(request));
    }

    [Theory]
    [InlineData(1, StatusCode.OK)]
    [InlineData(20, StatusCode.OK)]
    [InlineData(21, StatusCode.ResourceExhausted)]
    [InlineData(0, StatusCode.InvalidArgument)]
    public async Task A_token_has_up_to_20_permissions(int count, StatusCode expected)
    {
        var permissions = Enumerable.Range(0, count).Select(number => Permission($"room-{number}")).ToArray();

        Assert.Equal(expected, await OutcomeAsync(momento.TokenRequest(permissions)));
    }

    [Fact]
    public async Task A_refusal_of_too_many_permissions_says_which_limit_it_is()
    {
        var permissions = Enumerable.Range(0, 21).Select(number => Permission($"room-{number}")).ToArray();

        Assert.Equal("request_size_limit_exceeded", await LimitAsync(() => momento.TokenAsync(permissions)));
    }

    [Fact]
    public async Task Permissions_that_are_incomplete_are_refused()
    {
        PermissionsType noKind = new(), noTopicName = Permission(topic: ""), noPrefix = Permission(prefix: "");
        PermissionsType noRole = Permission("general"), noTopic = Permission("general");
        PermissionsType noCache = Permission("general"), noCacheName = Permission("general");
        noRole.TopicPermissions.Role = TopicRole.TopicPermitNone;
        noCache.TopicPermissions.CacheSelector = null;
        noCacheName.TopicPermissions.CacheSelector.CacheName = "";
        noTopic.TopicPermissions.TopicSelector = null;

        foreach (var permission in new[] { noKind, noRole, noCache, noCacheName, noTopic, noTopicName, noPrefix })
            Assert.Equal(StatusCode.InvalidArgument, await OutcomeAsync(momento.TokenRequest(Permission("general"), permission)));
    }

    [Theory]
    [InlineData("chat", StatusCode.OK)]
    [InlineData("", StatusCode.InvalidArgument)]
    [InlineData(null, StatusCode.InvalidArgument)]
    public async Task A_permission_for_items_or_functions_names_a_cache(string? cache, StatusCode expected)
    {
        var selector = cache is null ? null : new CacheSelector { CacheName = cache };
        var items = new PermissionsType { CachePermissions = new() { CacheSelector = selector } };
        var functions = new PermissionsType { FunctionPermissions = new() { CacheSelector = selector, AllFunctions = new() } };

        Assert.Equal(expected, await OutcomeAsync(momento.TokenRequest(items)));
        Assert.Equal(expected, await OutcomeAsync(momento.TokenRequest(functions)));
    }

    [Theory]
    [InlineData("k", StatusCode.OK)]
    [InlineData("", StatusCode.InvalidArgument)]
    public async Task What_a_permission_names_is_not_empty(string name, StatusCode expected)
    {
        var bytes = ByteString.CopyFromUtf8(name);
        foreach (var selector in new CacheItemSelector[] { new() { Key = bytes }, new() { KeyPrefix = bytes } })
        {
            var items = new PermissionsType { CachePermissions = new() { AllCaches = new(), ItemSelector = selector } };
            Assert.Equal(expected, await OutcomeAsync(momento.TokenRequest(items)));
        }

        foreach (var selector in new FunctionSelector[] { new() { FunctionName = name }, new() { FunctionNamePrefix = name } })
        {
            var functions = new PermissionsType { FunctionPermissions = new() { AllCaches = new(), FunctionSelector = selector } };
            Assert.Equal(expected, await OutcomeAsync(momento.TokenRequest(functions)));
        }
    }

    [Fact]
    public async Task Two_permissions_for_the_same_cache_and_topic_are_refused_whatever_their_roles()
    {
        PermissionsType read = Permission("a", role: TopicRole.TopicReadOnly), write = Permission("a", role: TopicRole.TopicWriteOnly);
        PermissionsType all = Permission("a"), allAgain = Permission("b");
        foreach (var topics in new[] { all.TopicPermissions, allAgain.TopicPermissions })
        {
            topics.AllCaches = new();
            topics.AllTopics = new();
        }

        Assert.Equal(StatusCode.InvalidArgument, await OutcomeAsync(momento.TokenRequest(read, Permission("b"), write)));
        Assert.Equal(StatusCode.InvalidArgument, await OutcomeAsync(momento.TokenRequest(Permission(prefix: "a"), Permission(prefix: "a"))));
        Assert.Equal(StatusCode.InvalidArgument, await OutcomeAsync(momento.TokenRequest(all, allAgain)));
    }

    [Fact]
    public async Task Permissions_for_other_caches_or_topics_even_where_they_overlap_are_not()
    {
        PermissionsType otherCache = Permission("a"), allCaches = Permission("a");
        otherCache.TopicPermissions.CacheSelector.CacheName = OtherCache;
        allCaches.TopicPermissions.AllCaches = new();

        var request = momento.TokenRequest(Permission("a"), Permission("b"), Permission(prefix: "a"), otherCache, allCaches);

        Assert.Equal(StatusCode.OK, await OutcomeAsync(request));
    }

    [Fact]
    public async Task A_super_user_token_is_refused()
    {
        var request = momento.TokenRequest();
        request.Permissions = new Permissions { SuperUser = SuperUserPermissions.SuperUser };

        Assert.Equal(StatusCode.InvalidArgument, await OutcomeAsync(request));
    }

    [Fact]
    public async Task Five_calls_a_second_are_granted_and_all_calls_are_counted()
    {
        await using var limited = await MomentoLab.StartAsync(tokenCallsPerSecond: 5);
        for (var call = 0; call < 5; call++) await limited.TokenAsync(Permission("general"));

        Assert.Equal("operations_rate_limit_exceeded", await LimitAsync(() => limited.TokenAsync(Permission("general"))));
        limited.Time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Equal("operations_rate_limit_exceeded", await LimitAsync(() => limited.TokenAsync(Permission("general"))));
        limited.Time.Advance(TimeSpan.FromSeconds(0.1));
        await limited.TokenAsync(Permission("general"));
        Assert.Equal(8, limited.Server.TokenCalls);
    }

    private async Task<StatusCode> OutcomeAsync(_GenerateDisposableTokenRequest request)
    {
        try
        {
            await momento.VendAsync(request);
            return StatusCode.OK;
        }
        catch (RpcException error)
        {
            return error.StatusCode;
        }
    }
}
