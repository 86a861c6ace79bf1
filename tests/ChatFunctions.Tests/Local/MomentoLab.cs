using ChatFunctions.Local;
using ChatFunctions.Local.Momento;
using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Time.Testing;
using static ChatFunctions.Local.Momento.Wire.PermissionsType.Types;

namespace ChatFunctions.Tests.Local;

/// <summary>
/// A Momento of the test's own, whose clock it holds, and the bare gRPC calls to it: they show what the SDK hides.
/// </summary>
public sealed class MomentoLab : IAsyncDisposable
{
    public const string Cache = "chat";
    public const string OtherCache = "other";

    private readonly GrpcChannel channel;
    private readonly Token.TokenClient tokens;

    private MomentoLab(MomentoServer server, FakeTimeProvider time)
    {
        Server = server;
        Time = time;
        ApiKey = server.CreateApiKey();
        channel = GrpcChannel.ForAddress(server.Address);
        tokens = new Token.TokenClient(channel);
        Topics = new Pubsub.PubsubClient(channel);
        Caches = new ScsControl.ScsControlClient(channel);
    }

    public MomentoServer Server { get; }
    public FakeTimeProvider Time { get; }

    /// <summary>Of v2.</summary>
    public string ApiKey { get; }

    public Pubsub.PubsubClient Topics { get; }
    public ScsControl.ScsControlClient Caches { get; }

    public static async Task<MomentoLab> StartAsync(
        int tokenCallsPerSecond = 0, int historyPerTopic = 1000, int maxUnusedTopics = 1000, TopicLimits? topicLimits = null)
    {
        // At a whole second, as Momento counts the life of a token.
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var options = new MomentoServerOptions
        {
            Caches = [Cache, OtherCache],
            TokenCallsPerSecond = tokenCallsPerSecond,
            HistoryPerTopic = historyPerTopic,
            MaxUnusedTopics = maxUnusedTopics,
            TopicLimits = topicLimits,
        };
        return new MomentoLab(await MomentoServer.StartAsync(LocalPort.Free, LocalPort.Free, options, time), time);
    }

    /// <summary>What the key of a call goes into, but for that of a call for a token; null sends none.</summary>
    public static Metadata Key(string? key) => key is null ? [] : new Metadata { { "authorization", key } };

    /// <summary>Opens one topic, or with a prefix all that begin so, of <see cref="Cache"/>.</summary>
    public static PermissionsType Permission(
        string? topic = null, string? prefix = null, TopicRole role = TopicRole.TopicReadWrite) => new()
    {
        TopicPermissions = new TopicPermissions
        {
            Role = role,
            CacheSelector = new CacheSelector { CacheName = Cache },
            TopicSelector = topic is null ? new() { TopicNamePrefix = prefix } : new() { TopicName = topic },
        },
    };

    /// <summary>A request that is fine, if its permissions are.</summary>
    public _GenerateDisposableTokenRequest TokenRequest(params PermissionsType[] permissions) =>
        TokenRequest(ApiKey, permissions);

    public static _GenerateDisposableTokenRequest TokenRequest(string key, params PermissionsType[] permissions) => new()
    {
        Expires = new() { ValidForSeconds = 60 },
        AuthToken = key,
        TokenId = "alice",
        Permissions = new Permissions { Explicit = new ExplicitPermissions { Permissions = { permissions } } },
    };

    public async Task<_GenerateDisposableTokenResponse> VendAsync(_GenerateDisposableTokenRequest request) =>
        await tokens.GenerateDisposableTokenAsync(request);

    /// <summary>What goes into the header: a token for a minute, of the publisher <c>alice</c>.</summary>
    public async Task<string> TokenAsync(params PermissionsType[] permissions) =>
        (await VendAsync(TokenRequest(permissions))).ApiKey;

    public Task PublishAsync(string? key, string text, string topic = "general", string cache = Cache) =>
        PublishAsync(key, new _TopicValue { Text = text }, topic, cache);

    public async Task PublishAsync(string? key, _TopicValue? value, string topic = "general", string cache = Cache) =>
        await Topics.PublishAsync(new _PublishRequest { CacheName = cache, Topic = topic, Value = value }, Key(key));

    /// <summary>When this returns, the first message, the heartbeat, has come.</summary>
    public async Task<MomentoSubscription> SubscribeAsync(
        string? key,
        string topic = "general",
        string cache = Cache,
        ulong resumeAt = 0,
        ulong page = 0,
        Pubsub.PubsubClient? client = null)
    {
        var request = new _SubscriptionRequest
        {
            CacheName = cache,
            Topic = topic,
            ResumeAtTopicSequenceNumber = resumeAt,
            SequencePage = page,
        };
        var stream = new MomentoSubscription((client ?? Topics).Subscribe(request, Key(key)));
        try
        {
            Assert.NotNull((await stream.NextAsync()).Heartbeat);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The status that a call ends with instead of an answer.</summary>
    public static async Task<Status> StatusAsync(Func<Task> call) => (await Assert.ThrowsAsync<RpcException>(call)).Status;

    /// <summary>The code of that status.</summary>
    public static async Task<StatusCode> CodeAsync(Func<Task> call) => (await StatusAsync(call)).StatusCode;

    /// <summary>Which limit a call exceeds, by the trailer of its RESOURCE_EXHAUSTED.</summary>
    public static async Task<string?> LimitAsync(Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        return error.Trailers.GetValue("err");
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await Server.DisposeAsync();
    }
}
