using System.Text;
using ChatFunctions.Local.Momento;
using ChatFunctions.Local.Momento.Wire;
using ChatFunctions.Momento;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Local;
using Momento.Sdk;
using Momento.Sdk.Config;
using Momento.Sdk.Exceptions;
using Momento.Sdk.Responses;

namespace ChatFunctions.Tests.Publishing;

/// <summary>What the app relies on in the SDK's client for topics, be it the package or its stand-in.</summary>
public sealed class TopicClientTests : IAsyncLifetime
{
    private const string Topic = "general";

    private MomentoLab momento = null!;

    public async ValueTask InitializeAsync() => momento = await MomentoLab.StartAsync();

    public ValueTask DisposeAsync() => momento.DisposeAsync();

    [Fact]
    public async Task Texts_and_bytes_are_delivered_in_order_and_with_an_empty_publisher_id()
    {
        using var client = Connect();
        using var subscription = await momento.SubscribeAsync(momento.ApiKey);

        Assert.IsType<TopicPublishResponse.Success>(await client.PublishAsync(MomentoLab.Cache, Topic, "héllo"));
        Assert.IsType<TopicPublishResponse.Success>(await client.PublishAsync(MomentoLab.Cache, Topic, "again"u8.ToArray()));

        var (first, second) = (await subscription.NextItemAsync(), await subscription.NextItemAsync());
        Assert.Equal(("héllo", ""), (first.Value.Text, first.PublisherId));
        Assert.Equal(("again", ""), (second.Value.Binary.ToString(Encoding.UTF8), second.PublisherId));
    }

    [Fact]
    public async Task Nulls_are_invalid_arguments_and_nothing_is_sent()
    {
        using var client = Connect();
        using var subscription = await momento.SubscribeAsync(momento.ApiKey);

        Assert.Equal(MomentoErrorCode.INVALID_ARGUMENT_ERROR, ErrorOf(await client.PublishAsync(null!, Topic, "x")));
        Assert.Equal(MomentoErrorCode.INVALID_ARGUMENT_ERROR, ErrorOf(await client.PublishAsync(MomentoLab.Cache, null!, "x")));
        Assert.Equal(MomentoErrorCode.INVALID_ARGUMENT_ERROR, ErrorOf(await client.PublishAsync(MomentoLab.Cache, Topic, (string)null!)));
        Assert.Equal(MomentoErrorCode.INVALID_ARGUMENT_ERROR, ErrorOf(await client.PublishAsync(MomentoLab.Cache, Topic, (byte[])null!)));

        await client.PublishAsync(MomentoLab.Cache, Topic, "first");
        Assert.Equal("first", (await subscription.NextItemAsync()).Value.Text);
    }

    [Fact]
    public async Task A_message_has_4096_bytes_and_no_more()
    {
        using var client = Connect();

        Assert.IsType<TopicPublishResponse.Success>(await client.PublishAsync(MomentoLab.Cache, Topic, new string('ä', 2048)));
        Assert.Equal(
            MomentoErrorCode.LIMIT_EXCEEDED_ERROR, ErrorOf(await client.PublishAsync(MomentoLab.Cache, Topic, new string('ä', 2048) + "x")));
        Assert.Equal(MomentoErrorCode.LIMIT_EXCEEDED_ERROR, ErrorOf(await client.PublishAsync(MomentoLab.Cache, Topic, new byte[4097])));
    }

    [Fact]
    public async Task What_exceeds_the_accounts_limit_is_a_limit_error()
    {
        await using var limited = await MomentoLab.StartAsync(topicLimits: new TopicLimits(OperationsPerSecond: 1, Subscriptions: 1));
        using var client = Connect(limited.Server.Address, limited.ApiKey);

        Assert.IsType<TopicPublishResponse.Success>(await client.PublishAsync(MomentoLab.Cache, Topic, "only"));
        Assert.Equal(MomentoErrorCode.LIMIT_EXCEEDED_ERROR, ErrorOf(await client.PublishAsync(MomentoLab.Cache, Topic, "another")));
    }

    [Fact]
    public async Task An_unknown_cache_and_a_revoked_key_have_errors_of_their_own()
    {
        using var client = Connect();
        Assert.Equal(MomentoErrorCode.NOT_FOUND_ERROR, ErrorOf(await client.PublishAsync("unknown", Topic, "x")));

        momento.Server.RevokeApiKey(momento.ApiKey);
        Assert.Equal(MomentoErrorCode.AUTHENTICATION_ERROR, ErrorOf(await client.PublishAsync(MomentoLab.Cache, Topic, "x")));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable_and_a_disposed_client_an_unknown_error()
    {
        await using var wire = new FaultProxy(momento.Server.Address);
        wire.Fault = Fault.Refused;
        using var client = Connect(wire.Address, momento.ApiKey);
        Assert.Equal(MomentoErrorCode.SERVER_UNAVAILABLE, ErrorOf(await client.PublishAsync(MomentoLab.Cache, Topic, "x")));

        client.Dispose();
        Assert.Equal(MomentoErrorCode.UNKNOWN_ERROR, ErrorOf(await client.PublishAsync(MomentoLab.Cache, Topic, "x")));
    }

    [Fact]
    public async Task A_server_that_is_silent_is_a_timeout_after_the_configured_time_and_is_called_once()
    {
        await using var wire = await HttpFaultProxy.StartAsync(
            momento.Server.Address, protocol: Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2);
        wire.Fail(HttpFaults.NoAnswer);
        var config = TopicConfigurations.Laptop.latest().WithClientTimeout(TimeSpan.FromSeconds(0.3));
        using var client = new TopicClient(config, MomentoApiKey.Parse(momento.ApiKey, wire.Address.ToString()));

        Assert.Equal(MomentoErrorCode.TIMEOUT_ERROR, ErrorOf(await client.PublishAsync(MomentoLab.Cache, Topic, "x")));
        Assert.Equal(1, wire.Requests);
    }

    [Fact]
    public async Task One_client_takes_200_publishes_at_once()
    {
        using var client = Connect();
        using var subscription = await momento.SubscribeAsync(momento.ApiKey);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(number =>
            Task.Run(() => client.PublishAsync(MomentoLab.Cache, Topic, $"{number}"))));

        Assert.All(answers, answer => Assert.IsType<TopicPublishResponse.Success>(answer));
        var texts = new List<string>();
        while (texts.Count < 200) texts.Add((await subscription.NextItemAsync()).Value.Text);
        Assert.Equal(200, texts.Distinct().Count());
    }

    private TopicClient Connect() => Connect(momento.Server.Address, momento.ApiKey);

    private static TopicClient Connect(Uri address, string apiKey) =>
        new(TopicConfigurations.Laptop.latest(), MomentoApiKey.Parse(apiKey, address.ToString()));

    private static MomentoErrorCode ErrorOf(TopicPublishResponse response) => Assert.IsType<TopicPublishResponse.Error>(response).ErrorCode;
}
