using System.Collections.Concurrent;
using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;

namespace ChatFunctions.Local.Momento;

/// <summary>The caches of the account, and the topics in each. A cache has to be created.</summary>
public sealed class Caches(MomentoServerOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Topics> topicsByCache =
        new(options.Caches.Select(cache => KeyValuePair.Create(cache, new Topics(options, time))));

    public IEnumerable<string> Names => topicsByCache.Keys.Order(StringComparer.Ordinal);

    /// <exception cref="RpcException">ALREADY_EXISTS.</exception>
    public void Create(string cache)
    {
        if (!topicsByCache.TryAdd(cache, new Topics(options, time)))
            throw new RpcException(new Status(StatusCode.AlreadyExists, "A cache of this name already exists."));
    }

    /// <summary>Ends the streams of the cache's topics.</summary>
    /// <exception cref="RpcException">NOT_FOUND.</exception>
    public void Delete(string cache)
    {
        if (!topicsByCache.TryRemove(cache, out var topics)) throw NotFound();
        topics.Close();
    }

    /// <exception cref="RpcException">NOT_FOUND: the cache does not exist.</exception>
    public void Publish(string cache, string topic, _TopicValue value, string publisherId) =>
        TopicsOf(cache).Publish(topic, value, publisherId);

    /// <exception cref="RpcException">NOT_FOUND: the cache does not exist.</exception>
    public TopicUse Use(string cache, string topic) => TopicsOf(cache).Use(topic);

    /// <summary>What a call for a cache that does not exist, or no longer, ends with.</summary>
    public static RpcException NotFound() => new(new Status(StatusCode.NotFound, "The cache does not exist."));

    private Topics TopicsOf(string cache) => topicsByCache.TryGetValue(cache, out var topics) ? topics : throw NotFound();
}
