using System.Collections.Concurrent;
using Grpc.Core;

namespace ChatFunctions.Local.Momento;

/// <summary>The caches of the account, and the topics in each. A cache has to be created; a topic is there once it is named.</summary>
public sealed class Caches(MomentoServerOptions options)
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, Topic>> topicsByCache =
        new(options.Caches.Select(cache => KeyValuePair.Create(cache, new ConcurrentDictionary<string, Topic>())));

    public IEnumerable<string> Names => topicsByCache.Keys.Order(StringComparer.Ordinal);

    /// <exception cref="RpcException">ALREADY_EXISTS.</exception>
    public void Create(string cache)
    {
        if (!topicsByCache.TryAdd(cache, new()))
            throw new RpcException(new Status(StatusCode.AlreadyExists, "A cache of this name already exists."));
    }

    /// <summary>Ends the streams of the cache's topics.</summary>
    /// <exception cref="RpcException">NOT_FOUND.</exception>
    public void Delete(string cache)
    {
        if (!topicsByCache.TryRemove(cache, out var topics)) throw NotFound();
        foreach (var topic in topics.Values) topic.Close();
    }

    /// <exception cref="RpcException">NOT_FOUND: the cache does not exist.</exception>
    public Topic GetTopic(string cache, string topic)
    {
        if (!topicsByCache.TryGetValue(cache, out var topics)) throw NotFound();
        return topics.GetOrAdd(topic, _ => new Topic(options.HistoryPerTopic));
    }

    /// <summary>What a call for a cache that does not exist, or no longer, ends with.</summary>
    public static RpcException NotFound() => new(new Status(StatusCode.NotFound, "The cache does not exist."));
}
