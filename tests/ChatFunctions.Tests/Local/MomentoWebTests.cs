using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using ChatFunctions.Local.Momento.Wire;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using static ChatFunctions.Tests.Local.MomentoLab;

namespace ChatFunctions.Tests.Local;

/// <summary>The port of the local Momento that browsers use: gRPC-Web over HTTP/1.1, and CORS.</summary>
public sealed class MomentoWebTests : IAsyncLifetime
{
    private const string Publish = "/cache_client.pubsub.Pubsub/Publish";
    private const string Subscribe = "/cache_client.pubsub.Pubsub/Subscribe";
    private const string Page = "http://localhost:7070";

    private readonly HttpClient http = new();
    private MomentoLab momento = null!;

    public async ValueTask InitializeAsync() => momento = await MomentoLab.StartAsync();

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await momento.DisposeAsync();
    }

    [Theory]
    [InlineData(GrpcWebMode.GrpcWeb)]
    [InlineData(GrpcWebMode.GrpcWebText)]
    public async Task What_is_published_by_grpc_reaches_a_subscriber_by_grpc_web(GrpcWebMode mode)
    {
        using var web = WebChannel(mode);
        using var stream = await SubscribeAsync(web, momento.ApiKey);

        await momento.PublishAsync(await momento.TokenAsync(Permission("general")), "hello");

        var item = await stream.NextItemAsync();
        Assert.Equal(("hello", "alice", 1ul), (item.Value.Text, item.PublisherId, item.TopicSequenceNumber));
    }

    [Theory]
    [InlineData(GrpcWebMode.GrpcWeb)]
    [InlineData(GrpcWebMode.GrpcWebText)]
    public async Task What_is_published_by_grpc_web_reaches_a_subscriber_by_grpc(GrpcWebMode mode)
    {
        using var web = WebChannel(mode);
        using var stream = await momento.SubscribeAsync(momento.ApiKey);

        var request = new _PublishRequest { CacheName = Cache, Topic = "general", Value = new _TopicValue { Text = "hello" } };
        await new Pubsub.PubsubClient(web).PublishAsync(request, Key(await momento.TokenAsync(Permission("general"))));

        var item = await stream.NextItemAsync();
        Assert.Equal(("hello", "alice", 1ul), (item.Value.Text, item.PublisherId, item.TopicSequenceNumber));
    }

    [Theory]
    [InlineData(GrpcWebMode.GrpcWeb)]
    [InlineData(GrpcWebMode.GrpcWebText)]
    public async Task A_quiet_stream_carries_heartbeats_and_ends_with_its_status_when_the_token_expires(GrpcWebMode mode)
    {
        using var web = WebChannel(mode);
        using var stream = await SubscribeAsync(web, await momento.TokenAsync(Permission("general")));
        for (var beat = 0; beat < 3; beat++)
        {
            var next = stream.NextAsync();
            Assert.False(next.IsCompleted);
            momento.Time.Advance(TimeSpan.FromSeconds(10));
            Assert.NotNull((await next).Heartbeat);
        }

        momento.Time.Advance(TimeSpan.FromSeconds(30));

        var end = await StatusAsync(async () =>
        {
            // The heartbeat that was due may come first.
            while (true) Assert.NotNull((await stream.NextAsync()).Heartbeat);
        });
        Assert.Equal(new Status(StatusCode.Unauthenticated, "The token has expired."), new Status(end.StatusCode, end.Detail));
    }

    [Theory]
    [InlineData(GrpcWebMode.GrpcWeb)]
    [InlineData(GrpcWebMode.GrpcWebText)]
    public async Task A_stream_ends_with_its_status_when_the_server_stops(GrpcWebMode mode)
    {
        using var web = WebChannel(mode);
        using var stream = await SubscribeAsync(web, momento.ApiKey);

        var end = CodeAsync(stream.NextAsync);
        await momento.Server.DisposeAsync();

        Assert.Equal(StatusCode.Unavailable, await end);
    }

    [Theory]
    [InlineData(GrpcWebMode.GrpcWeb)]
    [InlineData(GrpcWebMode.GrpcWebText)]
    public async Task Who_may_not_subscribe_by_grpc_may_not_by_grpc_web(GrpcWebMode mode)
    {
        using var web = WebChannel(mode);
        var token = await momento.TokenAsync(Permission("general"));

        Assert.Equal(StatusCode.PermissionDenied, await CodeAsync(() => SubscribeAsync(web, token, "secret")));
        Assert.Equal(StatusCode.Unauthenticated, await CodeAsync(() => SubscribeAsync(web, "nonsense")));
        Assert.Equal(StatusCode.Unauthenticated, await CodeAsync(() => SubscribeAsync(web, key: null)));
    }

    [Theory]
    [InlineData("application/grpc-web+proto")]
    [InlineData("application/grpc-web-text")]
    public async Task A_page_on_this_machine_can_read_why_it_may_not_subscribe(string type)
    {
        var token = await momento.TokenAsync(Permission("general"));

        using var answer = await http.SendAsync(SubscribeRequest(type, token, Page, "secret"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Page, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal("7", Header(answer, "grpc-status"));
        Assert.Contains("Insufficient permissions", Header(answer, "grpc-message"), StringComparison.Ordinal);
        Assert.Equal(["err", "grpc-message", "grpc-status"], List(answer, "Access-Control-Expose-Headers"));
    }

    [Theory]
    [InlineData("application/grpc-web+proto")]
    [InlineData("application/grpc-web-text")]
    public async Task A_page_on_this_machine_can_read_which_limit_its_message_exceeds(string type)
    {
        var value = new _TopicValue { Text = new string('x', 4097) };
        var message = new _PublishRequest { CacheName = Cache, Topic = "general", Value = value };

        using var answer = await http.SendAsync(WebRequest(Publish, message, type, momento.ApiKey, Page));

        Assert.Equal(("8", "item_size_limit_exceeded"), (Header(answer, "grpc-status"), Header(answer, "err")));
        Assert.Contains("err", List(answer, "Access-Control-Expose-Headers"));
    }

    [Fact]
    public async Task A_page_from_elsewhere_cannot_read_the_answer()
    {
        using var request = SubscribeRequest("application/grpc-web-text", momento.ApiKey, "https://evil.example", "general");

        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("http://localhost:7070")]
    [InlineData("https://localhost")]
    [InlineData("http://127.0.0.1:5173")]
    [InlineData("http://[::1]:7070")]
    public async Task A_page_on_this_machine_may_call_with_the_headers_of_the_sdk_and_need_not_ask_each_time(string origin)
    {
        using var answer = await PreflightAsync(origin);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(origin, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal(["POST"], List(answer, "Access-Control-Allow-Methods"));
        Assert.Equal(
            ["agent", "authorization", "cache", "content-type", "grpc-timeout", "runtime-version", "x-grpc-web", "x-user-agent"],
            List(answer, "Access-Control-Allow-Headers"));
        Assert.Equal("7200", Header(answer, "Access-Control-Max-Age"));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("http://192.168.0.1:7070")]
    [InlineData("null")]
    public async Task A_page_from_elsewhere_may_not_call(string origin)
    {
        using var answer = await PreflightAsync(origin);

        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Plain_grpc_is_refused_on_the_web_port()
    {
        using var answer = await http.SendAsync(SubscribeRequest("application/grpc", momento.ApiKey, Page, "general"));
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);

        using var channel = GrpcChannel.ForAddress(momento.Server.WebAddress);
        await Assert.ThrowsAsync<RpcException>(() => SubscribeAsync(channel, momento.ApiKey));
    }

    [Fact]
    public async Task Grpc_web_is_refused_on_the_grpc_port()
    {
        using var request = SubscribeRequest("application/grpc-web-text", momento.ApiKey, Page, "general");
        request.RequestUri = new Uri(momento.Server.Address, Subscribe);
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;

        using var answer = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private GrpcChannel WebChannel(GrpcWebMode mode) => GrpcChannel.ForAddress(momento.Server.WebAddress, new GrpcChannelOptions
    {
        HttpHandler = new GrpcWebHandler(mode, new SocketsHttpHandler()),
        HttpVersion = HttpVersion.Version11,
        DisposeHttpClient = true,
    });

    private Task<MomentoSubscription> SubscribeAsync(GrpcChannel channel, string? key, string topic = "general") =>
        momento.SubscribeAsync(key, topic, client: new Pubsub.PubsubClient(channel));

    private HttpRequestMessage SubscribeRequest(string type, string key, string origin, string topic) =>
        WebRequest(Subscribe, new _SubscriptionRequest { CacheName = Cache, Topic = topic }, type, key, origin);

    /// <summary>The call as it goes over the wire: a byte of flags, the message's length and the message.</summary>
    private HttpRequestMessage WebRequest(string path, IMessage request, string type, string key, string origin)
    {
        var message = request.ToByteArray();
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        HttpContent body = type.Contains("text", StringComparison.Ordinal)
            ? new StringContent(Convert.ToBase64String(frame))
            : new ByteArrayContent(frame);
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        return new HttpRequestMessage(HttpMethod.Post, new Uri(momento.Server.WebAddress, path))
        {
            Content = body,
            Headers = { { "Accept", type }, { "Authorization", key }, { "Origin", origin } },
        };
    }

    private Task<HttpResponseMessage> PreflightAsync(string origin) =>
        http.SendAsync(new HttpRequestMessage(HttpMethod.Options, new Uri(momento.Server.WebAddress, Subscribe))
        {
            Headers =
            {
                { "Origin", origin },
                { "Access-Control-Request-Method", "POST" },
                { "Access-Control-Request-Headers", "agent,authorization,content-type,x-grpc-web" },
            },
        });

    private static string Header(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));

    private static string[] List(HttpResponseMessage answer, string name) => [.. Header(answer, name).Split(',').Order()];
}
