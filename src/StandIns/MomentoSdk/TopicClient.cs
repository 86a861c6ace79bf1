using ChatFunctions.Local.Momento.Wire;
using Google.Protobuf;
using Grpc.Core;
using Momento.Sdk.Auth;
using Momento.Sdk.Config;
using Momento.Sdk.Exceptions;
using Momento.Sdk.Responses;

namespace Momento.Sdk;

public interface ITopicClient : IDisposable
{
    Task<TopicPublishResponse> PublishAsync(string cacheName, string topicName, byte[] value);

    Task<TopicPublishResponse> PublishAsync(string cacheName, string topicName, string value);
}

/// <summary>
/// The call of <c>/cache_client.pubsub.Pubsub/Publish</c> as the package makes it: the configured time at most, no retries.
/// </summary>
public class TopicClient(ITopicConfiguration config, ICredentialProvider authProvider) : ITopicClient
{
    private readonly ServiceChannel channel = new(authProvider, authProvider.CacheEndpoint, config.LoggerFactory);

    public Task<TopicPublishResponse> PublishAsync(string cacheName, string topicName, byte[] value) =>
        PublishAsync(cacheName, topicName, value is null ? null : new _TopicValue { Binary = ByteString.CopyFrom(value) });

    public Task<TopicPublishResponse> PublishAsync(string cacheName, string topicName, string value) =>
        PublishAsync(cacheName, topicName, value is null ? null : new _TopicValue { Text = value });

    public void Dispose()
    {
        channel.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<TopicPublishResponse> PublishAsync(string? cacheName, string? topicName, _TopicValue? value)
    {
        if (cacheName is null || topicName is null || value is null)
        {
            return new TopicPublishResponse.Error(new InvalidArgumentException("The cache's name, the topic's name or the value is null."));
        }

        try
        {
            var request = new _PublishRequest { CacheName = cacheName, Topic = topicName, Value = value };
            await new Pubsub.PubsubClient(channel.CreateCallInvoker()).PublishAsync(request, channel.NextCall(config.ClientTimeout));
            return new TopicPublishResponse.Success();
        }
        catch (Exception error) when (error is RpcException or ObjectDisposedException)
        {
            return new TopicPublishResponse.Error(new CallException(error));
        }
    }
}
